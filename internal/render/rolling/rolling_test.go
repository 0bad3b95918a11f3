package rolling

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/render/frame"
	"berth/internal/render/ink"
	"berth/internal/roll"
)

var update = flag.Bool("update", false, "rewrite the golden files of testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s differs:\n%s", name, got)
	}
}

// began is when the roll of the stories begins.
func began() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

func at(minutes float64) time.Time { return began().Add(time.Duration(minutes * float64(time.Minute))) }

// evil is a text that wants to steer the terminal.
const evil = "no room\x1b]0;owned\x07 anywhere\nat all"

// memory is a roll of four instances: one replaced, one draining, one stuck, one waiting; one new one works, another boots.
func memory() roll.Memory {
	o := roll.Defaults()
	o.Run = "r1"
	why := []model.Reason{{Kind: model.OldAMI, Have: "ami-1", Want: "ami-2"}, {Kind: model.OldUserData}}
	old := func(n int, state roll.OldState) roll.Old {
		return roll.Old{
			ID: fmt.Sprintf("i-%017d", n), ARN: fmt.Sprintf("arn:aws:ecs:eu-west-1:1:container-instance/shop/%d", n), Group: "prod_shop_default",
			Zone: "eu-west-1" + string(rune('a'+n%3)), Reasons: why, State: state, Tasks: []string{"t1", "t2"}, Held: []string{"service:web"},
		}
	}
	gone, draining, stuck, waiting := old(1, roll.Gone), old(2, roll.Draining), old(3, roll.Stuck), old(4, roll.Waiting)
	gone.Canary, gone.Began, gone.Emptied, gone.Since = true, at(3), at(6), at(7)
	draining.Began, draining.Since = at(8), at(8)
	stuck.Since, stuck.Why = at(9), evil
	return roll.Memory{
		Version: 1, Order: o, Began: began(), Stage: roll.Onward, Since: at(7),
		Pools: []roll.Pool{{Key: "default", Group: "prod_shop_default", Max: 4, Raised: 1, Suspended: []string{"AZRebalance"}, Launched: 2, Left: 1}},
		Olds:  []roll.Old{gone, draining, stuck, waiting},
		News: []roll.New{
			{ID: "i-0new1", ARN: "arn:x/n1", Group: "prod_shop_default", Zone: "eu-west-1b", State: roll.Working, At: began(), Since: at(2), Canary: true},
			{ID: "i-0new2", Group: "prod_shop_default", Zone: "eu-west-1c", State: roll.Booting, At: at(9), Since: at(9)},
		},
		Services: []roll.Baseline{{Name: "api", Desired: 2, Healthy: 2, Lowest: 2}, {Name: "web", Desired: 4, Running: 4, Healthy: 4, Lowest: 3, Moved: 2}},
		Edits:    []roll.Edit{{Service: "web", MaxPct: 100, SetPct: 150, Fence: "attribute:berth.generation == r1"}},
		Count:    roll.Count{Replaced: 1, Moves: 4, Movable: 4, Extra: 45 * time.Minute},
	}
}

func snapshot(m roll.Memory, when time.Time) roll.Snapshot {
	web := roll.Service{Service: live.Service{Name: "web", Desired: 4, Running: 4}, Healthy: 3}
	api := roll.Service{Service: live.Service{Name: "api", Desired: 2, Running: 2}, Healthy: 2}
	return roll.Snapshot{At: when, Order: m.Order, Memory: m, Services: []roll.Service{api, web}}
}

// story plays a roll into a display, as its loop would.
func story(p *Progress) {
	m := memory()
	before := m
	before.Stage = roll.Begin
	before.Olds, before.News, before.Services = nil, nil, nil
	start := before
	start.Stage = roll.Canary
	for _, o := range m.Olds {
		o.State, o.Why = roll.Waiting, ""
		start.Olds = append(start.Olds, o)
	}
	start.Services = m.Services
	p.Saw(snapshot(before, began()), roll.Decision{Memory: start, Why: []roll.Line{{Text: "1 new instance in eu-west-1b"}}})
	p.Did(roll.Action{Verb: roll.Mark, Group: "prod_shop_default", Key: roll.TagRoll, Value: "r1"}, roll.Made{})
	p.Did(roll.Action{Verb: roll.LaunchNew, Group: "prod_shop_default", Count: 2, Zone: "eu-west-1b"}, roll.Made{Instances: []string{"i-0new1"}, Refused: map[string]string{"eu-west-1b": evil}})
	for second := range 9 {
		p.Tick(at(2).Add(time.Duration(second) * 5 * time.Second))
	}
	p.Did(roll.Action{Verb: roll.StartDrain, ARNs: []string{m.Olds[1].ARN}}, roll.Made{})
	s := snapshot(start, at(10))
	wait := roll.Decision{Memory: m, Why: []roll.Line{
		{Subject: m.Olds[1].ID, Text: "draining: 2 tasks left: web (deregistering 31s), web"},
		{Subject: "i-0new2", Text: "new: it has not joined the cluster"},
		{Subject: "web", Text: "3 of 4 tasks are healthy, 4 were"},
	}}
	p.Saw(s, wait)
	wait.Why[0].Text = "draining: 2 tasks left: web (deregistering 36s), web"
	s.At = at(10.1)
	p.Saw(s, wait)
	p.Tick(at(11))
	s.At, s.Command = at(12), roll.Pause
	p.Saw(s, roll.Decision{Memory: m, Why: []roll.Line{{Text: "paused; berth roll resume goes on"}}})
	s.At, s.Interrupted, s.Command = at(13), true, roll.Abort
	end := m
	end.Stage, end.End, end.Why = roll.Leaving, roll.Interrupted, []string{"it was interrupted"}
	p.Saw(s, roll.Decision{Memory: end})
	p.Close()
}

