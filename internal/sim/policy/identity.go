package policy

import (
	"fmt"
)

// ParseIdentity reads a policy of an identity, which names no principals: whoever has it is meant.
func ParseIdentity(text string) (Policy, error) {
	var d document
	if err := strict([]byte(text), &d); err != nil {
		return Policy{}, fmt.Errorf("the policy cannot be read: %w", err)
	}
	for i := range d.Statement {
		if d.Statement[i].Principal != nil || d.Statement[i].NotPrincipal != nil {
			return Policy{}, fmt.Errorf("statement %d: there must be no principal", i+1)
		}
		d.Statement[i].Principal = &principals{AWS: words{"*"}}
		if err := d.Statement[i].check(); err != nil {
			return Policy{}, fmt.Errorf("statement %d: %w", i+1, err)
		}
	}
	return Policy{d.Statement}, nil
}

// Denies tells whether a statement denies a request, whatever others allow.
func (p Policy) Denies(r Request) bool {
	for _, s := range p.statements {
		if s.Effect == "Deny" && s.about(r) {
			return true
		}
	}
	return false
}
