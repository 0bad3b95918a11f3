package query

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// scanner is a text and how far it has been read.
type scanner struct {
	text string
	at   int
}

func (s *scanner) rest() string { return s.text[s.at:] }

func (s *scanner) skip() { s.at = len(s.text) - len(strings.TrimLeft(s.rest(), " \t\r\n")) }

// sign reads a mark if it is what comes next.
func (s *scanner) sign(mark string) bool {
	s.skip()
	if !strings.HasPrefix(s.rest(), mark) {
		return false
	}
	s.at += len(mark)
	return true
}

// word reads a word of the language if it is what comes next, and no more of a name follows.
func (s *scanner) word(w string) bool {
	s.skip()
	behind, ok := strings.CutPrefix(s.rest(), w)
	if !ok || behind != "" && ofName(behind[0]) {
		return false
	}
	s.at += len(w)
	return true
}

// ofName tells whether a byte can be part of a subject or of an attribute's name.
func ofName(c byte) bool {
	switch {
	case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9':
		return true
	}
	return strings.IndexByte(`_./\-:`, c) >= 0
}

// name reads the longest name that comes next; it may be empty.
func (s *scanner) name() string {
	s.skip()
	from := s.at
	for s.at < len(s.text) && ofName(s.text[s.at]) {
		s.at++
	}
	return s.text[from:s.at]
}

// found names what comes next.
func (s *scanner) found() string {
	s.skip()
	if s.rest() == "" {
		return "the end"
	}
	if from := s.at; ofName(s.text[from]) {
		word := s.name()
		s.at = from
		return fmt.Sprintf("%q", word)
	}
	c, _ := utf8.DecodeRuneInString(s.rest())
	return fmt.Sprintf("%q", string(c))
}

const inQuotes = `write a value with brackets or blanks in quotes: =~ 't[23]\..*'`

// value reads a text in quotes or a bare one. In a bare pattern a class may stand.
func (s *scanner) value(pattern bool) (string, error) {
	s.skip()
	from := s.at
	if s.at < len(s.text) && strings.IndexByte(`'"`, s.text[s.at]) >= 0 {
		return s.quoted()
	}
	for s.at < len(s.text) && !s.ends() {
		if n := classLength(s.rest()); pattern && n > 0 {
			s.at += n
		} else if s.text[s.at] == '[' {
			break
		} else {
			s.at++
		}
	}
	if s.at == from {
		e := &Error{At: from, Text: "a value is missing, " + s.found() + " stands there", Hint: `write a value behind the operator: attribute:stack == prod`}
		if next := s.found(); next == `"("` || next == `"["` {
			e.Hint = inQuotes
		}
		return "", e
	}
	return s.text[from:s.at], nil
}

// ends tells whether a bare value ends here.
func (s *scanner) ends() bool {
	rest := s.rest()
	return strings.IndexByte(" \t\r\n()],'\"", rest[0]) >= 0 || strings.HasPrefix(rest, "&&") || strings.HasPrefix(rest, "||")
}

// classLength is how long the class of a pattern is that a text begins with; 0: it begins with none, or the class has blanks
// or quotes and so cannot stand without quotes around the pattern.
func classLength(text string) int {
	if text == "" || text[0] != '[' {
		return 0
	}
	for n := 1; n < len(text); n++ {
		switch c := text[n]; {
		case strings.IndexByte(" \t\r\n'\"[", c) >= 0:
			return 0
		case c == '\\':
			n++
		case c == ']' && n > 1 && text[1:n] != "^":
			return n + 1
		}
	}
	return 0
}

// quoted reads a text in quotes. A backslash hides a quote; before anything else it stays, since patterns want it.
func (s *scanner) quoted() (string, error) {
	from, quote := s.at, s.text[s.at]
	var out []byte
	for s.at++; s.at < len(s.text); s.at++ {
		c := s.text[s.at]
		if c == quote {
			s.at++
			return string(out), nil
		}
		if c == '\\' && s.at+1 < len(s.text) {
			s.at++
			if s.text[s.at] != quote {
				out = append(out, c)
			}
			c = s.text[s.at]
		}
		out = append(out, c)
	}
	return "", &Error{At: from, Text: "a quote is not closed", Hint: "write " + string(quote) + " at its end"}
}

// values reads a list in brackets.
func (s *scanner) values() ([]string, error) {
	if !s.sign("[") {
		return nil, &Error{At: s.at, Text: "a list is missing, " + s.found() + " stands there", Hint: "write it in brackets: in [eu-west-1a, eu-west-1b]"}
	}
	var out []string
	for {
		one, err := s.value(false)
		if err != nil {
			return nil, err
		}
		out = append(out, one)
		if s.sign("]") {
			return out, nil
		}
		if !s.sign(",") {
			return nil, &Error{At: s.at, Text: `"," or "]" is missing, ` + s.found() + " stands there", Hint: "values of a list have commas between them, and ] behind the last one"}
		}
	}
}
