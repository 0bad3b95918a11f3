package eni

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The states of a task's attachment (ECS API reference, Attachment).
const (
	Promised  = "PRECREATED"
	Attached  = "ATTACHED"
	Detaching = "DETACHING"
	Deleted   = "DELETED"
)

// requester is who asks EC2 for the interfaces of tasks.
const requester = "amazon-ecs"

// near are the subnets of a network that are in an instance's zone and VPC.
func near(r *world.Region, n *world.TaskNetwork, i *world.ContainerInstance) []string {
	host, ok := r.EC2.Instances.Get(i.EC2ID)
	if !ok || n == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(n.Subnets), func(id string) bool {
		s, ok := r.EC2.Subnets.Get(id)
		return !ok || s.Zone != host.Zone || s.VPCID != host.VPCID
	})
}

// Promise notes that a task is to have an interface on its instance.
func Promise(w *world.World, t *world.Task) {
	t.Interface = world.TaskInterface{Attachment: w.UUID(), Status: Promised}
}

// Attach makes the promised interface of a task on its instance. The error is the reason for which the task stops.
func Attach(w *world.World, r *world.Region, t *world.Task, i *world.ContainerInstance) error {
	id := t.Interface.Attachment
	spec := world.Interface{
		Groups: slices.Clone(t.Network.Groups), RequesterID: requester, RequesterManaged: true, AttachOwner: world.Account,
		Description: "arn:aws:ecs:" + r.Name + ":" + world.Account + ":attachment/" + id,
	}
	if i.Trunk == "" {
		spec.InstanceID, spec.DeviceIndex = i.EC2ID, freeIndex(r, i.EC2ID)
	} // else it is a branch of the instance's trunk, and attached to nothing else
	failure := errors.New("the task's subnets are not in the VPC of its instance")
	for _, subnet := range near(r, t.Network, i) {
		spec.SubnetID = subnet
		made, err := ec2.NewInterface(w, r, spec)
		if err == nil {
			t.Interface = world.TaskInterface{
				Attachment: id, Status: Attached, ID: made.ID, SubnetID: subnet, MAC: made.MAC, Address: made.PrivateIP,
			}
			return nil
		}
		failure = fmt.Errorf("Unexpected EC2 error while attempting to Create Network Interface with public IP assignment disabled "+ //nolint:staticcheck // AWS's text
			"in subnet '%s': %s", subnet, codeOf(err))
	}
	return failure
}

func codeOf(err error) string {
	if e, ok := errors.AsType[*wire.Error](err); ok {
		return e.Code
	}
	return err.Error()
}

// freeIndex is the lowest device index that no interface of an instance has.
func freeIndex(r *world.Region, instance string) int32 {
	taken := map[int32]bool{}
	for n := range r.EC2.Interfaces.Rows() {
		if n.InstanceID == instance {
			taken[n.DeviceIndex] = true
		}
	}
	index := int32(1)
	for taken[index] {
		index++
	}
	return index
}

// Detach deletes the interface of a task; one without any is fine.
func Detach(w *world.World, r *world.Region, t *world.Task) {
	if t.Interface.Attachment == "" {
		return
	}
	ec2.DeleteInterface(w, r, t.Interface.ID)
	t.Interface.Status = Deleted
}

// privateName is the name of an address in its VPC.
func privateName(r *world.Region, address string) string {
	domain := r.Name + ".compute.internal"
	if r.Name == "us-east-1" {
		domain = "ec2.internal"
	}
	return "ip-" + strings.ReplaceAll(address, ".", "-") + "." + domain
}
