package watching

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"

	"berth/internal/watch"
)

// graveyard is the file of dead letters: one JSON object a line.
type graveyard string

// letter is a line of the file.
type letter struct {
	Alert   string        `json:"alert"`
	Why     string        `json:"why"`
	Message watch.Message `json:"message"`
}

// bury appends a message, and returns when it is on the disk.
func (g graveyard) bury(m watch.Message, alert, why string) error {
	line, err := json.Marshal(letter{alert, why, m})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(string(g)), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(string(g), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(append(line, '\n'))
	if err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}
