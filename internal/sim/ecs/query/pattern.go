package query

import (
	"errors"
	"regexp"
	"strings"
)

// pattern is a regular expression that must match the whole of a text.
type pattern struct{ *regexp.Regexp }

func (p *pattern) matches(text string) bool { return p.MatchString(text) }

// compile reads a pattern in Java's syntax as far as Go's means the same; what it does not, it refuses: look-around, back
// references and possessive quantifiers, which Go does not read, and what Go reads otherwise.
func compile(text string) (*pattern, error) {
	if err := foreign(text); err != nil {
		return nil, err
	}
	if _, err := regexp.Compile(text); err != nil {
		return nil, errors.New("its syntax is not supported")
	}
	whole, err := regexp.Compile(`\A(?:` + text + `)\z`)
	if err != nil {
		return nil, errors.New("its syntax is not supported")
	}
	return &pattern{whole}, nil
}

// foreign finds what Java and Go both read, but not alike: classes in classes, intersections of classes, the flags U and x,
// and Go's way to name a group.
func foreign(text string) error {
	class := false
	for at := 0; at < len(text); at++ {
		rest := text[at:]
		switch {
		case rest[0] == '\\':
			if strings.HasPrefix(rest, `\Q`) || strings.HasPrefix(rest, `\C`) {
				return errors.New(`\Q and \C are not supported`)
			}
			at++
		case class && (rest[0] == '[' || strings.HasPrefix(rest, "&&")):
			return errors.New("a class in a class is not supported")
		case class && rest[0] == ']':
			class = false
		case class:
		case rest[0] == '[':
			class = true
			at += len(leading(rest[1:]))
		case strings.HasPrefix(rest, "(?") && flagged(rest[2:]):
			return errors.New("a group of this kind is not supported")
		}
	}
	return nil
}

// leading is what may stand at the beginning of a class without ending it.
func leading(class string) string {
	n := 0
	if strings.HasPrefix(class, "^") {
		n++
	}
	if strings.HasPrefix(class[n:], "]") {
		n++
	}
	return class[:n]
}

// flagged tells whether what follows the question mark of a group is a flag that Java and Go do not share.
func flagged(rest string) bool {
	end := strings.IndexAny(rest, ":)<")
	return end > 0 && strings.ContainsAny(rest[:end], "UxduP")
}
