package asg

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostLaunched is how many instances one call may launch.
const mostLaunched = 100

// LaunchInstances launches instances into a group at once, in the zone or subnet that the call names, and tells which it
// got and what failed. The desired capacity goes up along with what was launched; with a retry strategy along with all
// that was asked for, and the group launches the rest by itself (Auto Scaling API reference, LaunchInstances).
func LaunchInstances(c *world.Call, in *autoscaling.LaunchInstancesInput) (*autoscaling.LaunchInstancesOutput, error) {
	g, subnets, err := readOrder(c, in)
	if err != nil {
		return nil, err
	}
	n, token := int(*in.RequestedCapacity), *in.ClientToken
	sum := fmt.Sprint(n, in.AvailabilityZones, in.AvailabilityZoneIds, in.SubnetIds, in.RetryStrategy)
	row, again := g.Orders.Get(token)
	switch {
	case again && row.Digest != sum:
		return nil, wire.Errorf("IdempotentParameterMismatch", "The client token %s was used with other parameters before", token)
	case again:
		return g.answerOrder(row), nil
	case g.suspended("Launch"):
		return nil, invalid("The Launch process of the AutoScalingGroup %s is suspended", g.Name)
	case g.Desired+n > g.Max:
		return nil, g.unfit("launch", n, "more ")
	}
	row = &world.LaunchOrder{Token: token, Digest: sum}
	g.fill(row, n, subnets)
	g.Orders.Put(token, row)
	if in.RetryStrategy == types.RetryStrategyRetryWithGroupConfiguration {
		if rest := n - len(row.Instances); rest > 0 {
			g.requested("a user request launched instances changing the desired capacity from %d to %d", g.Desired, g.Desired+rest)
			g.Desired, g.DesiredBy = g.Desired+rest, byUser
			g.soon()
		}
	}
	return g.answerOrder(row), nil
}

// readOrder checks a call and gives the subnets that it may launch into.
func readOrder(c *world.Call, in *autoscaling.LaunchInstancesInput) (group, []string, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return g, nil, err
	}
	if _, err := required(in.ClientToken, "clientToken"); err != nil {
		return g, nil, err
	}
	strategies := []types.RetryStrategy{"", types.RetryStrategyNone, types.RetryStrategyRetryWithGroupConfiguration}
	n := int(aws.ToInt32(in.RequestedCapacity))
	switch {
	case in.RequestedCapacity == nil:
		return g, nil, missing("requestedCapacity")
	case n < 1 || n > mostLaunched:
		return g, nil, invalid("RequestedCapacity must be between 1 and %d", mostLaunched)
	case len(in.AvailabilityZones) > 0 && len(in.AvailabilityZoneIds) > 0:
		return g, nil, invalid("Only one of AvailabilityZones and AvailabilityZoneIds may be specified")
	case !slices.Contains(strategies, in.RetryStrategy):
		return g, nil, outside(string(in.RetryStrategy), "retryStrategy", "none, retry-with-group-configuration")
	case Weighted(g.ScalingGroup):
		return g, nil, invalid("Groups with instance weights cannot launch instances by call in this Region")
	}
	subnets, err := g.orderedSubnets(in)
	return g, subnets, err
}

// orderedSubnets are the group's subnets that a call names, or leaves by naming zones.
func (g group) orderedSubnets(in *autoscaling.LaunchInstancesInput) ([]string, error) {
	zones := slices.Clone(in.AvailabilityZones)
	for _, id := range in.AvailabilityZoneIds {
		at := slices.IndexFunc(g.Zones, func(z string) bool { return zoneID(g.r.Name, z) == id })
		if at < 0 {
			return nil, invalid("The Availability Zone %s is not enabled for the AutoScalingGroup %s", id, g.Name)
		}
		zones = append(zones, g.Zones[at])
	}
	for _, z := range zones {
		if !slices.Contains(g.Zones, z) {
			return nil, invalid("The Availability Zone %s is not enabled for the AutoScalingGroup %s", z, g.Name)
		}
	}
	if len(zones) == 0 && len(in.SubnetIds) == 0 && len(g.Zones) > 1 {
		return nil, invalid("Either AvailabilityZones or SubnetIds must be specified for a group with several Availability Zones")
	}
	for _, id := range in.SubnetIds {
		if !slices.Contains(g.Subnets, id) {
			return nil, invalid("The subnet %s is not part of the AutoScalingGroup %s", id, g.Name)
		}
	}
	return slices.DeleteFunc(slices.Clone(g.Subnets), func(id string) bool {
		row, ok := g.r.EC2.Subnets.Get(id)
		named := len(in.SubnetIds) == 0 || slices.Contains(in.SubnetIds, id)
		return !named || len(zones) > 0 && (!ok || !slices.Contains(zones, row.Zone))
	}), nil
}

