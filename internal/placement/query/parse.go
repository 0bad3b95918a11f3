package query

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// deepest is how deep parentheses and negations may be nested.
const deepest = 50

// Parse reads an expression. An error is an *Error.
func Parse(text string) (*Expression, error) {
	if len(text) > Longest {
		return nil, &Error{At: Longest, Text: fmt.Sprintf("an expression of %d characters is too long, ECS takes %d", len(text), Longest), Hint: "a custom attribute on the instances makes it shorter"}
	}
	p := &parser{scanner: scanner{text: text}}
	root, err := p.any()
	if err != nil {
		return nil, err
	}
	if p.skip(); p.rest() != "" {
		return nil, p.surplus()
	}
	return &Expression{text, root}, nil
}

type parser struct {
	scanner

	depth int
}

// surplus is what stands behind a whole expression.
func (p *parser) surplus() *Error {
	e := &Error{At: p.at, Text: p.found() + " stands behind the end of the expression", Hint: "join comparisons with and, or"}
	switch word := strings.ToLower(strings.Trim(p.found(), `"`)); word {
	case "and", "or":
		e.Hint = "write " + word + ", in lower case"
	case "&", "|":
		e.Hint = "write " + word + word
	case ")":
		e.Hint = "it closes no parenthesis"
	case "[":
		e.Hint = inQuotes
	}
	return e
}

// any reads expressions with "or" between them.
func (p *parser) any() (node, error) {
	var out either
	for {
		one, err := p.all()
		if err != nil {
			return nil, err
		}
		if out = append(out, one); !p.sign("||") && !p.word("or") {
			return out, nil
		}
	}
}

// all reads expressions with "and" between them.
func (p *parser) all() (node, error) {
	var out both
	for {
		one, err := p.one()
		if err != nil {
			return nil, err
		}
		if out = append(out, one); !p.sign("&&") && !p.word("and") {
			return out, nil
		}
	}
}

// one reads a comparison, a negation, or an expression in parentheses.
func (p *parser) one() (node, error) {
	p.skip()
	if p.depth++; p.depth > deepest {
		return nil, &Error{At: p.at, Text: fmt.Sprintf("the expression is nested deeper than %d", deepest)}
	}
	defer func() { p.depth-- }()
	switch {
	case p.sign("!"), p.word("not"):
		inner, err := p.one()
		return opposite{inner}, err
	case p.sign("("):
		inner, err := p.any()
		if err == nil && !p.sign(")") {
			err = &Error{At: p.at, Text: `")" is missing, ` + p.found() + " stands there", Hint: "close the parenthesis"}
		}
		return inner, err
	}
	return p.comparison()
}

func (p *parser) comparison() (node, error) {
	c, err := p.subject()
	if err != nil {
		return nil, err
	}
	if err := p.operator(c); err != nil {
		return nil, err
	}
	p.skip()
	at := p.at
	switch c.does {
	case exists:
		return c, nil
	case among:
		c.list, err = p.values()
		return c, err
	default: // one value
	}
	if c.text, err = p.value(c.does == fits); err != nil {
		return nil, err
	}
	if e := c.read(); e != nil {
		e.At = at
		return nil, e
	}
	return c, nil
}

// subject reads what is compared.
func (p *parser) subject() (*comparison, error) {
	p.skip()
	at := p.at
	name := p.name()
	if of, ok := asSubject(name); ok {
		return &comparison{of: of}, nil
	}
	tail, ok := strings.CutPrefix(name, "attribute:")
	switch {
	case name == "":
		return nil, &Error{At: at, Text: "a subject is missing, " + p.found() + " stands there", Hint: "write a comparison: attribute:ecs.instance-type =~ m5.*"}
	case !ok:
		return nil, &Error{At: at, Text: fmt.Sprintf("there is no subject %q", name), Hint: meant(name)}
	case tail == "" || len(tail) > 128 || strings.Contains(tail, ":"):
		return nil, &Error{At: at, Text: fmt.Sprintf("%q is no name of an attribute", tail), Hint: "a name has 1 to 128 letters, digits and _ . / \\ -"}
	}
	return &comparison{of: attribute, name: tail}, nil
}

// meant guesses the subject that somebody meant.
func meant(name string) string {
	if strings.HasPrefix(name, "ecs.") {
		return "did you mean attribute:" + name + "?"
	}
	flat := func(s string) string {
		return strings.NewReplacer("-", "", "_", "", ":", "", ".", "").Replace(strings.ToLower(s))
	}
	for _, s := range subjects {
		if flat(s.name) == flat(name) {
			return "did you mean " + s.name + "?"
		}
	}
	if tail, ok := strings.CutPrefix(strings.ToLower(name), "attribute"); ok && tail != "" {
		return "write attribute: and the name, as in attribute:stack"
	}
	return "subjects are attribute:NAME, agentConnected, agentVersion, ec2InstanceId, registeredAt, runningTasksCount and task:group"
}

// operator reads what a comparison does with its subject.
func (p *parser) operator(c *comparison) error {
	p.skip()
	at := p.at
	for _, o := range operators {
		found := false
		if last := o.text[len(o.text)-1]; ofName(last) {
			found = p.word(o.text)
		} else {
			found = p.sign(o.text)
		}
		if !found {
			continue
		}
		if c.does, c.not = o.does, o.not; !c.of.takes(o.does) {
			return &Error{At: at, Text: fmt.Sprintf("%s cannot be used with %s", o.text, c.of), Hint: "it takes " + c.of.usual()}
		}
		return nil
	}
	e := &Error{At: at, Text: "an operator is missing, " + p.found() + " stands there", Hint: "operators are ==, !=, >, >=, <, <=, =~, !~, in, !in, exists and !exists"}
	switch {
	case p.sign("="):
		e.Hint = "write == for equal, =~ for a pattern"
	case p.sign("~"):
		e.Hint = "write =~"
	}
	return e
}

// read understands the value of a comparison.
func (c *comparison) read() *Error {
	var err error
	ok, hint := true, ""
	switch {
	case c.does == fits:
		if c.pattern, err = compile(c.text); err != nil {
			return &Error{Text: fmt.Sprintf("%q is no pattern: %s", c.text, err), Hint: "a pattern is a regular expression for the whole value: t[23]\\..*"}
		}
	case c.of == agentVersion:
		ok, hint = isVersion(c.text), "a version is numbers with dots: 1.80.0"
	case c.of == registeredAt:
		c.time, ok = readTime(c.text)
		hint = "a date is 2026-03-01, 2026-03-01T09:30:00Z or 2026-03-01T09:30:00+00:00"
	case c.of == runningTasks:
		c.number, err = strconv.Atoi(c.text)
		ok, hint = err == nil, "a number of tasks is a whole number"
	}
	if !ok {
		return &Error{Text: fmt.Sprintf("%q is no value of %s", c.text, c.of), Hint: hint}
	}
	return nil
}

func readTime(text string) (time.Time, bool) {
	if len(text) > len("2006-01-02T15:04:05+00:00") {
		return time.Time{}, false
	}
	for _, form := range [...]string{time.DateOnly, "2006-01-02T15:04:05", time.RFC3339} {
		if t, err := time.Parse(form, text); err == nil {
			return t, true
		}
	}
	return time.Time{}, false
}
