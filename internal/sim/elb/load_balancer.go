package elb

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

// CreateLoadBalancer makes an application or network load balancer, which becomes active some minutes later. A call
// that repeats the one that made a load balancer of this name answers with that one.
func CreateLoadBalancer(c *world.Call, in *elbv2.CreateLoadBalancerInput) (*elbv2.CreateLoadBalancerOutput, error) {
	want, err := wanted(in)
	if err != nil {
		return nil, err
	}
	tags, err := fromTags(in.Tags)
	if err != nil {
		return nil, err
	}
	digest := digestOf(want)
	if old := balancerNamed(c.Region, *want.Name); old != nil {
		if old.Digest != digest {
			return nil, refuse("DuplicateLoadBalancerName", "A load balancer with the same name '%s' exists, but with different settings", old.Name)
		}
		return &elbv2.CreateLoadBalancerOutput{LoadBalancers: []types.LoadBalancer{toBalancer(c.Region, old)}}, nil
	}
	if balancersOf(c.Region, string(want.Type)) >= perRegion(string(want.Type)).in(c.Region) {
		return nil, refuse("TooManyLoadBalancers", "The maximum number of load balancers has been reached.")
	}
	lb, err := build(c, want)
	if err != nil {
		return nil, err
	}
	lb.Digest, lb.Tags = digest, tags
	c.Region.Balancing.LoadBalancers.Put(lb.ARN, lb)
	c.Used("elasticloadbalancing.amazonaws.com")
	return &elbv2.CreateLoadBalancerOutput{LoadBalancers: []types.LoadBalancer{toBalancer(c.Region, lb)}}, nil
}

// wanted checks a create call by itself and fills in the defaults, so that two calls for the same thing are equal.
func wanted(in *elbv2.CreateLoadBalancerInput) (elbv2.CreateLoadBalancerInput, error) {
	out := *in
	out.Type = cmp.Or(in.Type, types.LoadBalancerTypeEnumApplication)
	out.Scheme = cmp.Or(in.Scheme, types.LoadBalancerSchemeEnumInternetFacing)
	out.IpAddressType = cmp.Or(in.IpAddressType, types.IpAddressTypeIpv4)
	out.Subnets = slices.Clone(in.Subnets)
	err := first(
		checkName("load balancer", "name", in.Name),
		oneOf("type", out.Type, types.LoadBalancerTypeEnumApplication, types.LoadBalancerTypeEnumNetwork),
		oneOf("scheme", out.Scheme, types.LoadBalancerSchemeEnumInternetFacing, types.LoadBalancerSchemeEnumInternal),
		oneOf("ipAddressType", out.IpAddressType, types.IpAddressTypeIpv4),
	)
	if err == nil && strings.HasPrefix(*in.Name, "internal-") {
		err = invalid("The load balancer name '%s' cannot begin with 'internal-'", *in.Name)
	}
	if err == nil {
		out.Subnets, err = mapped(out.Subnets, in.SubnetMappings)
	}
	out.SubnetMappings = nil
	slices.Sort(out.Subnets)
	out.SecurityGroups = slices.Sorted(slices.Values(in.SecurityGroups))
	out.Tags = slices.SortedFunc(slices.Values(in.Tags), func(a, b types.Tag) int {
		return cmp.Compare(aws.ToString(a.Key), aws.ToString(b.Key))
	})
	return out, err
}

// mapped gives the subnets of a call that names them one way or the other. Own addresses are not simulated.
func mapped(subnets []string, mappings []types.SubnetMapping) ([]string, error) {
	if len(mappings) == 0 {
		return subnets, nil
	}
	if len(subnets) > 0 {
		return nil, invalid("You must specify either subnets or subnet mappings, not both")
	}
	for _, m := range mappings {
		if m.AllocationId != nil || m.PrivateIPv4Address != nil || m.IPv6Address != nil || m.SourceNatIpv6Prefix != nil {
			return nil, refuse("InvalidConfigurationRequest", "Addresses can't be specified for the subnets of this load balancer")
		}
		subnets = append(subnets, aws.ToString(m.SubnetId))
	}
	return subnets, nil
}

