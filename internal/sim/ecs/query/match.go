package query

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// Subject is a container instance with the groups of the tasks on it.
type Subject struct {
	Instance *world.ContainerInstance
	Tasks    *world.Table[world.Task] // of its cluster
}

// Matches tells whether an expression means an instance.
func (e *Expression) Matches(s Subject) bool { return e.root.holds(s) }

// Dynamic tells whether the answer for an instance depends on the tasks that are on it.
func (e *Expression) Dynamic() bool {
	return e.root.any(func(l *leaf) bool { return l.field == group || l.field == runningTasks })
}

type node interface {
	holds(Subject) bool
	any(func(*leaf) bool) bool // tells whether one of the comparisons is of a kind
}

type (
	or  []node
	and []node
	not struct{ node }
)

func (o or) holds(s Subject) bool {
	for _, n := range o {
		if n.holds(s) {
			return true
		}
	}
	return false
}

func (a and) holds(s Subject) bool {
	for _, n := range a {
		if !n.holds(s) {
			return false
		}
	}
	return true
}

func (n not) holds(s Subject) bool { return !n.node.holds(s) }

func (o or) any(is func(*leaf) bool) bool {
	return slices.ContainsFunc(o, func(n node) bool { return n.any(is) })
}
func (a and) any(is func(*leaf) bool) bool   { return or(a).any(is) }
func (l *leaf) any(is func(*leaf) bool) bool { return is(l) }

// leaf is one comparison.
type leaf struct {
	field  field
	name   string // of an attribute
	does   operation
	negate bool

	text    string
	list    []string
	pattern *pattern
	time    time.Time
	number  int
}

func (l *leaf) holds(s Subject) bool {
	i := s.Instance
	switch l.field {
	case agentConnected:
		text := "false"
		if i.AgentConnected {
			text = "true"
		}
		return l.compares(text) != l.negate
	case agentVersion:
		return l.orders(compareVersions(i.AgentVersion, l.text)) != l.negate
	case ec2InstanceID:
		return l.compares(i.EC2ID) != l.negate
	case registeredAt:
		return l.orders(i.RegisteredAt.Truncate(time.Second).Compare(l.time)) != l.negate
	case runningTasks:
		return l.orders(cmp.Compare(i.RunningTasks, l.number)) != l.negate
	case group:
		return l.groups(s) != l.negate
	}
	value, has := find(i.Attributes, l.name)
	if l.does == exists {
		return has != l.negate
	}
	return has && l.compares(value) != l.negate
}

// find gives the value of an attribute. Those that differ between instances are the last ones.
func find(all []world.ECSAttribute, name string) (string, bool) {
	for n := len(all) - 1; n >= 0; n-- {
		if all[n].Name == name {
			return all[n].Value, true
		}
	}
	return "", false
}

// orders tells whether an order is the one that a comparison wants.
func (l *leaf) orders(order int) bool {
	switch l.does {
	case greater:
		return order > 0
	case less:
		return order < 0
	}
	return order == 0
}

// compares tells whether a text is what a comparison wants.
func (l *leaf) compares(text string) bool {
	switch l.does {
	case in:
		return slices.Contains(l.list, text)
	case matches:
		return l.pattern.matches(text)
	case greater, less:
		return l.orders(strings.Compare(text, l.text))
	}
	return text == l.text
}

// groups tells whether a task of a group that a comparison wants is on an instance and is to stay there.
func (l *leaf) groups(s Subject) bool {
	for _, id := range s.Instance.Tasks {
		if t, ok := s.Tasks.Get(id); ok && t.Desired != "STOPPED" && (l.does == exists || l.compares(t.Group)) {
			return true
		}
	}
	return false
}
