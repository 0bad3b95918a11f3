package watching_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/apply/watching"
)

func TestSubjectIsWhatSNSTakes(t *testing.T) {
	for text, want := range map[string]string{
		"service web: it fails":  "service web: it fails",
		"a\nb\t c\x1b[31m":       "a b c [31m",
		"Größe":                  "Gr??e",
		strings.Repeat("x", 120): strings.Repeat("x", 97) + "...",
		" \r\n ":                 "",
	} {
		if got := watching.Subject(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
	}
}

func TestSafetySubjectsAreShortASCII(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := watching.Subject(rapid.String().Draw(t, "text"))
		if len(s) > 100 || strings.ContainsFunc(s, func(r rune) bool { return r < ' ' || r > '~' }) {
			t.Fatalf("%q", s)
		}
	})
}
