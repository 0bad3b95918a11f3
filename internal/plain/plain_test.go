package plain

import (
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestWhatCouldSteerATerminalIsTakenOut(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"plain text stays", "i-0abc (t2.micro) ünï 日本 ✓", "i-0abc (t2.micro) ünï 日本 ✓"},
		{"colours", "\x1b[1;31mred\x1b[0m", "red"},
		{"a window title", "\x1b]0;owned\x07after", "after"},
		{"a link", "\x1b]8;;https://example.com\x1b\\text\x1b]8;;\x1b\\", "text"},
		{"an 8-bit sequence", "a\u009b31mb", "ab"},
		{"an 8-bit string", "a\u009dtitle\u009cb", "ab"},
		{"a reset", "\x1bcgone", "gone"},
		{"a character set", "\x1b(0lqk", "lqk"},
		{"an unfinished sequence", "a\x1b[31", "a[31"},
		{"a bare escape", "a\x1b", "a"},
		{"line ends and tabs", "a\nb\tc\rd", "a b cd"},
		{"bells and backspaces", "a\x07\x08b", "ab"},
		{"turned writing", "evil\u202etxt.exe", "eviltxt.exe"},
		{"no width", "a\u200bb\ufeff", "ab"},
		{"broken bytes", "a\xffb", "a\uFFFDb"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Text(c.text); got != c.want {
				t.Errorf("Text(%q) = %q, want %q", c.text, got, c.want)
			}
		})
	}
}

func TestSafetyCleanTextHoldsNothingThatSteers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.OneOf(rapid.Rune(), rapid.SampledFrom([]rune("\x1b[]0;mP\\\x07\u009b\u202e\n")))).Draw(t, "text")
		got := Text(text)
		if strings.IndexFunc(got, steers) >= 0 {
			t.Fatalf("Text(%q) = %q", text, got)
		}
		if again := Text(got); again != got {
			t.Fatalf("Text(%q) = %q, and cleaned again %q", text, got, again)
		}
	})
}

func TestSafetyCutTextIsWholeAndNotTooLong(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, most := rapid.String().Draw(t, "text"), rapid.IntRange(3, 40).Draw(t, "most")
		got := Cut(text, most)
		if len(got) > most || !utf8.ValidString(got) || len(text) <= most && got != text {
			t.Fatalf("Cut(%q, %d) = %q", text, most, got)
		}
	})
}
