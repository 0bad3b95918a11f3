package cli

import (
	"io"
	"os"
	"os/user"

	"github.com/charmbracelet/x/term"
)

// ThisProcess is the surroundings of the running program.
func ThisProcess() Process {
	p := Process{
		Args: os.Args[1:], Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Environ: os.Environ(),
		Terminal: terminal, Reader: readsPerson, User: "unknown", Host: "unknown",
	}
	if u, err := user.Current(); err == nil {
		p.User = u.Username
	}
	if h, err := os.Hostname(); err == nil {
		p.Host = h
	}
	return p
}

// terminal tells how wide a stream is that a person looks at.
func terminal(w io.Writer) (int, bool) {
	f, ok := w.(*os.File)
	if !ok || !term.IsTerminal(f.Fd()) {
		return 0, false
	}
	width, _, err := term.GetSize(f.Fd())
	if err != nil {
		width = 0
	}
	return width, true
}

// readsPerson tells whether a person can answer on a stream.
func readsPerson(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(f.Fd())
}
