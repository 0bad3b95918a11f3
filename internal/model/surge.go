package model

import (
	"fmt"
	"strconv"
)

// Surge is what a roll remembers in the tag TagSurge of a group whose maximum size it raises: by how much, and what it was before.
type Surge struct{ Delta, Max int }

// String is the value of the tag: "2 of 6".
func (s Surge) String() string { return fmt.Sprintf("%d of %d", s.Delta, s.Max) }

// ParseSurge reads the value of the tag; what String cannot have written is none.
func ParseSurge(text string) (Surge, bool) {
	var s Surge
	if n, err := fmt.Sscanf(text, "%d of %d", &s.Delta, &s.Max); n != 2 || err != nil || s.String() != text || s.Delta < 1 || s.Max < 0 {
		return Surge{}, false
	}
	return s, true
}

// MeantMin is the minimum size that is meant for a group that stands at least and carries that value of the tag TagFloor: what it was
// before the roll raised it.
func MeantMin(floor string, least int) int {
	if n, err := strconv.Atoi(floor); err == nil && n >= 0 && n < least {
		return n
	}
	return least
}

// Meant is the maximum size that is meant for a group that stands at most and carries the tag: what it was before the roll raised
// it. A maximum that somebody has set since is meant as it is.
func (s Surge) Meant(most int) int {
	if s.Delta > 0 && most == s.Max+s.Delta {
		return s.Max
	}
	return most
}
