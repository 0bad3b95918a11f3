package essence

import (
	"fmt"
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// Names lists names; zones of one region give its name only once: "eu-west-1a, b, c".
func Names(names []string) string {
	first := names[0]
	same := len(first) > 1 && first[len(first)-1] >= 'a' && first[len(first)-1] <= 'z' && first[len(first)-2] >= '0' && first[len(first)-2] <= '9'
	for _, n := range names {
		same = same && len(n) == len(first) && n[:len(n)-1] == first[:len(first)-1]
	}
	if !same {
		return ink.Clean(strings.Join(names, ", "))
	}
	letters := []string{first}
	for _, n := range names[1:] {
		letters = append(letters, n[len(n)-1:])
	}
	return ink.Clean(strings.Join(letters, ", "))
}

// Kinds counts keys by kind: "vpc, subnet ×4".
func Kinds(keys []model.Key) string {
	var parts []string
	for _, kind := range model.Kinds() {
		n := 0
		for _, k := range keys {
			if k.Kind == kind {
				n++
			}
		}
		switch {
		case n == 1:
			parts = append(parts, string(kind))
		case n > 1:
			parts = append(parts, fmt.Sprintf("%s ×%d", kind, n))
		}
	}
	return strings.Join(parts, ", ")
}
