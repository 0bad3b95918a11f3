package forecast

import (
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/placement"
	"berth/internal/roll"
)

var update = flag.Bool("update", false, "rewrite the expectations of the golden files")

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// A golden case has a cluster in short words, one thing on each line, and what is foreseen as a table.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("%d cases, %v", len(files), err)
	}
	for _, path := range files {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) { golden(t, path) })
	}
}

func golden(t *testing.T, path string) {
	a, err := txtar.ParseFile(path)
	if err != nil {
		t.Fatal(err)
	}
	f := Of(read(t, string(a.Files[0].Data)))
	got := show(f)
	if len(a.Files) < 2 {
		a.Files = append(a.Files, txtar.File{Name: "forecast"})
	}
	if *update {
		a.Files[1].Data = []byte(got)
		if err := os.WriteFile(path, txtar.Format(a), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if got != string(a.Files[1].Data) {
		t.Errorf("foreseen:\n%s\nwant:\n%s", got, a.Files[1].Data)
	}
	if code, _, _ := strings.Cut(filepath.Base(path), "."); strings.HasPrefix(code, "ROL") && !strings.Contains(got, "["+code[:6]+"]") {
		t.Errorf("the case is about %s, and does not find it:\n%s", code, got)
	}
	for _, one := range f.Findings {
		if _, ok := Explain(one.Code); !ok || one.Text == "" || one.Fix == "" && one.Severity != Informs && one.Severity != Warns {
			t.Errorf("%+v has no page, text or fix", one)
		}
	}
	if _, err := json.Marshal(f); err != nil {
		t.Error(err)
	}
}

// show is a forecast as a table.
func show(f Forecast) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d of %d instances, %s\n", len(f.Olds), f.Instances, f.Order.Strategy)
	for _, o := range f.Olds {
		fmt.Fprintf(&b, "%-6s %-14s %-9s", o.ID, o.Zone, o.Fate)
		if o.Wave > 0 {
			fmt.Fprintf(&b, " wave %d", o.Wave)
		}
		if o.Canary {
			b.WriteString(" canary")
		}
		for _, r := range o.Reasons {
			fmt.Fprintf(&b, " %s", r.Kind)
		}
		if o.Why != "" {
			b.WriteString("  " + o.Why)
		}
		b.WriteByte('\n')
		for _, t := range o.Tasks {
			fmt.Fprintf(&b, "    %-8s %-11s %s\n", t.Name, t.Kind, strings.TrimSpace(cmp.Or(t.To, "-")+" "+t.Zone+" "+t.Why))
		}
	}
	for _, g := range f.Groups {
		fmt.Fprintf(&b, "group %s: %d of at most %d, surge %d, spared %d, raised to %d\n", g.Key, g.Desired, g.Max, g.Surge, g.Unavailable, g.Raised)
	}
	for _, s := range f.Services {
		fmt.Fprintf(&b, "service %s: %d tasks there, %d moves, at least %d of %d healthy, %d lost at once, maximum %d then %d\n", s.Name, s.Tasks, s.Moves, s.Lowest, s.Desired, s.Lost, s.MaxPct, s.SetPct)
	}
	for _, w := range f.Waves {
		fmt.Fprintf(&b, "wave %d at %s for %s: %s; new %v\n", w.N, secs(w.Begins), secs(w.Takes), list(w.Olds), w.New)
	}
	fmt.Fprintf(&b, "time %s %v\nextra hours %.1f, moves %d of %d\n", secs(f.Time.Seconds), f.Time.Parts, f.ExtraHours, f.Moves, f.Movable)
	for _, one := range f.Findings {
		fmt.Fprintf(&b, "%s: %s: %s [%s]\n", one.Severity, cmp.Or(one.Subject, "the roll"), one.Text, one.Code)
		if one.Fix != "" {
			b.WriteString("  " + one.Fix + "\n")
		}
	}
	if f.Refused {
		b.WriteString("refused\n")
	}
	return b.String()
}

// words are what stands behind the first words of a line: "name=value" or a flag.
type settings map[string]string

func (s settings) number(name string, otherwise int) int {
	n, err := strconv.Atoi(s[name])
	if err != nil {
		return otherwise
	}
	return n
}

func (s settings) list(name string) []string {
	if s[name] == "" {
		return nil
	}
	return strings.Split(s[name], ",")
}

func (s settings) span(name string) time.Duration {
	d, _ := time.ParseDuration(s[name])
	return d
}

func (s settings) has(name string) bool {
	_, has := s[name]
	return has
}

// fatal is a test.
type fatal interface {
	Helper()
	Fatal(args ...any)
}

// writer makes a snapshot of lines.
type writer struct {
	roll.Snapshot

	t fatal
}

func read(t fatal, text string) roll.Snapshot {
	t.Helper()
	w := &writer{t: t}
	w.At, w.Order, w.Demands = noon, roll.Defaults(), map[string]roll.Need{}
	for line := range strings.Lines(text) {
		words := strings.Fields(line)
		if len(words) == 0 {
			continue
		}
		args, set := []string{}, settings{}
		for _, word := range words[1:] {
			if name, value, given := strings.Cut(word, "="); given {
				set[name] = strings.ReplaceAll(value, "+", " ")
			} else {
				args = append(args, word)
				set[word] = ""
			}
		}
		switch words[0] {
		case "order":
			w.order(set)
		case "group":
			w.group(args[0], set)
		case "node":
			w.node(args, set)
		case "service":
			w.service(args[0], set)
		case "task":
			w.task(args, set)
		case "missing":
			w.Missing = append(w.Missing, strings.Join(words[1:], " "))
		default:
			t.Fatal(line)
		}
	}
	return w.Snapshot
}

func (w *writer) order(s settings) {
	o := &w.Order
	o.Strategy = roll.Strategy(cmp.Or(s["strategy"], "drain"))
	o.Surge = roll.Amount{N: s.number("surge", 1)}
	o.MaxUnavailable = roll.Amount{N: s.number("max-unavailable", 0)}
	o.Patch, o.Fence, o.AllowOutage, o.All = s.has("patch-services"), s.has("fence"), s.has("allow-outage"), s.has("all")
	o.BeyondMax = !s.has("within-max")
	o.Standalone = roll.Standalone(cmp.Or(s["standalone"], "wait"))
	o.Instances = s.list("instances")
	o.Canary = s.number("canary", 1)
	o.MaxDuration = s.span("max-duration")
	if s.has("drain-timeout") {
		o.DrainTimeout = s.span("drain-timeout")
	}
}

func (w *writer) group(key string, s settings) {
	g := roll.Group{Key: key, Tag: s["tag"], Surge: s["surge-tag"], Suspended: s.list("suspended"), Refresh: s["refresh"]}
	g.Name, g.Desired, g.Zones = "shop_prod_"+key, s.number("desired", 3), s.list("zones")
	g.Max, g.Instances = s.number("max", g.Desired), s.number("instances", g.Desired)
	if s.has("failure") {
		g.Failures = []live.Event{{At: noon.Add(-time.Minute), Text: s["failure"]}}
	}
	for _, h := range s.list("hook") {
		name, rest, _ := strings.Cut(h, ":")
		parts := strings.Split(rest, ":")
		heartbeat, _ := time.ParseDuration(parts[2])
		g.Hooks = append(g.Hooks, roll.Hook{Name: name, Transition: "autoscaling:EC2_INSTANCE_" + parts[0], Default: parts[1], Heartbeat: heartbeat})
	}
	w.Groups = append(w.Groups, g)
}

// node is "node ID GROUP ZONE".
func (w *writer) node(args []string, s settings) {
	n := roll.Node{State: cmp.Or(s["state"], "InService"), Launched: noon.Add(-72 * time.Hour).Add(time.Duration(len(w.Nodes)) * time.Minute), Arch: cmp.Or(s["arch"], "x86_64"), Spot: s.has("spot"), AMI: "ami-1"}
	n.ID, n.Group, n.Zone, n.Type = args[0], "shop_prod_"+args[1], args[2], cmp.Or(s["type"], "t3.large")
	n.Registered = n.Launched.Add(2 * time.Minute)
	n.ARN, n.Status, n.Connected = "ci/"+n.ID, cmp.Or(s["status"], "ACTIVE"), !s.has("silent")
	n.Attributes = map[string]string{"ecs.availability-zone": n.Zone}
	for _, a := range s.list("attributes") {
		name, value, _ := strings.Cut(a, ":")
		n.Attributes[name] = value
	}
	n.Total = live.Room{CPU: s.number("cpu", 2048), Memory: s.number("memory", 4096), ENIs: 2, TCP: []int{22}}
	n.Free = n.Total
	if s.has("unjoined") {
		n.ARN, n.Status, n.Attributes, n.Total, n.Free, n.Registered = "", "", nil, live.Room{}, live.Room{}, time.Time{}
	}
	if s.has("foreign") {
		n.Group, n.State = "", ""
	}
	for _, r := range s.list("outdated") {
		kind, want, _ := strings.Cut(r, ":")
		n.Outdated = append(n.Outdated, model.Reason{Kind: model.ReasonKind(kind), Want: want})
	}
	w.Nodes = append(w.Nodes, n)
}

func (w *writer) service(name string, s settings) {
	sv := roll.Service{MinPct: s.number("min", 100), MaxPct: s.number("max", 200)}
	sv.Name, sv.Status, sv.Desired, sv.Daemon, sv.Definition = name, "ACTIVE", s.number("desired", 2), s.has("daemon"), name+":1"
	sv.Running = sv.Desired
	sv.Healthy = s.number("healthy", sv.Desired)
	sv.Revisions = []live.RevisionRunning{{Status: "PRIMARY", Rollout: cmp.Or(s["rollout"], "COMPLETED"), Reason: s["reason"]}}
	if s.has("delay") {
		sv.Spec = document.New("loadBalancers", document.Items(document.New("targetGroupArn", document.Of("tg/"+name))))
		w.Checks = append(w.Checks, live.Check{Group: "tg/" + name, Interval: 10, Healthy: 2, Delay: s.number("delay", 300)})
	}
	w.Services = append(w.Services, sv)
	need := roll.Need{Known: !s.has("unknown"), Stop: s.span("stop")}
	need.Demand = placement.Demand{
		Name: name, Group: "service:" + name, Daemon: sv.Daemon, Requires: s.list("requires"),
		Room: live.Room{CPU: s.number("cpu", 256), Memory: s.number("memory", 512), ENIs: s.number("enis", 0)},
	}
	if s.has("port") {
		need.Room.TCP = []int{s.number("port", 0)}
	}
	if s.has("distinct") {
		need.Constraints = []placement.Constraint{{Type: "distinctInstance"}}
	}
	if s.has("constraint") {
		need.Constraints = append(need.Constraints, placement.Constraint{Type: "memberOf", Expression: s["constraint"]})
	}
	if s.has("binpack") {
		need.Strategy = []placement.Strategy{{Type: "binpack", Field: "memory"}}
	}
	w.Demands[sv.Definition+" "+name] = need
}

// task is "task NAME INSTANCE", of a service where there is one of that name.
func (w *writer) task(args []string, s settings) {
	name, on := args[0], slices.IndexFunc(w.Nodes, func(n roll.Node) bool { return n.ID == args[1] })
	n := &w.Nodes[on]
	id := fmt.Sprint("t", len(w.Tasks)+1)
	t := live.Task{ID: id, ARN: "task/" + id, Group: "family:" + name, Definition: name + ":1", Last: "RUNNING", Desired: "RUNNING", Instance: n.ARN, Zone: n.Zone, StartedBy: s["by"], Connected: true}
	need, known := w.Demands[name+":1 "+name]
	if known {
		t.Group = "service:" + name
	}
	if s.has("protected") {
		t.Protected = noon.Add(s.span("protected"))
	}
	n.Free.CPU, n.Free.Memory, n.Free.ENIs = n.Free.CPU-need.Room.CPU, n.Free.Memory-need.Room.Memory, n.Free.ENIs-need.Room.ENIs
	n.Free.TCP = slices.Concat(n.Free.TCP, need.Room.TCP)
	n.Running++
	w.Tasks = append(w.Tasks, t)
}

func TestEveryCodeHasACaseAndEveryCaseAPage(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for _, code := range Codes() {
		if !strings.Contains(all.String(), "["+code+"]") {
			t.Errorf("%s has no golden case", code)
		}
	}
	if _, ok := Explain("HA101"); ok || !slices.IsSorted(Codes()) {
		t.Error("a code of others has a page, or the pages are in no order")
	}
}
