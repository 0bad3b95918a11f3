package service

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/document"
)

// Write is how one verb is carried out; the specification is the action's.
type Write = func(context.Context, *cloud.Cloud, document.Value) error

// Balancing are the verbs about load balancers and log groups. All but one may be sent twice.
func Balancing() map[string]Write {
	return map[string]Write{
		"create log group":     createLogGroup,
		"create target group":  createTargetGroup,
		"modify target group":  modifyTargetGroup,
		"delete target group":  deleteTargetGroup,
		"create listener rule": createListenerRule,
		"modify listener rule": modifyListenerRule,
		"delete listener rule": deleteListenerRule,
	}
}

// createTargetGroup may be repeated: AWS answers an equal request of the same name with the group that stands (ELB API
// reference, CreateTargetGroup).
func createTargetGroup(ctx context.Context, c *cloud.Cloud, spec document.Value) error {
	out, err := cloud.Repeat(ctx, c, c.Balance.CreateTargetGroup, &elbv2.CreateTargetGroupInput{
		Name: text(spec, "Name"), Protocol: types.ProtocolEnum(spec.Get("Protocol").Text), Port: number(spec, "Port"), VpcId: text(spec, "VpcId"),
		TargetType: types.TargetTypeEnum(spec.Get("TargetType").Text), HealthCheckEnabled: aws.Bool(true),
		HealthCheckProtocol: types.ProtocolEnum(spec.Get("HealthCheckProtocol").Text), HealthCheckPath: text(spec, "HealthCheckPath"),
		HealthCheckIntervalSeconds: number(spec, "HealthCheckIntervalSeconds"), HealthCheckTimeoutSeconds: number(spec, "HealthCheckTimeoutSeconds"),
		HealthyThresholdCount: number(spec, "HealthyThresholdCount"), UnhealthyThresholdCount: number(spec, "UnhealthyThresholdCount"),
		Matcher: matcher(spec), Tags: tags(spec),
	})
	if err != nil {
		return err
	}
	for _, made := range out.TargetGroups {
		if err := setAttributes(ctx, c, made.TargetGroupArn, spec); err != nil {
			return err
		}
	}
	return nil
}

// modifyTargetGroup changes the settings that the specification has.
func modifyTargetGroup(ctx context.Context, c *cloud.Cloud, spec document.Value) error {
	arn := text(spec, "TargetGroupArn")
	rest := spec.With("TargetGroupArn", document.Value{}).With("Attributes", document.Value{})
	if len(rest.Members) > 0 {
		_, err := cloud.Repeat(ctx, c, c.Balance.ModifyTargetGroup, &elbv2.ModifyTargetGroupInput{
			TargetGroupArn: arn, HealthCheckProtocol: types.ProtocolEnum(spec.Get("HealthCheckProtocol").Text), HealthCheckPath: text(spec, "HealthCheckPath"),
			HealthCheckIntervalSeconds: number(spec, "HealthCheckIntervalSeconds"), HealthCheckTimeoutSeconds: number(spec, "HealthCheckTimeoutSeconds"),
			HealthyThresholdCount: number(spec, "HealthyThresholdCount"), UnhealthyThresholdCount: number(spec, "UnhealthyThresholdCount"), Matcher: matcher(spec),
		})
		if err != nil {
			return err
		}
	}
	return setAttributes(ctx, c, arn, spec)
}

func setAttributes(ctx context.Context, c *cloud.Cloud, arn *string, spec document.Value) error {
	in := &elbv2.ModifyTargetGroupAttributesInput{TargetGroupArn: arn}
	for _, a := range spec.Get("Attributes").Items {
		in.Attributes = append(in.Attributes, types.TargetGroupAttribute{Key: text(a, "Key"), Value: text(a, "Value")})
	}
	if len(in.Attributes) == 0 {
		return nil
	}
	_, err := cloud.Repeat(ctx, c, c.Balance.ModifyTargetGroupAttributes, in)
	return err
}

