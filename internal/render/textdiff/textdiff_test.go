package textdiff

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// side is one of the two texts that a comparison was made from.
func side(lines []Line, not byte) []string {
	var out []string
	for _, l := range lines {
		if l.Sign != not {
			out = append(out, l.Text)
		}
	}
	return out
}

func TestSafetyComparisonHoldsBothTexts(t *testing.T) {
	text := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 12)
	rapid.Check(t, func(t *rapid.T) {
		from, to := text.Draw(t, "from"), text.Draw(t, "to")
		got := Compare(from, to)
		if !slices.Equal(side(got, In), from) || !slices.Equal(side(got, Out), to) {
			t.Fatalf("Compare(%q, %q) = %q", from, to, got)
		}
		if (Changed(got) == 0) != slices.Equal(from, to) {
			t.Fatalf("Changed = %d for %q and %q", Changed(got), from, to)
		}
		for _, l := range Hunks(got) {
			if l.Sign != Gap && !slices.Contains(got, l) {
				t.Fatalf("a hunk invented %q", l)
			}
		}
		if Changed(Hunks(got)) < Changed(got) {
			t.Fatalf("a hunk lost a change of %q", got)
		}
	})
}

func TestComparisonIsShort(t *testing.T) {
	for _, c := range []struct {
		from, to string
		changed  int
	}{
		{"abcdef", "abXdef", 2}, {"abc", "abcd", 1}, {"abcabba", "cbabac", 5}, {"", "abc", 3}, {"abc", "abc", 0},
	} {
		if got := Changed(Compare(strings.Split(c.from, ""), strings.Split(c.to, ""))); got != c.changed {
			t.Errorf("%q to %q: %d lines changed, want %d", c.from, c.to, got, c.changed)
		}
	}
}

func TestHunksLeaveOutWhatIsFarFromAChange(t *testing.T) {
	got := Hunks(Compare(strings.Split("abcdefghi", ""), strings.Split("abcdXfghi", "")))
	var b strings.Builder
	for _, l := range got {
		b.WriteByte(l.Sign)
		b.WriteString(l.Text)
	}
	if want := ".… c d-e+X f g.…"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}
