package archtest

import (
	"path/filepath"
	"slices"
	"testing"

	"berth/internal/permit"
)

func TestWhateverTheToolAsksOfAWSIsInTheCatalogueOfPermissions(t *testing.T) {
	m, err := Load(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	calls, err := Operations(m)
	if err != nil {
		t.Fatal(err)
	}
	rows, called := permit.Operations(), map[string]bool{}
	for _, c := range calls {
		called[c.Text] = true
		if !slices.Contains(rows, c.Text) {
			t.Errorf("%s:%d calls %s, which has no row in internal/permit: whoever runs it is not allowed to", c.File, c.Line, c.Text)
		}
	}
	for _, r := range rows {
		if !called[r] {
			t.Errorf("internal/permit has a row for %s, which nobody calls", r)
		}
	}
}
