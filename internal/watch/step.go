package watch

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Step takes what was heard, and tells what changed. Signals may come twice, late and in any order.
func Step(s State, in Input) (State, []Change) {
	b := &book{State: s.ready(), now: in.At}
	for n := range in.Signals {
		b.hear(&in.Signals[n])
	}
	if in.Complete {
		b.miss(in.Signals)
	}
	b.settle()
	slices.SortStableFunc(b.changes, func(a, b Change) int {
		return cmp.Or(a.Incident.Began.Compare(b.Incident.Began), cmp.Compare(a.Incident.ID, b.Incident.ID))
	})
	return b.State, b.changes
}

// book is a state that is being written.
type book struct {
	State
	now     time.Time
	touched []*Incident
	changes []Change
}

// hear takes one signal.
func (b *book) hear(s *Signal) {
	at := s.At
	if at.IsZero() || at.After(b.now) {
		at = b.now // another clock is ahead
	}
	switch {
	case s.ID != "" && !b.first(s.ID):
	case s.Well:
		b.good(s, at)
	default:
		b.bad(s, at)
	}
}

// good notes that a member is well: in one cause, or in all that are known of it.
func (b *book) good(s *Signal, at time.Time) {
	for _, i := range b.at[s.Member] {
		if s.Cause.Family != "" && s.Cause != i.Cause {
			continue
		}
		if m := i.member(s.Member); m != nil && at.After(m.Good) {
			m.Good = at
			b.touch(i)
		}
	}
}

// bad notes evidence of a cause, and finds or makes its incident.
func (b *book) bad(s *Signal, at time.Time) {
	i := b.live[s.Cause]
	if symptom(s.Cause.Family) {
		if root := b.root(s.Member); root != nil {
			root.hears(s)
			b.mark(root, s, at)
			return
		}
	} else if i == nil {
		i = b.sharpened(s)
	}
	if i == nil {
		if i = b.begin(s, at); i == nil {
			return
		}
	}
	if !s.Level {
		i.Count++
	}
	b.learn(i, s)
	b.mark(i, s, at)
}

// root is the oldest live incident of a member that is no symptom, rather one of which it is not known to be well; nil: there is none.
func (b *book) root(member string) *Incident {
	cause := func(i *Incident) bool { return !symptom(i.Cause.Family) }
	ill := b.oldest(member, func(i *Incident) bool {
		m := i.member(member)
		return cause(i) && m != nil && !m.Good.After(m.Bad)
	})
	if ill != nil {
		return ill
	}
	return b.oldest(member, cause)
}

// oldest is the first of a member's live incidents that are of a kind; nil: there is none.
func (b *book) oldest(member string, is func(*Incident) bool) (first *Incident) {
	for _, i := range b.at[member] {
		if is(i) && (first == nil || cmp.Or(i.Began.Compare(first.Began), cmp.Compare(i.ID, first.ID)) < 0) {
			first = i
		}
	}
	return first
}

// sharpened is the incident of a member that was known by a symptom only, and now by its cause; nil: there is none.
func (b *book) sharpened(s *Signal) *Incident {
	i := b.oldest(s.Member, func(i *Incident) bool { return symptom(i.Cause.Family) && len(i.Members) == 1 })
	if i != nil {
		b.rename(i, s.Cause)
		i.become(s)
	}
	return i
}

// rename gives an incident the cause that it turned out to have. Its id stays.
func (b *book) rename(i *Incident, to Cause) {
	delete(b.live, i.Cause)
	i.Cause = to
	b.live[to] = i
}

// returns is how long after its end a cause that shows again is the same incident.
const returns = 30 * time.Minute

// late is when news are old: whether it is over already is to be seen before people are told that it began.
const late, lateHold = 15 * time.Minute, 2 * time.Minute

