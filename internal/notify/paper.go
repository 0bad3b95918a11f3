package notify

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"

	"berth/internal/watch"
)

// paper is a sink whose messages are written into a folder instead.
type paper struct {
	Sink
	folder string
}

// OnPaper is a sink whose messages are not sent but written into a folder, one file each: what is rehearsed does not leave the
// machine.
func OnPaper(s Sink, folder string) Sink { return paper{s, folder} }

// Folder is where the messages are.
func (p paper) Folder() string { return p.folder }

// Send writes a message into its file.
func (p paper) Send(_ context.Context, m watch.Message) error {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(p.folder, 0o755); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(p.folder, p.Name()+"-"+m.ID+".json"), append(text, '\n'), 0o600)
}
