package phrase_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/phrase"
)

func TestFieldsAreFilledAndTheRestStays(t *testing.T) {
	p, err := phrase.Parse("{{title}}: {{ fix }} } {x} {{kind}}")
	if err != nil || p.Empty() {
		t.Fatal(err)
	}
	if got := p.Fill(strings.ToUpper); got != "TITLE: FIX } {x} KIND" {
		t.Errorf("%q", got)
	}
	if p, err := phrase.Parse(""); err != nil || !p.Empty() {
		t.Errorf("%v", err)
	}
}

func TestWhatIsWrongIsSaidWithWhatWasMeant(t *testing.T) {
	for text, want := range map[string]string{
		"{{titel}}":                           "there is no field {{titel}}; did you mean {{title}}?",
		"{{.Title}}":                          "there is no field {{.Title}}; did you mean {{title}}?",
		"a {{fix":                             "a field is not closed: {{fix",
		"{{}}":                                "there is no field {{}}",
		"{{range .Evidence}}":                 "there is no field {{range .Evidence}}",
		"{{" + strings.Repeat("ü", 40) + "}}": "there is no field {{üüüüüüüüüü…}}",
	} {
		if _, err := phrase.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// What fills a field is never taken for a field itself.
func TestSafetyWhatFillsAFieldIsNotReadAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		value := rapid.StringOf(rapid.SampledFrom([]rune("{}fix .x"))).Draw(t, "value")
		p, err := phrase.Parse("a{{fix}}b{{fix}}")
		if got := p.Fill(func(string) string { return value }); err != nil || got != "a"+value+"b"+value {
			t.Fatalf("%v: %q", err, got)
		}
	})
}
