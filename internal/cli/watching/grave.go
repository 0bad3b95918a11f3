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

// bury appends a message, and returns when it is on the disk. A line that a crash has cut off stays a line of its own.
func (g graveyard) bury(m watch.Message, alert, why string) error {
	line, err := json.Marshal(letter{alert, why, m})
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(string(g)), 0o755); err != nil {
		return err
	}
	f, err := os.OpenFile(string(g), os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	line = append(line, '\n')
	if cutOff(f) {
		line = append([]byte{'\n'}, line...)
	}
	if _, err = f.Write(line); err == nil {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// cutOff tells whether a file ends in the midst of a line.
func cutOff(f *os.File) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	last := []byte{'\n'}
	_, err = f.ReadAt(last, info.Size()-1)
	return err == nil && last[0] != '\n'
}
