package route

import (
	"net/netip"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// ValuesPerRule is how many condition values a rule may have.
const ValuesPerRule = 5

// conditionFields are what a condition may look at.
func conditionFields() []string {
	return []string{"path-pattern", "host-header", "http-header", "http-request-method", "query-string", "source-ip"}
}

// Conditions checks the conditions of a rule and turns them into the world's.
func Conditions(in []types.RuleCondition) ([]world.RuleCondition, error) {
	if len(in) == 0 {
		return nil, invalid("A condition must be specified")
	}
	values := 0
	out := make([]world.RuleCondition, len(in))
	for i, c := range in {
		made, err := fromCondition(c)
		if err != nil {
			return nil, err
		}
		again := slices.ContainsFunc(out[:i], func(o world.RuleCondition) bool { return o.Field == made.Field })
		if again && made.Field != "http-header" && made.Field != "query-string" {
			return nil, invalid("A rule can only have one '%s' condition", made.Field)
		}
		values += len(made.Values) + len(made.Regex) + len(made.Pairs)
		out[i] = made
	}
	if values > ValuesPerRule {
		return nil, invalid("A rule can only have '%d' condition values", ValuesPerRule)
	}
	return out, nil
}

func fromCondition(in types.RuleCondition) (world.RuleCondition, error) {
	out := world.RuleCondition{Field: aws.ToString(in.Field), Values: in.Values, Regex: in.RegexValues}
	if !slices.Contains(conditionFields(), out.Field) {
		return out, invalid("Condition field '%s' must be one of '[%s]'", out.Field, strings.Join(conditionFields(), ", "))
	}
	more, regex := configured(in, &out)
	if len(in.Values) > 0 && len(more) > 0 {
		return out, invalid("You cannot specify both a list of values and a configuration for condition field '%s'", out.Field)
	}
	out.Values = slices.Concat(in.Values, more)
	out.Regex = slices.Concat(in.RegexValues, regex)
	switch {
	case len(out.Values)+len(out.Regex)+len(out.Pairs) == 0:
		return out, invalid("A condition value must be specified")
	case out.Field == "http-header" && out.Header == "":
		return out, invalid("An HTTP header name must be specified for condition field 'http-header'")
	}
	return out, valuesValid(out)
}

// configured reads the values from the part of the condition that belongs to its field.
func configured(in types.RuleCondition, out *world.RuleCondition) (values, regex []string) {
	switch {
	case out.Field == "path-pattern" && in.PathPatternConfig != nil:
		return in.PathPatternConfig.Values, in.PathPatternConfig.RegexValues
	case out.Field == "host-header" && in.HostHeaderConfig != nil:
		return in.HostHeaderConfig.Values, in.HostHeaderConfig.RegexValues
	case out.Field == "http-header" && in.HttpHeaderConfig != nil:
		out.Header = aws.ToString(in.HttpHeaderConfig.HttpHeaderName)
		return in.HttpHeaderConfig.Values, in.HttpHeaderConfig.RegexValues
	case out.Field == "http-request-method" && in.HttpRequestMethodConfig != nil:
		return in.HttpRequestMethodConfig.Values, nil
	case out.Field == "source-ip" && in.SourceIpConfig != nil:
		return in.SourceIpConfig.Values, nil
	case out.Field == "query-string" && in.QueryStringConfig != nil:
		for _, p := range in.QueryStringConfig.Values {
			out.Pairs = append(out.Pairs, world.Tag{Key: aws.ToString(p.Key), Value: aws.ToString(p.Value)})
		}
	}
	return nil, nil
}

func valuesValid(c world.RuleCondition) error {
	for _, v := range c.Values {
		switch {
		case v == "":
			return invalid("Condition values cannot be empty")
		case len(v) > 128:
			return invalid("Condition value '%s' cannot be longer than '128' characters", v)
		}
		if _, err := netip.ParsePrefix(v); c.Field == "source-ip" && err != nil {
			return invalid("Condition value '%s' contains a value that is not a valid CIDR block", v)
		}
	}
	return nil
}

// Show turns the conditions of a rule into the API's.
func Show(in []world.RuleCondition) []types.RuleCondition {
	out := make([]types.RuleCondition, len(in))
	for i, c := range in {
		out[i] = toCondition(c)
	}
	return out
}

func toCondition(c world.RuleCondition) types.RuleCondition {
	out := types.RuleCondition{Field: aws.String(c.Field)}
	switch c.Field {
	case "path-pattern":
		out.Values, out.RegexValues = c.Values, c.Regex
		out.PathPatternConfig = &types.PathPatternConditionConfig{Values: c.Values, RegexValues: c.Regex}
	case "host-header":
		out.Values, out.RegexValues = c.Values, c.Regex
		out.HostHeaderConfig = &types.HostHeaderConditionConfig{Values: c.Values, RegexValues: c.Regex}
	case "http-header":
		out.HttpHeaderConfig = &types.HttpHeaderConditionConfig{HttpHeaderName: aws.String(c.Header), Values: c.Values, RegexValues: c.Regex}
	case "http-request-method":
		out.HttpRequestMethodConfig = &types.HttpRequestMethodConditionConfig{Values: c.Values}
	case "source-ip":
		out.SourceIpConfig = &types.SourceIpConditionConfig{Values: c.Values}
	default:
		out.QueryStringConfig = &types.QueryStringConditionConfig{}
		for _, p := range c.Pairs {
			pair := types.QueryStringKeyValuePair{Value: aws.String(p.Value)}
			if p.Key != "" {
				pair.Key = aws.String(p.Key)
			}
			out.QueryStringConfig.Values = append(out.QueryStringConfig.Values, pair)
		}
	}
	return out
}

// invalid refuses what breaks a rule that AWS writes out in words.
func invalid(format string, a ...any) error { return wire.Errorf("ValidationError", format, a...) }
