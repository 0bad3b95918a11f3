package check

import (
	"strconv"
	"strings"

	"berth/internal/check/words"
)

func quantity(n int, thing string) string { return words.Quantity(n, thing) }

func enumerate(names []string) string { return words.Enumerate(names) }

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
