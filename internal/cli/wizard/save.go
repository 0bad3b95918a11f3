package wizard

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
)

// Taken tells whether something stands at a path.
func Taken(path string) bool {
	_, err := os.Lstat(path)
	return !errors.Is(err, fs.ErrNotExist)
}

// Save writes the file, whole or not at all. Without force it fails with fs.ErrExist where one stands.
func Save(path, text string, force bool) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".ecs.tfvars-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already where it was renamed
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Chmod(0o644), f.Close()); err != nil {
		return err
	}
	if force {
		return os.Rename(f.Name(), path)
	}
	return os.Link(f.Name(), path) // unlike a rename it fails where a file stands
}
