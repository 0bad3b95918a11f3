package progress

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render/frame"
	"berth/internal/render/ink"
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

// story is the events of a run in which one NAT gateway works out and the other does not.
func story() (plan.Plan, []plan.Event, time.Time) {
	began := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	step := func(k model.Key) plan.Step { return plan.Step{Verb: plan.Create, Key: k} }
	vpc, a, b := step(model.VPCKey()), step(model.NATGatewayKey("eu-west-1a")), step(model.NATGatewayKey("eu-west-1b"))
	route, old := step(model.RouteKey(model.Private, "eu-west-1b")), plan.Step{Verb: plan.Delete, Key: model.ElasticIPKey("eu-west-1c")}
	p := plan.Plan{}
	for _, s := range []plan.Step{vpc, a, b, route, old} {
		p.Changes = append(p.Changes, plan.Change{Step: s})
	}
	at := func(s float64, k plan.EventKind, st plan.Step, reason string, took time.Duration) plan.Event {
		return plan.Event{At: began.Add(time.Duration(s * float64(time.Second))), Kind: k, Step: st, Reason: reason, Took: took}
	}
	return p, []plan.Event{
		at(0, plan.Started, vpc, "the cluster's own network", 0),
		at(0.2, plan.Finished, vpc, "", 200*time.Millisecond),
		at(0.2, plan.Started, old, "", 0),
		at(0.3, plan.Retried, old, "it is still in use\x1b]0;owned\x07", 0),
		at(1, plan.Started, a, "", 0),
		at(1, plan.Started, b, "", 0),
		at(2, plan.Waiting, a, "AWS is making it", 0),
		at(12, plan.Finished, old, "", 11800*time.Millisecond),
		at(107, plan.Finished, a, "", 106*time.Second),
		at(107, plan.Gave, b, "the address is gone\nand so am I", 0),
		at(107, plan.Skipped, route, "", 0),
	}, began
}

func told(s ink.Style, m frame.Mode) string {
	p, events, began := story()
	var b strings.Builder
	progress := New(&b, p, s, m, began)
	for i, e := range events {
		if i == 8 {
			for seconds := 13; seconds < 107; seconds += 10 {
				progress.Tick(began.Add(time.Duration(seconds) * time.Second))
			}
		}
		progress.Tell(e)
	}
	progress.Close()
	return b.String()
}

func TestProgressIsToldInLines(t *testing.T) { golden(t, "lines.txt", told(ink.Style{}, frame.Lines)) }

func TestProgressIsToldInObjects(t *testing.T) {
	got := told(ink.Style{}, frame.JSONLines)
	golden(t, "lines.json", got)
	for i, line := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
		var o map[string]any
		if err := json.Unmarshal([]byte(line), &o); err != nil {
			t.Fatalf("line %d: %v", i, err)
		}
		if _, has := o["version"]; has != (i == 0) {
			t.Errorf("line %d has a version: %t", i, has)
		}
	}
}

// screen plays what mode Live writes on a terminal and gives what is to be seen in the end.
func screen(t *testing.T, text string) []string {
	t.Helper()
	lines, row := []string{}, 0
	for text != "" {
		if rest, ok := strings.CutPrefix(text, "\x1b["); ok {
			n, rest, _ := strings.Cut(rest, "A\r\x1b[J")
			up := len(n)
			if _, err := jsonNumber(n, &up); err != nil {
				t.Fatalf("unknown sequence before %q", text)
			}
			row -= up
			if row < 0 {
				t.Fatalf("the cursor leaves the screen before %q", text)
			}
			lines, text = lines[:row], rest
			continue
		}
		line, rest, ok := strings.Cut(text, "\n")
		if !ok || strings.Contains(line, "\x1b") {
			t.Fatalf("half a line: %q", line)
		}
		lines, text = append(lines, line), rest
		row++
	}
	return lines
}

func jsonNumber(text string, n *int) (int, error) {
	err := json.Unmarshal([]byte(text), n)
	return *n, err
}

func TestLiveProgressLeavesTheErrorsAndTheCount(t *testing.T) {
	got := strings.Join(screen(t, told(ink.Style{}, frame.Live)), "\n") + "\n"
	want := `  +1m47s  ✗ nat_gateway eu-west-1b failed: the address is gone and so am I
  +1m47s  3 of 5 done, 1 failed, 1 skipped
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestLiveProgressShowsWhatRunsAndForHowLong(t *testing.T) {
	p, events, began := story()
	var b strings.Builder
	progress := New(&b, p, ink.Style{Width: 60}, frame.Live, began)
	for _, e := range events[:8] {
		progress.Tell(e)
	}
	progress.Tick(began.Add(75 * time.Second))
	got := strings.Join(screen(t, b.String()), "\n") + "\n"
	want := `   1m14s  … nat_gateway eu-west-1a: creating, AWS is makin…
   1m14s  … nat_gateway eu-west-1b: creating
  +1m15s  2 of 5 done
`
	if got != want {
		t.Errorf("got:\n%s\nwant:\n%s", got, want)
	}
}

func TestLiveProgressDrawsFewLines(t *testing.T) {
	var b strings.Builder
	at := time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)
	progress := New(&b, plan.Plan{}, ink.Style{}, frame.Live, at)
	for zone := range strings.SplitSeq("abcdefghij", "") {
		progress.Tell(plan.Event{At: at, Kind: plan.Started, Step: plan.Step{Verb: plan.Create, Key: model.NATGatewayKey(zone)}})
	}
	if lines := screen(t, b.String()); len(lines) != 8 {
		t.Errorf("%q are drawn, want six, how many more, and the count", lines)
	}
}

func TestSilentProgressStaysSilent(t *testing.T) {
	for _, m := range []frame.Mode{frame.Lines, frame.Live, frame.JSONLines} {
		var b strings.Builder
		New(&b, plan.Plan{}, ink.Style{}, m, time.Time{}).Close()
		if b.String() != "" {
			t.Errorf("mode %d wrote %q", m, b.String())
		}
	}
}
