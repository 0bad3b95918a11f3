package elb

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

// fromActions checks the actions of a rule on a listener and turns them into the world's.
func fromActions(r *world.Region, lb *world.LoadBalancer, l *world.Listener, in []types.Action) ([]world.RuleAction, error) {
	if len(in) == 0 {
		return nil, invalid("An action must be specified")
	}
	out := make([]world.RuleAction, len(in))
	for i, a := range in {
		made, err := fromAction(r, lb, l, a)
		if err != nil {
			return nil, err
		}
		out[i] = made
	}
	slices.SortStableFunc(out, func(a, b world.RuleAction) int { return cmp.Compare(a.Order, b.Order) })
	return out, inOrder(out)
}

// inOrder refuses lists that do not end with the one action that routes.
func inOrder(actions []world.RuleAction) error {
	for i, a := range actions {
		last := i == len(actions)-1
		switch {
		case routes(a) && !last:
			return refuse("InvalidLoadBalancerAction", "A rule must have exactly one forward, fixed-response or redirect action, and it must be the last one")
		case !routes(a) && last:
			return refuse("InvalidLoadBalancerAction", "The last action of a rule must be a forward, fixed-response or redirect action")
		case len(actions) > 1 && a.Order == 0:
			return refuse("InvalidLoadBalancerAction", "An order must be specified for every action of a rule with multiple actions")
		case i > 1:
			return refuse("TooManyActions", "The maximum number of actions for a rule has been reached")
		}
	}
	return nil
}

func routes(a world.RuleAction) bool {
	return a.Type == "forward" || a.Type == "fixed-response" || a.Type == "redirect"
}

func fromAction(r *world.Region, lb *world.LoadBalancer, l *world.Listener, in types.Action) (world.RuleAction, error) {
	out := world.RuleAction{Type: string(in.Type), Order: aws.ToInt32(in.Order)}
	err := first(
		needed("actions.type", in.Type != ""),
		oneOf("actions.1.member.type", in.Type, in.Type.Values()...),
		within("actions.1.member.order", in.Order, 1, 50000),
	)
	if err != nil {
		return out, err
	}
	if lb.Type == "network" && in.Type != types.ActionTypeEnumForward {
		return out, refuse("InvalidLoadBalancerAction", "Action type '%s' is not supported on load balancers with type 'network'", in.Type)
	}
	switch in.Type {
	case types.ActionTypeEnumForward:
		err = forward(r, lb, l, in, &out)
	case types.ActionTypeEnumRedirect:
		err = redirect(l, in.RedirectConfig, &out)
	case types.ActionTypeEnumFixedResponse:
		err = fixed(in.FixedResponseConfig, &out)
	default:
		err = login(l, in, &out)
	}
	return out, err
}

// forward reads the target groups of an action, which may name one alone, a list, or the same one both ways.
func forward(r *world.Region, lb *world.LoadBalancer, l *world.Listener, in types.Action, out *world.RuleAction) error {
	if err := weighted(in.ForwardConfig, out); err != nil {
		return err
	}
	if arn := aws.ToString(in.TargetGroupArn); arn != "" {
		if len(out.Groups) == 0 {
			out.Groups = []world.WeightedARN{{ARN: arn, Weight: 1}}
		}
		if len(out.Groups) > 1 || out.Groups[0].ARN != arn {
			return invalid("You can specify both ForwardConfig and TargetGroupArn only for the same single target group")
		}
	}
	switch {
	case len(out.Groups) == 0:
		return invalid("A target group ARN must be specified")
	case len(out.Groups) > groupsPerForward():
		return refuse("TooManyTargetGroups", "The maximum number of target groups per action is %d", groupsPerForward())
	}
	for _, g := range out.Groups {
		if err := forwardable(r, lb, l, g.ARN); err != nil {
			return err
		}
	}
	return nil
}

// weighted reads a list of target groups with their weights, and whether clients stick to one of them.
func weighted(in *types.ForwardActionConfig, out *world.RuleAction) error {
	if in == nil {
		return nil
	}
	for _, g := range in.TargetGroups {
		if err := within("targetGroups.weight", g.Weight, 0, 999); err != nil {
			return err
		}
		out.Groups = append(out.Groups, world.WeightedARN{ARN: aws.ToString(g.TargetGroupArn), Weight: aws.ToInt32(cmp.Or(g.Weight, aws.Int32(1)))})
	}
	s := in.TargetGroupStickinessConfig
	if s == nil {
		return nil
	}
	out.Sticky, out.Seconds = aws.ToBool(s.Enabled), aws.ToInt32(s.DurationSeconds)
	if out.Sticky && (out.Seconds < 1 || out.Seconds > 604800) {
		return invalid("Stickiness duration must be within 1-604800 when stickiness is enabled")
	}
	return nil
}

