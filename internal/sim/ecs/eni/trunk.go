package eni

import (
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// Slots is how many tasks with interfaces of their own a container instance can have: one less than its type's interfaces, or
// with a trunk as many as the trunk has branches.
func Slots(r *world.Region, i *world.ContainerInstance) int {
	host, ok := r.EC2.Instances.Get(i.EC2ID)
	if !ok {
		return 0
	}
	t, ok := ec2.FindInstanceType(host.Type)
	switch {
	case !ok:
		return 0
	case i.Trunk != "":
		return branches(t)
	}
	return t.Interfaces - 1
}

// branches is how many interfaces a trunk on an instance type carries; 0: the type cannot have one (ECS developer guide,
// "Supported instances for increased Amazon ECS container network interfaces").
func branches(t ec2.InstanceType) int {
	if t.Burstable || t.Xen {
		return 0
	}
	switch t.Size {
	case "medium":
		return 4
	case "large":
		return 10
	case "xlarge":
		return 20
	case "2xlarge":
		return 40
	case "3xlarge", "4xlarge", "6xlarge", "8xlarge", "9xlarge", "12xlarge":
		return 60
	}
	return 120
}

// Trunk gives a container instance its trunk, if its type can have one; it is there with the attribute that says so.
func Trunk(w *world.World, r *world.Region, i *world.ContainerInstance) {
	host, ok := r.EC2.Instances.Get(i.EC2ID)
	if !ok {
		return
	}
	t, ok := ec2.FindInstanceType(host.Type)
	if !ok || branches(t) == 0 {
		return
	}
	made, err := ec2.NewInterface(w, r, world.Interface{
		SubnetID: host.SubnetID, InterfaceType: "trunk", RequesterID: requester, RequesterManaged: true, InstanceID: host.ID,
		DeviceIndex: freeIndex(r, host.ID), Description: "arn:aws:ecs:" + r.Name + ":" + world.Account + ":attachment/" + w.UUID(),
	})
	if err != nil {
		return // a subnet without a free address: the instance registers without a trunk
	}
	i.Trunk = made.ID
	i.Attributes = append(i.Attributes, world.ECSAttribute{Name: "ecs.awsvpc-trunk-id", Value: made.ID, HasValue: true})
}

// Untrunk takes the trunk of an instance away; one without is fine.
func Untrunk(w *world.World, r *world.Region, i *world.ContainerInstance) {
	if i.Trunk != "" {
		ec2.DeleteInterface(w, r, i.Trunk)
		i.Trunk = ""
	}
}
