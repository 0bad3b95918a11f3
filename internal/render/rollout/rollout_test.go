package rollout

import (
	"strings"
	"testing"
	"time"

	"berth/internal/check"
	"berth/internal/deploy"
	"berth/internal/deploy/differ"
	"berth/internal/diagnose"
	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/render/frame"
	"berth/internal/render/ink"
)

func TestADiffShowsFieldsAndNoHiddenValue(t *testing.T) {
	d := Diff{Snapshot: deploy.Snapshot{Order: deploy.Order{Cluster: "shop", Service: "web"}}, Changes: deploy.Changes{
		Family: "web", Needs: []deploy.Action{{Verb: "create target group", Name: "shop-web"}}, Leaves: []deploy.Action{{Verb: "delete listener rule", Name: "old:80"}},
		Definition: []differ.Field{
			{Path: "containerDefinitions.web.image", Was: document.Of("web:1"), Want: document.Of("web:\x1b[31m2")},
			{Path: "containerDefinitions.web.environment.P.value", Was: document.Of("hunter1"), Want: document.Of("hunter2"), Hidden: true},
		},
	}}
	text := d.Text(ink.Style{}, true)
	b, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"+ target group shop-web", "- listener rule old:80", "web:1 → web:2", "P.value: (hidden) changed"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	if strings.Contains(text+string(b), "hunter") || strings.Contains(text, "\x1b") {
		t.Errorf("what nobody may see is shown:\n%s\n%s", text, b)
	}
}

func TestARehearsalSaysWhereTasksLandOrWhyNobodyKnows(t *testing.T) {
	d := Diff{
		Snapshot: deploy.Snapshot{Order: deploy.Order{Cluster: "shop", Service: "web"}},
		Forecast: &placement.Forecast{
			Demand:   placement.Demand{Name: "web", Group: "service:web"},
			Landings: []placement.Landing{{Instance: "i-1", Zone: "a", Why: "by zone: a has 0"}, {Why: "there are no instances"}},
			Loss:     []placement.ZoneLoss{{Zone: "a", Lost: 1}},
		},
		Findings: []check.Finding{{Code: "DEP142", Severity: check.Error, Text: "there is room for 1 of 2 tasks"}},
	}
	for _, want := range []string{"Where 2 tasks of web would land", "by zone: a has 0", "1 task would find no instance", "What a lost zone would leave"} {
		if text := d.Text(ink.Style{}, true); !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	b, err := d.JSON()
	for _, want := range []string{`"landings": [`, `"unplaced": [`, `"zone_loss": [`, `"code": "DEP142"`} {
		if err != nil || !strings.Contains(string(b), want) {
			t.Errorf("%s is missing in %s, %v", want, b, err)
		}
	}
	d.Forecast, d.Findings, d.Unknown = nil, nil, "not \x1b[31mallowed"
	text := d.Text(ink.Style{}, true)
	b, err = d.JSON()
	if err != nil || strings.Contains(string(b), "landings") || !strings.Contains(string(b), `"findings": []`) || !strings.Contains(string(b), `"unknown": "not`) {
		t.Errorf("%s, %v", b, err)
	}
	if !strings.Contains(text, "not allowed") || strings.Contains(text+string(b), "\x1b") {
		t.Errorf("%q", text)
	}
}

func TestAResultHasTheReasonsAndSaysTheTime(t *testing.T) {
	r := Result{
		Snapshot: deploy.Snapshot{Order: deploy.Order{Cluster: "shop", Service: "web"}}, Took: 47 * time.Second, Next: []string{"berth rollback web"},
		Decision: deploy.Decision{Outcome: deploy.Failed, Why: []string{"3 tasks ended"}, Diagnoses: []diagnose.Diagnosis{{Code: "WHY101", Text: "no image", Fix: "push it"}}},
	}
	text := r.Text(ink.Style{})
	for _, want := range []string{"web: failed, and not rolled back (47s)", "3 tasks ended", "WHY101 no image", "fix: push it", "berth rollback web"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	b, err := r.JSON()
	if err != nil || !strings.Contains(string(b), `"outcome": "failed"`) || !strings.Contains(string(b), `"code": "WHY101"`) {
		t.Errorf("%s, %v", b, err)
	}
}

func TestProgressTellsEachThingOnce(t *testing.T) {
	began := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	var out strings.Builder
	p := NewProgress(&out, ink.Style{}, frame.Lines, began)
	s := deploy.Snapshot{At: began.Add(time.Second), Order: deploy.Order{Service: "web"}}
	s.Found.Services = []live.Service{{Name: "web", Status: "ACTIVE", Events: []live.Event{
		{ID: "2", At: began.Add(time.Second), Text: "has started 2 tasks"}, {ID: "1", At: began.Add(-time.Hour), Text: "of yesterday"},
	}}}
	d := deploy.Decision{Why: []string{"0 of 2 tasks run"}}
	for range 3 {
		p.Saw(s, d)
		p.Tick(s.At)
	}
	p.Tick(began.Add(time.Minute))
	p.Close()
	text := out.String()
	if strings.Count(text, "has started") != 1 || strings.Contains(text, "yesterday") || strings.Count(text, "0 of 2 tasks run") != 2 || !strings.Contains(text, "… still") {
		t.Error(text)
	}
}

func TestTheTableFitsATerminalOfEightyColumns(t *testing.T) {
	began := time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)
	var out strings.Builder
	p := NewProgress(&out, ink.Style{Width: 80}, frame.Live, began)
	s := deploy.Snapshot{At: began, Order: deploy.Order{Service: "web"}}
	s.Found.Services = []live.Service{{Name: "web", Status: "ACTIVE", Revisions: []live.RevisionRunning{{Definition: "task-definition/" + strings.Repeat("web", 20) + ":1", Desired: 2}}}}
	p.Saw(s, deploy.Decision{Why: []string{"0 of 2 tasks run"}})
	if text := out.String(); !strings.Contains(text, " failed\n") || strings.Count(text, "…") != 1 {
		t.Error(text)
	}
}
