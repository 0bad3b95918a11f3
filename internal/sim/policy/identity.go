package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Identity is a policy of one who calls, ready to be asked often. The zero Identity allows nothing.
type Identity struct {
	statements []statement
	named      map[string][]place // the statements that name an action in full, by the action in lower case
	at         []Fault            // where each statement begins
	others     []int              // the statements whose actions have wildcards, or are those that they do not name
}

// place is an action of a statement.
type place struct{ statement, action int }

// Fault is why a text is no policy, and where in it.
type Fault struct {
	Line, Column int // from 1
	Text         string
}

// Error is the place and the reason.
func (f *Fault) Error() string { return fmt.Sprintf("%d:%d: %s", f.Line, f.Column, f.Text) }

// Verdict is what a policy says of a request.
type Verdict int

// The verdicts: nothing is said, which denies; allowed; denied whatever else is said.
const (
	Silent Verdict = iota
	Allowed
	Denied
)

// Rule is one action of one statement, as it is written.
type Rule struct {
	Statement int    // from 1
	Sid       string // empty where the statement has none
	Action    string
}

// ParseIdentity reads a policy for identities; what is wrong with it is a *Fault.
func ParseIdentity(text string) (*Identity, error) {
	parts, err := split(text)
	if err != nil {
		return nil, err
	}
	p := &Identity{named: map[string][]place{}}
	sids := map[string]bool{}
	for i, part := range parts {
		s, err := part.statement(i)
		if err == nil && s.Sid != "" && sids[s.Sid] {
			err = fmt.Errorf("statement %d: there is a statement %s already", i+1, s.Sid)
		}
		if err != nil {
			return nil, fault(text, part.at, err.Error())
		}
		sids[s.Sid] = true
		p.at = append(p.at, *fault(text, part.at, ""))
		p.add(s)
	}
	return p, nil
}

// add files a statement under its actions.
func (p *Identity) add(s statement) {
	n := len(p.statements)
	p.statements = append(p.statements, s)
	plain := len(s.NotAction) == 0
	for i, action := range s.Action {
		if strings.ContainsAny(action, "*?") {
			plain = false
		} else {
			key := strings.ToLower(action)
			p.named[key] = append(p.named[key], place{n, i})
		}
	}
	if !plain {
		p.others = append(p.others, n)
	}
}

// Rules are all actions of all statements, in order; of a statement that names what it is not about, none.
func (p *Identity) Rules() []Rule {
	var out []Rule
	for n := range p.statements {
		for i := range p.statements[n].Action {
			out = append(out, p.rule(place{n, i}))
		}
	}
	return out
}

func (p *Identity) rule(at place) Rule {
	s := p.statements[at.statement]
	r := Rule{Statement: at.statement + 1, Sid: s.Sid}
	if at.action < len(s.Action) {
		r.Action = s.Action[at.action]
	}
	return r
}

// Judge tells what the policy says of a request, and which rule says so: one that denies, else the first that allows.
func (p *Identity) Judge(r Request) (Verdict, Rule) {
	verdict, by := Silent, place{}
	action := strings.ToLower(r.Action)
	take := func(at place) bool {
		s := &p.statements[at.statement]
		deny := s.Effect == "Deny"
		if !deny && verdict == Allowed && by.statement <= at.statement || !s.concerns(r) {
			return false
		}
		if deny {
			verdict, by = Denied, at
			return true
		}
		verdict, by = Allowed, at
		return false
	}
	if slices.ContainsFunc(p.named[action], take) {
		return verdict, p.rule(by)
	}
	for _, n := range p.others {
		if i := p.statements[n].reach(action); i >= 0 && take(place{n, i}) {
			break
		}
	}
	return verdict, p.rule(by)
}

// reach finds the pattern that reaches an action, or -1. Of a statement that names what it is not about it is the number
// behind its last pattern.
func (s statement) reach(action string) int {
	for i, said := range s.Action {
		if strings.ContainsAny(said, "*?") && like(strings.ToLower(said), action) {
			return i
		}
	}
	if len(s.NotAction) > 0 && some(nil, s.NotAction, action, strings.ToLower) {
		return len(s.Action)
	}
	return -1
}

// concerns tells whether a statement is about the resource of a request, and its conditions hold.
func (s statement) concerns(r Request) bool {
	is := func(said string) bool { return said == "*" || arnLike(said, r.Resource) }
	if len(s.Resource) > 0 && !anyOf(s.Resource, is) || len(s.NotResource) > 0 && anyOf(s.NotResource, is) {
		return false
	}
	return s.holds(r)
}

func anyOf(said words, is func(string) bool) bool {
	return slices.ContainsFunc(said, is)
}

// part is the text of a statement and where it begins.
type part struct {
	text []byte
	at   int
}

