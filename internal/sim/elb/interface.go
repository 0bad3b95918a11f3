package elb

import (
	"slices"
	"time"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// requester is who asks EC2 for the interfaces of load balancers.
const requester = "amazon-elb"

// node is what the interfaces of one load balancer have in common.
type node struct {
	description string
	groups      []string
	kind        string // of interface
	public      bool   // with a mapped public address
}

// plug puts an interface into each subnet. If one can't be made none is left.
func (n node) plug(w *world.World, r *world.Region, subnets []*world.Subnet) ([]world.BalancerZone, error) {
	var out []world.BalancerZone
	for _, s := range subnets {
		i, err := ec2.NewInterface(w, r, n.in(w, s))
		if err != nil {
			for _, z := range out {
				ec2.DeleteInterface(w, r, z.Interface)
			}
			return nil, err
		}
		out = append(out, world.BalancerZone{Zone: s.Zone, SubnetID: s.ID, Interface: i.ID})
	}
	return out, nil
}

func (n node) in(w *world.World, s *world.Subnet) world.Interface {
	i := world.Interface{
		SubnetID: s.ID, Description: n.description, Groups: slices.Clone(n.groups), InterfaceType: n.kind,
		RequesterID: requester, RequesterManaged: true, AttachOwner: requester,
	}
	if n.public {
		i.PublicIP = ec2.NewPublicIP(w)
	}
	return i
}

// unplug lets interfaces go, as AWS does: some time after nobody needs them any more. Until then they hold their
// subnets, security groups and the internet gateway.
func unplug(w *world.World, r *world.Region, zones []world.BalancerZone) {
	for _, z := range zones {
		after := w.Draw("elb.interface-delete", z.Interface, world.Span{Mean: 45 * time.Second, Deviation: 12 * time.Second, Floor: 20 * time.Second})
		w.Schedule(after, world.Event{Kind: interfaceDeleted, Region: r.Name, ID: z.Interface})
	}
}

// onInterfaceDeleted takes an interface away that no load balancer needs any more.
func onInterfaceDeleted(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	if _, ok := r.EC2.Interfaces.Get(e.ID); ok {
		ec2.DeleteInterface(w, r, e.ID)
	}
}

// split sorts a load balancer's zones into those that stay and those that go, by the subnets that it shall have.
func split(zones []world.BalancerZone, subnets []string) (stay, gone []world.BalancerZone) {
	for _, z := range zones {
		if slices.Contains(subnets, z.SubnetID) {
			stay = append(stay, z)
		} else {
			gone = append(gone, z)
		}
	}
	return stay, gone
}

// missingFrom keeps the subnets that no zone is in yet.
func missingFrom(zones []world.BalancerZone, subnets []*world.Subnet) []*world.Subnet {
	have := subnetsOf(zones)
	return slices.DeleteFunc(slices.Clone(subnets), func(s *world.Subnet) bool { return slices.Contains(have, s.ID) })
}
