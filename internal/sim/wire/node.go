package wire

import (
	"cmp"
	"slices"
)

// maxDepth bounds how deeply a request may nest; AWS's own shapes stay far below.
const maxDepth = 64

// node is one element of a decoded request: a form and an XML document become the same tree, in which
// "Filter.1.Value.2=x" and <Filter><Value/><Value>x</Value></Filter> look alike.
type node struct {
	text   string // of an element with children: what stands between them
	index  int    // place in its list, from 1; 0 when the form gave none
	groups map[string]*group
}

// group holds the children of one name.
type group struct {
	items  []*node
	at     map[int]*node
	sorted bool
}

// child returns the child of that name and place, made if need be.
func (n *node) child(name string, index int) *node {
	if n.groups == nil {
		n.groups = map[string]*group{}
	}
	g := n.groups[name]
	if g == nil {
		g = &group{at: map[int]*node{}}
		n.groups[name] = g
	}
	kid := g.at[index]
	if kid == nil {
		kid = &node{index: index}
		g.at[index] = kid
		g.items = append(g.items, kid)
		g.sorted = false
	}
	return kid
}

// next adds a child after the others of its name.
func (n *node) next(name string) *node {
	if g := n.groups[name]; g != nil {
		return n.child(name, len(g.items)+1)
	}
	return n.child(name, 1)
}

// all returns the children of a name in their order; gaps in the numbering close.
func (n *node) all(name string) []*node {
	g := n.groups[name]
	if g == nil {
		return nil
	}
	if !g.sorted {
		slices.SortFunc(g.items, func(a, b *node) int { return cmp.Compare(a.index, b.index) })
		g.sorted = true
	}
	return g.items
}

// isEmptyList tells the query protocol's way to say "a list, but nothing in it": the bare name without a value.
func isEmptyList(nodes []*node) bool {
	return len(nodes) == 1 && nodes[0].index == 0 && nodes[0].text == "" && len(nodes[0].groups) == 0
}
