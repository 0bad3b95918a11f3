package query

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Expression is a text of the language that has been read.
type Expression struct{ root node }

// Parse reads an expression. An error is a *SyntaxError.
func Parse(text string) (*Expression, error) {
	r := &reader{text: text}
	if len(text) > MaxLength {
		return nil, r.fail(MaxLength, "an expression cannot be longer than %d characters", MaxLength)
	}
	root, err := r.either()
	if err != nil {
		return nil, err
	}
	if r.blanks(); !r.done() {
		return nil, r.fail(r.at, "unexpected %s", r.next())
	}
	return &Expression{root}, nil
}

// either reads expressions with "or" between them.
func (r *reader) either() (node, error) {
	return r.chain(r.both, func(all []node) node { return or(all) }, "||", "or")
}

// both reads expressions with "and" between them.
func (r *reader) both() (node, error) {
	return r.chain(r.negation, func(all []node) node { return and(all) }, "&&", "and")
}

func (r *reader) chain(part func() (node, error), join func([]node) node, sign, word string) (node, error) {
	var all []node
	for {
		one, err := part()
		if err != nil {
			return nil, err
		}
		if all = append(all, one); !r.mark(sign) && !r.keyword(word) {
			break
		}
	}
	if len(all) == 1 {
		return all[0], nil
	}
	return join(all), nil
}

// negation reads an expression with any number of "not" before it.
func (r *reader) negation() (node, error) {
	r.blanks()
	if r.depth == maxDepth {
		return nil, r.fail(r.at, "an expression cannot be nested deeper than %d", maxDepth)
	}
	r.depth++
	defer func() { r.depth-- }()
	if r.mark("!") || r.keyword("not") {
		one, err := r.negation()
		return not{one}, err
	}
	if !r.mark("(") {
		return r.comparison()
	}
	one, err := r.either()
	if err == nil && !r.mark(")") {
		err = r.fail(r.at, `expected ")", found %s`, r.next())
	}
	return one, err
}

// field is the kind of a subject.
type field int

const (
	agentConnected field = iota
	agentVersion
	ec2InstanceID
	registeredAt
	runningTasks
	group
	attribute
)

// subjects are the fields by name, with the operations that each one takes.
//
//nolint:gochecknoglobals // a table
var subjects = map[string]struct {
	field field
	takes []operation
}{
	"agentConnected":    {agentConnected, []operation{equals, in, matches}},
	"agentVersion":      {agentVersion, []operation{equals, greater, less}},
	"ec2InstanceId":     {ec2InstanceID, []operation{equals, in, matches}},
	"registeredAt":      {registeredAt, []operation{equals, greater, less}},
	"runningTasksCount": {runningTasks, []operation{equals, greater, less}},
	"task:group":        {group, []operation{equals, in, matches, exists}},
	"attribute":         {attribute, []operation{equals, in, matches, exists, greater, less}},
}

// comparison reads a subject, an operator and what the operator needs.
func (r *reader) comparison() (node, error) {
	at := r.at
	name := r.name()
	l := &leaf{}
	if tail, ok := strings.CutPrefix(name, "attribute:"); ok {
		if tail == "" || len(tail) > 128 || strings.Contains(tail, ":") {
			return nil, r.fail(at, "invalid attribute name %q", tail)
		}
		l.name, name = tail, "attribute"
		l.builtIn = strings.HasPrefix(tail, "ecs.") || strings.HasPrefix(tail, "com.amazonaws.")
	} else if name == "attribute" {
		name = ""
	}
	s, ok := subjects[name]
	switch {
	case name == "" && l.name == "" && at == r.at:
		return nil, r.fail(at, "expected a subject, found %s", r.next())
	case !ok:
		return nil, r.fail(at, "unknown subject %q", r.text[at:r.at])
	}
	r.blanks()
	from := r.at
	o, err := r.operator()
	if err != nil {
		return nil, err
	}
	if !slices.Contains(s.takes, o.does) {
		return nil, r.fail(from, "the operator %q is not valid for the subject %s", o.word, name)
	}
	l.field, l.does, l.negate = s.field, o.does, o.negate
	return l, r.argument(l)
}

// argument reads what an operator compares with.
func (r *reader) argument(l *leaf) error {
	var err error
	r.blanks()
	at := r.at
	switch l.does {
	case exists:
		return nil
	case in:
		l.list, err = r.list()
		return err
	default:
	}
	if l.text, err = r.literal(l.does == matches); err != nil {
		return err
	}
	ok := true
	switch {
	case l.does == matches:
		if l.pattern, err = compile(l.text); err != nil {
			return r.fail(at, "invalid pattern %q: %s", l.text, err)
		}
	case l.field == agentVersion:
		ok = versionForm.MatchString(l.text)
	case l.field == registeredAt:
		l.time, ok = readTime(l.text)
	case l.field == runningTasks:
		l.number, err = strconv.Atoi(l.text)
		ok = err == nil
	}
	if !ok {
		return r.fail(at, "invalid value %q", l.text)
	}
	return nil
}

// readTime reads a date in one of the four forms of the guide.
func readTime(text string) (time.Time, bool) {
	for _, form := range []string{time.RFC3339, "2006-01-02T15:04:05", time.DateOnly} {
		if t, err := time.Parse(form, text); err == nil && utf8.RuneCountInString(text) <= len("2006-01-02T15:04:05+00:00") {
			return t, true
		}
	}
	return time.Time{}, false
}