// checkName checks a load balancer's or target group's name.
func checkName(words, at string, name *string) error {
	if err := needed(at, name != nil); err != nil {
		return err
	}
	subject := "The " + words + " name"
	if words == "target group" {
		subject = "Target group name"
	}
	switch n := *name; {
	case n == "":
		return invalid("%s '' cannot be empty", subject)
	case len(n) > 32:
		return invalid("%s '%s' cannot be longer than '32' characters", subject, n)
	case !regexp.MustCompile(`^[A-Za-z0-9-]+$`).MatchString(n):
		return invalid("%s '%s' can only contain characters that are alphanumeric characters or hyphens(-)", subject, n)
	case strings.Trim(n, "-") != n:
		return invalid("%s '%s' cannot begin or end with '-'", subject, n)
	}
	return nil
}

// build makes the load balancer and its interfaces, and schedules that it becomes active.
func build(c *world.Call, in elbv2.CreateLoadBalancerInput) (*world.LoadBalancer, error) {
	internet := in.Scheme == types.LoadBalancerSchemeEnumInternetFacing
	subnets, err := placement{subnets: in.Subnets, internet: internet, zones: zonesNeeded(string(in.Type))}.choose(c.Region)
	if err != nil {
		return nil, err
	}
	lb := &world.LoadBalancer{
		Name: *in.Name, ID: c.Hex(16), Type: string(in.Type), Scheme: string(in.Scheme), IPType: string(in.IpAddressType),
		State: world.BalancerProvisioning, VPCID: subnets[0].VPCID, Created: c.Now(),
	}
	if lb.Type == "application" || len(in.SecurityGroups) > 0 {
		if lb.Groups, err = guards(c.Region, lb.VPCID, in.SecurityGroups); err != nil {
			return nil, err
		}
	}
	lb.ARN = arnOf(c.Region, "loadbalancer/"+shortType(lb.Type)+"/"+lb.Name+"/"+lb.ID)
	lb.DNSName = dnsName(c.World, c.Region, lb)
	if lb.Zones, err = nodes(lb).plug(c.World, c.Region, subnets); err != nil {
		return nil, err
	}
	after := c.Draw("elb.balancer-create", lb.ARN, world.Span{Mean: 150 * time.Second, Deviation: 12 * time.Second, Floor: 120 * time.Second})
	lb.ActiveAt = c.Now().Add(after)
	c.Schedule(after, world.Event{Kind: balancerActive, Region: c.Region.Name, ID: lb.ARN})
	return lb, nil
}

func zonesNeeded(kind string) int {
	if kind == "network" {
		return 1
	}
	return 2
}

// dnsName makes the name under which a load balancer is found; the numbers make it unique.
func dnsName(w *world.World, r *world.Region, lb *world.LoadBalancer) string {
	if lb.Type == "network" {
		return lb.Name + "-" + lb.ID + ".elb." + r.Name + ".amazonaws.com"
	}
	return plainDNSName(w, r, lb.Name, lb.Scheme)
}

// plainDNSName is the form that application and classic load balancers share.
func plainDNSName(w *world.World, r *world.Region, name, scheme string) string {
	name += "-" + w.Digits(9) + "." + r.Name + ".elb.amazonaws.com"
	if scheme == "internal" {
		return "internal-" + name
	}
	return name
}

// nodes are the interfaces that a load balancer needs.
func nodes(lb *world.LoadBalancer) node {
	n := node{
		description: "ELB " + shortType(lb.Type) + "/" + lb.Name + "/" + lb.ID,
		groups:      lb.Groups, kind: "interface", public: lb.Scheme == "internet-facing",
	}
	if lb.Type == "network" {
		n.kind = "network_load_balancer"
	}
	return n
}

// onBalancerActive ends the provisioning of a load balancer.
func onBalancerActive(w *world.World, e world.Event) {
	if lb, ok := w.Region(e.Region).Balancing.LoadBalancers.Get(e.ID); ok {
		lb.State = world.BalancerActive
		stirBehind(w, w.Region(e.Region), lb.ARN)
	}
}

