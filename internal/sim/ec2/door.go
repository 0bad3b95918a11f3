package ec2

import (
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/world"
)

// What services above EC2 may do with its network; they need not know that the network is a package of its own.

// Zone is an availability zone: its name in this account and the id that all accounts share.
type Zone = network.Zone

// Zones are the availability zones of a region, in order of name.
func Zones(region string) []Zone { return network.Zones(region) }

// NewInterface puts a network interface into spec.SubnetID; see network.NewInterface.
func NewInterface(w *world.World, r *world.Region, spec world.Interface) (*world.Interface, error) {
	return network.NewInterface(w, r, spec)
}

// DeleteInterface removes a network interface at once; an unknown id is fine.
func DeleteInterface(w *world.World, r *world.Region, id string) { network.DeleteInterface(w, r, id) }

// NewPublicIP takes a public IPv4 address that no earlier call took.
func NewPublicIP(w *world.World) string { return network.NewPublicIP(w) }

// ReachesInternet tells whether an instance in the subnet, with or without a public address, gets out.
func ReachesInternet(w *world.World, r *world.Region, subnetID string, public bool) bool {
	return network.ReachesInternet(w, r, subnetID, public)
}

// ReachesService tells whether an instance gets to an AWS service, over the internet or an endpoint.
func ReachesService(w *world.World, r *world.Region, i *world.Instance, service string) bool {
	t := network.Traveller{SubnetID: i.SubnetID, Address: i.PrivateIP, Public: i.PublicIP != ""}
	if e, ok := r.EC2.Interfaces.Get(i.InterfaceID); ok {
		t.Groups = e.Groups
	}
	return network.ReachesService(w, r, t, service)
}
