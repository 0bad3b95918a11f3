package apply

import (
	"slices"
	"strings"
)

// notIn are the items of a that are not in b.
func notIn[T comparable](a, b []T) []T {
	var out []T
	for _, x := range a {
		if !slices.Contains(b, x) {
			out = append(out, x)
		}
	}
	return out
}

// lastPart is what stands behind the last slash of an ARN: the name.
func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
