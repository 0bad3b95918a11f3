package world

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// ErrVersion says that a saved world has another format than this program.
var ErrVersion = errors.New("the saved world has another version")

// Save writes the world as JSON; the same world gives the same bytes.
func (w *World) Save() ([]byte, error) { return encode(w), nil }

// Load reads a saved world; it wraps ErrVersion when the format is another one. Attach must follow.
func Load(b []byte) (*World, error) {
	format, err := formatOf(b)
	if err != nil {
		return nil, fmt.Errorf("not a saved world: %w", err)
	}
	if format != Version {
		return nil, fmt.Errorf("%w: %d, this program reads %d", ErrVersion, format, Version)
	}
	w := New(0)
	if err := decode(b, w); err != nil {
		return nil, fmt.Errorf("not a saved world: %w", err)
	}
	return w, nil
}

// formatOf reads the format of a saved world. It is the first member of one that Save wrote, and all of a large state need not be
// looked through for it.
func formatOf(b []byte) (int, error) {
	d := json.NewDecoder(bytes.NewReader(b))
	for _, want := range []json.Token{json.Delim('{'), "Format"} {
		if got, err := d.Token(); err != nil || got != want {
			var head struct{ Format int }
			err := json.Unmarshal(b, &head)
			return head.Format, err
		}
	}
	var format int
	err := d.Decode(&format)
	return format, err
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
