package diagnose

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// cause is why something failed, with everything that failed of it.
type cause struct {
	code    string
	subject string
	about   string // what tells it from others of its code and subject: a container, a secret, a target group
	name    string // what more its text needs: an image, a role
	quote   string // AWS's own words, the last ones
	tasks   []*live.Task
	count   int      // of what are no tasks
	hosts   []string // instances that it is about
	types   []string // of instances that could not be launched
	ever    bool     // no waiting helps
	lines   []string // what else speaks for it
}

// causes are those found so far.
type causes struct {
	byKey    map[string]*cause
	list     []*cause
	about    map[string]bool // subjects that something was found about
	roomless map[string]bool // those whose tasks find no instance
}

func newCauses() *causes {
	return &causes{byKey: map[string]*cause{}, about: map[string]bool{}, roomless: map[string]bool{}}
}

// add finds a cause, or makes it.
func (l *causes) add(code, subject, about string) *cause {
	key := keyOf(code, subject, about)
	c := l.byKey[key]
	if c == nil {
		c = &cause{code: code, subject: subject, about: about}
		l.byKey[key] = c
		l.list = append(l.list, c)
		l.about[subject] = true
		l.roomless[subject] = l.roomless[subject] || rank(code) == noRoom
	}
	return c
}

// keyOf tells causes apart.
func keyOf(code, subject, about string) string { return code + "\x00" + subject + "\x00" + about }

// rename gives a cause another code, now that more is known of it.
func (l *causes) rename(c *cause, code string) {
	delete(l.byKey, keyOf(c.code, c.subject, c.about))
	c.code = code
	l.byKey[keyOf(c.code, c.subject, c.about)] = c
}

// ends adds a task that ended of it. Tasks come in the order in which they ended.
func (c *cause) ends(t *live.Task, quote string) *cause {
	c.tasks, c.quote = append(c.tasks, t), quote
	return c
}

// note adds evidence, once. Nobody reads more than some lines.
func (c *cause) note(format string, args ...any) {
	if len(c.lines) >= most {
		return
	}
	if line := fmt.Sprintf(format, args...); !slices.Contains(c.lines, line) {
		c.lines = append(c.lines, line)
	}
}

// most is how many lines of evidence a cause has at most, beside those about its tasks.
const most = 8

// on notes an instance that a cause is about.
func (c *cause) on(id string) {
	if !slices.Contains(c.hosts, id) {
		c.hosts = append(c.hosts, id)
	}
}

// ids are those of the tasks that a cause is about.
func (c *cause) ids() []string {
	var out []string
	for _, t := range c.tasks {
		out = append(out, t.ID)
	}
	return out
}

// these are the instances that a cause is about, in words.
func (c *cause) these() string {
	if len(c.hosts) == 1 {
		return "instance " + c.hosts[0]
	}
	return several(len(c.hosts), "instance")
}

// teller puts a cause into words: what happens, what to do, and whether waiting does not help.
type teller func(*scene, *cause) (text, fix string, final bool)

// tell orders and words what was found: what keeps tasks from running comes before what came of it, and what waiting does not
// mend before the rest.
func (l *causes) tell(s *scene) []Diagnosis {
	out := make([]Diagnosis, 0, len(l.list))
	for _, c := range l.list {
		d := Diagnosis{Code: c.code, Subject: c.subject, Count: max(len(c.tasks), c.count)}
		d.Text, d.Fix, d.Final = wording[c.code](s, c)
		d.Evidence = append(s.when(c), c.lines...)
		if c.quote != "" {
			d.Evidence = append(d.Evidence, "AWS says: "+short(c.quote))
		}
		out = append(out, d)
	}
	slices.SortFunc(out, func(a, b Diagnosis) int {
		return cmp.Or(
			cmp.Compare(rank(a.Code), rank(b.Code)), cmp.Compare(ordinal(b.Final), ordinal(a.Final)), cmp.Compare(b.Count, a.Count),
			cmp.Compare(a.Code, b.Code), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Text, b.Text), slices.Compare(a.Evidence, b.Evidence),
		)
	})
	return out
}

// rank is in which order kinds of causes are told: why tasks end, why they do not begin, what became of it, and what nobody knows.
func rank(code string) int {
	switch {
	case code == reason.Unknown:
		return 4
	case code >= "WHY700":
		return 3
	case code >= "WHY600":
		return 1
	case code >= "WHY500", code < "WHY400":
		return 0
	}
	return noRoom
}

// noRoom is the rank of why tasks do not begin.
const noRoom = 2

func ordinal(b bool) int {
	if b {
		return 1
	}
	return 0
}

// when is how many tasks ended of a cause, from when to when, and where.
func (s *scene) when(c *cause) []string {
	if len(c.tasks) == 0 {
		return nil
	}
	first, last := c.tasks[0], c.tasks[len(c.tasks)-1]
	if ended(last).IsZero() {
		return nil
	}
	if len(c.tasks) == 1 {
		return append([]string{fmt.Sprintf("task %s ended so, at %s", last.ID, s.clock(ended(last)))}, s.where(c.tasks)...)
	}
	line := fmt.Sprintf("%d tasks ended so, from %s to %s", len(c.tasks), s.clock(ended(first)), s.clock(ended(last)))
	return append([]string{line + "; the last one is " + last.ID}, s.where(c.tasks)...)
}

// where says when all of several tasks ended on one instance, or in one zone of several: then it may be at fault.
func (s *scene) where(tasks []*live.Task) []string {
	hosts, zones := map[string]bool{}, map[string]bool{}
	for _, t := range tasks {
		hosts[t.Instance], zones[t.Zone] = true, true
	}
	t := tasks[0]
	switch {
	case t.Instance == "":
		return nil
	case len(hosts) == 1:
		return []string{"on instance " + s.host(t) + " in " + t.Zone}
	case len(zones) == 1:
		return []string{fmt.Sprintf("on %d instances, all in %s", len(hosts), t.Zone)}
	}
	return []string{fmt.Sprintf("on %d instances in %d zones", len(hosts), len(zones))}
}

// host is the id of the machine that a task is on; of one that is gone only the container instance's id is known.
func (s *scene) host(t *live.Task) string {
	if i := s.hosts[t.Instance]; i != nil && i.ID != "" {
		return i.ID
	}
	return lastOf(t.Instance)
}

// clock is a time of day, with its date where that is not the capture's.
func (s *scene) clock(at time.Time) string {
	at = at.UTC()
	if y, m, d := at.Date(); !s.At.IsZero() {
		if y2, m2, d2 := s.At.UTC().Date(); y == y2 && m == m2 && d == d2 {
			return at.Format("15:04:05 UTC")
		}
	}
	return at.Format("2006-01-02 15:04:05 UTC")
}

// several is a number with its noun.
func several(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// longest is how much of a text of AWS is quoted, in bytes.
const longest = 400

// short is a text of AWS that is not too long to be read.
func short(text string) string {
	if len(text) <= longest {
		return text
	}
	return strings.ToValidUTF8(text[:longest], "") + "…"
}

// span is a length of time as people say it.
func span(d time.Duration) string { return d.Round(time.Second).String() }
