package frame

import (
	"strings"
	"testing"
	"time"

	"berth/internal/render/ink"
)

func began() time.Time { return time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC) }

func TestWhatIsDrawnIsErasedAndWhatStaysDoesNot(t *testing.T) {
	var b strings.Builder
	f := New(&b, ink.Style{Width: 20}, Live, began())
	f.Draw(ink.Plain, "one")
	f.Draw(ink.Plain, "two, which is longer than the terminal is wide")
	f.Pass(began().Add(90 * time.Second))
	f.Erase()
	f.Erase() // there is nothing left
	f.Stay("done")
	if b.Len() > 0 {
		t.Errorf("%q was shown before all was written", b.String())
	}
	f.Flush()
	if want := "one\ntwo, which is long…\n\x1b[2A\r\x1b[J  +1m30s  done\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
	f.Flush()
	if n := strings.Count(b.String(), "done"); n != 1 {
		t.Errorf("shown %d times", n)
	}
}

func TestADrawnLineIsHarmless(t *testing.T) {
	var b strings.Builder
	f := New(&b, ink.Style{}, Live, began())
	f.Draw(ink.Plain, "a\x1b[2J\nb"+strings.Repeat("x", 200))
	f.Flush()
	if text := b.String(); strings.Contains(text, "\x1b") || strings.Count(text, "\n") != 1 || ink.Wide(strings.TrimSpace(text)) != 79 {
		t.Errorf("%q", text)
	}
}

func TestTimeNeverGoesBack(t *testing.T) {
	f := New(&strings.Builder{}, ink.Style{}, Lines, began())
	f.Pass(began().Add(time.Minute))
	f.Pass(began())
	if !f.Now().Equal(began().Add(time.Minute)) || f.Elapsed() != "+1m" || f.Seconds() != 60 {
		t.Errorf("%s, %s, %v", f.Now(), f.Elapsed(), f.Seconds())
	}
}

func TestSilenceEndsWithEveryLine(t *testing.T) {
	for name, say := range map[string]func(*Frame){
		"a line": func(f *Frame) { f.Stay("x") }, "an object": func(f *Frame) { f.Object("x") },
	} { // unordered: each by itself
		f := New(&strings.Builder{}, ink.Style{}, Lines, began())
		f.Pass(began().Add(29 * time.Second))
		early := f.Silent()
		f.Pass(began().Add(30 * time.Second))
		late := f.Silent()
		say(f)
		if early || !late || f.Silent() {
			t.Errorf("%s: %v after 29 s, %v after 30 s, %v when something was said", name, early, late, f.Silent())
		}
	}
}

func TestAnObjectIsOneLine(t *testing.T) {
	var b strings.Builder
	f := New(&b, ink.Style{Width: 20, Color: true}, JSONLines, began())
	f.Object(map[string]string{"text": "a\nb, and more than the terminal is wide"})
	f.Flush()
	if want := `{"text":"a\nb, and more than the terminal is wide"}` + "\n"; b.String() != want {
		t.Errorf("%q, want %q", b.String(), want)
	}
}
