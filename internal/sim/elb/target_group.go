package elb

import (
	"cmp"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb/probe"
	"berth/internal/sim/world"
)

// CreateTargetGroup makes a target group for instances or addresses. A call that repeats the one that made a group of
// this name answers with that one.
func CreateTargetGroup(c *world.Call, in *elbv2.CreateTargetGroupInput) (*elbv2.CreateTargetGroupOutput, error) {
	g, err := newGroup(c, in)
	if err != nil {
		return nil, err
	}
	if g.Tags, err = fromTags(in.Tags); err != nil {
		return nil, err
	}
	like := *g
	like.Tags = sorted(g.Tags)
	g.Digest = digestOf(like)
	if old := groupNamed(c.Region, g.Name); old != nil {
		if old.Digest != g.Digest {
			return nil, refuse("DuplicateTargetGroupName", "A target group with the same name '%s' exists, but with different settings", g.Name)
		}
		return &elbv2.CreateTargetGroupOutput{TargetGroups: []types.TargetGroup{toGroup(old)}}, nil
	}
	if c.Region.Balancing.TargetGroups.Len() >= groupsPerRegion().in(c.Region) {
		return nil, refuse("TooManyTargetGroups", "The maximum number of target groups has been reached.")
	}
	g.ID = c.Hex(16)
	g.ARN = arnOf(c.Region, "targetgroup/"+g.Name+"/"+g.ID)
	c.Region.Balancing.TargetGroups.Put(g.ARN, g)
	return &elbv2.CreateTargetGroupOutput{TargetGroups: []types.TargetGroup{toGroup(g)}}, nil
}

// newGroup checks a create call and makes the row without an id.
func newGroup(c *world.Call, in *elbv2.CreateTargetGroupInput) (*world.TargetGroup, error) {
	kind := cmp.Or(in.TargetType, types.TargetTypeEnumInstance)
	err := first(
		checkName("target group", "name", in.Name),
		oneOf("targetType", kind, types.TargetTypeEnumInstance, types.TargetTypeEnumIp),
		oneOf("protocol", in.Protocol, types.ProtocolEnumHttp, types.ProtocolEnumHttps, types.ProtocolEnumTcp,
			types.ProtocolEnumTls, types.ProtocolEnumUdp, types.ProtocolEnumTcpUdp),
		oneOf("ipAddressType", in.IpAddressType, types.TargetGroupIpAddressTypeEnumIpv4, types.TargetGroupIpAddressTypeEnumIpv6),
		within("port", in.Port, 1, 65535),
	)
	switch {
	case err != nil:
		return nil, err
	case in.Protocol == "":
		return nil, invalid("A protocol must be specified")
	case in.Port == nil:
		return nil, invalid("A port must be specified")
	case in.VpcId == nil:
		return nil, invalid("A VPC ID must be specified")
	}
	if _, ok := c.Region.EC2.VPCs.Get(*in.VpcId); !ok {
		return nil, invalid("The VPC ID '%s' is not found", *in.VpcId)
	}
	g := &world.TargetGroup{
		Name: *in.Name, Protocol: string(in.Protocol), Port: *in.Port, VPCID: *in.VpcId, TargetType: string(kind),
		IPType: string(cmp.Or(in.IpAddressType, types.TargetGroupIpAddressTypeEnumIpv4)),
	}
	if g.ProtocolVersion, err = version(in.Protocol, in.ProtocolVersion); err != nil {
		return nil, err
	}
	g.Check = usualCheck(g)
	return g, checkWanted{
		enabled: in.HealthCheckEnabled, protocol: in.HealthCheckProtocol, port: in.HealthCheckPort, path: in.HealthCheckPath,
		interval: in.HealthCheckIntervalSeconds, timeout: in.HealthCheckTimeoutSeconds,
		healthy: in.HealthyThresholdCount, unhealthy: in.UnhealthyThresholdCount, matcher: in.Matcher,
	}.apply(g)
}

// version is the protocol version of a target group: HTTP ones have one.
func version(protocol types.ProtocolEnum, asked *string) (string, error) {
	if !speaksHTTP(string(protocol)) {
		if asked != nil {
			return "", invalid("You cannot specify a protocol version for target groups with protocol '%s'", protocol)
		}
		return "", nil
	}
	v := cmp.Or(aws.ToString(asked), "HTTP1")
	return v, oneOf("protocolVersion", v, "HTTP1", "HTTP2", "GRPC")
}

func speaksHTTP(protocol string) bool { return protocol == "HTTP" || protocol == "HTTPS" }

// usualCheck is the health check of a new target group (Application and Network Load Balancers user guides, "Health
// checks for your target groups").
func usualCheck(g *world.TargetGroup) world.HealthCheck {
	h := world.HealthCheck{Protocol: "TCP", Port: "traffic-port", Interval: 30, Timeout: 10, Healthy: 5, Unhealthy: 2}
	if !speaksHTTP(g.Protocol) {
		return h
	}
	h.Protocol, h.Timeout, h.Path, h.Codes = "HTTP", 5, "/", "200"
	if g.ProtocolVersion == "GRPC" {
		h.Path, h.Codes = "/AWS.ALB/healthcheck", "12"
	}
	return h
}