// deleteTargetGroup is refused as busy while a rule still sends to the group.
func deleteTargetGroup(ctx context.Context, c *cloud.Cloud, spec document.Value) error {
	_, err := cloud.Repeat(ctx, c, c.Balance.DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: text(spec, "TargetGroupArn")})
	return gone(err)
}

// createListenerRule is not to be repeated: the second time its priority is in use.
func createListenerRule(ctx context.Context, c *cloud.Cloud, spec document.Value) error {
	_, err := cloud.Write(ctx, c, c.Balance.CreateRule, &elbv2.CreateRuleInput{
		ListenerArn: text(spec, "ListenerArn"), Priority: number(spec, "Priority"), Conditions: conditions(spec), Actions: forwards(spec), Tags: tags(spec),
	})
	return err
}

// modifyListenerRule changes what a rule claims, its place among the others, or both.
func modifyListenerRule(ctx context.Context, c *cloud.Cloud, spec document.Value) error {
	if arn := text(spec, "RuleArn"); spec.Get("Conditions").There() {
		_, err := cloud.Repeat(ctx, c, c.Balance.ModifyRule, &elbv2.ModifyRuleInput{RuleArn: arn, Conditions: conditions(spec)})
		if err != nil {
			return err
		}
	}
	if !spec.Get("Priority").There() {
		return nil
	}
	_, err := cloud.Repeat(ctx, c, c.Balance.SetRulePriorities, &elbv2.SetRulePrioritiesInput{
		RulePriorities: []types.RulePriorityPair{{RuleArn: text(spec, "RuleArn"), Priority: number(spec, "Priority")}},
	})
	return err
}

func deleteListenerRule(ctx context.Context, c *cloud.Cloud, spec document.Value) error {
	_, err := cloud.Repeat(ctx, c, c.Balance.DeleteRule, &elbv2.DeleteRuleInput{RuleArn: text(spec, "RuleArn")})
	return gone(err)
}

func conditions(spec document.Value) []types.RuleCondition {
	var out []types.RuleCondition
	for _, c := range spec.Get("Conditions").Items {
		one := types.RuleCondition{Field: text(c, "Field")}
		if hosts := texts(c.Get("HostHeaderConfig", "Values")); len(hosts) > 0 {
			one.HostHeaderConfig = &types.HostHeaderConditionConfig{Values: hosts}
		}
		if paths := texts(c.Get("PathPatternConfig", "Values")); len(paths) > 0 {
			one.PathPatternConfig = &types.PathPatternConditionConfig{Values: paths}
		}
		out = append(out, one)
	}
	return out
}

func forwards(spec document.Value) []types.Action {
	var out []types.Action
	for _, a := range spec.Get("Actions").Items {
		out = append(out, types.Action{Type: types.ActionTypeEnum(a.Get("Type").Text), TargetGroupArn: text(a, "TargetGroupArn")})
	}
	return out
}

func matcher(spec document.Value) *types.Matcher {
	codes := text(spec.Get("Matcher"), "HttpCode")
	if codes == nil {
		return nil
	}
	return &types.Matcher{HttpCode: codes}
}

func tags(spec document.Value) []types.Tag {
	var out []types.Tag
	for _, t := range spec.Get("Tags").Items {
		out = append(out, types.Tag{Key: text(t, "Key"), Value: text(t, "Value")})
	}
	return out
}

// text is a member as the SDK takes it: nil where it is not there.
func text(v document.Value, name string) *string {
	if m := v.Get(name); m.There() {
		return aws.String(m.Text)
	}
	return nil
}

func number(v document.Value, name string) *int32 {
	if n, ok := v.Get(name).Number(); ok {
		return aws.Int32(int32(n))
	}
	return nil
}

func texts(v document.Value) []string {
	var out []string
	for _, item := range v.Items {
		out = append(out, item.Text)
	}
	return out
}

// gone turns an answer that there is no such thing into success: somebody else deleted it.
func gone(err error) error {
	if err != nil && cloud.Missing(err) {
		return nil
	}
	return err
}
