package sim

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"berth/internal/sim/world"
)

// Store is a folder that keeps a world between commands. It is locked while it is open.
type Store struct {
	dir  string
	lock *os.File
}

// Locked says that another process uses the folder.
type Locked struct {
	Dir string
	PID int
}

// Error names the process.
func (l *Locked) Error() string {
	return fmt.Sprintf("the simulation in %s is in use by process %d", l.Dir, l.PID)
}

// Open opens the simulation that a folder keeps, a new one where there is none. It wraps world.ErrVersion for a
// state of another version and returns *Locked while another process has it open. Close must follow.
func Open(dir string) (*Sim, *Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, nil, err
	}
	st := &Store{dir: dir}
	if err := st.acquire(); err != nil {
		return nil, nil, err
	}
	w, err := st.load()
	if err != nil {
		return nil, nil, errors.Join(err, st.lock.Close())
	}
	s := New(w)
	s.saved = st.write
	return s, st, nil
}

// Close writes the state once more and frees the folder.
func (st *Store) Close(s *Sim) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return errors.Join(s.save(), st.lock.Close())
}

// Reset forgets the world that a folder keeps. It refuses with *Locked while a process has it open.
func Reset(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	st := &Store{dir: dir}
	if err := st.acquire(); err != nil {
		return err
	}
	err := os.Remove(st.path("world.json"))
	if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, st.lock.Close())
}

func (st *Store) path(name string) string { return filepath.Join(st.dir, name) }

// acquire takes the folder's lock. The kernel frees it when the process dies, however it dies.
func (st *Store) acquire() error {
	f, err := os.OpenFile(st.path("lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		b, _ := os.ReadFile(st.path("lock")) // an unreadable lock is somebody's all the same
		pid, _ := strconv.Atoi(strings.TrimSpace(string(b)))
		return errors.Join(&Locked{st.dir, pid}, f.Close())
	}
	if err := f.Truncate(0); err != nil {
		return errors.Join(err, f.Close())
	}
	if _, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0); err != nil {
		return errors.Join(err, f.Close())
	}
	st.lock = f
	return nil
}

func (st *Store) load() (*world.World, error) {
	b, err := os.ReadFile(st.path("world.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return world.New(1), nil
	}
	if err != nil {
		return nil, err
	}
	w, err := world.Load(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", st.path("world.json"), err)
	}
	return w, nil
}

// write replaces the state in one step: a crash leaves the old one or the new one, never a half. Only the owner may
// read it: the state holds what the real AWS would keep secret.
func (st *Store) write(b []byte) error {
	tmp, err := os.CreateTemp(st.dir, "world-*.tmp")
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	if err = errors.Join(err, tmp.Close()); err != nil {
		return errors.Join(err, os.Remove(tmp.Name()))
	}
	return os.Rename(tmp.Name(), st.path("world.json"))
}

// save writes the state if it changed since it was last written. Calls come in batches of writes; the first read
// after them, a sleep or the end finds the batch complete.
func (s *Sim) save() error {
	if !s.dirty || s.saved == nil {
		return nil
	}
	b, err := s.world.Save()
	if err != nil {
		return err
	}
	s.dirty = false
	return s.saved(b)
}
