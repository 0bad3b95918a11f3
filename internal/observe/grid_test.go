package observe

import (
	"testing"

	"berth/internal/model"
)

func TestEveryKindHasItsRowInReadingOrder(t *testing.T) {
	var kinds []model.Kind
	for _, r := range grid() {
		kinds = append(kinds, r.kind)
		if len(r.rounds) == 0 || r.fold == nil {
			t.Errorf("%s: an empty cell", r.kind)
		}
	}
	expect(t, "rows", kinds, model.Kinds())
}
