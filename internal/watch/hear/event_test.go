package hear

import (
	"bytes"
	"encoding/json"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/live"
	"berth/internal/watch"
)

// samples are the events of the golden files, by file and name.
func samples(t testing.TB) map[string][]byte {
	t.Helper()
	files, err := filepath.Glob("testdata/*/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	out := map[string][]byte{}
	for _, file := range files {
		a, err := txtar.ParseFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range a.Files {
			if strings.HasSuffix(f.Name, ".json") {
				out[filepath.Base(file)+": "+f.Name] = f.Data
			}
		}
	}
	return out
}

// excess tells what of an answer is longer than it may be, or is not text; empty: nothing.
func excess(h Heard) string {
	long := func(text string, most int) bool { return len(text) > most || !utf8.ValidString(text) }
	switch {
	case long(h.ID, mostID), long(h.Kind, mostQuotable), h.Test != nil && long(h.Test.ID, mostID):
		return "the event"
	case len(h.Signals) > 2:
		return "the number of signals"
	case h.At.IsZero():
		return "the time"
	}
	for _, s := range h.Signals {
		switch {
		case long(s.ID, mostID), long(s.Member, mostID), long(s.Cause.Scope, mostID), long(s.Text, mostText), long(s.Fix, mostText), len(s.Evidence) > mostLines:
			return "a signal"
		case s.Member == "", s.ID == "", s.At.IsZero(), s.Cause == watch.Cause{}, !s.Well && (s.Text == "" || s.Code == "" || s.Cause.Family == ""):
			return "what a signal lacks"
		case s.Level:
			return "an occurrence that lasts"
		}
		for _, line := range s.Evidence {
			if long(line, mostLine) {
				return "a line of evidence"
			}
		}
	}
	return ""
}

// FuzzEvent feeds anything: it must be refused, or say bounded things; never fail.
func FuzzEvent(f *testing.F) {
	for _, body := range samples(f) {
		f.Add(body)
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		h, err := Event(body, shop())
		if refusal := (*Refusal)(nil); err != nil {
			if !errors.As(err, &refusal) || len(refusal.Why) > mostText || !utf8.ValidString(strings.ToValidUTF8(refusal.Why, "")) {
				t.Errorf("%v", err)
			}
			return
		}
		if what := excess(h); what != "" {
			t.Errorf("%s: %+v", what, h)
		}
	})
}

// TestWordsFromOutsideAreBoundedAndLeftAsTheyAre plants each thing that could do harm into each text of each event.
func TestWordsFromOutsideAreBoundedAndLeftAsTheyAre(t *testing.T) {
	for _, planted := range []string{
		strings.Repeat("long ", 1000), "\x1b[2J\x1b]0;x\x07", "<!channel> @here <https://x|y> & *b*", "a\u202ereversed", "\u0000\u0001", "\xff\xfe", "", "${berth}", "%s%d",
	} {
		for name, body := range samples(t) {
			var v any
			if json.Unmarshal(body, &v) != nil {
				continue
			}
			for path := range leaves(v) {
				changed, err := json.Marshal(planting(v, path, planted))
				if err != nil {
					t.Fatal(err)
				}
				h, err := Event(changed, shop())
				if err != nil {
					if len(err.Error()) > 2*mostText {
						t.Errorf("%s, %s: a refusal of %d bytes", name, path, len(err.Error()))
					}
					continue
				}
				if what := excess(h); what != "" {
					t.Errorf("%s, %s = %.20q: %s", name, path, planted, what)
				}
			}
		}
	}
}

// leaves are the paths to the texts of a document.
func leaves(v any) map[string]bool {
	out := map[string]bool{}
	var walk func(path string, v any)
	walk = func(path string, v any) {
		switch x := v.(type) {
		case map[string]any:
			for name, value := range x { // unordered: into a map
				walk(path+"/"+name, value)
			}
		case []any:
			for _, value := range x {
				walk(path, value)
			}
		case string:
			out[path] = true
		}
	}
	walk("", v)
	return out
}

// planting is a document with the texts at a path replaced.
func planting(v any, path, text string) any {
	var walk func(at string, v any) any
	walk = func(at string, v any) any {
		switch x := v.(type) {
		case map[string]any:
			out := map[string]any{}
			for name, value := range x { // unordered: into a map
				out[name] = walk(at+"/"+name, value)
			}
			return out
		case []any:
			var out []any
			for _, value := range x {
				out = append(out, walk(at, value))
			}
			return out
		case string:
			if at == path {
				return text
			}
		}
		return v
	}
	return walk("", v)
}

