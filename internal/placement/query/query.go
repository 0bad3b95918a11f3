// Package query reads ECS's cluster query language and says which container instances an expression means.
//
// In: the text of an expression; then an instance and the groups of the tasks on it. Out: yes or no, and of a text that is
// none what is wrong with it, where, and what was probably meant (ECS developer guide, "Create expressions to define container
// instances for Amazon ECS tasks"). It changes nothing and accepts nothing that ECS would refuse.
//
// What the guide leaves open is read narrowly. Words are in lower case. "not" binds closest, then "and", then "or". A value
// without quotes ends at a blank, a bracket, a quote, a comma, && or ||; only in a pattern may it hold classes such as [23].
// An attribute that an instance has not is neither equal nor unequal to anything. Attributes are ordered as texts, versions
// number by number. Dates without a zone are in UTC. Of patterns, which are Java's, what Go reads otherwise is refused.
package query

import (
	"slices"

	"berth/internal/live"
)

// Longest is how many bytes an expression may have (ECS API reference, PlacementConstraint).
const Longest = 2000

// Error is what is wrong with an expression.
type Error struct {
	At   int    // the byte at which it was noticed, from 0
	Text string // one line, no full stop
	Hint string // what was probably meant; empty: nobody knows
}

func (e *Error) Error() string { return e.Text }

// Expression is a text that has been read.
type Expression struct {
	text string
	root node
}

// String is the expression as it was written.
func (e *Expression) String() string { return e.text }

// Matches tells whether the expression means an instance that has tasks of these groups.
func (e *Expression) Matches(i *live.Instance, groups []string) bool {
	return e.root.holds(&subject{i, groups})
}

// Moves tells whether the answer depends on the tasks that are on an instance, or on anything else that changes while it runs.
func (e *Expression) Moves() bool {
	return slices.ContainsFunc(e.leaves(), func(c *comparison) bool {
		return c.of == taskGroup || c.of == runningTasks || c.of == agentConnected || c.of == agentVersion
	})
}

// Counts tells whether the answer depends on the tasks that are on an instance.
func (e *Expression) Counts() bool {
	return slices.ContainsFunc(e.leaves(), func(c *comparison) bool { return c.of == taskGroup || c.of == runningTasks })
}

// Alike tells whether the answer is the same for all instances that have the same attributes.
func (e *Expression) Alike() bool {
	return !slices.ContainsFunc(e.leaves(), func(c *comparison) bool { return c.of != attribute })
}

// Attributes are the names of the attributes that the expression looks at, each once, in its order.
func (e *Expression) Attributes() []string {
	var out []string
	for _, c := range e.leaves() {
		if c.of == attribute && !slices.Contains(out, c.name) {
			out = append(out, c.name)
		}
	}
	return out
}

func (e *Expression) leaves() []*comparison {
	var out []*comparison
	e.root.each(func(c *comparison) { out = append(out, c) })
	return out
}
