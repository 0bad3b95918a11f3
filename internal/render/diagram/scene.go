// Package diagram draws a cluster: as an SVG picture, as a Mermaid chart and as lines of a terminal.
//
// In: resources as they are wanted or as they stand, turned into a Scene. Out: text, the same bytes for the same scene.
// It takes no font, icon or style from elsewhere, and never writes anything itself.
package diagram

import (
	"maps"
	"slices"
	"strings"

	"berth/internal/model"
)

// Scene is what a picture of a cluster shows, in the order in which it shows it.
type Scene struct {
	Environment, Cluster, Region, Account string

	Planned  bool // nothing stands yet: the picture shows what will
	VPC      string
	Existing string // the id of the VPC of others; empty where the cluster has its own
	Gateway  bool   // an internet gateway
	S3       bool   // a gateway endpoint of S3
	DynamoDB bool   // a gateway endpoint of DynamoDB
	// Interfaces are the services that have interface endpoints.
	Interfaces []string
	FlowLog    string // where the record of all connections goes; empty: there is none
	Insights   string
	Logs       Logs
	Zones      []Zone
	Balancers  []Balancer
	Groups     []Group
}

// Logs are the cluster's log groups; Count 0: there are none.
type Logs struct {
	Count, Days int
	Prefix      string
}

// Zone is an availability zone.
type Zone struct {
	Name, ID        string
	Public, Private string // ranges of the subnets; empty where there is none
	NAT             bool   // a NAT gateway stands in it
	Address         string // of its NAT gateway
	Exit            string // the zone whose NAT gateway its private subnet leaves by
	Out             string // in a VPC of others: what its private subnet is routed to
}

// Balancer is a load balancer of either kind.
type Balancer struct {
	Name     string
	Classic  bool
	Internal bool
	Ports    string   // "HTTPS 443, HTTP 80 → 443", of a classic one "HTTP 80 → 8080"
	Groups   []string // classic only: the groups whose instances it reaches; an application one reaches all
}

// Group is an instance group.
type Group struct {
	Name      string
	Types     []string
	Spot      bool
	Min, Max  int
	Provider  string
	Instances map[string]int // how many there are, or will be, by zone
}

// Total counts the group's instances.
func (g Group) Total() int {
	total := 0
	for _, n := range g.Instances { // unordered: a sum
		total += n
	}
	return total
}

// vpcTitle names the VPC, and says when it is not the cluster's.
func (s Scene) vpcTitle() string {
	if s.Existing != "" {
		return "Existing VPC " + s.Existing + " " + s.VPC
	}
	return strings.TrimSpace("VPC " + s.VPC)
}

// open tells whether the internet can send requests.
func (s Scene) open() bool {
	return slices.ContainsFunc(s.Balancers, func(b Balancer) bool { return !b.Internal })
}

// Of makes the scene of what stands, or, where nothing does yet, of what is wanted.
func Of(want model.Set, have model.Inventory, facts model.Facts) Scene {
	stands := have.Has(model.VPCKey()) || have.Has(model.ClusterKey())
	if stands {
		want = have.Set
	}
	set := &want
	s := Scene{
		Planned: !stands, Gateway: set.Has(model.InternetGatewayKey()),
		S3: set.Has(model.EndpointKey("s3")), Environment: facts.Scope.Environment, Cluster: facts.Scope.ClusterName(),
		Region: facts.Scope.Region, Account: facts.Scope.Account, Logs: logsOf(set),
	}
	if v, ok := model.Find[model.VPC](set, model.VPCKey()); ok {
		s.VPC = v.CIDR
	}
	if c, ok := model.Find[model.Cluster](set, model.ClusterKey()); ok {
		s.Insights = c.Insights
	}
	s.endpoints(set)
	s.FlowLog = flowLogOf(set)
	s.Zones = zonesOf(set, have, facts)
	if facts.Existing.ID() != "" && !have.Has(model.VPCKey()) {
		s.lodge(facts)
	}
	s.Balancers = balancersOf(set)
	s.Groups = groupsOf(set)
	if s.Planned {
		s.spread(set)
	}
	return s
}

