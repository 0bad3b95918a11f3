package watch

import (
	"hash/fnv"
	"slices"
	"time"
)

// State is what Step knows. Step takes it over: who hands a state to Step does not use it again.
type State struct {
	Cluster   string      `json:"cluster"`             // whose it is: it goes into the ids of incidents
	Incidents []*Incident `json:"incidents,omitempty"` // open ones, those that must last first, and those that were resolved lately, oldest first
	Seen      []uint64    `json:"seen,omitempty"`      // the last events, in a ring
	Next      int         `json:"next,omitempty"`      // where the ring goes on

	*index
}

// index finds things in a state. It is made anew when a state was read from its JSON.
type index struct {
	live map[Cause]*Incident    // open, or not told yet
	past map[Cause]*Incident    // the last one that was resolved
	at   map[string][]*Incident // live ones by member
	seen map[uint64]bool
	due  time.Time // before it nothing happens by itself; zero: nobody knows
}

// Bounds of a state.
const (
	mostSeen     = 4096
	mostLive     = 5000
	mostResolved = 500
	remembered   = 24 * time.Hour // how long what was resolved is known
)

// ready makes the index where there is none.
func (s State) ready() State {
	if s.index != nil {
		return s
	}
	s.index = &index{seen: map[uint64]bool{}}
	for _, n := range s.Seen {
		s.seen[n] = true
	}
	s.sort()
	return s
}

// sort makes the index of incidents.
func (s State) sort() {
	s.live, s.past, s.at = map[Cause]*Incident{}, map[Cause]*Incident{}, map[string][]*Incident{}
	for _, i := range s.Incidents {
		if !i.Resolved.IsZero() {
			if old := s.past[i.Cause]; old == nil || old.Resolved.Before(i.Resolved) {
				s.past[i.Cause] = i
			}
			continue
		}
		s.live[i.Cause] = i
		for _, m := range i.Members {
			s.at[m.Name] = append(s.at[m.Name], i)
		}
	}
}

// first tells whether an event is heard of for the first time, and remembers it.
func (s *State) first(id string) bool {
	h := fnv.New64a()
	_, _ = h.Write([]byte(id)) // a hash takes everything
	n := h.Sum64()
	if s.seen[n] {
		return false
	}
	s.seen[n] = true
	if len(s.Seen) < mostSeen {
		s.Seen = append(s.Seen, n)
		return true
	}
	delete(s.seen, s.Seen[s.Next])
	s.Seen[s.Next] = n
	s.Next = (s.Next + 1) % mostSeen
	return true
}

// forget drops incidents that were never told and are over, and those that were resolved long ago.
func (s *State) forget(now time.Time) {
	resolved := 0
	for _, i := range s.Incidents {
		if !i.Resolved.IsZero() && !i.Opened.IsZero() {
			resolved++
		}
	}
	before := len(s.Incidents)
	s.Incidents = slices.DeleteFunc(s.Incidents, func(i *Incident) bool {
		switch {
		case i.Resolved.IsZero():
			return false
		case i.Opened.IsZero():
			return true
		case resolved > mostResolved, now.Sub(i.Resolved) > remembered:
			resolved--
			return true
		}
		return false
	})
	if len(s.Incidents) < before {
		s.sort()
	}
}