// checkWanted is what a create or modify call says about the health check; nil leaves a setting.
type checkWanted struct {
	enabled                               *bool
	protocol                              types.ProtocolEnum
	port, path                            *string
	interval, timeout, healthy, unhealthy *int32
	matcher                               *types.Matcher
}

// apply sets the wanted health check on a target group, or refuses it and leaves the group as it was.
func (h checkWanted) apply(g *world.TargetGroup) error {
	check, err := h.on(g)
	if err == nil {
		g.Check = check
	}
	return err
}

func (h checkWanted) on(g *world.TargetGroup) (world.HealthCheck, error) {
	out := g.Check
	err := first(
		oneOf("healthCheckProtocol", h.protocol, types.ProtocolEnumHttp, types.ProtocolEnumHttps, types.ProtocolEnumTcp),
		within("healthCheckIntervalSeconds", h.interval, 5, 300),
		within("healthCheckTimeoutSeconds", h.timeout, 2, 120),
		within("healthyThresholdCount", h.healthy, 2, 10),
		within("unhealthyThresholdCount", h.unhealthy, 2, 10),
	)
	if err != nil {
		return out, err
	}
	if !aws.ToBool(cmp.Or(h.enabled, aws.Bool(true))) {
		return out, invalid("Health check enabled must be true for target groups with target type '%s'", g.TargetType)
	}
	out = h.withProtocol(out)
	out.Port = cmp.Or(aws.ToString(h.port), out.Port)
	out.Path = cmp.Or(aws.ToString(h.path), out.Path)
	set := func(to *int32, v *int32) { *to = aws.ToInt32(cmp.Or(v, to)) }
	set(&out.Interval, h.interval)
	set(&out.Timeout, h.timeout)
	set(&out.Healthy, h.healthy)
	set(&out.Unhealthy, h.unhealthy)
	if h.matcher != nil {
		out.Codes = cmp.Or(aws.ToString(h.matcher.HttpCode), aws.ToString(h.matcher.GrpcCode), out.Codes)
	}
	return out, checkable(g, out)
}

// withProtocol changes the protocol of a health check together with the defaults that follow from it.
func (h checkWanted) withProtocol(check world.HealthCheck) world.HealthCheck {
	to := string(h.protocol)
	if to == "" || to == check.Protocol {
		return check
	}
	switch {
	case to == "TCP":
		check.Path, check.Codes = "", ""
	case check.Protocol == "TCP":
		check.Path, check.Codes, check.Timeout = "/", "200-399", 6
	}
	check.Protocol = to
	return check
}

// checkable refuses a health check that doesn't fit together or doesn't fit its target group.
func checkable(g *world.TargetGroup, h world.HealthCheck) error {
	switch {
	case speaksHTTP(g.Protocol) && h.Protocol == "TCP":
		return invalid("Health check protocol 'TCP' is not supported for target groups with protocol '%s'", g.Protocol)
	case h.Timeout >= h.Interval:
		return invalid("Health check timeout '%d' must be smaller than the interval '%d'", h.Timeout, h.Interval)
	case h.Port != "traffic-port" && !inRange(h.Port, "1", "65535"):
		return invalid("Health check port '%s' must be 'traffic-port' or in the range 1-65535", h.Port)
	case h.Protocol == "TCP" && (h.Path != "" || h.Codes != ""):
		return invalid("Health check path and matcher are not supported for health checks with protocol 'TCP'")
	case h.Protocol == "TCP":
		return nil
	case !regexp.MustCompile(`^/[^?#]*(\?[^#]*)?$`).MatchString(h.Path) || len(h.Path) > 1024:
		return invalid("Health check path '%s' must start with '/' and have at most 1024 characters", h.Path)
	}
	return codesValid(g, h.Codes)
}

// codesValid checks the codes that a health check takes for success, such as "200", "200,202" or "200-299".
func codesValid(g *world.TargetGroup, codes string) error {
	low, high := 200, 499
	switch {
	case g.ProtocolVersion == "GRPC":
		low, high = 0, 99
	case !speaksHTTP(g.Protocol):
		high = 599
	}
	if !probe.Within(codes, low, high) {
		return invalid("Health check matcher code '%s' must be within %d-%d", codes, low, high)
	}
	return nil
}

func groupNamed(r *world.Region, name string) *world.TargetGroup {
	for g := range r.Balancing.TargetGroups.Rows() {
		if g.Name == name {
			return g
		}
	}
	return nil
}