func zonesOf(set *model.Set, have model.Inventory, facts model.Facts) []Zone {
	zones := map[string]*Zone{}
	for s := range model.Every[model.Subnet](set) {
		z := zones[s.Zone]
		if z == nil {
			z = &Zone{Name: s.Zone, ID: zoneID(facts, s.Zone)}
			zones[s.Zone] = z
		}
		if s.Tier == model.Public {
			z.Public = s.CIDR
		} else {
			z.Private = s.CIDR
		}
	}
	for n := range model.Every[model.NATGateway](set) {
		if z := zones[n.Zone]; z != nil {
			z.NAT, z.Address = true, have.Handle(n.Key()).Address
			if z.Address == "" {
				z.Address = have.Handle(n.Address).Address
			}
		}
	}
	for r := range model.Every[model.Route](set) {
		if z := zones[r.Zone]; z != nil && r.Tier == model.Private && r.Target.Kind == model.KindNATGateway {
			z.Exit = r.Target.Name
		}
	}
	out := make([]Zone, 0, len(zones))
	for _, name := range slices.Sorted(maps.Keys(zones)) {
		out = append(out, *zones[name])
	}
	return out
}

// lodge draws the network of others that the cluster lives in.
func (s *Scene) lodge(facts model.Facts) {
	e := facts.Existing
	s.Existing, s.VPC = e.ID(), strings.Join(e.CIDRs, ", ")
	s.S3 = true
	for _, name := range e.Zones() {
		z := Zone{Name: name, ID: zoneID(facts, name)}
		for _, n := range e.Subnets {
			switch {
			case n.Zone != name:
			case n.Tier == model.Public:
				z.Public = joined(z.Public, n.CIDR)
				s.Gateway = s.Gateway || strings.HasPrefix(n.Out, "igw-")
			default:
				z.Private, z.Out = joined(z.Private, n.CIDR), joined(z.Out, n.Out)
				s.S3 = s.S3 && n.S3
			}
		}
		s.Zones = append(s.Zones, z)
	}
}

// joined adds one more to a list, once.
func joined(list, one string) string {
	switch {
	case list == "" || one == "":
		return list + one
	case slices.Contains(strings.Split(list, ", "), one):
		return list
	}
	return list + ", " + one
}

func zoneID(facts model.Facts, name string) string {
	for _, z := range facts.Zones {
		if z.Name == name {
			return z.ID
		}
	}
	return ""
}

func balancersOf(set *model.Set) []Balancer {
	ports := map[string][]string{}
	for l := range model.Every[model.Listener](set) {
		ports[l.Balancer] = append(ports[l.Balancer], l.String())
	}
	var out []Balancer
	for b := range model.Every[model.LoadBalancer](set) {
		out = append(out, Balancer{Name: b.Name, Internal: b.Scheme == "internal", Ports: strings.Join(ports[b.Balancer], ", ")})
	}
	for b := range model.Every[model.ClassicLoadBalancer](set) {
		one := Balancer{Name: b.Name, Classic: true, Internal: b.Scheme == "internal", Ports: strings.Join(b.Ports(), ", ")}
		for g := range model.Every[model.Group](set) {
			if slices.Contains(g.Classic, b.Key()) {
				one.Groups = append(one.Groups, g.Group)
			}
		}
		out = append(out, one)
	}
	return out
}

func groupsOf(set *model.Set) []Group {
	var out []Group
	for g := range model.Every[model.Group](set) {
		size, _ := model.Find[model.Capacity](set, model.CapacityKey(g.Group))
		one := Group{Name: g.Group, Types: g.InstanceTypes, Spot: g.Spot, Min: size.Min, Max: g.Max, Instances: map[string]int{}}
		if p, ok := model.Find[model.Provider](set, model.ProviderKey(g.Group)); ok {
			one.Provider = p.Name
		}
		for _, i := range g.Instances {
			one.Instances[i.Zone]++
		}
		out = append(out, one)
	}
	return out
}

// spread shares the instances that a group shall start with between the zones, as Auto Scaling will: evenly.
func (s *Scene) spread(set *model.Set) {
	for i := range s.Groups {
		g := &s.Groups[i]
		size, _ := model.Find[model.Capacity](set, model.CapacityKey(g.Name))
		for n := range size.Desired {
			if len(s.Zones) > 0 {
				g.Instances[s.Zones[n%len(s.Zones)].Name]++
			}
		}
	}
}

func logsOf(set *model.Set) Logs {
	var out Logs
	for l := range model.Every[model.LogGroup](set) {
		if out.Count++; l.File == model.FlowLogGroup {
			continue // it has a name of its own
		}
		out.Days, out.Prefix = l.Days, strings.TrimSuffix(l.Name, l.File)
	}
	return out
}

// flowLogOf is where the VPC's flow log goes, in words.
func flowLogOf(set *model.Set) string {
	f, ok := model.Find[model.FlowLog](set, model.FlowLogKey())
	switch {
	case !ok:
		return ""
	case f.To == model.ToBucket:
		return f.Bucket
	}
	return "CloudWatch Logs"
}
