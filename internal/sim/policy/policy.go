package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Policy is a policy that was read. The zero Policy allows nothing.
type Policy struct{ statements []statement }

type document struct {
	Version   string
	ID        string `json:"Id"`
	Statement statements
}

// statement is one rule of a policy, as it is written.
type statement struct {
	Sid, Effect             string
	Principal, NotPrincipal *principals
	Action, NotAction       words
	Resource, NotResource   words
	Condition               map[string]map[string]words
}

// statements is one statement or a list of them.
type statements []statement

// UnmarshalJSON takes both forms.
func (s *statements) UnmarshalJSON(b []byte) error {
	if b[0] != '[' {
		*s = make(statements, 1)
		return strict(b, &(*s)[0])
	}
	return strict(b, (*[]statement)(s))
}

// words is one value or a list of them.
type words []string

// UnmarshalJSON takes both forms; numbers and booleans are as they are written.
func (w *words) UnmarshalJSON(b []byte) error {
	var list []json.RawMessage
	if b[0] != '[' {
		list = []json.RawMessage{b}
	} else if err := json.Unmarshal(b, &list); err != nil {
		return err
	}
	*w = words{}
	for _, one := range list {
		text := string(one)
		switch one[0] {
		case '"':
			if err := json.Unmarshal(one, &text); err != nil {
				return err
			}
		case '{', '[', 'n':
			return fmt.Errorf("%s is no text", text)
		}
		*w = append(*w, text)
	}
	return nil
}

// principals are who a statement is about, by kind; "*" is kept as AWS's.
type principals struct{ AWS, Service, Federated, CanonicalUser words }

// UnmarshalJSON takes "*" and an object.
func (p *principals) UnmarshalJSON(b []byte) error {
	if string(b) == `"*"` {
		*p = principals{AWS: words{"*"}}
		return nil
	}
	type plain principals
	return strict(b, (*plain)(p))
}

func strict(b []byte, v any) error {
	d := json.NewDecoder(bytes.NewReader(b))
	d.DisallowUnknownFields()
	return d.Decode(v)
}

// Parse reads a policy.
func Parse(text string) (Policy, error) {
	var d document
	if err := strict([]byte(text), &d); err != nil {
		return Policy{}, fmt.Errorf("the policy cannot be read: %w", err)
	}
	if d.Version != "" && d.Version != "2012-10-17" && d.Version != "2008-10-17" {
		return Policy{}, fmt.Errorf("the policy has the unknown version %q", d.Version)
	}
	if len(d.Statement) == 0 {
		return Policy{}, fmt.Errorf("the policy has no statement")
	}
	for i, s := range d.Statement {
		err := s.check()
		if err == nil && (s.Principal == nil) == (s.NotPrincipal == nil) {
			err = errors.New("there must be a principal")
		}
		if err != nil {
			return Policy{}, fmt.Errorf("statement %d: %w", i+1, err)
		}
	}
	return Policy{d.Statement}, nil
}

// check tells what is wrong with a statement.
func (s statement) check() error {
	switch {
	case s.Effect != "Allow" && s.Effect != "Deny":
		return fmt.Errorf("the effect %q is neither Allow nor Deny", s.Effect)
	case (len(s.Action) == 0) == (len(s.NotAction) == 0):
		return fmt.Errorf("there must be an action")
	case (len(s.Resource) == 0) == (len(s.NotResource) == 0):
		return fmt.Errorf("there must be a resource")
	}
	for operator := range s.Condition { // unordered: any fault will do
		if _, _, ok := comparison(operator); !ok {
			return fmt.Errorf("the condition %s is not supported", operator)
		}
	}
	return nil
}

// Request is what somebody wants to do.
type Request struct {
	Service  string // the principal of a service, "events.amazonaws.com"; empty: an account
	Account  string // the account's id
	Action   string // "sns:Publish"
	Resource string // ARN
	Context  map[string]string
	Key      func(string) (string, bool) // finds a key of the context that Context does not hold; nil: there are no more
}

// Allows tells whether the policy lets the request pass: a statement allows it, and none denies it.
func (p Policy) Allows(r Request) bool {
	allowed := false
	for _, s := range p.statements {
		if !s.about(r) {
			continue
		}
		if s.Effect == "Deny" {
			return false
		}
		allowed = true
	}
	return allowed
}

// about tells whether a statement applies to a request.
func (s statement) about(r Request) bool {
	if s.Principal != nil && !s.Principal.has(r) || s.NotPrincipal != nil && s.NotPrincipal.has(r) {
		return false
	}
	return some(s.Action, s.NotAction, strings.ToLower(r.Action), strings.ToLower) &&
		some(s.Resource, s.NotResource, r.Resource, func(s string) string { return s }) && s.holds(r)
}

// some tells whether a value is one of those named, or none of those excepted.
func some(named, excepted words, value string, fold func(string) string) bool {
	is := func(pattern string) bool { return like(fold(pattern), value) }
	if len(named) > 0 {
		return slices.ContainsFunc(named, is)
	}
	return !slices.ContainsFunc(excepted, is)
}

// has tells whether the one who asks is among the principals. Everybody is AWS's "*", services too.
func (p principals) has(r Request) bool {
	if slices.Contains(p.AWS, "*") {
		return true
	}
	if r.Service != "" {
		return slices.Contains(p.Service, r.Service)
	}
	return slices.ContainsFunc(p.AWS, func(who string) bool {
		return who == r.Account || strings.HasPrefix(who, "arn:aws:iam::"+r.Account+":") || strings.HasPrefix(who, "arn:aws:sts::"+r.Account+":")
	})
}