// DescribeTargetGroups lists target groups: those named, those of a load balancer, or all.
func DescribeTargetGroups(c *world.Call, in *elbv2.DescribeTargetGroupsInput) (*elbv2.DescribeTargetGroupsOutput, error) {
	rows, err := askedGroups(c.Region, in)
	if err != nil {
		return nil, err
	}
	rows, next, err := page(rows, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &elbv2.DescribeTargetGroupsOutput{NextMarker: next}
	for _, g := range rows {
		out.TargetGroups = append(out.TargetGroups, toGroup(g))
	}
	return out, nil
}

func askedGroups(r *world.Region, in *elbv2.DescribeTargetGroupsInput) ([]*world.TargetGroup, error) {
	if err := mostNamed("target groups", len(in.TargetGroupArns), len(in.Names)); err != nil {
		return nil, err
	}
	var rows []*world.TargetGroup
	switch {
	case in.LoadBalancerArn != nil:
		lb, err := balancerBy(r, in.LoadBalancerArn)
		if err != nil {
			return nil, err
		}
		return groupsBehind(r, lb.ARN), nil
	case len(in.TargetGroupArns) == 0 && len(in.Names) == 0:
		return slices.Collect(r.Balancing.TargetGroups.Rows()), nil
	}
	for _, arn := range in.TargetGroupArns {
		g, err := groupBy(r, &arn)
		if err != nil {
			return nil, err
		}
		rows = append(rows, g)
	}
	for _, name := range in.Names {
		g := groupNamed(r, name)
		if g == nil {
			return nil, aTargetGroup().unknown()
		}
		rows = append(rows, g)
	}
	return rows, nil
}

// groupsBehind lists the target groups that a load balancer uses.
func groupsBehind(r *world.Region, balancer string) []*world.TargetGroup {
	var out []*world.TargetGroup
	for g := range r.Balancing.TargetGroups.Rows() {
		if g.LoadBalancer == balancer {
			out = append(out, g)
		}
	}
	return out
}

// ModifyTargetGroup changes the health check. Checks that were made already keep their results.
func ModifyTargetGroup(c *world.Call, in *elbv2.ModifyTargetGroupInput) (*elbv2.ModifyTargetGroupOutput, error) {
	g, err := groupBy(c.Region, in.TargetGroupArn)
	if err != nil {
		return nil, err
	}
	want := checkWanted{
		enabled: in.HealthCheckEnabled, protocol: in.HealthCheckProtocol, port: in.HealthCheckPort, path: in.HealthCheckPath,
		interval: in.HealthCheckIntervalSeconds, timeout: in.HealthCheckTimeoutSeconds,
		healthy: in.HealthyThresholdCount, unhealthy: in.UnhealthyThresholdCount, matcher: in.Matcher,
	}
	check, err := want.on(g)
	if err != nil {
		return nil, err
	}
	refreshGroup(c.World, c.Region, g)
	for t := range g.Targets.Rows() {
		rhythm(g).Rebase(&t.Probe)
	}
	g.Check = check
	for t := range g.Targets.Rows() {
		t.Probe.Result = resultOf(c.Region, g, t)
		awaitTurn(c.World, c.Region, g, t)
	}
	return &elbv2.ModifyTargetGroupOutput{TargetGroups: []types.TargetGroup{toGroup(g)}}, nil
}

// DeleteTargetGroup takes a target group away that nothing uses. Deleting what is gone succeeds.
func DeleteTargetGroup(c *world.Call, in *elbv2.DeleteTargetGroupInput) (*elbv2.DeleteTargetGroupOutput, error) {
	if err := aTargetGroup().check(c.Region, in.TargetGroupArn); err != nil {
		return nil, err
	}
	g, ok := c.Region.Balancing.TargetGroups.Get(*in.TargetGroupArn)
	if ok && g.LoadBalancer != "" {
		return nil, refuse("ResourceInUse", "Target group '%s' is currently in use by a listener or a rule", g.ARN)
	}
	c.Region.Balancing.TargetGroups.Delete(*in.TargetGroupArn)
	return &elbv2.DeleteTargetGroupOutput{}, nil
}

func toGroup(g *world.TargetGroup) types.TargetGroup {
	h := g.Check
	out := types.TargetGroup{
		TargetGroupArn: aws.String(g.ARN), TargetGroupName: aws.String(g.Name), VpcId: aws.String(g.VPCID),
		Protocol: types.ProtocolEnum(g.Protocol), Port: aws.Int32(g.Port), TargetType: types.TargetTypeEnum(g.TargetType),
		IpAddressType:      types.TargetGroupIpAddressTypeEnum(g.IPType),
		HealthCheckEnabled: aws.Bool(true), HealthCheckProtocol: types.ProtocolEnum(h.Protocol), HealthCheckPort: aws.String(h.Port),
		HealthCheckIntervalSeconds: aws.Int32(h.Interval), HealthCheckTimeoutSeconds: aws.Int32(h.Timeout),
		HealthyThresholdCount: aws.Int32(h.Healthy), UnhealthyThresholdCount: aws.Int32(h.Unhealthy),
		LoadBalancerArns: []string{},
	}
	if g.LoadBalancer != "" {
		out.LoadBalancerArns = []string{g.LoadBalancer}
	}
	if g.ProtocolVersion != "" {
		out.ProtocolVersion = aws.String(g.ProtocolVersion)
	}
	if h.Path != "" {
		out.HealthCheckPath = aws.String(h.Path)
	}
	switch {
	case h.Codes == "":
	case g.ProtocolVersion == "GRPC":
		out.Matcher = &types.Matcher{GrpcCode: aws.String(h.Codes)}
	default:
		out.Matcher = &types.Matcher{HttpCode: aws.String(h.Codes)}
	}
	return out
}