// split finds the statements of a document.
func split(text string) ([]part, error) {
	if bad, ok := errors.AsType[*json.SyntaxError](json.Unmarshal([]byte(text), new(any))); ok {
		return nil, fault(text, int(bad.Offset)-1, bad.Error())
	}
	d := json.NewDecoder(strings.NewReader(text))
	var parts []part
	err := members(d, func(name string) error {
		switch name {
		case "Version":
			return version(d)
		case "Id":
			var id string
			return d.Decode(&id)
		case "Statement":
			var err error
			parts, err = list(d)
			return err
		}
		return fmt.Errorf("a policy has no element %s", name)
	})
	switch {
	case err != nil:
		return nil, fault(text, int(d.InputOffset()), err.Error())
	case len(parts) == 0:
		return nil, fault(text, 0, "the policy has no statement")
	}
	return parts, nil
}

// members walks an object.
func members(d *json.Decoder, each func(name string) error) error {
	if t, err := d.Token(); err != nil || t != json.Delim('{') {
		return errors.Join(err, errors.New("a policy is a JSON object"))
	}
	for d.More() {
		t, err := d.Token()
		if err != nil {
			return err
		}
		name, _ := t.(string) // a member's name is a text
		if err := each(name); err != nil {
			return err
		}
	}
	_, err := d.Token()
	return err
}

func version(d *json.Decoder) error {
	var v string
	if err := d.Decode(&v); err != nil {
		return err
	}
	if v != "2012-10-17" && v != "2008-10-17" {
		return fmt.Errorf("the version is 2012-10-17, not %q", v)
	}
	return nil
}

// list reads one statement or a list of them.
func list(d *json.Decoder) ([]part, error) {
	whole, err := raw(d)
	if err != nil || len(whole.text) == 0 || whole.text[0] != '[' {
		return []part{whole}, err
	}
	inner := json.NewDecoder(bytes.NewReader(whole.text))
	if _, err := inner.Token(); err != nil {
		return nil, err
	}
	var out []part
	for inner.More() {
		p, err := raw(inner)
		if err != nil {
			return nil, err
		}
		p.at += whole.at
		out = append(out, p)
	}
	return out, nil
}

func raw(d *json.Decoder) (part, error) {
	var text json.RawMessage
	if err := d.Decode(&text); err != nil {
		return part{}, err
	}
	return part{text, int(d.InputOffset()) - len(text)}, nil
}

// statement reads the text of a statement; n counts from 0.
func (p part) statement(n int) (statement, error) {
	var s statement
	if err := strict(p.text, &s); err != nil {
		return s, fmt.Errorf("statement %d cannot be read: %w", n+1, err)
	}
	if s.Principal != nil || s.NotPrincipal != nil {
		return s, fmt.Errorf("statement %d names a principal: the one who calls is the one who has the policy", n+1)
	}
	if err := s.check(); err != nil {
		return s, fmt.Errorf("statement %d: %w", n+1, err)
	}
	if err := s.spelt(); err != nil {
		return s, fmt.Errorf("statement %d: %w", n+1, err)
	}
	return s, nil
}

// spelt tells what in a statement can never mean anything, or more than this package knows.
func (s statement) spelt() error {
	if !regexp.MustCompile(`^[A-Za-z0-9]*$`).MatchString(s.Sid) {
		return fmt.Errorf("the Sid %q has more than letters and digits", s.Sid)
	}
	action := regexp.MustCompile(`^(\*|[a-z0-9-]+:[A-Za-z0-9*?]+)$`)
	for _, said := range append(append(words{}, s.Action...), s.NotAction...) {
		if !action.MatchString(said) {
			return fmt.Errorf("%q is no action; one is ec2:CreateVpc or ecs:Describe*", said)
		}
	}
	for _, said := range append(append(words{}, s.Resource...), s.NotResource...) {
		if said != "*" && (!strings.HasPrefix(said, "arn:") || strings.Count(said, ":") < 5) {
			return fmt.Errorf("%q is no ARN", said)
		}
		if strings.Contains(said, "${") {
			return fmt.Errorf("the variable in %q is not supported", said)
		}
	}
	for _, keys := range s.Condition { // unordered: any fault will do
		for _, values := range keys { // unordered: any fault will do
			for _, v := range values {
				if strings.Contains(v, "${") {
					return fmt.Errorf("the variable in %q is not supported", v)
				}
			}
		}
	}
	return nil
}

// fault is a reason with its place as line and column.
func fault(text string, at int, why string) *Fault {
	before := text[:min(max(at, 0), len(text))]
	line := strings.Count(before, "\n") + 1
	return &Fault{Line: line, Column: len(before) - strings.LastIndexByte(before, '\n'), Text: why}
}

// Unknown is a *Fault for the first condition key that the evaluation does not know; nil when it knows them all.
func (p *Identity) Unknown(known func(key string) bool) error {
	for n, s := range p.statements {
		var bad []string
		for _, keys := range s.Condition { // unordered: sorted below
			for key := range keys { // unordered: sorted below
				if !known(key) {
					bad = append(bad, key)
				}
			}
		}
		if len(bad) > 0 {
			return &Fault{Line: p.at[n].Line, Column: p.at[n].Column, Text: fmt.Sprintf("statement %d: the condition key %s is not supported", n+1, slices.Min(bad))}
		}
	}
	return nil
}
