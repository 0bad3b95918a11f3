package secrets

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
)

// constraint is the refusal of a member that breaks a rule of the API's model. The value is left out where it may be secret.
func constraint(value, member, rule string) error {
	return wire.Errorf("ValidationException", "1 validation error detected: Value%s at '%s' failed to satisfy constraint: Member must %s", value, member, rule)
}

// required gives a member's text, or the refusal of a call that lacks it.
func required(member string, value *string) (string, error) {
	if aws.ToString(value) == "" {
		return "", constraint(" null", member, "not be null")
	}
	return *value, nil
}

// bounded refuses a text that is too long; it does not show it.
func bounded(member string, value *string, most int) error {
	if len(aws.ToString(value)) > most {
		return constraint("", member, "have length less than or equal to "+strconv.Itoa(most))
	}
	return nil
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

func wrongState(format string, a ...any) error {
	return wire.Errorf("InvalidRequestException", format, a...)
}

func missing() error {
	return wire.Errorf("ResourceNotFoundException", "Secrets Manager can't find the specified secret.")
}

func invalidToken() error {
	return wire.Errorf("InvalidNextTokenException", "Invalid NextToken.")
}
