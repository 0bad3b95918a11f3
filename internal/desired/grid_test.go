package desired

import (
	"testing"

	"berth/internal/config"
	"berth/internal/model"
)

func TestEveryKindHasItsPartInReadingOrder(t *testing.T) {
	kinds := model.Kinds()
	if len(grid()) != len(kinds) {
		t.Fatalf("%d parts for %d kinds", len(grid()), len(kinds))
	}
	for i, p := range grid() {
		if p.kind != kinds[i] {
			t.Errorf("part %d is for %s, and the kind is %s", i, p.kind, kinds[i])
		}
	}
}

func TestEveryPartBuildsItsOwnKindAndNoKeyTwice(t *testing.T) {
	c, faults := config.Load(config.Sources{Files: []string{"testdata/everything.tfvars"}})
	if c == nil {
		t.Fatal(faults)
	}
	b := &builder{c: c, scope: model.Scope{Environment: c.Environment, Cluster: c.Cluster}}
	seen := map[model.Key]bool{}
	for _, p := range grid() {
		made := p.build(b)
		for _, r := range made {
			if r.Key().Kind != p.kind || seen[r.Key()] {
				t.Errorf("the part for %s builds %s, again: %v", p.kind, r.Key(), seen[r.Key()])
			}
			seen[r.Key()] = true
		}
		if len(made) == 0 {
			t.Errorf("a file with everything has no %s", p.kind)
		}
	}
}
