package asg

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// readPlaces reads the subnets and zones of a call: where instances may be. Without subnets it takes the default VPC,
// which no simulated account has.
func readPlaces(r *world.Region, subnets *string, zones []string) (ids, in []string, err error) {
	if aws.ToString(subnets) == "" {
		if len(zones) == 0 {
			return nil, nil, invalid("At least one Availability Zone or VPC Subnet is required.")
		}
		return nil, nil, invalid("No default VPC for this user")
	}
	vpc := ""
	for id := range strings.SplitSeq(*subnets, ",") {
		id = strings.TrimSpace(id)
		s, ok := r.EC2.Subnets.Get(id)
		if !ok {
			return nil, nil, invalid("The subnet ID '%s' does not exist", id)
		}
		if vpc = cmp.Or(vpc, s.VPCID); vpc != s.VPCID {
			return nil, nil, invalid("The subnets must all be in the same VPC")
		}
		ids = append(ids, id)
		if !slices.Contains(in, s.Zone) {
			in = append(in, s.Zone)
		}
	}
	for _, z := range zones {
		if !slices.Contains(in, z) {
			return nil, nil, invalid("The availability zones of the specified subnets and the Auto Scaling group do not match")
		}
	}
	return ids, in, nil
}

// zoneID gives the id that all accounts share for a zone.
func zoneID(region, name string) string {
	for _, z := range ec2.Zones(region) {
		if z.Name == name {
			return z.ID
		}
	}
	return ""
}

// counts is how many members that stay are in each zone.
func (g group) counts() map[string]int {
	n := make(map[string]int, len(g.Zones))
	for m := range g.Members.Rows() {
		if stays(m) {
			n[m.Zone]++
		}
	}
	return n
}

// zonesToFill are the zones where a launch may go, the one with the fewest members first. A group that is to be balanced
// at any price knows only those with the fewest.
func (g group) zonesToFill() []string {
	if g.Settings.DistributionStrategy == "balanced-only" {
		return g.emptiest()
	}
	n := g.counts()
	zones := slices.Clone(g.Zones)
	slices.SortStableFunc(zones, func(a, b string) int { return cmp.Compare(n[a], n[b]) })
	return zones
}

// emptiest are the group's zones with the fewest members.
func (g group) emptiest() []string {
	n := g.counts()
	return slices.DeleteFunc(slices.Clone(g.Zones), func(z string) bool { return n[z] > g.fewest(n) })
}

// fewest is the number of members in the emptiest of the group's zones.
func (g group) fewest(n map[string]int) int {
	least := math.MaxInt
	for _, z := range g.Zones {
		least = min(least, n[z])
	}
	return least
}

// subnetIn picks one of the group's subnets in a zone by chance; when all of them are gone it gives one that is.
func (g group) subnetIn(zone string) string {
	var here, gone []string
	for _, id := range g.Subnets {
		s, ok := g.r.EC2.Subnets.Get(id)
		switch {
		case !ok:
			gone = append(gone, id)
		case s.Zone == zone:
			here = append(here, id)
		}
	}
	if len(here) == 0 {
		here = gone
	}
	if len(here) == 1 {
		return here[0]
	}
	return here[g.w.Dice("asg.subnet "+g.Name).IntN(len(here))]
}

// lopsided tells whether an instance should move from a crowded zone, or from one that the group left, to a zone with
// room: there is one that may be terminated, and its zone has at least two more.
func (g group) lopsided() bool {
	n := g.counts()
	fewest := g.fewest(n)
	crowded := func(zone string) bool { return !slices.Contains(g.Zones, zone) || n[zone]-fewest > 1 }
	if !slices.ContainsFunc(slices.Sorted(maps.Keys(n)), crowded) {
		return false // as nearly always: no member need be asked
	}
	for m := range g.Members.Rows() {
		if !m.Protected && stays(m) && crowded(m.Zone) {
			return true
		}
	}
	return false
}
