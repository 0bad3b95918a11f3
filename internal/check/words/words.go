// Package words puts counts and lists into sentences.
//
// In: numbers and names. Out: text for findings and refusals. It knows nothing of what they are about.
package words

import (
	"strconv"
	"strings"
)

// Quantity counts things: "1 zone", "3 zones".
func Quantity(n int, thing string) string {
	if n == 1 {
		return "1 " + thing
	}
	return strconv.Itoa(n) + " " + thing + "s"
}

// Enumerate joins names as a sentence does: "a, b and c".
func Enumerate(names []string) string {
	last := len(names) - 1
	if last < 1 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}
