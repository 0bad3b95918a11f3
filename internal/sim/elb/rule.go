package elb

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/route"
	"berth/internal/sim/world"
)

// CreateRule adds a rule to a listener of an application load balancer.
func CreateRule(c *world.Call, in *elbv2.CreateRuleInput) (*elbv2.CreateRuleOutput, error) {
	l, err := listenerBy(c.Region, in.ListenerArn)
	if err != nil {
		return nil, err
	}
	lb, _ := c.Region.Balancing.LoadBalancers.Get(l.LoadBalancer)
	if lb.Type == "network" {
		return nil, refuse("InvalidConfigurationRequest", "Rules are not supported for listeners of load balancers with type 'network'")
	}
	rule := &world.ListenerRule{Listener: l.ARN, Priority: aws.ToInt32(in.Priority)}
	err = first(needed("priority", in.Priority != nil), within("priority", in.Priority, 1, 50000), untransformed(in.Transforms))
	if err != nil {
		return nil, err
	}
	if rule.Conditions, err = route.Conditions(in.Conditions); err != nil {
		return nil, err
	}
	if rule.Actions, err = fromActions(c.Region, lb, l, in.Actions); err != nil {
		return nil, err
	}
	if rule.Tags, err = fromTags(in.Tags); err != nil {
		return nil, err
	}
	if ruleWith(c.Region, l.ARN, rule.Priority) != nil {
		return nil, refuse("PriorityInUse", "Priority '%d' is currently in use", rule.Priority)
	}
	if rulesOf(c.Region, lb.ARN) >= rulesPerBalancer().in(c.Region) {
		return nil, refuse("TooManyRules", "The maximum number of rules has been reached for load balancer '%s'", lb.ARN)
	}
	rule.ARN = strings.Replace(l.ARN, ":listener/", ":listener-rule/", 1) + "/" + c.Hex(16)
	c.Region.Balancing.Rules.Put(rule.ARN, rule)
	attach(c.World, c.Region, lb.ARN, rule.Actions)
	stirRule(c.World, c.Region, rule.ARN)
	return &elbv2.CreateRuleOutput{Rules: []types.Rule{toRule(rule)}}, nil
}

// untransformed refuses transforms, which the simulator does not have.
func untransformed(in []types.RuleTransform) error {
	if len(in) > 0 {
		return refuse("InvalidConfigurationRequest", "Transforms are not supported")
	}
	return nil
}

func ruleWith(r *world.Region, listener string, priority int32) *world.ListenerRule {
	for rule := range r.Balancing.Rules.Rows() {
		if rule.Listener == listener && !rule.Default && rule.Priority == priority {
			return rule
		}
	}
	return nil
}

// rulesOf counts the rules of a load balancer, without the default ones.
func rulesOf(r *world.Region, balancer string) int {
	n := 0
	for rule := range r.Balancing.Rules.Rows() {
		if l, ok := r.Balancing.Listeners.Get(rule.Listener); ok && l.LoadBalancer == balancer && !rule.Default {
			n++
		}
	}
	return n
}