// fill launches as many instances as it gets, round the subnets; each one that refuses is noted once and left out.
func (g group) fill(row *world.LaunchOrder, n int, subnets []string) {
	for len(row.Instances) < n && len(subnets) > 0 {
		subnet := subnets[len(row.Instances)%len(subnets)]
		why := g.at("an instance was launched in response to a user request, increasing the capacity from %d to %d", g.Desired, g.Desired+1)
		i, o, err := g.try(subnet, g.wantsSpot())
		if err != nil {
			g.failed(why, subnet, err)
			f := world.LaunchFailure{Subnet: subnet, Type: cmp.Or(o.typ, g.usualType(o)), Code: code(err), Message: message(err)}
			if s, ok := g.r.EC2.Subnets.Get(subnet); ok {
				f.Zone = s.Zone
			}
			row.Failures = append(row.Failures, f)
			subnets = slices.DeleteFunc(slices.Clone(subnets), func(s string) bool { return s == subnet })
			continue
		}
		g.join(i, o, why)
		g.Desired, g.DesiredBy = g.Desired+1, byUser
		row.Instances = append(row.Instances, i.ID)
	}
}

// usualType is the instance type of an offer that leaves it to its launch configuration; a template's is not looked up.
func (g group) usualType(o offer) string {
	if row, ok := g.r.AutoScaling.Configurations.Get(o.configuration); ok {
		return row.Type
	}
	return ""
}

// answerOrder is what a call that launched, or the same one once more, is told: instances alike stand together.
func (g group) answerOrder(row *world.LaunchOrder) *autoscaling.LaunchInstancesOutput {
	out := &autoscaling.LaunchInstancesOutput{AutoScalingGroupName: aws.String(g.Name), ClientToken: aws.String(row.Token)}
	for _, id := range row.Instances {
		i, ok := g.r.EC2.Instances.Get(id)
		if !ok {
			continue
		}
		at := slices.IndexFunc(out.Instances, func(x types.InstanceCollection) bool {
			return *x.SubnetId == i.SubnetID && *x.InstanceType == i.Type && *x.MarketType == market(i)
		})
		if at < 0 {
			at = len(out.Instances)
			out.Instances = append(out.Instances, types.InstanceCollection{
				AvailabilityZone: aws.String(i.Zone), AvailabilityZoneId: aws.String(zoneID(g.r.Name, i.Zone)), InstanceType: aws.String(i.Type),
				MarketType: aws.String(market(i)), SubnetId: aws.String(i.SubnetID),
			})
		}
		out.Instances[at].InstanceIds = append(out.Instances[at].InstanceIds, id)
	}
	for _, f := range row.Failures {
		out.Errors = append(out.Errors, types.LaunchInstancesError{
			AvailabilityZone: text(f.Zone), AvailabilityZoneId: text(zoneID(g.r.Name, f.Zone)), SubnetId: aws.String(f.Subnet),
			InstanceType: text(f.Type), ErrorCode: aws.String(f.Code), ErrorMessage: aws.String(f.Message), MarketType: aws.String("OnDemand"),
		})
	}
	return out
}

// market is an instance's purchase option in the words of LaunchInstances.
func market(i *world.Instance) string {
	if i.Spot {
		return "Spot"
	}
	return "OnDemand"
}
