package elb

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/elb/cipher"
	"berth/internal/sim/world"
)

// CreateClassicLoadBalancer makes a classic load balancer, which works at once. A call that repeats the one that made a
// load balancer of this name answers with that one.
func CreateClassicLoadBalancer(c *world.Call, in *elbv1.CreateLoadBalancerInput) (*elbv1.CreateLoadBalancerOutput, error) {
	tags, err := classicTags(in.Tags)
	if err == nil {
		err = checkClassic(in)
	}
	if err != nil {
		return nil, err
	}
	like := *in
	like.Subnets, like.SecurityGroups = slices.Sorted(slices.Values(in.Subnets)), slices.Sorted(slices.Values(in.SecurityGroups))
	digest := digestOf(like)
	if old, ok := c.Region.Balancing.Classics.Get(*in.LoadBalancerName); ok {
		if old.Digest != digest {
			return nil, refuse("DuplicateLoadBalancerName", "The specified load balancer name already exists for this account.")
		}
		return &elbv1.CreateLoadBalancerOutput{DNSName: aws.String(old.DNSName)}, nil
	}
	if c.Region.Balancing.Classics.Len() >= classicPerRegion().in(c.Region) {
		return nil, refuse("TooManyLoadBalancers", "The quota for the number of load balancers has been reached.")
	}
	b, err := buildClassic(c, in)
	if err != nil {
		return nil, err
	}
	b.Digest, b.Tags = digest, tags
	c.Region.Balancing.Classics.Put(b.Name, b)
	c.Used("elasticloadbalancing.amazonaws.com")
	return &elbv1.CreateLoadBalancerOutput{DNSName: aws.String(b.DNSName)}, nil
}

// checkClassic checks a create call by itself.
func checkClassic(in *elbv1.CreateLoadBalancerInput) error {
	if err := needed("loadBalancerName", in.LoadBalancerName != nil); err != nil {
		return err
	}
	name, scheme := *in.LoadBalancerName, aws.ToString(in.Scheme)
	switch {
	case !regexp.MustCompile(`^[A-Za-z0-9]([A-Za-z0-9-]{0,30}[A-Za-z0-9])?$`).MatchString(name):
		return invalid("LoadBalancerName '%s' must have at most 32 characters, only letters, digits and hyphens, and neither begin nor end with a hyphen", name)
	case len(in.Listeners) == 0:
		return invalid("Listeners cannot be empty")
	case len(in.Subnets) > 0 && len(in.AvailabilityZones) > 0:
		return invalid("Only one of SubnetIds or AvailabilityZones may be specified")
	case len(in.AvailabilityZones) > 0:
		return invalid("There is no default VPC for this account: SubnetIds must be specified")
	case len(in.Subnets) == 0:
		return invalid("Either AvailabilityZones or SubnetIds must be specified")
	case scheme != "" && scheme != "internal" && scheme != "internet-facing":
		return refuse("InvalidScheme", "The scheme '%s' is not valid: it must be internet-facing or internal", scheme)
	}
	return nil
}

// buildClassic makes the load balancer and its interfaces.
func buildClassic(c *world.Call, in *elbv1.CreateLoadBalancerInput) (*world.ClassicBalancer, error) {
	b := &world.ClassicBalancer{
		Name: *in.LoadBalancerName, Scheme: cmp.Or(aws.ToString(in.Scheme), "internet-facing"), Created: c.Now(),
		DrainSeconds: 300, IdleSeconds: 60, Log: world.AccessLog{Minutes: 60}, Desync: "defensive",
	}
	for _, l := range in.Listeners {
		if err := addClassicListener(c.Region, b, l); err != nil {
			return nil, err
		}
	}
	subnets, err := placement{
		subnets: in.Subnets, internet: b.Scheme == "internet-facing", zones: 1, conflict: http.StatusConflict,
	}.choose(c.Region)
	if err != nil {
		return nil, err
	}
	b.VPCID = subnets[0].VPCID
	if b.Groups, err = guards(c.Region, b.VPCID, in.SecurityGroups); err != nil {
		return nil, err
	}
	b.Check = usualClassicCheck(b)
	b.DNSName = plainDNSName(c.World, c.Region, b.Name, b.Scheme)
	b.Zones, err = classicNodes(b).plug(c.World, c.Region, subnets)
	return b, err
}

// classicNodes are the interfaces that a classic load balancer needs.
func classicNodes(b *world.ClassicBalancer) node {
	return node{description: "ELB " + b.Name, groups: b.Groups, kind: "interface", public: b.Scheme == "internet-facing"}
}

// classicBy finds a classic load balancer.
func classicBy(r *world.Region, name *string) (*world.ClassicBalancer, error) {
	if err := needed("loadBalancerName", name != nil); err != nil {
		return nil, err
	}
	b, ok := r.Balancing.Classics.Get(*name)
	if !ok {
		return nil, refuse("LoadBalancerNotFound", "There is no ACTIVE Load Balancer named '%s'", *name)
	}
	return b, nil
}

// DescribeClassicLoadBalancers lists classic load balancers: those named, or all.
func DescribeClassicLoadBalancers(c *world.Call, in *elbv1.DescribeLoadBalancersInput) (*elbv1.DescribeLoadBalancersOutput, error) {
	rows := slices.Collect(c.Region.Balancing.Classics.Rows())
	if len(in.LoadBalancerNames) > 0 {
		rows = nil
	}
	for _, name := range in.LoadBalancerNames {
		b, err := classicBy(c.Region, &name)
		if err != nil {
			return nil, err
		}
		rows = append(rows, b)
	}
	rows, next, err := page(rows, in.Marker, in.PageSize)
	if err != nil {
		return nil, err
	}
	out := &elbv1.DescribeLoadBalancersOutput{NextMarker: next}
	for _, b := range rows {
		out.LoadBalancerDescriptions = append(out.LoadBalancerDescriptions, toClassic(c.Region, b))
	}
	return out, nil
}