func shown(s ink.Style, m frame.Mode, all bool) string {
	var b strings.Builder
	story(NewProgress(&b, s, m, began(), all))
	return b.String()
}

func TestProgressTellsARoll(t *testing.T) {
	golden(t, "progress.txt", shown(ink.Style{}, frame.Lines, false))
	golden(t, "progress_all.txt", shown(ink.Style{}, frame.Lines, true))
	golden(t, "progress_live.txt", strings.ReplaceAll(shown(ink.Style{Width: 100}, frame.Live, false), "\x1b", "ESC"))
	golden(t, "progress.jsonl", shown(ink.Style{}, frame.JSONLines, false))
}

func TestALiveDisplayFitsItsTerminal(t *testing.T) {
	for _, width := range []int{40, 80, 132} {
		for line := range strings.Lines(shown(ink.Style{Width: width}, frame.Live, false)) {
			if strings.HasPrefix(strings.TrimSpace(line), "+") && !strings.Contains(line, "  onward") && !strings.Contains(line, "  canary:") {
				continue // a line that stays is wrapped by the terminal
			}
			if got := ink.Wide(strings.TrimRight(line, "\n")); got > width && strings.HasPrefix(line, "          ") {
				t.Errorf("%d columns in %d: %q", got, width, line)
			}
		}
	}
}

func TestEveryLineForProgramsIsAnObjectWithItsVersion(t *testing.T) {
	for line := range strings.Lines(shown(ink.Style{Color: true, Width: 40}, frame.JSONLines, false)) {
		var o struct {
			Version int
			Event   string
			Text    string
		}
		if err := json.Unmarshal([]byte(line), &o); err != nil || o.Version != 1 || o.Event == "" || o.Text == "" {
			t.Errorf("%v: %s", err, line)
		}
	}
}

func TestALogOfThousandInstancesStaysShort(t *testing.T) {
	var b strings.Builder
	p := NewProgress(&b, ink.Style{Width: 100}, frame.Lines, began(), false)
	var d roll.Decision
	d.Memory.Stage = roll.Onward
	for n := range 1000 {
		id := fmt.Sprintf("i-%017d", n)
		d.Memory.Olds = append(d.Memory.Olds, roll.Old{ID: id, State: roll.Draining, Since: began()})
		d.Why = append(d.Why, roll.Line{Subject: id, Text: "draining: 3 tasks left: web"})
	}
	for second := range 60 {
		p.Saw(roll.Snapshot{At: began().Add(time.Duration(second) * 5 * time.Second), Memory: d.Memory}, d)
		p.Tick(began().Add(time.Duration(second) * 5 * time.Second))
	}
	if n := strings.Count(b.String(), "\n"); n > 150 {
		t.Errorf("%d lines", n)
	}
	if !strings.Contains(b.String(), "and 994 more") {
		t.Error(b.String()[:2000])
	}
}

// reports are the ends that a roll may have.
func reports() map[string]Report {
	m := memory()
	over := func(o roll.Outcome, why, fix string) Report {
		end := m
		end.Stage, end.End, end.Ended, end.Why, end.Fix = roll.Over, o, at(20), nil, fix
		if why != "" {
			end.Why = []string{why}
		}
		return Report{Cluster: "shop", Snapshot: snapshot(end, at(20)), Decision: roll.Decision{Memory: end, Outcome: o}, Took: 20 * time.Minute, Calls: 612, Fix: fix}
	}
	incomplete := over(roll.Incomplete, "1 of 4 instances was left as it is", "berth roll")
	incomplete.Next = []string{"berth roll --sim"}
	incomplete.Requests = &Requests{Served: 120000, Text: "120000 requests served, 0 failed"}
	done := over(roll.Replaced, "", "")
	done.Decision.Memory.Olds = slices.Clone(m.Olds)
	for i := range done.Decision.Memory.Olds {
		done.Decision.Memory.Olds[i].State = roll.Gone
	}
	return map[string]Report{
		"incomplete": incomplete,
		"done":       done,
		"failed":     over(roll.Failed, evil, "berth why web"),
		"nothing":    {Cluster: "shop", Decision: roll.Decision{Outcome: roll.Nothing, Memory: roll.Memory{Stage: roll.Over, End: roll.Nothing}}},
		"refused": {Cluster: "shop", Decision: roll.Decision{Outcome: roll.Refused, Memory: roll.Memory{
			Stage: roll.Over, End: roll.Refused, Olds: m.Olds, Why: []string{"the strategy terminate ends what runs on the instances"},
		}}, Fix: "--allow-outage, or the strategy drain"},
	}
}