// DescribeLoadBalancers lists load balancers: those named, or all.
func DescribeLoadBalancers(c *world.Call, in *elbv2.DescribeLoadBalancersInput) (*elbv2.DescribeLoadBalancersOutput, error) {
	var rows []*world.LoadBalancer
	if len(in.LoadBalancerArns) == 0 && len(in.Names) == 0 {
		rows = slices.Collect(c.Region.Balancing.LoadBalancers.Rows())
	}
	if err := mostNamed("load balancers", len(in.LoadBalancerArns), len(in.Names)); err != nil {
		return nil, err
	}
	for _, arn := range in.LoadBalancerArns {
		lb, err := balancerBy(c.Region, &arn)
		if err != nil {
			return nil, err
		}
		rows = append(rows, lb)
	}
	for _, name := range in.Names {
		lb := balancerNamed(c.Region, name)
		if lb == nil {
			return nil, refuse("LoadBalancerNotFound", "Load balancers '[%s]' not found", name)
		}
		rows = append(rows, lb)
	}
	rows, next, err := page(rows, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &elbv2.DescribeLoadBalancersOutput{NextMarker: next}
	for _, lb := range rows {
		out.LoadBalancers = append(out.LoadBalancers, toBalancer(c.Region, lb))
	}
	return out, nil
}

// mostNamed refuses calls that name more than 20 resources, or name them both ways.
func mostNamed(words string, arns, names int) error {
	switch {
	case arns > 0 && names > 0:
		return invalid("%s ARNs and names cannot be specified at the same time", strings.ToUpper(words[:1])+words[1:])
	case arns > resourcesPerTagCall() || names > resourcesPerTagCall():
		return invalid("Up to %d %s can be described at a time", resourcesPerTagCall(), words)
	}
	return nil
}

func balancerNamed(r *world.Region, name string) *world.LoadBalancer {
	for lb := range r.Balancing.LoadBalancers.Rows() {
		if lb.Name == name {
			return lb
		}
	}
	return nil
}

func balancersOf(r *world.Region, kind string) int {
	n := 0
	for lb := range r.Balancing.LoadBalancers.Rows() {
		if lb.Type == kind {
			n++
		}
	}
	return n
}

// DeleteLoadBalancer takes a load balancer and its listeners away at once; its interfaces follow later. Deleting what
// is gone succeeds (ELB API reference 2015-12-01, DeleteLoadBalancer).
func DeleteLoadBalancer(c *world.Call, in *elbv2.DeleteLoadBalancerInput) (*elbv2.DeleteLoadBalancerOutput, error) {
	if err := aBalancer().check(c.Region, in.LoadBalancerArn); err != nil {
		return nil, err
	}
	lb, ok := c.Region.Balancing.LoadBalancers.Get(*in.LoadBalancerArn)
	if !ok {
		return &elbv2.DeleteLoadBalancerOutput{}, nil
	}
	if get(balancerAttributes(lb), lb.Attributes, protection) == "true" {
		return nil, refuse("OperationNotPermitted", "Load balancer '%s' cannot be deleted because deletion protection is enabled", lb.ARN)
	}
	for l := range c.Region.Balancing.Listeners.Rows() {
		if l.LoadBalancer == lb.ARN {
			dropListener(c.World, c.Region, l)
		}
	}
	c.Region.Balancing.LoadBalancers.Delete(lb.ARN)
	unplug(c.World, c.Region, lb.Zones)
	return &elbv2.DeleteLoadBalancerOutput{}, nil
}

// SetSecurityGroups replaces the security groups of a load balancer.
func SetSecurityGroups(c *world.Call, in *elbv2.SetSecurityGroupsInput) (*elbv2.SetSecurityGroupsOutput, error) {
	lb, err := balancerBy(c.Region, in.LoadBalancerArn)
	if err != nil {
		return nil, err
	}
	if err := needed("securityGroups", len(in.SecurityGroups) > 0); err != nil {
		return nil, err
	}
	if lb.Type == "network" && len(lb.Groups) == 0 {
		return nil, refuse("InvalidConfigurationRequest", "You can't associate security groups with a Network Load Balancer that was created without them")
	}
	groups, err := guards(c.Region, lb.VPCID, in.SecurityGroups)
	if err != nil {
		return nil, err
	}
	lb.Groups = groups
	stirBehind(c.World, c.Region, lb.ARN)
	lb.PrivateLink = cmp.Or(string(in.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic), lb.PrivateLink)
	guard(c.Region, lb.Zones, groups)
	refreshBalancer(c.World, c.Region, lb.ARN)
	return &elbv2.SetSecurityGroupsOutput{
		SecurityGroupIds: groups,
		EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic: in.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic,
	}, nil
}

// SetSubnets moves a load balancer into other subnets: new ones get an interface, the others lose theirs.
func SetSubnets(c *world.Call, in *elbv2.SetSubnetsInput) (*elbv2.SetSubnetsOutput, error) {
	lb, err := balancerBy(c.Region, in.LoadBalancerArn)
	if err != nil {
		return nil, err
	}
	ids, err := mapped(slices.Clone(in.Subnets), in.SubnetMappings)
	if err != nil {
		return nil, err
	}
	subnets, err := placement{
		subnets: ids, zones: zonesNeeded(lb.Type), has: subnetsOf(lb.Zones), internet: lb.Scheme == "internet-facing",
	}.choose(c.Region)
	if err != nil {
		return nil, err
	}
	if subnets[0].VPCID != lb.VPCID {
		return nil, refuse("InvalidConfigurationRequest", "All subnets must belong to the same VPC: '%s'", lb.VPCID)
	}
	fresh, err := nodes(lb).plug(c.World, c.Region, missingFrom(lb.Zones, subnets))
	if err != nil {
		return nil, err
	}
	stay, gone := split(lb.Zones, ids)
	lb.Zones = append(stay, fresh...)
	unplug(c.World, c.Region, gone)
	stirBehind(c.World, c.Region, lb.ARN)
	refreshBalancer(c.World, c.Region, lb.ARN)
	return &elbv2.SetSubnetsOutput{AvailabilityZones: toZones(lb.Zones), IpAddressType: types.IpAddressType(lb.IPType)}, nil
}

// SetIPAddressType sets the kind of addresses. Networks here have no IPv6, so there is one kind to choose from.
func SetIPAddressType(c *world.Call, in *elbv2.SetIpAddressTypeInput) (*elbv2.SetIpAddressTypeOutput, error) {
	lb, err := balancerBy(c.Region, in.LoadBalancerArn)
	if err != nil {
		return nil, err
	}
	err = first(needed("ipAddressType", in.IpAddressType != ""),
		oneOf("ipAddressType", in.IpAddressType, in.IpAddressType.Values()...))
	if err != nil {
		return nil, err
	}
	if in.IpAddressType != types.IpAddressTypeIpv4 {
		return nil, refuse("InvalidSubnet", "You must specify subnets with an associated IPv6 CIDR block.")
	}
	lb.IPType = string(in.IpAddressType)
	return &elbv2.SetIpAddressTypeOutput{IpAddressType: in.IpAddressType}, nil
}

func toBalancer(r *world.Region, lb *world.LoadBalancer) types.LoadBalancer {
	out := types.LoadBalancer{
		LoadBalancerArn: aws.String(lb.ARN), LoadBalancerName: aws.String(lb.Name), DNSName: aws.String(lb.DNSName),
		Type: types.LoadBalancerTypeEnum(lb.Type), Scheme: types.LoadBalancerSchemeEnum(lb.Scheme),
		VpcId: aws.String(lb.VPCID), IpAddressType: types.IpAddressType(lb.IPType), CreatedTime: aws.Time(lb.Created),
		CanonicalHostedZoneId: aws.String(hostedZone(r.Name, lb.Type)),
		SecurityGroups:        slices.Clone(lb.Groups), AvailabilityZones: toZones(lb.Zones),
		State: &types.LoadBalancerState{Code: types.LoadBalancerStateEnum(lb.State)},
	}
	if lb.Type == "network" {
		out.EnablePrefixForIpv6SourceNat = types.EnablePrefixForIpv6SourceNatEnumOff
		if len(lb.Groups) > 0 {
			out.EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic = aws.String(cmp.Or(lb.PrivateLink, "on"))
		}
	}
	return out
}

func toZones(zones []world.BalancerZone) []types.AvailabilityZone {
	out := make([]types.AvailabilityZone, len(zones))
	for i, z := range zones {
		out[i] = types.AvailabilityZone{ZoneName: aws.String(z.Zone), SubnetId: aws.String(z.SubnetID)}
	}
	return out
}
