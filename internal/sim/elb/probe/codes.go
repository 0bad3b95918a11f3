package probe

import (
	"strconv"
	"strings"
)

// Within tells whether codes such as "200", "200,202" or "200-299" are well formed and inside a range.
func Within(codes string, low, high int) bool {
	for part := range strings.SplitSeq(codes, ",") {
		if from, to, ok := span(part); !ok || from < low || to > high || from > to {
			return false
		}
	}
	return true
}

// Matches tells whether a status is one of the codes.
func Matches(codes string, status int) bool {
	for part := range strings.SplitSeq(codes, ",") {
		if from, to, ok := span(part); ok && from <= status && status <= to {
			return true
		}
	}
	return false
}

// span reads "200" or "200-299".
func span(part string) (from, to int, ok bool) {
	low, high, isRange := strings.Cut(part, "-")
	if !isRange {
		high = low
	}
	from, err1 := strconv.Atoi(low)
	to, err2 := strconv.Atoi(high)
	return from, to, err1 == nil && err2 == nil
}