func TestReportsForPeopleAndPrograms(t *testing.T) {
	for name, r := range reports() { // unordered: each has its files
		b, err := r.JSON()
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "report_"+name+".txt", r.Text(ink.Style{}))
		golden(t, "report_"+name+".json", string(b)+"\n")
	}
	whole := reports()["incomplete"]
	whole.All = true
	golden(t, "report_all.txt", whole.Text(ink.Style{Width: 132}))
}

func TestAStatusIsForPeopleAndPrograms(t *testing.T) {
	m := memory()
	over := m
	over.Stage, over.End, over.Ended = roll.Over, roll.Aborted, at(20)
	for name, s := range map[string]Status{ // unordered: each has its files
		"none":      {},
		"running":   {Found: true, Memory: m, Holder: "ann@desk (berth roll, since 2026-03-02T09:00:00Z)", Run: "r1", Next: []string{"berth roll pause"}},
		"paused":    {Found: true, Memory: m, Holder: "ann@desk", Run: "r1", Command: roll.Pause},
		"abandoned": {Found: true, Memory: m, Next: []string{"berth roll resume", "berth roll abort"}, All: true},
		"over":      {Found: true, Memory: over},
	} {
		s.Cluster, s.At = "shop", at(12)
		b, err := s.JSON()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(b), `"state": "`+name+`"`) {
			t.Errorf("%s: %s", name, b)
		}
		golden(t, "status_"+name+".txt", s.Text(ink.Style{}))
		if name == "running" {
			golden(t, "status_"+name+".json", string(b)+"\n")
		}
	}
}

func TestSafetyNoTextOfOthersSteersTheTerminal(t *testing.T) {
	m := memory()
	for i := range m.Olds {
		m.Olds[i].ID, m.Olds[i].Zone, m.Olds[i].Why = evil, evil, evil
		m.Olds[i].Reasons = []model.Reason{{Kind: model.OldAMI, Have: evil, Want: evil}}
	}
	m.Why, m.Services[0].Name, m.Pools[0].Key, m.Edits[0].Service = []string{evil}, evil, evil, evil
	r := Report{Cluster: evil, Decision: roll.Decision{Memory: m, Outcome: roll.Failed, Why: []roll.Line{{Subject: evil, Text: evil}}}, Fix: evil, Next: []string{evil}, All: true}
	st := Status{Cluster: evil, Found: true, Memory: m, Holder: evil, Run: "r", Fix: evil, Next: []string{evil}, All: true}
	var b strings.Builder
	for _, mode := range []frame.Mode{frame.Lines, frame.Live, frame.JSONLines} {
		p := NewProgress(&b, ink.Style{}, mode, began(), true)
		p.Saw(snapshot(roll.Memory{}, began()), roll.Decision{Memory: m, Why: r.Decision.Why})
		for _, v := range []roll.Verb{roll.Mark, roll.SetMax, roll.LaunchNew, roll.Suspend, roll.StartDrain, roll.Give, roll.EditService, roll.RunProbe, roll.StopTasks, roll.Protect, roll.SetMark, roll.DropMark, roll.Unmark, roll.Activate, roll.Deregister} {
			p.Did(roll.Action{Verb: v, Group: evil, Zone: evil, Instances: []string{evil}, ARNs: []string{evil}, Names: []string{evil}, Key: evil, Value: evil, Service: evil}, roll.Made{Refused: map[string]string{evil: evil}})
		}
	}
	one, _ := r.JSON()
	two, _ := st.JSON()
	text := strings.NewReplacer("\x1b[1A", "", "\x1b[J", "", "\r", "").Replace(b.String())
	for _, out := range []string{r.Text(ink.Style{}), st.Text(ink.Style{}), string(one), string(two), text} {
		if i := strings.Index(out, "\x1b]"); i >= 0 || strings.Contains(out, "\\u001b") || strings.Contains(out, "\x07") {
			t.Errorf("at %d: %.300q", i, out[max(0, i-80):])
		}
	}
}
