package check

import (
	"strconv"
	"strings"
)

// quantity counts things: "1 zone", "3 zones".
func quantity(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// enumerate joins names as a sentence does: "a, b and c".
func enumerate(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// groupsNamed is "group a", or "groups a and b".
func groupsNamed(names []string) string {
	if len(names) == 1 {
		return "group " + names[0]
	}
	return "groups " + enumerate(names)
}

// quoted is a list as the file writes it: "a", "b".
func quoted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = strconv.Quote(n)
	}
	return strings.Join(out, ", ")
}
