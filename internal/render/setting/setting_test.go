package setting

import (
	"slices"
	"strings"
	"testing"
)

func TestValuesAreReadableAndHarmless(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "(none)",
		"10.0.0.0/16":                        "10.0.0.0/16",
		"foreign.subnet-0a, foreign.igw-01":  "subnet-0a, igw-01",
		"\x1b[31mred":                        "red",
		"subnet.private/a, foreign.nat-0abc": "subnet.private/a, nat-0abc",
	} {
		if got := Value(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestDocumentsAreComparedByLineAndLongListsByItem(t *testing.T) {
	list := strings.Repeat("sg-0123456789, ", 5) + "sg-1"
	for _, c := range []struct {
		text           string
		document, list bool
	}{
		{"", false, false},
		{"a, b", false, false},
		{list, false, true},
		{"#!/bin/bash\necho", true, false},
		{`{"a":1}`, true, false},
		{`["a"]`, true, false},
		{"{no JSON", false, false},
	} {
		if got := IsDocument(c.text); got != c.document {
			t.Errorf("%q is a document: %t", c.text, got)
		}
		if got := IsList(c.text, ""); got != c.list || IsList("", c.text) != got {
			t.Errorf("%q is a long list: %t", c.text, got)
		}
	}
	if got := Items(list); len(got) != 6 || got[5] != "sg-1" || Items("") != nil {
		t.Errorf("items: %q", got)
	}
	if got, want := Lines(`{"a":[1]}`), []string{"{", `  "a": [`, "    1", "  ]", "}"}; !slices.Equal(got, want) || Lines("") != nil {
		t.Errorf("lines: %q, want %q", got, want)
	}
}
