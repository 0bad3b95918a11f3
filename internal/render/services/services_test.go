package services

import (
	"encoding/json"
	"flag"
	"os"
	"strings"
	"testing"
	"time"

	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/overview"
	"berth/internal/render/ink"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := "testdata/" + name
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s: %v\n%s", name, err, got)
	}
}

func noon() time.Time { return time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC) }

// some are services of every sort.
func some() View {
	at := noon()
	done := overview.Deployment{Status: "COMPLETED", Since: at.Add(-3 * time.Hour), Revision: "web:7"}
	zones := func(n ...int) []overview.Zone {
		var out []overview.Zone
		for i, tasks := range n {
			out = append(out, overview.Zone{Zone: "eu-west-1" + string(rune('a'+i)), Tasks: tasks})
		}
		return out
	}
	return View{Cluster: "shop", Region: "eu-west-1", At: at, Flags: " --sim", Missing: []string{"task definitions: too many"}, Services: []overview.Service{
		{
			Name: "agent", Daemon: true, Desired: 3, Running: 3, Healthy: 3, By: overview.ByTasks, Zones: zones(1, 1, 1),
			Deployment: overview.Deployment{Status: "COMPLETED", Since: at.Add(-50 * 24 * time.Hour), Revision: "agent:1"},
			Loss:       []overview.Loss{{Zone: "eu-west-1a", Lost: 1, Left: 2, Known: true}},
		},
		{
			Name: "api", Desired: 5, Running: 4, Pending: 1, Healthy: 3, By: overview.ByTargets, Zones: zones(2, 2, 0), Balancers: []string{"prod-shop-public", "old"},
			Deployment: overview.Deployment{Status: "IN_PROGRESS", Since: at.Add(-40 * time.Second), Revision: "api:12", Failed: 4},
			Loss:       []overview.Loss{{Zone: "eu-west-1a", Lost: 2, Left: 2, Known: true, Fits: 1, Comes: 1}, {Zone: "eu-west-1b", Lost: 2, Left: 2, Known: true, Fits: 2}},
			Trouble:    &overview.Trouble{Code: "WHY201", Text: "api ends\x1b[31m by itself with exit code 3"},
		},
		{
			Name: "lone", Desired: 1, Running: 1, Healthy: 0, By: overview.ByContainers, Zones: zones(1, 0, 0), Deployment: overview.Deployment{Outcome: "ROLLBACK_SUCCESSFUL", Status: "COMPLETED", Revision: "lone:1"},
			Loss:    []overview.Loss{{Zone: "eu-west-1a", Lost: 1, Known: true, Missing: "no instance fits"}},
			Trouble: &overview.Trouble{Text: "0 of 1 running tasks are healthy"},
		},
		{
			Name: "web", Desired: 5, Running: 5, Healthy: 5, By: overview.ByTasks, Zones: zones(2, 2, 1), Deployment: done,
			Loss: []overview.Loss{{Zone: "eu-west-1a", Lost: 2, Left: 3}, {Zone: "eu-west-1c", Lost: 1, Left: 4}},
		},
	}}
}

func TestServicesReadAsBefore(t *testing.T) {
	golden(t, "all.txt", some().Text(ink.Style{Width: 120}))
	p := ink.NewPage(ink.Style{})
	some().Part(p)
	golden(t, "part.txt", p.String())
	v := some()
	v.Services = nil
	golden(t, "none.txt", v.Text(ink.Style{}))
	b, err := some().JSON()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "all.json", string(b)+"\n")
}

func TestOneServiceReadsAsBefore(t *testing.T) {
	v, at := some(), noon()
	d := overview.Detail{
		Service: v.Services[1],
		Revisions: []live.RevisionRunning{
			{ID: "ecs-svc/2", Status: "PRIMARY", Definition: "arn:x/api:12", Desired: 5, Pending: 1, Failed: 4, Rollout: "IN_PROGRESS", At: at.Add(-40 * time.Second)},
			{ID: "ecs-svc/1", Status: "ACTIVE", Definition: "arn:x/api:11", Desired: 5, Running: 4, Rollout: "COMPLETED", At: at.Add(-time.Hour)},
		},
		Places: []overview.Place{
			{Zone: "eu-west-1a", Instance: "i-1", Running: 2}, {Zone: "eu-west-1b", Instance: "i-2", Running: 1}, {Zone: "eu-west-1b", Instance: "i-3", Running: 1, Pending: 1},
		},
		Deployments: []live.Deployment{
			{Definition: "arn:x/api:12", Status: "IN_PROGRESS", Created: at.Add(-40 * time.Second)},
			{
				Definition: "arn:x/api:10", BackTo: "arn:x/api:9", Status: "ROLLBACK_SUCCESSFUL", Why: "Service deployment rolled back because the circuit breaker threshold was exceeded.",
				Reason:  "Service deployment rolled back because the circuit breaker threshold was exceeded.",
				Created: at.Add(-2 * time.Hour), Finished: at.Add(-2*time.Hour + 95*time.Second),
			},
		},
		Events:    []live.Event{{At: at.Add(-time.Second), Text: "(service api) has started 1 tasks: (task \x1b]0;x\a1)."}},
		Diagnoses: []diagnose.Diagnosis{{Code: "WHY201", Subject: "api", Text: "api ends\x1b[31m", Evidence: []string{"4 tasks ended so"}}},
	}
	golden(t, "one.txt", v.Detail(d, ink.Style{Width: 100}))
	b, err := v.DetailJSON(d)
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "one.json", string(b)+"\n")
}

func TestNothingOnAScreenSteersATerminal(t *testing.T) {
	b, err := some().JSON()
	if err != nil || !json.Valid(b) {
		t.Fatal(err)
	}
	for _, text := range []string{some().Text(ink.Style{}), string(b)} {
		if strings.Contains(text, "\x1b") || strings.Contains(text, `\u001b`) {
			t.Errorf("it steers: %q", text)
		}
	}
}
