package query

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// Matches tells whether an expression means an instance.
func (e *Expression) Matches(i *world.ContainerInstance) bool { return e.root.holds(i) }

// Dynamic tells whether the answer for an instance depends on the tasks that are on it.
func (e *Expression) Dynamic() bool {
	return e.root.any(func(l *leaf) bool { return l.field == group || l.field == runningTasks })
}

type node interface {
	holds(*world.ContainerInstance) bool
	any(func(*leaf) bool) bool // tells whether one of the comparisons is of a kind
}

type (
	or  []node
	and []node
	not struct{ node }
)

func (o or) holds(i *world.ContainerInstance) bool {
	for _, n := range o {
		if n.holds(i) {
			return true
		}
	}
	return false
}

func (a and) holds(i *world.ContainerInstance) bool {
	for _, n := range a {
		if !n.holds(i) {
			return false
		}
	}
	return true
}

func (n not) holds(i *world.ContainerInstance) bool { return !n.node.holds(i) }

func (o or) any(is func(*leaf) bool) bool {
	return slices.ContainsFunc(o, func(n node) bool { return n.any(is) })
}
func (a and) any(is func(*leaf) bool) bool   { return or(a).any(is) }
func (l *leaf) any(is func(*leaf) bool) bool { return is(l) }

// leaf is one comparison.
type leaf struct {
	field   field
	name    string // of an attribute
	builtIn bool   // ECS may have put the attribute
	does    operation
	negate  bool

	text    string
	list    []string
	pattern *pattern
	time    time.Time
	number  int
}

func (l *leaf) holds(i *world.ContainerInstance) bool {
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
		return l.groups(i) != l.negate
	default:
		value, has := l.find(i.Attributes)
		if l.does == exists {
			return has != l.negate
		}
		return has && l.compares(value) != l.negate
	}
}

// find gives the value of an attribute. Those that differ between instances are the last ones, and the owner's come after
// all that are ECS's.
func (l *leaf) find(all []world.ECSAttribute) (string, bool) {
	for n := len(all) - 1; n >= 0 && (all[n].Custom || l.builtIn); n-- {
		if all[n].Name == l.name {
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
	default:
		return order == 0
	}
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
	default:
		return text == l.text
	}
}

// groups tells whether a task of a group that a comparison wants is on an instance.
func (l *leaf) groups(i *world.ContainerInstance) bool {
	for n := range i.Groups {
		if l.does == exists || l.compares(i.Groups[n].Name) {
			return true
		}
	}
	return false
}
