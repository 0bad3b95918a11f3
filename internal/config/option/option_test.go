package option_test

import (
	"testing"

	"berth/internal/config/option"
)

func TestTheTableIsSound(t *testing.T) {
	for _, place := range option.Places() {
		seen := map[string]bool{}
		for _, name := range option.Names(place.Scope, true) {
			if seen[name] {
				t.Error(name, "stands twice", place.Words)
			}
			seen[name] = true
		}
	}
	for _, o := range option.In(option.Everywhere) {
		if o.Meaning == "" || o.Example == "" || !o.Required && o.Def == "" && o.Words == "" {
			t.Error(o.Name, "lacks a meaning, an example or a default")
		}
		if o.Required && o.Def != "" {
			t.Error(o.Name, "is required and has a default")
		}
	}
}
