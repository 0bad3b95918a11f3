package asg

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/configuration"
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// launch starts one instance in the first of the zones that has room for one. Each zone without room, and anything else
// that is in the way, makes a failed activity. It tells whether it launched.
func (g group) launch(cause string, zones []string) bool {
	spot := g.wantsSpot()
	for _, zone := range zones {
		subnet := g.subnetIn(zone)
		i, o, err := g.try(subnet, spot)
		if err == nil {
			g.join(i, o, cause)
			return true
		}
		g.failed(cause, subnet, err)
		if !scarce(err) {
			return false
		}
	}
	return false
}

// try asks EC2 for one instance in a subnet, with one type after the other.
func (g group) try(subnet string, spot bool) (i *world.Instance, o offer, err error) {
	for _, o = range g.offers() {
		spec := ec2.LaunchSpec{
			TemplateID: o.template.ID, TemplateVersion: o.template.Version, InstanceType: o.typ, SubnetID: subnet,
			Spot: spot, Tags: g.inherited(), Owner: g.Name,
		}
		if row, ok := g.r.AutoScaling.Configurations.Get(o.configuration); ok {
			spec.Data = configuration.Data(row)
		}
		i, err = ec2.Launch(g.w, g.r, spec)
		if err == nil || !scarce(err) {
			return i, o, err
		}
	}
	return i, o, err
}

// scarce tells whether another type or zone might do where this one did not.
func scarce(err error) bool {
	return slices.Contains([]string{
		"InsufficientInstanceCapacity", "InsufficientFreeAddressesInSubnet", "Unsupported", "InvalidSubnetID.NotFound",
		"InsufficientCapacity", "SpotMaxPriceTooLow", "MaxSpotInstanceCountExceeded",
	}, code(err))
}

// status is what an activity says about a refusal; of an instance profile it does not repeat the parameter.
func status(err error) string {
	said := message(err)
	if head, tail, ok := strings.Cut(said, " is invalid. "); ok && strings.Contains(head, "for parameter iamInstanceProfile.") {
		said = tail
	}
	if !strings.HasSuffix(said, ".") {
		said += "."
	}
	return said + " Launching EC2 instance failed."
}

// failed notes a launch that EC2 refused.
func (g group) failed(cause, subnet string, err error) {
	said := status(err)
	a := g.begin("Launching a new EC2 instance.  Status Reason: "+said, cause)
	a.Subnet = subnet
	if s, ok := g.r.EC2.Subnets.Get(subnet); ok {
		a.Zone = s.Zone
	}
	a.Status, a.Message, a.Progress, a.Ended = string(types.ScalingActivityStatusCodeFailed), said, 100, g.w.Now()
	g.sayEnded(a)
}
