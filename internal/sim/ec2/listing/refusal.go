package listing

import "berth/internal/sim/wire"

// Unsimulated refuses what exists at AWS but not here, instead of quietly doing something else.
func Unsimulated(what string) error {
	return wire.Errorf("UnsupportedOperation", "The simulated EC2 has no support for: %s.", what)
}

// Depends is the refusal to delete what something else still needs.
func Depends(noun, id string) error {
	return wire.Errorf("DependencyViolation", "The %s '%s' has dependencies and cannot be deleted.", noun, id)
}

// Missing is the refusal of a call that lacks a parameter.
func Missing(parameter string) error {
	return wire.Errorf("MissingParameter", "The request must contain the parameter %s", parameter)
}

// Invalid is the refusal of a parameter's value.
func Invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterValue", format, a...)
}
