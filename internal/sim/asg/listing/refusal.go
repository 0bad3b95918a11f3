package listing

import "berth/internal/sim/wire"

// Invalid is the refusal of anything that a caller got wrong.
func Invalid(format string, a ...any) error { return wire.Errorf("ValidationError", format, a...) }

// Missing is the refusal of a call that lacks a member, named as in the API but in lower case.
func Missing(member string) error {
	return Invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member)
}

// Outside is the refusal of a value that is none of those allowed.
func Outside(value, member, allowed string) error {
	return Invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: "+
		"Member must satisfy enum value set: [%s]", value, member, allowed)
}

// Required gives a member's text, or the refusal of a call that lacks it.
func Required(value *string, member string) (string, error) {
	if value == nil || *value == "" {
		return "", Missing(member)
	}
	return *value, nil
}
