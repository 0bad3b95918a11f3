package folder

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/cli/problem"
)

func TestWhatIsNoFolderOfAServiceIsSaidToBeNone(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "taskdef.txt")
	if err := os.WriteFile(file, []byte("{}"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ dir, text string }{
		{filepath.Join(dir, "none"), "there is no folder "},
		{dir, "has no taskdef.json"},
		{file, "is a file, and berth deploy takes a folder"},
	} {
		_, err := Files{Dir: c.dir}.sources()
		var p *problem.Problem
		if !errors.As(err, &p) || !strings.Contains(p.Text, c.text) || p.Exit != problem.Misused || len(p.Hints) == 0 {
			t.Errorf("%s: %v", c.dir, err)
		}
	}
	if _, err := (Files{Definition: filepath.Join(dir, "none.json")}).sources(); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}
