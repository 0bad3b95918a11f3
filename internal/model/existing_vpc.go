package model

import "slices"

// ExistingVPC is the VPC of others that a cluster lives in, as AWS shows it: what the file's ids and tags mean there. It
// is a fact, never a resource: nothing of it is wanted, so that no plan can change it.
type ExistingVPC struct {
	Candidates   []Candidate // what the file's id or tags name; exactly one when it is clear which VPC is meant
	CIDRs        []string    // the VPC's ranges, its first one first
	DNSSupport   bool
	DNSHostnames bool
	Subnets      []ExistingSubnet // those that the file's ids or tags name: by tier, zone, id
	Endpoints    []ExistingEndpoint
}

// Candidate is a VPC that the file may mean.
type Candidate struct {
	ID, Name, CIDR string
	Own            bool // it is the one that berth made for this cluster
}

// ExistingSubnet is a subnet that the file names.
type ExistingSubnet struct {
	Tier         Tier
	ID, VPC      string
	Name         string // its Name tag
	Zone, CIDR   string
	Free         int    // addresses that nothing has
	AutoPublicIP bool   // instances get a public address at launch
	Out          string // what its default route points at: "igw-…", "nat-…"; empty when it has none
	Dead         bool   // what the default route points at is gone
	S3           bool   // a gateway endpoint of S3 serves it
}

// ExistingEndpoint is an interface endpoint in the VPC.
type ExistingEndpoint struct {
	Service string // what its name ends in: "ecs-agent", "ecr.api"
	Private bool   // the service's own name leads to it: private DNS
}

// ID is the VPC's id; empty where there is none, or several that could be meant.
func (v *ExistingVPC) ID() string {
	if v == nil || len(v.Candidates) != 1 {
		return ""
	}
	return v.Candidates[0].ID
}

// Tier are the subnets of one tier.
func (v *ExistingVPC) Tier(t Tier) []ExistingSubnet {
	if v == nil {
		return nil
	}
	return slices.DeleteFunc(slices.Clone(v.Subnets), func(s ExistingSubnet) bool { return s.Tier != t })
}

// Zones are the zones of the subnets, sorted.
func (v *ExistingVPC) Zones() []string {
	if v == nil {
		return nil
	}
	var out []string
	for _, s := range v.Subnets {
		out = append(out, s.Zone)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Serves tells whether an interface endpoint answers for a service under the service's own name.
func (v *ExistingVPC) Serves(service string) bool {
	return v != nil && v.DNSSupport && v.DNSHostnames && slices.ContainsFunc(v.Endpoints, func(e ExistingEndpoint) bool {
		return e.Service == service && e.Private
	})
}
