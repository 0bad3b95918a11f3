package forecast

import (
	"cmp"
	"slices"
	"strings"
)

// Severity is how much a finding matters.
type Severity string

// The severities.
const (
	BlocksAll Severity = "refuses" // the roll would lose availability or cannot be done: it does not begin
	Blocks    Severity = "blocks"  // these instances stay as they are
	Warns     Severity = "warning"
	Informs   Severity = "info"
)

// Finding is one thing found.
type Finding struct {
	Code      string   `json:"code"` // stable: "ROL101"; Explain knows it
	Severity  Severity `json:"severity"`
	Subject   string   `json:"subject,omitempty"`   // a service's name, a group's key, an EC2 id; empty: the roll
	Instances []string `json:"instances,omitempty"` // EC2 ids of the old instances that it is about
	Text      string   `json:"text"`                // one sentence, with the figures
	Fix       string   `json:"fix,omitempty"`       // the exact command or setting
}

func (c *scene) add(f Finding) {
	slices.Sort(f.Instances)
	f.Instances = slices.Compact(f.Instances)
	c.found = append(c.found, f)
}

// sorted are the findings: by severity, code, subject.
func (c *scene) sorted() []Finding {
	rank := map[Severity]int{BlocksAll: 0, Blocks: 1, Warns: 2, Informs: 3}
	slices.SortStableFunc(c.found, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(rank[a.Severity], rank[b.Severity]), cmp.Compare(a.Code, b.Code), cmp.Compare(a.Subject, b.Subject), cmp.Compare(a.Text, b.Text))
	})
	if c.found == nil {
		return []Finding{}
	}
	return c.found
}

// doctor looks for whatever is in the way.
func (c *scene) doctor() {
	for _, look := range []func(){
		c.arithmetic, c.state, c.clocks, c.guarded, c.alone, c.roomless, c.tight, c.daemons, c.sizes, c.processes, c.hooks, c.shapes, c.instances, c.unknown, c.whole,
	} {
		look()
	}
}

// holders are the old instances that have tasks for which a condition holds, by the names of services and families.
func (c *scene) holders(is func(*Task) bool) map[string][]string {
	out := map[string][]string{}
	for _, o := range c.olds {
		for n := range o.Tasks {
			if t := &o.Tasks[n]; is(t) && !slices.Contains(out[t.Name], o.ID) {
				out[t.Name] = append(out[t.Name], o.ID)
			}
		}
	}
	return out
}

// of are the old instances that have tasks of a service.
func (c *scene) of(name string) []string {
	if c.users == nil {
		c.users = c.holders(func(t *Task) bool { return t.Kind == OfService })
	}
	return slices.Clone(c.users[name])
}

// several counts things in words.
func several(n int, one string) string {
	if n == 1 {
		return "1 " + one
	}
	return itoa(n) + " " + one + "s"
}

// list names some things, and how many there are beside them.
func list(all []string) string {
	const most = 4
	if len(all) <= most {
		return strings.Join(all, ", ")
	}
	return strings.Join(all[:most-1], ", ") + " and " + itoa(len(all)-most+1) + " more"
}
