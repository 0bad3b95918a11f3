package pattern

import "strings"

// wildcard compiles a text in which a star stands for any characters; a backslash makes a star or a backslash mean itself
// (EventBridge user guide, "Matching using wildcards").
func wildcard(text string) (func(string) bool, error) {
	parts := []string{""}
	star := false
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '*' && star:
			return nil, wrong("Consecutive wildcard characters at pos %d", i-1)
		case c == '*':
			parts = append(parts, "")
			star = true
			continue
		case c == '\\':
			if i++; i == len(text) || text[i] != '*' && text[i] != '\\' {
				return nil, wrong("Invalid escape character at pos %d", i-1)
			}
			c = text[i]
		}
		star = false
		parts[len(parts)-1] += string([]byte{c})
	}
	return func(s string) bool { return glob(parts, s) }, nil
}

// glob tells whether s is the parts in order with anything between them.
func glob(parts []string, s string) bool {
	last := len(parts) - 1
	if last == 0 {
		return s == parts[0]
	}
	s, ok := strings.CutPrefix(s, parts[0])
	if !ok {
		return false
	}
	for _, part := range parts[1:last] {
		at := strings.Index(s, part)
		if at < 0 {
			return false
		}
		s = s[at+len(part):]
	}
	return strings.HasSuffix(s, parts[last])
}