// TestControlCharactersStay: taking them out is the business of whoever shows them, who knows where.
func TestControlCharactersStay(t *testing.T) {
	body := strings.Replace(string(samples(t)["task.txtar: a registry that refuses.json"]), "denied: requested", `\u001b[31mdenied: requested`, 2)
	h, err := Event([]byte(body), shop())
	if err != nil || !strings.Contains(strings.Join(h.Signals[0].Evidence, "\n"), "\x1b[31m") {
		t.Errorf("%v %+v", err, h)
	}
}

func TestAMessageThatIsTooLongIsRefused(t *testing.T) {
	if _, err := Event([]byte(strings.Repeat(" ", mostBody+1)), shop()); err == nil {
		t.Error("it was read")
	}
	deep := strings.Repeat("[", mostBody/2)
	if _, err := Event([]byte(`{"detail":`+deep), shop()); err == nil {
		t.Error("it was read")
	}
}

func TestWhatIsOfTomorrowIsOfNow(t *testing.T) {
	body := strings.ReplaceAll(string(samples(t)["task.txtar: a crash.json"]), "2026-03-01", "2026-03-02")
	h, err := Event([]byte(body), shop())
	if err != nil {
		t.Fatal(err)
	}
	if h = h.Until(noon()); !h.At.Equal(noon()) || !h.Signals[0].At.Equal(noon()) {
		t.Errorf("%v", h)
	}
	later := noon().AddDate(0, 0, 2)
	if h, err = Event([]byte(body), shop()); err != nil || h.Until(later).At.After(noon().AddDate(0, 0, 1)) {
		t.Errorf("%v %v", h, err)
	}
}

// TestTimesWithinAnEventAreNearIt: AWS's own samples have some that are weeks apart.
func TestTimesWithinAnEventAreNearIt(t *testing.T) {
	body := strings.ReplaceAll(string(samples(t)["task.txtar: a crash.json"]), `ingAt": "2026-03-01`, `ingAt": "2026-02-01`)
	h, err := Event([]byte(body), shop())
	if err != nil || !h.Signals[0].At.Equal(h.At) {
		t.Errorf("%v %+v", err, h)
	}
}

// TestALookSaysOfATaskWhatItsEventSays: nothing is told twice.
func TestALookSaysOfATaskWhatItsEventSays(t *testing.T) {
	for name, body := range samples(t) {
		if !strings.HasPrefix(name, "task.txtar") {
			continue
		}
		var e struct {
			Detail detail `json:"detail"`
		}
		if err := json.Unmarshal(body, &e); err != nil {
			t.Fatal(name, err)
		}
		h, err := Event(body, shop())
		if err != nil {
			t.Fatal(name, err)
		}
		var seen []watch.Signal
		for _, s := range Capture(live.Capture{At: h.At, Tasks: []live.Task{e.Detail.task()}}, Facts{}) {
			if s.ID != "" {
				seen = append(seen, s)
			}
		}
		if len(seen) != len(h.Signals) {
			t.Errorf("%s: the event says %v, the look %v", name, h.Signals, seen)
			continue
		}
		for n, s := range seen {
			if w := h.Signals[n]; s.ID != w.ID || s.Cause != w.Cause || s.Member != w.Member || s.Well != w.Well || !s.At.Equal(w.At) {
				t.Errorf("%s: the event says %v, the look %v", name, w, s)
			}
		}
	}
}

// TestWhatIsNormalIsNoTrouble: cases whose name says that they are normal or well have nothing bad in them.
func TestWhatIsNormalIsNoTrouble(t *testing.T) {
	for name, body := range samples(t) {
		_, of, _ := strings.Cut(name, ": ")
		if !strings.HasPrefix(of, "normal") && !strings.HasPrefix(of, "well") {
			continue
		}
		h, err := Event(body, shop())
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, s := range h.Signals {
			if !s.Well {
				t.Errorf("%s: %+v", name, s)
			}
		}
	}
}

func BenchmarkEvent(b *testing.B) {
	for _, name := range []string{"task.txtar: normal: a task that runs", "task.txtar: a crash", "service.txtar: well: a steady state", "instance.txtar: well: it is connected", "service.txtar: no room: RESOURCE:CPU"} {
		var body bytes.Buffer
		if err := json.Compact(&body, samples(b)[name+".json"]); err != nil { // as AWS sends it
			b.Fatal(err)
		}
		scope := shop()
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := Event(body.Bytes(), scope); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "events/s")
		})
	}
}