// forwardable refuses a target group that a listener can't send to.
func forwardable(r *world.Region, lb *world.LoadBalancer, l *world.Listener, arn string) error {
	if err := aTargetGroup().check(r, &arn); err != nil {
		return err
	}
	g, ok := r.Balancing.TargetGroups.Get(arn)
	switch {
	case !ok:
		return refuse("TargetGroupNotFound", "Target group '%s' not found", arn)
	case g.LoadBalancer != "" && g.LoadBalancer != lb.ARN:
		return refuse("TargetGroupAssociationLimit", "The following target groups cannot be associated with more than one load balancer: %s", arn)
	case g.VPCID != lb.VPCID:
		return refuse("InvalidConfigurationRequest", "The target group '%s' is not in the VPC '%s' of the load balancer", arn, lb.VPCID)
	case !compatible(l.Protocol, g.Protocol):
		return refuse("IncompatibleProtocols", "The target group '%s' with protocol '%s' is not compatible with a listener with protocol '%s'", arn, g.Protocol, l.Protocol)
	}
	if g.LoadBalancer == "" && len(groupsBehind(r, lb.ARN)) >= groupsPerBalancer().in(r) {
		return refuse("TooManyUniqueTargetGroupsPerLoadBalancer", "The maximum number of unique target groups has been reached for load balancer '%s'", lb.ARN)
	}
	return nil
}

// compatible tells whether a listener's protocol goes with a target group's.
func compatible(listener, group string) bool {
	switch listener {
	case "HTTP", "HTTPS":
		return speaksHTTP(group)
	case "TLS":
		return group == "TLS" || group == "TCP"
	case "UDP":
		return group == "UDP" || group == "TCP_UDP"
	case "TCP":
		return group == "TCP" || group == "TCP_UDP"
	default:
		return group == listener
	}
}

// redirect fills in what the client left out: the parts of the request itself.
func redirect(l *world.Listener, in *types.RedirectActionConfig, out *world.RuleAction) error {
	if in == nil {
		return invalid("A redirect configuration must be specified for redirect actions")
	}
	d := &world.Redirect{
		Protocol: cmp.Or(aws.ToString(in.Protocol), "#{protocol}"), Host: cmp.Or(aws.ToString(in.Host), "#{host}"),
		Port: cmp.Or(aws.ToString(in.Port), "#{port}"), Path: cmp.Or(aws.ToString(in.Path), "/#{path}"),
		Query: cmp.Or(aws.ToString(in.Query), "#{query}"), Status: string(in.StatusCode),
	}
	err := first(needed("redirectConfig.statusCode", in.StatusCode != ""),
		oneOf("redirectConfig.statusCode", in.StatusCode, in.StatusCode.Values()...))
	protocol := d.Protocol
	if protocol == "#{protocol}" {
		protocol = l.Protocol
	}
	switch {
	case err != nil:
		return err
	case protocol != "HTTP" && protocol != "HTTPS":
		return constraint("redirectConfig.protocol", d.Protocol, `satisfy regular expression pattern: ^(HTTPS?|#\{protocol\})$`)
	case l.Protocol == "HTTPS" && protocol == "HTTP":
		return refuse("InvalidLoadBalancerAction", "Redirecting HTTPS to HTTP is not supported")
	case d.Port != "#{port}" && !inRange(d.Port, "1", "65535"):
		return invalid("The redirect port '%s' must be #{port} or in the range 1-65535", d.Port)
	case d.Path[0] != '/':
		return invalid("The redirect path '%s' must start with '/'", d.Path)
	case protocol == l.Protocol && d.Host == "#{host}" && d.Port == "#{port}" && d.Path == "/#{path}":
		return refuse("InvalidLoadBalancerAction", "The redirect configuration is not valid because it creates a loop.")
	}
	out.Redirect = d
	return nil
}

