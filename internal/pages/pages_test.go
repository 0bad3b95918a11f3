package pages

import (
	"slices"
	"testing"
)

func TestALineIsFoundByItsCodeAlone(t *testing.T) {
	lines := Lines("AB1 one: it is: first.\nAB12 two: second.\n")
	if e, ok := lines.Explain("AB1"); !ok || e != (Explanation{"AB1", "one", "it is: first."}) {
		t.Errorf("%+v, %v", e, ok)
	}
	if e, ok := lines.Explain("AB"); ok || len(lines.All()) != 2 {
		t.Errorf("a part of a code has %+v", e)
	}
}

func TestAPageIsFoundByItsCodeAlone(t *testing.T) {
	text := Text("AB1: one\n\nfirst\n---\nAB12: two\n\nsecond\n")
	if page, ok := text.Explain("AB1"); !ok || page != "AB1: one\n\nfirst" {
		t.Errorf("%q, %v", page, ok)
	}
	if page, ok := text.Explain("AB"); ok {
		t.Errorf("a part of a code has the page %q", page)
	}
	if got := text.Codes(); !slices.Equal(got, []string{"AB1", "AB12"}) {
		t.Error(got)
	}
}
