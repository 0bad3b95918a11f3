package world

import (
	"encoding/json"
	"errors"
	"fmt"
)

// ErrVersion says that a saved world has another format than this program.
var ErrVersion = errors.New("the saved world has another version")

// Save writes the world as JSON; the same world gives the same bytes.
func (w *World) Save() ([]byte, error) { return json.Marshal(w) }

// Load reads a saved world; it wraps ErrVersion when the format is another one. Attach must follow.
func Load(b []byte) (*World, error) {
	var head struct{ Format int }
	if err := json.Unmarshal(b, &head); err != nil {
		return nil, fmt.Errorf("not a saved world: %w", err)
	}
	if head.Format != Version {
		return nil, fmt.Errorf("%w: %d, this program reads %d", ErrVersion, head.Format, Version)
	}
	w := New(0)
	if err := json.Unmarshal(b, w); err != nil {
		return nil, fmt.Errorf("not a saved world: %w", err)
	}
	return w, nil
}

// Fork makes a second world that starts where this one stands and shares nothing with it but the handlers.
func (w *World) Fork() (*World, error) {
	b, err := w.Save()
	if err != nil {
		return nil, err
	}
	f, err := Load(b)
	if err != nil {
		return nil, err
	}
	f.handlers = w.handlers
	return f, nil
}
