// Package watch turns what is heard of a cluster into incidents: one for each cause, opened, grown and resolved.
//
// In: the state so far, and signals, each a piece of evidence that something is wrong or well again; time comes with them. Out: the
// next state, and the changes that people are told of. It asks nobody, reads no clock, and texts of AWS are quoted as they came:
// whoever shows them takes out what could do harm.
package watch

import (
	"fmt"
	"time"
)

// Severity is how much a cause matters.
type Severity int

// The severities. What costs availability, or will when nobody acts, is an error.
const (
	Info    Severity = iota // worth knowing
	Warning                 // will be worse when nobody acts
	Error                   // something fails
)

// String is the severity as people write it.
func (s Severity) String() string {
	switch s {
	case Info:
		return "info"
	case Warning:
		return "warning"
	case Error:
		return "error"
	}
	return "unknown"
}

// MarshalText writes the word.
func (s Severity) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// UnmarshalText reads the word.
func (s *Severity) UnmarshalText(b []byte) error {
	for _, known := range []Severity{Info, Warning, Error} {
		if known.String() == string(b) {
			*s = known
			return nil
		}
	}
	return fmt.Errorf("there is no severity %q", b)
}

// Cause tells incidents apart: there is one open incident for each.
type Cause struct {
	Family string `json:"family"` // what kind of cause: the codes of one family sharpen one another
	Scope  string `json:"scope"`  // what it is about: "service/web", "family/job", "zone/eu-west-1a", "group/NAME", "registry/docker.io", "cluster"
}

// Signal is one piece of evidence.
type Signal struct {
	ID       string    // of the event, by which a second delivery is told; empty: it has none
	At       time.Time // when it was so
	Cause    Cause     // of what; of a good one without a family all that is known of the member
	Member   string    // what it shows at: "service/web", "family/job", "instance/i-…", "group/NAME", "alert/ops"
	Well     bool      // it shows that the member is well; else that it is not
	Level    bool      // it tells a state that lasts (a look), not an occurrence (an event)
	Code     string    // "WHY101", "OPS403"; Explain knows it
	Severity Severity
	Text     string // what happens and why, one sentence
	Fix      string
	Evidence []string
	Hold     time.Duration // for how long it must have been so before anybody is told
}

// Input is what Step is told at one moment.
type Input struct {
	At       time.Time // now
	Signals  []Signal
	Complete bool // the signals are all that a whole look found: what they do not name is not there any more
}
