package cloudwatch

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
)

// invalid refuses a value (CloudWatch API reference, "InvalidParameterValueException").
func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterValueException", format, a...)
}

// clash refuses values that do not go together.
func clash(format string, a ...any) error {
	return wire.Errorf("InvalidParameterCombinationException", format, a...)
}

// invalidMember refuses a value in AWS's usual words.
func invalidMember(value any, parameter string) error {
	return invalid("The value %v for parameter %s is invalid.", value, parameter)
}

// unsupported refuses what the simulated CloudWatch cannot do.
func unsupported(what string) error {
	return invalid("%s is not available in this Region.", what)
}

// required gives a text that a call must have.
func required(value *string, parameter string) (string, error) {
	if aws.ToString(value) == "" {
		return "", wire.Errorf("MissingRequiredParameterException", "The parameter %s is required.", parameter)
	}
	return *value, nil
}
