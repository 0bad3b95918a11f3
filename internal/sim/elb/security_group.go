package elb

import (
	"slices"

	"berth/internal/sim/world"
)

// guards checks the security groups that a load balancer shall have; none means the VPC's default one.
func guards(r *world.Region, vpc string, ids []string) ([]string, error) {
	if len(ids) == 0 {
		return defaultGroup(r, vpc), nil
	}
	for _, id := range ids {
		g, ok := r.EC2.SecurityGroups.Get(id)
		if !ok {
			return nil, refuse("InvalidSecurityGroup", "The security group '%s' does not exist", id)
		}
		if g.VPCID != vpc {
			return nil, refuse("InvalidSecurityGroup", "The security group '%s' does not belong to VPC '%s'", id, vpc)
		}
	}
	return slices.Compact(slices.Clone(ids)), nil
}

// defaultGroup is the security group that comes with a VPC.
func defaultGroup(r *world.Region, vpc string) []string {
	for g := range r.EC2.SecurityGroups.Rows() {
		if g.VPCID == vpc && g.Name == "default" {
			return []string{g.ID}
		}
	}
	return nil
}

// guard puts security groups on all interfaces of a load balancer.
func guard(r *world.Region, zones []world.BalancerZone, groups []string) {
	for _, z := range zones {
		if i, ok := r.EC2.Interfaces.Get(z.Interface); ok {
			i.Groups = slices.Clone(groups)
		}
	}
}
