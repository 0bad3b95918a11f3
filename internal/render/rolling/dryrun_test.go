package rolling

import (
	"fmt"
	"strings"
	"testing"

	"berth/internal/model"
	"berth/internal/render/ink"
	"berth/internal/roll"
	"berth/internal/roll/forecast"
)

// foreseen is the dry run of so many instances in two groups, one of which cannot go.
func foreseen(n int) forecast.Forecast {
	f := forecast.Forecast{
		At: began(), Order: roll.Defaults(), Instances: n + 1, Movable: 2 * n, Moves: 2*n + 1, ExtraHours: 1.5,
		Groups: []forecast.Group{{Key: "default", Name: "prod_shop_default", Desired: n, Max: n, Olds: n, Surge: 1, Raised: n + 1}},
		Services: []forecast.Service{
			{Name: "api", Desired: 2, Healthy: 2, MinPct: 100, MaxPct: 100, SetPct: 200, Tasks: 2, Moves: 2, Lowest: 1},
			{Name: "web", Desired: 4, Healthy: 4, MinPct: 50, MaxPct: 200, Tasks: 4, Moves: 5, Lowest: 4},
		},
		Findings: []forecast.Finding{
			{Code: "ROL101", Severity: forecast.Blocks, Subject: "api", Instances: []string{"i-0", "i-1", "i-2", "i-3", "i-4"}, Text: "api may neither start another task nor stop one", Fix: `"maximumPercent": 200 in service.json`},
			{Code: "ROL130", Severity: forecast.Warns, Subject: "web", Text: "a deployment of web is under way: " + evil},
			{Code: "ROL125", Severity: forecast.Informs, Subject: "default", Text: "group default has one instance"},
		},
		Time: forecast.Time{Seconds: 1500, Parts: []forecast.Part{{Name: "boot and join", Seconds: 300}, {Name: "deregistration delay", Seconds: 1200}}},
		Calls: []forecast.Calls{
			{Budget: "EC2 Auto Scaling", Calls: 100, PerSecond: 0.2}, {Budget: "ECS cluster resource read", Calls: 900, PerSecond: 5, Burst: 100, Sustained: 20, Share: 25},
		},
	}
	for i := range n {
		o := forecast.Old{
			ID: fmt.Sprintf("i-%017d", i), Group: "default", Zone: "eu-west-1" + string(rune('a'+i%2)), Wave: i + 1, Canary: i == 0, Fate: forecast.Replaced,
			Reasons: []model.Reason{{Kind: model.OldAMI, Have: "ami-1", Want: "ami-2"}},
			Tasks: []forecast.Task{
				{ID: "t1", Name: "web", Kind: forecast.OfService, Known: true, To: "new-1", Zone: "eu-west-1a"},
				{ID: "t2", Name: "web", Kind: forecast.OfService, Known: true, To: "new-1", Zone: "eu-west-1a"},
				{ID: "t3", Name: "logs", Kind: forecast.Daemon, Known: true},
				{ID: "t4", Name: "job", Kind: forecast.StandAlone, Known: true, Protected: at(90)},
			},
		}
		if i == 1 {
			o.Fate, o.Wave, o.Why = forecast.Skipped, 0, "api may neither start another task nor stop one"
			o.Tasks[0] = forecast.Task{ID: "t1", Name: "api", Kind: forecast.OfService, Known: true, Why: evil}
			o.Tasks[1] = forecast.Task{ID: "t2", Name: "odd", Kind: forecast.OfService}
		}
		f.Olds = append(f.Olds, o)
		f.Waves = append(f.Waves, forecast.Wave{
			N: i + 1, Canary: i == 0, Olds: []string{o.ID}, New: []forecast.New{{Group: "default", Zone: o.Zone, Count: 1}}, Begins: 300 * i, Takes: 300, Moves: 2,
		})
	}
	return f
}

func TestADryRunIsForPeopleAndPrograms(t *testing.T) {
	small := DryRun{Cluster: "shop", Forecast: foreseen(3), Calls: 42, Next: []string{"berth roll --sim --yes"}}
	golden(t, "dryrun.txt", small.Text(ink.Style{}))
	b, err := small.JSON()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "dryrun.json", string(b)+"\n")
	if strings.Contains(string(b), `\u001b`) || strings.Contains(small.Text(ink.Style{}), "\x1b") {
		t.Error("a text of others steers the terminal")
	}
	small.All = true
	golden(t, "dryrun_all.txt", small.Text(ink.Style{Width: 132}))
	refused := small
	refused.Forecast.Refused, refused.Forecast.Missing, refused.Next, refused.All = true, []string{"tasks: not allowed"}, nil, false
	refused.Forecast.Order.Strategy = roll.Terminate
	refused.Forecast.Findings = []forecast.Finding{{Code: "ROL150", Severity: forecast.BlocksAll, Text: "the strategy terminate ends what runs there", Fix: "--allow-outage"}}
	golden(t, "dryrun_refused.txt", refused.Text(ink.Style{}))
	golden(t, "dryrun_nothing.txt", DryRun{Cluster: "shop", Forecast: forecast.Forecast{Instances: 3}}.Text(ink.Style{}))
}

func TestADryRunOfManyInstancesIsShort(t *testing.T) {
	d := DryRun{Cluster: "shop", Forecast: foreseen(1000)}
	text := d.Text(ink.Style{})
	golden(t, "dryrun_many.txt", text)
	if n := strings.Count(text, "\n"); n > 120 {
		t.Errorf("%d lines", n)
	}
	d.All = true
	if whole := d.Text(ink.Style{}); strings.Count(whole, "wave 1000") != 1 || !strings.Contains(whole, "i-00000000000000999") {
		t.Error("-v leaves instances out")
	}
}

func TestADryRunFitsAUsualTerminal(t *testing.T) {
	for line := range strings.Lines(DryRun{Cluster: strings.Repeat("shop", 8), Forecast: foreseen(3)}.Text(ink.Style{})) {
		if got := ink.Wide(strings.TrimRight(line, "\n")); got > 80 {
			t.Errorf("%d columns: %q", got, line)
		}
	}
}
