package asg

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/world"
)

// AttachInstances makes running instances members; the desired capacity goes up along with them. They meet no lifecycle
// hooks, and the group's tags overwrite theirs.
func AttachInstances(c *world.Call, in *autoscaling.AttachInstancesInput) (*autoscaling.AttachInstancesOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if err := checkMoved(in.InstanceIds); err != nil {
		return nil, err
	}
	var rows []*world.Instance
	for _, id := range in.InstanceIds {
		i, err := g.attachable(id)
		if err != nil {
			return nil, err
		}
		if !slices.Contains(rows, i) {
			rows = append(rows, i)
		}
	}
	if n := len(rows); g.Desired+n > g.Max {
		return nil, g.unfit("attach", n, "more ")
	}
	for _, i := range rows {
		g.adopt(i)
	}
	return &autoscaling.AttachInstancesOutput{}, nil
}

// attachable gives an instance that the group can take over.
func (g group) attachable(id string) (*world.Instance, error) {
	i, ok := g.r.EC2.Instances.Get(id)
	if !ok {
		return nil, invalid("Invalid Instance ID(s): [%s] specified", id)
	}
	if owner, _, ok := MemberOf(g.r, id); ok {
		return nil, invalid("Instance %s is already part of AutoScalingGroup:%s", id, owner.Name)
	}
	switch {
	case i.State != world.InstanceRunning:
		return nil, invalid("The instance %s is not in the running state.", id)
	case !slices.Contains(g.Zones, i.Zone):
		return nil, invalid("The instance %s is in the Availability Zone %s, which the AutoScalingGroup %s does not use.", id, i.Zone, g.Name)
	case !slices.ContainsFunc(g.Subnets, func(s string) bool { row, ok := g.r.EC2.Subnets.Get(s); return ok && row.VPCID == i.VPCID }):
		return nil, invalid("The instance %s is not in the VPC of the AutoScalingGroup %s.", id, g.Name)
	}
	return i, nil
}

// adopt makes an instance a member on its way in.
func (g group) adopt(i *world.Instance) {
	a := g.begin("Attaching an existing EC2 instance: "+i.ID, g.at(
		"an instance was attached in response to a user request, increasing the capacity from %d to %d", g.Desired, g.Desired+1))
	i.Owner, i.Tags = g.Name, i.Tags.Set(g.inherited()...)
	ref := world.TemplateRef{ID: i.TemplateID, Version: i.TemplateVersion}
	if t, ok := g.r.EC2.Templates.Get(i.TemplateID); ok {
		ref.Name = t.Name
	}
	m := &world.GroupMember{
		ID: i.ID, Type: i.Type, ImageID: i.ImageID, Zone: i.Zone, ZoneID: zoneID(g.r.Name, i.Zone), Template: ref,
		Spot: i.Spot, Weight: 1, Healthy: true, Launched: i.LaunchedAt,
	}
	for _, o := range g.offers() {
		if o.typ == i.Type {
			m.Weight, m.WeightText = o.weight, o.weightText
		}
	}
	g.Members.Put(i.ID, m)
	g.comeBack(m, a)
}
