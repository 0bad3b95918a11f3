package query

import (
	"cmp"
	"errors"
	"regexp"
	"strings"
)

// compile reads a pattern for a whole value.
func compile(text string) (*regexp.Regexp, error) {
	if err := onlyGo(text); err != nil {
		return nil, err
	}
	if _, err := regexp.Compile(text); err != nil { // alone, so that its parentheses close one another
		return nil, errors.New("it cannot be read, or uses look-around, a back reference or a possessive quantifier")
	}
	return regexp.Compile(`^(?:` + text + `)$`)
}

// onlyGo finds what Go reads and Java refuses or reads otherwise: quotes with \Q, \C, classes within classes and their
// intersections, and the kinds of groups that only one of them has.
func onlyGo(text string) error {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			if i++; i < len(text) && (text[i] == 'Q' || text[i] == 'C') {
				return errors.New(`\Q and \C are not for patterns`)
			}
		case '[':
			length, err := class(text[i:])
			if err != nil {
				return err
			}
			i += length - 1
		case '(':
			if kind, ok := strings.CutPrefix(text[i:], "(?"); ok && strange(kind) {
				return errors.New("it has a group of a kind that is not known")
			}
		}
	}
	return nil
}

// class is how long the class is that a text begins with; one that does not end is the whole text.
func class(text string) (int, error) {
	from := 1
	if strings.HasPrefix(text[from:], "^") {
		from++
	}
	if strings.HasPrefix(text[from:], "]") {
		from++
	}
	for i := from; i < len(text); i++ {
		switch {
		case text[i] == '\\':
			if i++; i < len(text) && (text[i] == 'Q' || text[i] == 'C') {
				return 0, errors.New(`\Q and \C are not for patterns`)
			}
		case text[i] == ']':
			return i + 1, nil
		case text[i] == '[' || strings.HasPrefix(text[i:], "&&"):
			return 0, errors.New("it has a class within a class")
		}
	}
	return len(text), nil
}

// strange tells whether what follows "(?" is not read alike: the flags U, x, d and u, and Go's (?P<name>.
func strange(kind string) bool {
	end := strings.IndexAny(kind, ":)<")
	return end > 0 && strings.ContainsAny(kind[:end], "UxduP")
}

// isVersion tells whether a text is numbers with dots, and perhaps something behind - or +.
func isVersion(text string) bool { return versions.MatchString(text) }

var versions = regexp.MustCompile(`^\d+(\.\d+)*([-+][\dA-Za-z.-]+)?$`)

// compareVersions orders versions number by number, where a missing number is 0. What follows a plus sign does not count, and
// a version with something behind a dash comes before the one without.
func compareVersions(a, b string) int {
	as, aTail := splitVersion(a)
	bs, bTail := splitVersion(b)
	for i := range max(len(as), len(bs)) {
		x, y := numeral(as, i), numeral(bs, i)
		if c := cmp.Or(cmp.Compare(len(x), len(y)), strings.Compare(x, y)); c != 0 {
			return c
		}
	}
	switch {
	case aTail == bTail:
		return 0
	case aTail == "":
		return 1
	case bTail == "":
		return -1
	}
	return strings.Compare(aTail, bTail)
}

func splitVersion(v string) ([]string, string) {
	v, _, _ = strings.Cut(strings.TrimPrefix(v, "v"), "+")
	numbers, tail, _ := strings.Cut(v, "-")
	return strings.Split(numbers, "."), tail
}

// numeral is a number without leading zeros, which are as long as it is large.
func numeral(all []string, i int) string {
	if i >= len(all) {
		return ""
	}
	return strings.TrimLeft(all[i], "0")
}
