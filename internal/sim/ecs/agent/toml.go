package agent

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// settings are what a TOML text sets: values by path, the parts of which are joined by a dot where none has one. Bottlerocket
// takes all of a text or nothing of it.
type settings struct {
	values map[string]any  // string, int, bool, []any, or another scalar as it was written
	tables map[string]bool // every table: true with a header of its own
	text   string
	line   int
}

// join makes one name of a path; a part with a dot in it is quoted, so that two paths never look alike.
func join(path []string) string {
	parts := make([]string, len(path))
	for i, p := range path {
		if parts[i] = p; p == "" || strings.ContainsAny(p, ".\"") {
			parts[i] = strconv.Quote(p)
		}
	}
	return strings.Join(parts, ".")
}

// readSettings reads a text by TOML's rules (TOML 1.0): keys once, tables once, nothing behind a value.
func readSettings(text string) (*settings, error) {
	s := &settings{values: map[string]any{}, tables: map[string]bool{}, text: strings.ReplaceAll(text, "\r\n", "\n"), line: 1}
	var table []string
	for s.skip(); s.text != ""; s.skip() {
		var err error
		if strings.HasPrefix(s.text, "[") {
			table, err = s.header()
		} else {
			err = s.assign(table)
		}
		if err == nil {
			err = s.end()
		}
		if err != nil {
			return nil, fmt.Errorf("TOML parse error at line %d: %w", s.line, err)
		}
	}
	return s, nil
}

var (
	blank   = regexp.MustCompile(`^[ \t]*(#[^\n]*)?`)
	bare    = regexp.MustCompile(`^[A-Za-z0-9_-]+`)
	literal = regexp.MustCompile(`^'[^'\n]*'`)
	basic   = regexp.MustCompile(`^"([^"\\\n]|\\.)*"`)
	scalar  = regexp.MustCompile(`^[A-Za-z0-9_+.:-]+`)
	whole   = regexp.MustCompile(`^([+-]?(0|[1-9][0-9]*)|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$`)
	other   = regexp.MustCompile(`^([+-]?(inf|nan|(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?)|[0-9]{4}-[0-9]{2}-[0-9]{2}.*|[0-9]{2}:[0-9]{2}:[0-9]{2}.*)$`)
)

func (s *settings) cut(n int) string {
	out := s.text[:n]
	s.line += strings.Count(out, "\n")
	s.text = s.text[n:]
	return out
}

func (s *settings) take(text string) bool {
	if strings.HasPrefix(s.text, text) {
		s.cut(len(text))
		return true
	}
	return false
}

// pad passes over blanks in a line, skip over lines without anything too.
func (s *settings) pad() { s.cut(len(s.text) - len(strings.TrimLeft(s.text, " \t"))) }

func (s *settings) skip() {
	for s.cut(len(blank.FindString(s.text))); s.take("\n"); s.cut(len(blank.FindString(s.text))) {
	}
}

func (s *settings) end() error {
	s.cut(len(blank.FindString(s.text)))
	if s.text != "" && s.text[0] != '\n' {
		return fmt.Errorf("expected newline")
	}
	return nil
}

func (s *settings) path() ([]string, error) {
	var out []string
	for {
		s.pad()
		part, err := s.part()
		if err != nil {
			return nil, err
		}
		out = append(out, part)
		if s.pad(); !s.take(".") {
			return out, nil
		}
	}
}

func (s *settings) part() (string, error) {
	switch {
	case literal.MatchString(s.text):
		quoted := s.cut(len(literal.FindString(s.text)))
		return quoted[1 : len(quoted)-1], nil
	case basic.MatchString(s.text):
		return unescape(s.cut(len(basic.FindString(s.text))))
	case bare.MatchString(s.text):
		return s.cut(len(bare.FindString(s.text))), nil
	}
	return "", fmt.Errorf("invalid key")
}

// unescape reads a text in quotes. TOML's escapes are among Go's, and those of Go that TOML lacks do not occur in settings.
func unescape(quoted string) (string, error) {
	out, err := strconv.Unquote(quoted)
	if err != nil {
		return "", fmt.Errorf("invalid string %s", quoted)
	}
	return out, nil
}

