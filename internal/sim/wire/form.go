package wire

import (
	"net/url"
	"strconv"
	"strings"
)

// formTree turns a query request's form into a tree.
func formTree(form url.Values) (*node, error) {
	root := &node{}
	for key, values := range form { // unordered: every key has its own place in the tree
		if strings.Count(key, ".") >= 2*maxDepth {
			return nil, Errorf("MalformedQueryString", "the parameter name is nested too deeply")
		}
		root.descend(key).text = values[0]
	}
	return root, nil
}

// descend returns the node of a dotted name: a number belongs to the name before it.
func (n *node) descend(key string) *node {
	name, rest, more := strings.Cut(key, ".")
	for {
		index := 0
		if more {
			part, after, evenMore := strings.Cut(rest, ".")
			if i, ok := listIndex(part); ok {
				index, rest, more = i, after, evenMore
			}
		}
		n = n.child(name, index)
		if !more {
			return n
		}
		name, rest, more = strings.Cut(rest, ".")
	}
}

// listIndex reads a place in a list: a number from 1 without leading zeros.
func listIndex(part string) (int, bool) {
	if part == "" || part[0] < '1' || part[0] > '9' {
		return 0, false
	}
	i, err := strconv.Atoi(part)
	return i, err == nil
}
