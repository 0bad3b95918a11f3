package events

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// principal is EventBridge itself, as policies name it.
const principal = "events.amazonaws.com"

// invalid is the refusal of anything that a caller got wrong.
func invalid(format string, a ...any) error { return wire.Errorf("ValidationException", format, a...) }

// constraint is the refusal of a member that breaks a rule of the API's model.
func constraint(value, member, rule string) error {
	if value != "null" {
		value = "'" + value + "'"
	}
	return invalid("1 validation error detected: Value %s at '%s' failed to satisfy constraint: Member must %s", value, member, rule)
}

// required gives a member's text, or the refusal of a call that lacks it.
func required(member string, value *string) (string, error) {
	if aws.ToString(value) == "" {
		return "", constraint("null", member, "not be null")
	}
	return *value, nil
}

// tooMany is the refusal of one more than a quota allows.
func tooMany() error {
	return wire.Errorf("LimitExceededException", "The requested resource exceeds the maximum number allowed.")
}

// page cuts the asked page out of all rows; it is a hundred unless the call says less.
func page[T any](rows []T, limit *int32, token *string) ([]T, *string, error) {
	size, start := 100, 0
	if limit != nil {
		if size = int(*limit); size < 1 || size > 100 {
			return nil, nil, constraint(strconv.Itoa(size), "limit", "have value between 1 and 100")
		}
	}
	if token != nil {
		b, _ := base64.StdEncoding.DecodeString(*token)
		digits, ok := strings.CutPrefix(string(b), "from ")
		n, err := strconv.Atoi(digits)
		if !ok || err != nil || n < 0 {
			return nil, nil, invalid("Parameter NextToken is not valid.")
		}
		start = min(n, len(rows))
	}
	end := min(start+size, len(rows))
	if end == len(rows) {
		return rows[start:], nil, nil
	}
	return rows[start:end], aws.String(base64.StdEncoding.EncodeToString([]byte("from " + strconv.Itoa(end)))), nil
}

// text is a member that may be left out.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return aws.String(s)
}

// busNamed reads a bus by name or ARN; without one it is the default one.
func busNamed(r *world.Region, in *string) (string, error) {
	name := aws.ToString(in)
	if strings.HasPrefix(name, "arn:") {
		own, ok := strings.CutPrefix(name, "arn:aws:events:"+r.Name+":"+world.Account+":event-bus/")
		if !ok {
			return "", wire.Errorf("ResourceNotFoundException", "Event bus %s does not exist.", name)
		}
		name = own
	}
	if name == "" || name == defaultBus {
		return defaultBus, nil
	}
	if _, ok := r.Events.Buses.Get(name); !ok {
		return "", wire.Errorf("ResourceNotFoundException", "Event bus %s does not exist.", name)
	}
	return name, nil
}

// find finds the rule that a call names.
func find(c *world.Call, name, bus *string) (*world.EventRule, error) {
	n, err := required("name", name)
	if err != nil {
		return nil, err
	}
	b, err := busNamed(c.Region, bus)
	if err != nil {
		return nil, err
	}
	r, ok := c.Region.Events.Rules.Get(b + "/" + n)
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", "Rule %s does not exist on EventBus %s.", n, b)
	}
	return r, nil
}

// change is find for a call that changes the rule: one that a service manages refuses.
func change(c *world.Call, name, bus *string, force bool) (*world.EventRule, error) {
	r, err := find(c, name, bus)
	if err == nil && r.ManagedBy != "" && !force {
		return nil, wire.Errorf("ManagedRuleException", "Rule %s is managed by an AWS service can only be modified if force is true.", r.Name)
	}
	return r, err
}
