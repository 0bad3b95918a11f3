package watching

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/watch"
)

func TestALineThatWasCutOffStaysALineOfItsOwn(t *testing.T) {
	file := graveyard(filepath.Join(t.TempDir(), "new", "dead.jsonl"))
	bury := func(id string) {
		t.Helper()
		if err := file.bury(watch.Message{ID: id}, "chat", "refused"); err != nil {
			t.Fatal(err)
		}
	}
	bury("a-1")
	text, err := os.ReadFile(string(file))
	if err != nil || os.WriteFile(string(file), append(text, `{"alert":"ch`...), 0o600) != nil {
		t.Fatal(err)
	}
	bury("b-1")
	bury("c-1")
	if text, err = os.ReadFile(string(file)); err != nil {
		t.Fatal(err)
	}
	var ids []string
	for line := range strings.Lines(string(text)) {
		var l letter
		if json.Unmarshal([]byte(line), &l) == nil {
			ids = append(ids, l.Message.ID)
		}
	}
	if got := strings.Join(ids, " "); got != "a-1 b-1 c-1" || strings.Count(string(text), "\n") != 4 {
		t.Errorf("%s:\n%s", got, text)
	}
}