// DescribeRules lists rules: those named, or those of a listener by priority, the default one last.
func DescribeRules(c *world.Call, in *elbv2.DescribeRulesInput) (*elbv2.DescribeRulesOutput, error) {
	var rows []*world.ListenerRule
	switch {
	case in.ListenerArn != nil && len(in.RuleArns) > 0:
		return nil, invalid("A listener ARN and rule ARNs cannot be specified at the same time")
	case in.ListenerArn != nil:
		l, err := listenerBy(c.Region, in.ListenerArn)
		if err != nil {
			return nil, err
		}
		rows = byPriority(c.Region, l.ARN)
	case len(in.RuleArns) == 0:
		return nil, invalid("You must specify either listener rule ARNs or a listener ARN")
	}
	for _, arn := range in.RuleArns {
		rule, err := ruleBy(c.Region, &arn)
		if err != nil {
			return nil, err
		}
		rows = append(rows, rule)
	}
	rows, next, err := page(rows, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	return &elbv2.DescribeRulesOutput{Rules: toRules(rows), NextMarker: next}, nil
}

func byPriority(r *world.Region, listener string) []*world.ListenerRule {
	var out []*world.ListenerRule
	for rule := range r.Balancing.Rules.Rows() {
		if rule.Listener == listener {
			out = append(out, rule)
		}
	}
	last := func(rule *world.ListenerRule) int32 {
		if rule.Default {
			return 50001
		}
		return rule.Priority
	}
	slices.SortStableFunc(out, func(a, b *world.ListenerRule) int { return cmp.Compare(last(a), last(b)) })
	return out
}

// ModifyRule replaces the conditions, the actions, or both.
func ModifyRule(c *world.Call, in *elbv2.ModifyRuleInput) (*elbv2.ModifyRuleOutput, error) {
	rule, err := ruleBy(c.Region, in.RuleArn)
	if err != nil {
		return nil, err
	}
	if in.Conditions == nil && in.Actions == nil && in.ResetTransforms == nil {
		return nil, invalid("Either conditions or actions must be specified")
	}
	if err := untransformed(in.Transforms); err != nil {
		return nil, err
	}
	conditions, actions := rule.Conditions, rule.Actions
	if in.Conditions != nil {
		if rule.Default {
			return nil, refuse("OperationNotPermitted", "Default rule '%s' cannot have conditions", rule.ARN)
		}
		if conditions, err = route.Conditions(in.Conditions); err != nil {
			return nil, err
		}
	}
	if in.Actions != nil {
		l, _ := c.Region.Balancing.Listeners.Get(rule.Listener)
		lb, _ := c.Region.Balancing.LoadBalancers.Get(l.LoadBalancer)
		if actions, err = fromActions(c.Region, lb, l, in.Actions); err != nil {
			return nil, err
		}
	}
	rule.Conditions = conditions
	setActions(c.World, c.Region, rule, actions)
	return &elbv2.ModifyRuleOutput{Rules: toRules([]*world.ListenerRule{rule})}, nil
}

// setActions replaces a rule's actions; target groups come and go with them.
func setActions(w *world.World, r *world.Region, rule *world.ListenerRule, actions []world.RuleAction) {
	old := rule.Actions
	rule.Actions = actions
	stirRule(w, r, rule.ARN)
	if l, ok := r.Balancing.Listeners.Get(rule.Listener); ok {
		attach(w, r, l.LoadBalancer, actions)
	}
	release(w, r, old)
}

// DeleteRule takes a rule away; default ones go with their listener only.
func DeleteRule(c *world.Call, in *elbv2.DeleteRuleInput) (*elbv2.DeleteRuleOutput, error) {
	rule, err := ruleBy(c.Region, in.RuleArn)
	if err != nil {
		return nil, err
	}
	if rule.Default {
		return nil, refuse("OperationNotPermitted", "Default rule '%s' cannot be deleted", rule.ARN)
	}
	c.Region.Balancing.Rules.Delete(rule.ARN)
	stirRule(c.World, c.Region, rule.ARN)
	release(c.World, c.Region, rule.Actions)
	return &elbv2.DeleteRuleOutput{}, nil
}

// SetRulePriorities moves rules; the call may swap them. Priorities must stay free of doubles in each listener.
func SetRulePriorities(c *world.Call, in *elbv2.SetRulePrioritiesInput) (*elbv2.SetRulePrioritiesOutput, error) {
	if err := needed("rulePriorities", len(in.RulePriorities) > 0); err != nil {
		return nil, err
	}
	rows := make([]*world.ListenerRule, len(in.RulePriorities))
	moved := map[string]int32{}
	for i, p := range in.RulePriorities {
		rule, err := ruleBy(c.Region, p.RuleArn)
		if err != nil {
			return nil, err
		}
		if err := first(needed("priority", p.Priority != nil), within("priority", p.Priority, 1, 50000)); err != nil {
			return nil, err
		}
		if rule.Default {
			return nil, refuse("OperationNotPermitted", "The priority of default rule '%s' cannot be changed", rule.ARN)
		}
		if _, twice := moved[rule.ARN]; twice {
			return nil, invalid("Rule '%s' was provided multiple times", rule.ARN)
		}
		moved[rule.ARN], rows[i] = *p.Priority, rule
	}
	for _, rule := range rows {
		if err := clashes(c.Region, rule, moved); err != nil {
			return nil, err
		}
	}
	for _, rule := range rows {
		rule.Priority = moved[rule.ARN]
	}
	return &elbv2.SetRulePrioritiesOutput{Rules: toRules(rows)}, nil
}

// clashes refuses a move to a priority that another rule of the listener has, or gets too.
func clashes(r *world.Region, rule *world.ListenerRule, moved map[string]int32) error {
	to := moved[rule.ARN]
	for other := range r.Balancing.Rules.Rows() {
		if other == rule || other.Listener != rule.Listener || other.Default {
			continue
		}
		p, moves := moved[other.ARN]
		switch {
		case moves && p == to:
			return invalid("Priority '%d' was provided multiple times", to)
		case !moves && other.Priority == to:
			return refuse("PriorityInUse", "Priority '%d' is currently in use", to)
		}
	}
	return nil
}

func toRules(rows []*world.ListenerRule) []types.Rule {
	out := make([]types.Rule, len(rows))
	for i, rule := range rows {
		out[i] = toRule(rule)
	}
	return out
}

func toRule(rule *world.ListenerRule) types.Rule {
	priority := "default"
	if !rule.Default {
		priority = strconv.Itoa(int(rule.Priority))
	}
	return types.Rule{
		RuleArn: aws.String(rule.ARN), Priority: aws.String(priority), IsDefault: aws.Bool(rule.Default),
		Conditions: route.Show(rule.Conditions), Actions: toActions(rule.Actions), Transforms: []types.RuleTransform{},
	}
}