func (s *settings) header() ([]string, error) {
	many := s.take("[[")
	if !many {
		s.take("[")
	}
	path, err := s.path()
	if err != nil {
		return nil, err
	}
	if s.pad(); !s.take("]") || many && !s.take("]") {
		return nil, fmt.Errorf("unclosed table, expected `]`")
	}
	name := join(path)
	if many { // each one on its own
		path = append(path, "#"+strconv.Itoa(s.line))
		return path, s.enter(path)
	}
	if s.tables[name] {
		return nil, fmt.Errorf("duplicate key `%s`", name)
	}
	if err := s.enter(path); err != nil {
		return nil, err
	}
	s.tables[name] = true
	return path, nil
}

// enter makes a table and those around it, where no value stands.
func (s *settings) enter(path []string) error {
	for i := range path {
		name := join(path[:i+1])
		if _, taken := s.values[name]; taken {
			return fmt.Errorf("duplicate key `%s`", name)
		}
		if _, known := s.tables[name]; !known {
			s.tables[name] = false
		}
	}
	return nil
}

func (s *settings) assign(table []string) error {
	key, err := s.path()
	if err != nil {
		return err
	}
	if s.pad(); !s.take("=") {
		return fmt.Errorf("expected `.`, `=`")
	}
	for i := range key[:len(key)-1] { // a table with a header of its own is closed to dotted keys
		if name := join(append(slices.Clip(table), key[:i+1]...)); s.tables[name] {
			return fmt.Errorf("duplicate key `%s`", name)
		}
	}
	full := append(slices.Clip(table), key...)
	if err := s.enter(full[:len(full)-1]); err != nil {
		return err
	}
	name := join(full)
	_, value := s.values[name]
	if _, isTable := s.tables[name]; value || isTable {
		return fmt.Errorf("duplicate key `%s`", name)
	}
	s.pad()
	if strings.HasPrefix(s.text, "{") {
		return s.inline(full)
	}
	s.values[name], err = s.value()
	return err
}

// inline reads { key = value, … } as a table that is complete.
func (s *settings) inline(path []string) error {
	if err := s.enter(path); err != nil {
		return err
	}
	s.tables[join(path)] = true
	s.take("{")
	for s.pad(); !s.take("}"); s.pad() {
		if err := s.assign(path); err != nil {
			return err
		}
		s.pad()
		if !s.take(",") && !strings.HasPrefix(s.text, "}") {
			return fmt.Errorf("invalid inline table, expected `}`")
		}
	}
	return nil
}

func (s *settings) value() (any, error) {
	switch {
	case strings.HasPrefix(s.text, `"""`), strings.HasPrefix(s.text, "'''"):
		return s.long()
	case strings.HasPrefix(s.text, `"`), strings.HasPrefix(s.text, "'"):
		return s.part()
	case s.take("["):
		return s.list()
	}
	word := s.cut(len(scalar.FindString(s.text)))
	plain := strings.ReplaceAll(word, "_", "")
	switch {
	case word == "true", word == "false":
		return word == "true", nil
	case whole.MatchString(plain):
		n, err := strconv.ParseInt(plain, 0, 64)
		return int(n), err
	case other.MatchString(plain):
		return word, nil
	}
	return nil, fmt.Errorf("string values must be quoted, expected literal string")
}

func (s *settings) list() (any, error) {
	out := []any{}
	for s.skip(); !s.take("]"); s.skip() {
		if strings.HasPrefix(s.text, "{") {
			if err := s.inline([]string{"#" + strconv.Itoa(len(s.text))}); err != nil { // what is in it is nobody's business here
				return nil, err
			}
		} else {
			v, err := s.value()
			if err != nil {
				return nil, err
			}
			out = append(out, v)
		}
		s.skip()
		if !s.take(",") && !strings.HasPrefix(s.text, "]") {
			return nil, fmt.Errorf("invalid array, expected `]`")
		}
	}
	return out, nil
}

// long reads a text in three quotes.
func (s *settings) long() (any, error) {
	quotes := s.cut(3)
	end := strings.Index(s.text, quotes)
	for quotes == `"""` && end > 0 && s.text[end-1] == '\\' {
		next := strings.Index(s.text[end+1:], quotes)
		if next < 0 {
			end = -1
			break
		}
		end += 1 + next
	}
	if end < 0 {
		return nil, fmt.Errorf("invalid multiline string")
	}
	body := strings.TrimPrefix(s.cut(end), "\n")
	s.cut(3)
	if quotes == "'''" {
		return body, nil
	}
	return unescape(`"` + strings.NewReplacer("\n", `\n`, `\"`, `\"`, `"`, `\"`).Replace(body) + `"`)
}