func fixed(in *types.FixedResponseActionConfig, out *world.RuleAction) error {
	if in == nil {
		return invalid("A fixed response configuration must be specified for fixed-response actions")
	}
	f := &world.FixedResponse{Status: aws.ToString(in.StatusCode), ContentType: aws.ToString(in.ContentType), Body: aws.ToString(in.MessageBody)}
	switch {
	case !regexp.MustCompile(`^[245]\d\d$`).MatchString(f.Status):
		return constraint("fixedResponseConfig.statusCode", f.Status, `satisfy regular expression pattern: ^(2|4|5)\d\d$`)
	case len(f.Body) > 1024:
		return constraint("fixedResponseConfig.messageBody", f.Body, "have length less than or equal to 1024")
	}
	out.Fixed = f
	if f.ContentType == "" {
		return nil
	}
	types := []string{"text/plain", "text/css", "text/html", "application/javascript", "application/json"}
	if !slices.Contains(types, f.ContentType) {
		return invalid("The ContentType must be one of: 'text/html', 'application/json', 'application/javascript', 'text/css', 'text/plain'")
	}
	return nil
}

// login keeps the configuration of an authenticating action as it came; the simulator passes no requests.
func login(l *world.Listener, in types.Action, out *world.RuleAction) error {
	if l.Protocol != "HTTPS" {
		return refuse("InvalidLoadBalancerAction", "Action type '%s' must be used with an HTTPS listener", in.Type)
	}
	if in.AuthenticateOidcConfig == nil && in.AuthenticateCognitoConfig == nil && in.JwtValidationConfig == nil {
		return invalid("A configuration must be specified for %s actions", in.Type)
	}
	if in.AuthenticateOidcConfig != nil {
		c := *in.AuthenticateOidcConfig
		c.ClientSecret = nil // never shown again
		in.AuthenticateOidcConfig = &c
	}
	b, err := json.Marshal(types.Action{
		AuthenticateOidcConfig: in.AuthenticateOidcConfig, AuthenticateCognitoConfig: in.AuthenticateCognitoConfig, JwtValidationConfig: in.JwtValidationConfig,
	})
	out.Login = string(b)
	return err
}

func toActions(in []world.RuleAction) []types.Action {
	out := make([]types.Action, len(in))
	for i, a := range in {
		out[i] = toAction(a)
	}
	return out
}

func toAction(a world.RuleAction) types.Action {
	var out types.Action
	if a.Login != "" {
		if err := json.Unmarshal([]byte(a.Login), &out); err != nil {
			panic("elb: the world holds a broken action: " + err.Error())
		}
	}
	out.Type = types.ActionTypeEnum(a.Type)
	if a.Order > 0 {
		out.Order = aws.Int32(a.Order)
	}
	if a.Type == "forward" {
		out.ForwardConfig = toForward(a)
		if len(a.Groups) == 1 {
			out.TargetGroupArn = aws.String(a.Groups[0].ARN)
		}
	}
	if d := a.Redirect; d != nil {
		out.RedirectConfig = &types.RedirectActionConfig{
			StatusCode: types.RedirectActionStatusCodeEnum(d.Status), Protocol: aws.String(d.Protocol), Host: aws.String(d.Host),
			Port: aws.String(d.Port), Path: aws.String(d.Path), Query: aws.String(d.Query),
		}
	}
	if f := a.Fixed; f != nil {
		out.FixedResponseConfig = &types.FixedResponseActionConfig{StatusCode: aws.String(f.Status)}
		if f.ContentType != "" {
			out.FixedResponseConfig.ContentType = aws.String(f.ContentType)
		}
		if f.Body != "" {
			out.FixedResponseConfig.MessageBody = aws.String(f.Body)
		}
	}
	return out
}

func toForward(a world.RuleAction) *types.ForwardActionConfig {
	out := &types.ForwardActionConfig{TargetGroupStickinessConfig: &types.TargetGroupStickinessConfig{Enabled: aws.Bool(a.Sticky)}}
	if a.Seconds > 0 {
		out.TargetGroupStickinessConfig.DurationSeconds = aws.Int32(a.Seconds)
	}
	for _, g := range a.Groups {
		out.TargetGroups = append(out.TargetGroups, types.TargetGroupTuple{TargetGroupArn: aws.String(g.ARN), Weight: aws.Int32(g.Weight)})
	}
	return out
}
