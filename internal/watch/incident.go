package watch

import (
	"slices"
	"time"
)

// Incident is one cause, from when it showed to when it was over.
type Incident struct {
	ID       string    `json:"id"` // the same for the same cause and beginning, whoever computes it
	Cause    Cause     `json:"cause"`
	Code     string    `json:"code"`
	Severity Severity  `json:"severity"` // the highest so far
	Text     string    `json:"text"`
	Fix      string    `json:"fix,omitempty"`
	Evidence []string  `json:"evidence,omitempty"`
	Also     []string  `json:"also,omitempty"`  // what else was found of it: symptoms, and what came of it
	Members  []Member  `json:"members"`         // in the order in which they were found
	More     int       `json:"more,omitempty"`  // how many were found beyond these
	Count    int       `json:"count,omitempty"` // occurrences
	Began    time.Time `json:"began"`           // the first evidence
	Opened   time.Time `json:"opened,omitzero"` // when people were told; zero: they were not, it must last first
	Last     time.Time `json:"last"`            // the newest evidence
	Resolved time.Time `json:"resolved,omitzero"`
	Changes  int       `json:"changes,omitempty"` // how many changes were told
	Flaps    int       `json:"flaps,omitempty"`   // how often it came back

	Due  time.Time `json:"due,omitzero"`   // when people are to be told unless it is over by then; zero once they were
	Late bool      `json:"late,omitempty"` // it was heard of long after it had begun
	Told Told      `json:"told,omitzero"`
}

// Member is what an incident shows at.
type Member struct {
	Name string    `json:"name"`
	Bad  time.Time `json:"bad,omitzero"`  // the newest evidence against it
	Good time.Time `json:"good,omitzero"` // the newest evidence for it
}

// Told is what people know of an incident.
type Told struct {
	At       time.Time `json:"at,omitzero"`
	Members  int       `json:"members,omitempty"`
	Count    int       `json:"count,omitempty"`
	Severity Severity  `json:"severity,omitempty"`
	Also     int       `json:"also,omitempty"`
	Times    int       `json:"times,omitempty"` // how often growth was told
}

// Bounds of what an incident remembers, and of what a change tells of it.
const (
	mostMembers  = 1000
	mostShown    = 200
	mostAlso     = 8
	mostEvidence = 10
)

// all is how many members it has, counted once more where the list was full.
func (i *Incident) all() int { return len(i.Members) + i.More }

// well tells whether the last that was heard of every member is good.
func (i *Incident) well() bool {
	for _, m := range i.Members {
		if !m.Good.After(m.Bad) {
			return false
		}
	}
	return i.More == 0
}

// member finds a member; nil where it is none.
func (i *Incident) member(name string) *Member {
	for n := range i.Members {
		if i.Members[n].Name == name {
			return &i.Members[n]
		}
	}
	return nil
}

// also notes what else was found, once.
func (i *Incident) also(text string) {
	if text != "" && text != i.Text && len(i.Also) < mostAlso && !slices.Contains(i.Also, text) {
		i.Also = append(i.Also, text)
	}
}

// hold sets when people are to be told: at the earliest that any signal says, but of a state that lasts the newest knows best how
// long it may.
func (i *Incident) hold(s *Signal, at time.Time) {
	due := at.Add(s.Hold)
	switch {
	case !i.Opened.IsZero(), i.Late:
	case s.Level && s.Code == i.Code && len(i.Members) == 1 && i.Flaps == 0:
		i.Due = i.Began.Add(s.Hold)
	case due.Before(i.Due):
		i.Due = due
	}
}

// hears notes what else a signal says, unless that is next to nothing.
func (i *Incident) hears(s *Signal) {
	if !vague(s.Code) {
		i.also(s.Text)
	}
}

// become says what a signal says, which is nearer to the cause; what it said before is noted.
func (i *Incident) become(s *Signal) {
	before := i.Text
	i.Code, i.Text, i.Fix, i.Evidence = s.Code, s.Text, s.Fix, s.Evidence
	i.also(before)
}

// shown is a copy for a change.
func (i *Incident) shown() Incident {
	out := *i
	out.Evidence, out.Also = slices.Clone(i.Evidence), slices.Clone(i.Also)
	out.Members = slices.Clone(i.Members[:min(len(i.Members), mostShown)])
	out.More += len(i.Members) - len(out.Members)
	return out
}
