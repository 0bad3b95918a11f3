package apply

import (
	"testing"

	"berth/internal/model"
)

func TestEveryKindHasItsEntry(t *testing.T) {
	entries := grid()
	for _, k := range model.Kinds() {
		if e := entries[k]; e.create == nil || e.update == nil || e.remove == nil {
			t.Errorf("%s: an empty cell", k)
		}
	}
	if len(entries) != len(model.Kinds()) {
		t.Errorf("%d entries for %d kinds", len(entries), len(model.Kinds()))
	}
}
