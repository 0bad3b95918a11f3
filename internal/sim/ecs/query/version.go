package query

import (
	"cmp"
	"regexp"
	"strings"
)

// versionForm is an agent's version: numbers with dots, with or without something behind them.
var versionForm = regexp.MustCompile(`^[0-9]+(\.[0-9]+)*([-+][0-9A-Za-z.-]+)?$`)

// compareVersions orders agents' versions number by number; a number that is missing is 0. A version with something behind
// a dash comes before the one without.
func compareVersions(a, b string) int {
	numbersA, tailA := cutVersion(a)
	numbersB, tailB := cutVersion(b)
	for numbersA != "" || numbersB != "" {
		var x, y string
		x, numbersA, _ = strings.Cut(numbersA, ".")
		y, numbersB, _ = strings.Cut(numbersB, ".")
		x, y = strings.TrimLeft(x, "0"), strings.TrimLeft(y, "0")
		if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
			return c
		}
	}
	if tailA == "" || tailB == "" {
		return cmp.Compare(len(tailB), len(tailA))
	}
	return strings.Compare(tailA, tailB)
}

// cutVersion cuts what is behind the numbers; what follows a plus sign does not count.
func cutVersion(v string) (numbers, tail string) {
	v, _, _ = strings.Cut(strings.TrimPrefix(v, "v"), "+")
	numbers, tail, _ = strings.Cut(v, "-")
	return numbers, tail
}
