package desired_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

// lodger is a file that says only whose cluster it is.
const lodger = "testdata/lodger.tfvars"

// lodgers draws configurations of clusters in a VPC of others over one to four zones, with the facts of that VPC.
func lodgers(t testing.TB, rt *rapid.T) (*config.Config, model.Facts) {
	zones := rapid.IntRange(2, 4).Draw(rt, "zones")
	c := load(t, lodger,
		`existing_vpc={ vpc_tags = { Name = "shared" }, public_subnet_tags = { tier = "public" }, private_subnet_tags = { tier = "private" } }`,
		"instance_groups="+object(rt, "groups", groupText), "load_balancers="+object(rt, "balancers", func(rt *rapid.T) string { return balancerText(rt, true) }))
	facts := factsOf(c)
	facts.Existing = &model.ExistingVPC{Candidates: []model.Candidate{{ID: "vpc-1"}}, CIDRs: []string{"10.9.0.0/16", "100.64.0.0/16"}}
	for i := range zones {
		for _, tier := range []model.Tier{model.Public, model.Private} {
			facts.Existing.Subnets = append(facts.Existing.Subnets, model.ExistingSubnet{
				Tier: tier, ID: fmt.Sprintf("subnet-%s-%d", tier, i), Zone: "eu-west-1" + string(rune('a'+i)),
			})
		}
	}
	return desired.Settle(c, facts), facts
}

func TestSafetyNothingOfTheNetworkIsWantedInAVPCOfOthers(t *testing.T) {
	network := []model.Kind{
		model.KindVPC, model.KindDefaultGroup, model.KindInternetGateway, model.KindSubnet, model.KindRouteTable, model.KindRoute,
		model.KindElasticIP, model.KindNATGateway, model.KindEndpoint, model.KindFlowLog,
	}
	rapid.Check(t, func(rt *rapid.T) {
		c, facts := lodgers(t, rt)
		set := desired.Build(c, facts)
		for r := range set.All() {
			if slices.Contains(network, r.Key().Kind) {
				rt.Fatalf("the network is others', and %s is wanted", r.Key())
			}
		}
	})
}

func TestSafetyInAVPCOfOthersWhatASetRefersToIsInTheSet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, facts := lodgers(t, rt)
		set := desired.Build(c, facts)
		for r := range set.All() {
			for _, ref := range r.Refs() {
				if !set.Has(ref) {
					rt.Fatalf("%s refers to %s, which nobody makes", r.Key(), ref)
				}
			}
		}
	})
}

func TestSafetyInAVPCOfOthersEverythingStandsInItsSubnets(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c, facts := lodgers(t, rt)
		set := desired.Build(c, facts)
		inside := map[model.Tier][]model.Key{}
		for _, s := range facts.Existing.Subnets {
			inside[s.Tier] = append(inside[s.Tier], model.Foreign(s.ID))
		}
		for g := range model.Every[model.SecurityGroup](&set) {
			if g.VPC != model.Foreign("vpc-1") {
				rt.Errorf("%s stands in %s", g.Key(), g.VPC)
			}
		}
		for g := range model.Every[model.TargetGroup](&set) {
			if g.VPC != model.Foreign("vpc-1") {
				rt.Errorf("%s stands in %s", g.Key(), g.VPC)
			}
		}
		for g := range model.Every[model.Group](&set) {
			if !slices.Equal(g.Subnets, inside[model.Private]) {
				rt.Errorf("%s stands in %v", g.Key(), g.Subnets)
			}
		}
		for b := range model.Every[model.LoadBalancer](&set) {
			if tier := map[string]model.Tier{"internal": model.Private, "internet-facing": model.Public}[b.Scheme]; !slices.Equal(b.Subnets, inside[tier]) {
				rt.Errorf("%s, %s, stands in %v", b.Key(), b.Scheme, b.Subnets)
			}
		}
	})
}

func TestWhatAFileLeavesOpenFollowsFromTheVPCOfOthers(t *testing.T) {
	c := load(t, lodger, `existing_vpc={ vpc_id = "vpc-0a1b2c3d", private_subnet_tags = { tier = "private" } }`,
		`load_balancers={ inside = { scheme = "internal" }, few = { scheme = "internal", allow_cidrs = ["192.0.2.0/24"] } }`)
	facts := factsOf(c)
	facts.Existing = &model.ExistingVPC{
		Candidates: []model.Candidate{{ID: "vpc-0a1b2c3d"}}, CIDRs: []string{"10.9.0.0/16", "100.64.0.0/16"},
		Subnets: []model.ExistingSubnet{
			{Tier: model.Private, ID: "subnet-a", Zone: "eu-west-1a"},
			{Tier: model.Private, ID: "subnet-b", Zone: "eu-west-1b"},
			{Tier: model.Private, ID: "subnet-c", Zone: "eu-west-1c"},
		},
	}
	set := desired.Build(desired.Settle(c, facts), facts)
	if size, _ := model.Find[model.Capacity](&set, model.CapacityKey("default")); size.Min != 3 || size.Desired != 3 || len(size.Routes) > 0 {
		t.Errorf("one instance for each zone, behind ways out that stand already: %+v", size)
	}
	for name, want := range map[string][]string{"inside": {"10.9.0.0/16", "100.64.0.0/16"}, "few": {"192.0.2.0/24"}} {
		g, _ := model.Find[model.SecurityGroup](&set, model.BalancerGroupKey(name))
		var got []string
		for _, r := range g.Ingress {
			got = append(got, r.CIDR)
		}
		if !slices.Equal(got, want) {
			t.Errorf("load balancer %s lets in %v, want %v", name, got, want)
		}
	}
	if len(c.Zones) > 0 || c.Groups[0].Min == 3 {
		t.Errorf("the file's own configuration has changed: %+v", c)
	}
}
