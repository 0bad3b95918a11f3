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

// Error names the process, if it is known by now.
func (l *Locked) Error() string {
	if l.PID == 0 {
		return fmt.Sprintf("the simulation in %s is in use by another process", l.Dir)
	}
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
		return nil, nil, errors.Join(err, st.release())
	}
	s := New(w)
	s.keep = st.write
	return s, st, nil
}

// Close writes the state if it changed and frees the folder; what happens in the simulation afterwards is kept nowhere.
// A server of the simulation must have ended.
func (st *Store) Close(s *Sim) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lazy = false
	if s.world.Weather != (world.Weather{}) {
		s.dirty = true // even reads threw dice; the next command shall not have the same bad luck for ever
	}
	err := s.save()
	s.keep = nil
	return errors.Join(err, st.release())
}

// Reset forgets the world that a folder keeps, and its mails. It refuses with *Locked while a process has it open.
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
	return errors.Join(err, clearMail(st.path("mail")), st.release())
}

func (st *Store) path(name string) string { return filepath.Join(st.dir, name) }

// acquire takes the folder's lock. The kernel frees it when the process dies, however it dies.
func (st *Store) acquire() error {
	f, err := os.OpenFile(st.path("lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		err = &Locked{st.dir, st.holder()}
	} else if err == nil {
		err = sign(f)
	}
	if err != nil {
		return errors.Join(err, f.Close())
	}
	st.lock = f
	return nil
}

// holder is the process that has the lock, 0 when it has not signed yet.
func (st *Store) holder() int {
	b, _ := os.ReadFile(st.path("lock")) // an unreadable lock is somebody's all the same
	line, _, _ := strings.Cut(string(b), "\n")
	pid, _ := strconv.Atoi(line)
	return pid
}

// sign writes the process's number into the lock: first the number and then the length, so that it is never without one.
func sign(f *os.File) error {
	n, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return errors.Join(err, f.Truncate(int64(n)))
}

// release frees the folder. The lock is given back before the file is closed: a child that is being started at this
// moment may hold a copy of it for an instant, and closing ours alone would leave the folder locked for as long.
func (st *Store) release() error {
	return errors.Join(syscall.Flock(int(st.lock.Fd()), syscall.LOCK_UN), st.lock.Close())
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

// write keeps the new mails and then the state. A program that dies between the two sends the same mails again, into the same
// files.
func (st *Store) write(state []byte, mails []world.Mail) error {
	if err := writeMail(st.path("mail"), mails); err != nil {
		return err
	}
	return replace(st.path("world.json"), state)
}

// replace replaces a file in one step: a program that dies leaves the old one or the new one, never a half. Only the owner may
// read it: it holds what the real AWS would keep secret.
func replace(file string, b []byte) error {
	tmp := file + ".tmp"
	_ = os.Remove(tmp) // what a program that died may have left
	err := os.WriteFile(tmp, b, 0o600)
	if err == nil {
		err = os.Rename(tmp, file)
	}
	if err != nil {
		_ = os.Remove(tmp) // whatever there is of it is worth nothing
	}
	return err
}

// save writes the state if it changed since it was last written; the lock is held. Calls come in batches of writes: the
// first read after them, a sleep or the end finds the batch complete.
func (s *Sim) save() error {
	if !s.dirty || s.lazy || s.keep == nil {
		return nil
	}
	b, err := s.world.Save()
	mails, last := s.unsent()
	if err == nil {
		err = s.keep(b, mails)
	}
	if s.dirty = err != nil; err == nil {
		s.sent = last
	}
	return err
}

// flush is save for a simulation that is served: it copies the state under the lock and writes it outside.
func (s *Sim) flush() error {
	s.flushing.Lock() // or an older copy might be written after a newer one
	defer s.flushing.Unlock()
	s.mu.Lock()
	if !s.dirty || s.keep == nil {
		s.mu.Unlock()
		return nil
	}
	b, err := s.world.Save()
	s.dirty = err != nil
	keep, from := s.keep, s.world
	mails, last := s.unsent()
	s.mu.Unlock()
	if err == nil {
		err = keep(b, mails)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err != nil:
		s.dirty = true
	case s.world == from: // another one has other mails
		s.sent = last
	}
	return err
}
