package rolling

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/internal/roll"
	"berth/internal/spell"
)

// amount is a number of instances or a share, as a flag.
type amount roll.Amount

// String is the amount.
func (a *amount) String() string { return roll.Amount(*a).String() }

// Set takes "3" as well as "10%".
func (a *amount) Set(text string) error {
	digits, percent := strings.CutSuffix(text, "%")
	n, err := strconv.ParseUint(digits, 10, 16)
	switch {
	case err != nil:
		return errors.New("it is a number of instances, such as 3, or a share of the group, such as 10%")
	case percent && n > 100:
		return errors.New("a share is at most 100%")
	}
	*a = amount{N: int(n), Percent: percent}
	return nil
}

// Type is what help calls the value.
func (a *amount) Type() string { return "N|P%" }

// word is one of a few words, as a flag.
type word[T ~string] struct {
	to   *T
	from []T
}

// String is the word.
func (w word[T]) String() string {
	if w.to == nil {
		return ""
	}
	return string(*w.to)
}

// Set takes one of the words.
func (w word[T]) Set(text string) error {
	if slices.Contains(w.from, T(text)) {
		*w.to = T(text)
		return nil
	}
	all := make([]string, len(w.from))
	for i, one := range w.from {
		all[i] = string(one)
	}
	if near := spell.Nearest(text, all); near != "" {
		return fmt.Errorf("it is one of %s; did you mean %s?", strings.Join(all, ", "), near)
	}
	return fmt.Errorf("it is one of %s", strings.Join(all, ", "))
}

// Type is what help calls the value.
func (w word[T]) Type() string {
	all := make([]string, len(w.from))
	for i, one := range w.from {
		all[i] = string(one)
	}
	return strings.Join(all, "|")
}
