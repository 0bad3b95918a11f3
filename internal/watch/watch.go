// Package watch turns what is heard of a cluster into incidents: one for each cause, opened, grown and resolved.
//
// In: the state so far, and signals, each a piece of evidence that something is wrong or well again; time comes with them. Out: the
// next state, and the changes that people are told of. It asks nobody, reads no clock, and texts of AWS are quoted as they came:
// whoever shows them takes out what could do harm.
package watch

import "time"

// Severity is how much a cause matters.
type Severity int

// The severities. What costs availability, or will when nobody acts, is an error.
const (
	Info    Severity = iota // worth knowing
	Warning                 // will be worse when nobody acts
	Error                   // something fails
)

// Cause tells incidents apart: there is one open incident for each.
type Cause struct {
	Family string `json:"family"` // what kind of cause: the codes of one family sharpen one another
	Scope  string `json:"scope"`  // what it is about: "service/web", "family/job", "zone/eu-west-1a", "group/NAME", "registry/docker.io", "cluster"
}

// Signal is one piece of evidence.
type Signal struct {
	ID       string    // of the event, by which a second delivery is told; empty: it has none
	At       time.Time // when it was so
	Cause    Cause     // of what; of a good one only the scope may be known
	Member   string    // what it shows at: a service, a family of tasks, an instance, an Auto Scaling group
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
	At      time.Time // now
	Signals []Signal
}

// Incident is one cause, from when it showed to when it was over.
type Incident struct {
	ID       string    `json:"id"` // the same for the same cause and beginning, whoever computes it
	Cause    Cause     `json:"cause"`
	Code     string    `json:"code"`
	Severity Severity  `json:"severity"`
	Text     string    `json:"text"`
	Fix      string    `json:"fix,omitempty"`
	Evidence []string  `json:"evidence,omitempty"`
	Also     []string  `json:"also,omitempty"` // what else was found of it: symptoms, and what came of it
	Members  []Member  `json:"members"`        // the first ones; More tells how many more there are
	More     int       `json:"more,omitempty"`
	Count    int       `json:"count"`           // occurrences
	Began    time.Time `json:"began"`           // the first evidence
	Opened   time.Time `json:"opened,omitzero"` // when people were told; zero: they were not, it must last first
	Last     time.Time `json:"last"`            // the newest evidence
	Resolved time.Time `json:"resolved,omitzero"`
	Changes  int       `json:"changes"` // how many changes were told
	Flaps    int       `json:"flaps,omitempty"`
}

// Member is what an incident shows at.
type Member struct {
	Name string    `json:"name"`
	Bad  time.Time `json:"bad"`           // the newest evidence against it
	Good time.Time `json:"good,omitzero"` // the newest evidence for it
}

// The kinds of changes.
const (
	Opened   = "opened"
	Grown    = "grown"
	Resolved = "resolved"
	Reopened = "reopened"
)

// Change is what people are told once. Its id is the same however often it is delivered.
type Change struct {
	ID       string    `json:"id"` // the incident's id and the number of the change: "3f2a…-2"
	Kind     string    `json:"kind"`
	At       time.Time `json:"at"`
	Incident Incident  `json:"incident"` // as it was then
}
