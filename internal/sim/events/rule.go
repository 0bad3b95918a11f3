package events

import (
	"encoding/json"
	"regexp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/sim/events/pattern"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The quotas of rules (EventBridge user guide, "Amazon EventBridge quotas").
const (
	mostRules   = 300 // of a bus
	mostPattern = 2048
)

var nameForm = regexp.MustCompile(`^[.\-_A-Za-z0-9]+$`)

// PutRule makes a rule or replaces one of the same name; its targets stay. Tags count at the first time only.
func PutRule(c *world.Call, in *eventbridge.PutRuleInput) (*eventbridge.PutRuleOutput, error) {
	bus, err := busNamed(c.Region, in.EventBusName)
	if err != nil {
		return nil, err
	}
	if err := checkRule(in); err != nil {
		return nil, err
	}
	key := bus + "/" + *in.Name
	r := &world.EventRule{Name: *in.Name, Bus: bus, ARN: c.ARN("events", "rule/"+strings.TrimPrefix(key, defaultBus+"/"))}
	if r.Tags, err = tagged(nil, in.Tags); err != nil {
		return nil, err
	}
	if have, ok := c.Region.Events.Rules.Get(key); ok {
		if _, err := change(c, in.Name, in.EventBusName, false); err != nil {
			return nil, err
		}
		r = have
	} else if countRules(c.Region, bus) >= mostRules {
		return nil, tooMany()
	}
	r.Description, r.Role, r.Pattern = aws.ToString(in.Description), aws.ToString(in.RoleArn), *in.EventPattern
	r.Disabled = in.State == types.RuleStateDisabled
	r.Sources, r.DetailTypes = named(r.Pattern)
	c.Region.Events.Rules.Put(key, r)
	return &eventbridge.PutRuleOutput{RuleArn: aws.String(r.ARN)}, nil
}

func countRules(r *world.Region, bus string) int {
	n := 0
	for rule := range r.Events.Rules.Rows() {
		if rule.Bus == bus {
			n++
		}
	}
	return n
}

func checkRule(in *eventbridge.PutRuleInput) error {
	name, err := required("name", in.Name)
	switch {
	case err != nil:
		return err
	case len(name) > 64:
		return constraint(name, "name", "have length less than or equal to 64")
	case !nameForm.MatchString(name):
		return constraint(name, "name", `satisfy regular expression pattern: [\.\-_A-Za-z0-9]+`)
	case len(aws.ToString(in.Description)) > 512:
		return constraint(*in.Description, "description", "have length less than or equal to 512")
	case in.State != "" && in.State != types.RuleStateEnabled && in.State != types.RuleStateDisabled:
		return constraint(string(in.State), "state", "satisfy enum value set: [ENABLED, DISABLED]")
	case in.ScheduleExpression != nil:
		return invalid("Parameter ScheduleExpression is not valid: schedules are not simulated.")
	case aws.ToString(in.EventPattern) == "":
		return invalid("Parameter(s) EventPattern or ScheduleExpression must be specified.")
	}
	return checkPattern(*in.EventPattern)
}

func checkPattern(text string) error {
	if len(text) > mostPattern {
		return wire.Errorf("InvalidEventPatternException", "Event pattern is not valid. Reason: Event pattern is longer than %d characters", mostPattern)
	}
	if _, err := pattern.Parse([]byte(text)); err != nil {
		return wire.Errorf("InvalidEventPatternException", "%v", err)
	}
	return nil
}

// named gives the sources and the detail types of a pattern that lists nothing but texts there: most events can then be told
// to be none of the rule's before anybody looks at them.
func named(text string) (sources, detailTypes []string) {
	var top map[string]json.RawMessage
	if json.Unmarshal([]byte(text), &top) != nil {
		return nil, nil
	}
	if json.Unmarshal(top["source"], &sources) != nil {
		sources = nil
	}
	if json.Unmarshal(top["detail-type"], &detailTypes) != nil {
		detailTypes = nil
	}
	return sources, detailTypes
}

// DeleteRule deletes a rule that has no targets; one that is not there is deleted already.
func DeleteRule(c *world.Call, in *eventbridge.DeleteRuleInput) (*eventbridge.DeleteRuleOutput, error) {
	r, err := change(c, in.Name, in.EventBusName, in.Force)
	if e, ok := err.(*wire.Error); ok && e.Code == "ResourceNotFoundException" { //nolint:errorlint // find wraps nothing
		return &eventbridge.DeleteRuleOutput{}, nil
	}
	if err != nil {
		return nil, err
	}
	if len(r.Targets) > 0 {
		return nil, invalid("Rule can't be deleted since it has targets.")
	}
	c.Region.Events.Rules.Delete(r.Bus + "/" + r.Name)
	return &eventbridge.DeleteRuleOutput{}, nil
}

func state(r *world.EventRule) types.RuleState {
	if r.Disabled {
		return types.RuleStateDisabled
	}
	return types.RuleStateEnabled
}

// DescribeRule describes a rule.
func DescribeRule(c *world.Call, in *eventbridge.DescribeRuleInput) (*eventbridge.DescribeRuleOutput, error) {
	r, err := find(c, in.Name, in.EventBusName)
	if err != nil {
		return nil, err
	}
	return &eventbridge.DescribeRuleOutput{
		Name: aws.String(r.Name), Arn: aws.String(r.ARN), EventBusName: aws.String(r.Bus), EventPattern: aws.String(r.Pattern), State: state(r),
		Description: text(r.Description), RoleArn: text(r.Role), ManagedBy: text(r.ManagedBy), CreatedBy: aws.String(world.Account),
	}, nil
}

// ListRules lists a bus's rules whose names begin in a way.
func ListRules(c *world.Call, in *eventbridge.ListRulesInput) (*eventbridge.ListRulesOutput, error) {
	bus, err := busNamed(c.Region, in.EventBusName)
	if err != nil {
		return nil, err
	}
	all := []types.Rule{}
	for r := range c.Region.Events.Rules.Rows() {
		if r.Bus == bus && strings.HasPrefix(r.Name, aws.ToString(in.NamePrefix)) {
			all = append(all, types.Rule{
				Name: aws.String(r.Name), Arn: aws.String(r.ARN), EventBusName: aws.String(r.Bus), EventPattern: aws.String(r.Pattern),
				State: state(r), Description: text(r.Description), RoleArn: text(r.Role), ManagedBy: text(r.ManagedBy),
			})
		}
	}
	rows, next, err := page(all, in.Limit, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListRulesOutput{Rules: rows, NextToken: next}, nil
}

// EnableRule lets a rule take events again.
func EnableRule(c *world.Call, in *eventbridge.EnableRuleInput) (*eventbridge.EnableRuleOutput, error) {
	r, err := change(c, in.Name, in.EventBusName, false)
	if err != nil {
		return nil, err
	}
	r.Disabled = false
	return &eventbridge.EnableRuleOutput{}, nil
}

// DisableRule lets a rule take no events.
func DisableRule(c *world.Call, in *eventbridge.DisableRuleInput) (*eventbridge.DisableRuleOutput, error) {
	r, err := change(c, in.Name, in.EventBusName, false)
	if err != nil {
		return nil, err
	}
	r.Disabled = true
	return &eventbridge.DisableRuleOutput{}, nil
}