// begin makes an incident, or takes one up again that was over; nil: the signal is older than the end of it.
func (b *book) begin(s *Signal, at time.Time) *Incident {
	if old := b.past[s.Cause]; old != nil {
		switch {
		case !at.After(old.Resolved):
			return nil
		case at.Sub(old.Resolved) < returns:
			return b.again(old, s, at)
		}
	}
	cause := s.Cause
	if len(b.live) >= mostLive {
		if cause = (Cause{Crowd, clusterly}); b.live[cause] != nil {
			return b.live[cause]
		}
	}
	i := &Incident{ID: b.name(s, at), Cause: cause, Severity: s.Severity, Code: s.Code, Text: s.Text, Fix: s.Fix, Evidence: s.Evidence, Began: at, Last: at}
	if cause.Family == Crowd {
		i.Code, i.Text, i.Severity = CodeCrowd, fmt.Sprintf("more than %d causes at once: further ones are only counted", mostLive), Error
	}
	i.Due = at.Add(s.Hold)
	if b.now.Sub(at) > late && !cause.job() {
		i.Late, i.Due = true, b.now.Add(max(s.Hold, lateHold))
	}
	b.Incidents = append(b.Incidents, i)
	b.live[cause] = i
	return i
}

// CodeCrowd is the code of an incident that stands for more than can be told apart.
const CodeCrowd = "WCH101"

// name is the id of a new incident.
func (b *book) name(s *Signal, at time.Time) string {
	text := strings.Join([]string{b.Cluster, s.Cause.Family, s.Cause.Scope, s.ID, at.UTC().Format(time.RFC3339Nano)}, "\x00")
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:6])
}

// again takes up an incident that was over. While it comes and goes it must be over for longer each time.
func (b *book) again(i *Incident, s *Signal, at time.Time) *Incident {
	delete(b.past, i.Cause)
	i.Resolved, i.Opened, i.Due, i.Late = time.Time{}, time.Time{}, at.Add(s.Hold), false
	i.Flaps++
	for n := range i.Members {
		b.at[i.Members[n].Name] = append(b.at[i.Members[n].Name], i)
	}
	b.live[i.Cause] = i
	return i
}

// learn takes over what a signal knows better: the first word stays, others are noted.
func (b *book) learn(i *Incident, s *Signal) {
	i.Severity = max(i.Severity, s.Severity)
	if i.Cause.worsens() && i.Count >= loop {
		i.Severity = Error
	}
	switch {
	case i.Cause.Family == Crowd:
	case s.Code != i.Code && vague(i.Code) && !vague(s.Code):
		i.become(s)
	case s.Code != i.Code:
		i.hears(s)
	case s.Level && len(i.Members) < 2:
		i.Text, i.Fix, i.Evidence = s.Text, s.Fix, s.Evidence // figures of a state that lasts
	}
}

// loop is how many occurrences of one cause are a loop.
const loop = 3

// mark notes evidence against a member. What is older than good news of it says nothing about now.
func (b *book) mark(i *Incident, s *Signal, at time.Time) {
	if i.Last.Before(at) {
		i.Last = at
	}
	if at.Before(i.Began) && i.Opened.IsZero() {
		i.Began = at
	}
	i.hold(s, at)
	m := i.member(s.Member)
	switch {
	case m == nil && len(i.Members) >= mostMembers:
		i.More++
	case m == nil:
		i.Members = append(i.Members, Member{Name: s.Member, Bad: at})
		b.at[s.Member] = append(b.at[s.Member], i)
	case at.After(m.Bad):
		m.Bad = at
	}
	b.touch(i)
}

func (b *book) touch(i *Incident) {
	if !slices.Contains(b.touched[max(0, len(b.touched)-8):], i) { // most signals of a batch are of one cause
		b.touched = append(b.touched, i)
	}
}

// miss notes as well what a whole look did not find: it is gone, and so is what was wrong with it.
func (b *book) miss(signals []Signal) {
	found := make(map[string]bool, len(signals))
	for n := range signals {
		found[signals[n].Member] = true
	}
	for _, i := range b.Incidents {
		if !i.Resolved.IsZero() || i.Cause.job() {
			continue
		}
		i.More = 0 // whoever is still in trouble was named again
		for n := range i.Members {
			if m := &i.Members[n]; !found[m.Name] && b.now.After(m.Bad) {
				m.Good = b.now
			}
		}
		b.touch(i)
	}
}