// DeleteClassicLoadBalancer takes a classic load balancer away at once; its interfaces follow later. Deleting what is
// gone succeeds (ELB API reference 2012-06-01, DeleteLoadBalancer).
func DeleteClassicLoadBalancer(c *world.Call, in *elbv1.DeleteLoadBalancerInput) (*elbv1.DeleteLoadBalancerOutput, error) {
	if err := needed("loadBalancerName", in.LoadBalancerName != nil); err != nil {
		return nil, err
	}
	if b, ok := c.Region.Balancing.Classics.Get(*in.LoadBalancerName); ok {
		c.Region.Balancing.Classics.Delete(b.Name)
		stir(c.World, c.Region, b.Name)
		unplug(c.World, c.Region, b.Zones)
	}
	return &elbv1.DeleteLoadBalancerOutput{}, nil
}

// ApplySecurityGroups replaces the security groups of a classic load balancer.
func ApplySecurityGroups(c *world.Call, in *elbv1.ApplySecurityGroupsToLoadBalancerInput) (*elbv1.ApplySecurityGroupsToLoadBalancerOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	if err := needed("securityGroups", len(in.SecurityGroups) > 0); err != nil {
		return nil, err
	}
	groups, err := guards(c.Region, b.VPCID, in.SecurityGroups)
	if err != nil {
		return nil, err
	}
	b.Groups = groups
	guard(c.Region, b.Zones, groups)
	stir(c.World, c.Region, b.Name)
	refreshAllClassic(c.World, c.Region, b)
	return &elbv1.ApplySecurityGroupsToLoadBalancerOutput{SecurityGroups: groups}, nil
}

// AttachSubnets puts a classic load balancer into more subnets; those that it is in already stay.
func AttachSubnets(c *world.Call, in *elbv1.AttachLoadBalancerToSubnetsInput) (*elbv1.AttachLoadBalancerToSubnetsOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	if err := needed("subnets", len(in.Subnets) > 0); err != nil {
		return nil, err
	}
	ids := subnetsOf(b.Zones)
	for _, id := range in.Subnets {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	subnets, err := placement{
		subnets: ids, internet: b.Scheme == "internet-facing", zones: 1, has: subnetsOf(b.Zones), conflict: http.StatusConflict,
	}.choose(c.Region)
	if err != nil {
		return nil, err
	}
	fresh, err := classicNodes(b).plug(c.World, c.Region, missingFrom(b.Zones, subnets))
	if err != nil {
		return nil, err
	}
	b.Zones = append(b.Zones, fresh...)
	stir(c.World, c.Region, b.Name)
	refreshAllClassic(c.World, c.Region, b)
	return &elbv1.AttachLoadBalancerToSubnetsOutput{Subnets: subnetsOf(b.Zones)}, nil
}

// DetachSubnets takes a classic load balancer out of subnets; one must stay.
func DetachSubnets(c *world.Call, in *elbv1.DetachLoadBalancerFromSubnetsInput) (*elbv1.DetachLoadBalancerFromSubnetsOutput, error) {
	b, err := classicBy(c.Region, in.LoadBalancerName)
	if err != nil {
		return nil, err
	}
	if err := needed("subnets", len(in.Subnets) > 0); err != nil {
		return nil, err
	}
	keep := slices.DeleteFunc(subnetsOf(b.Zones), func(id string) bool { return slices.Contains(in.Subnets, id) })
	if len(keep) == 0 {
		return nil, misconfigured(http.StatusConflict, "The load balancer must have at least one subnet")
	}
	stay, gone := split(b.Zones, keep)
	b.Zones = stay
	stir(c.World, c.Region, b.Name)
	unplug(c.World, c.Region, gone)
	refreshAllClassic(c.World, c.Region, b)
	return &elbv1.DetachLoadBalancerFromSubnetsOutput{Subnets: keep}, nil
}

func toClassic(r *world.Region, b *world.ClassicBalancer) types1.LoadBalancerDescription {
	out := types1.LoadBalancerDescription{
		LoadBalancerName: aws.String(b.Name), DNSName: aws.String(b.DNSName), Scheme: aws.String(b.Scheme), VPCId: aws.String(b.VPCID),
		CanonicalHostedZoneName: aws.String(b.DNSName), CanonicalHostedZoneNameID: aws.String(hostedZone(r.Name, "classic")),
		CreatedTime: aws.Time(b.Created), Subnets: subnetsOf(b.Zones), SecurityGroups: slices.Clone(b.Groups),
		HealthCheck: toClassicCheck(b.Check), Instances: toInstances(b), Policies: cipher.Kinds(b),
		BackendServerDescriptions: []types1.BackendServerDescription{},
	}
	for _, z := range b.Zones {
		out.AvailabilityZones = append(out.AvailabilityZones, z.Zone)
	}
	if len(b.Groups) > 0 {
		if g, ok := r.EC2.SecurityGroups.Get(b.Groups[0]); ok {
			out.SourceSecurityGroup = &types1.SourceSecurityGroup{OwnerAlias: aws.String(world.Account), GroupName: aws.String(g.Name)}
		}
	}
	for _, l := range b.Listeners {
		out.ListenerDescriptions = append(out.ListenerDescriptions, toClassicListener(l))
	}
	return out
}
