package desired_test

import (
	"fmt"
	"maps"
	"net/netip"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

// zoned is the original file without ranges, over the named zones: "a b" is eu-west-1a and eu-west-1b.
func zoned(t testing.TB, letters, vpc string) *config.Config {
	t.Helper()
	var names []string
	for letter := range strings.FieldsSeq(letters) {
		names = append(names, `"eu-west-1`+letter+`"`)
	}
	return load(t, original, "availability_zones=["+strings.Join(names, ",")+"]", "vpc_cidr="+vpc,
		"public_subnet_cidrs=null", "private_subnet_cidrs=null", "load_balancers={}")
}

// standing are the ranges of a set's subnets, as a look at AWS would bring them.
func standing(set model.Set) map[model.Key]string {
	out := map[model.Key]string{}
	for s := range model.Every[model.Subnet](&set) {
		out[s.Key()] = s.CIDR
	}
	return out
}

// ranges writes a set's ranges of one tier: "a 10.0.0.0/24 b 10.0.1.0/24".
func ranges(set model.Set, tier model.Tier) string {
	var out []string
	for s := range model.Every[model.Subnet](&set) {
		if s.Tier == tier {
			out = append(out, strings.TrimPrefix(s.Zone, "eu-west-1"), s.CIDR)
		}
	}
	return strings.Join(out, " ")
}

func TestSubnetsThatStandKeepTheirRangesAndNewOnesTakeFreeOnes(t *testing.T) {
	for _, c := range []struct{ what, vpc, before, after, public, private string }{
		{
			"a zone behind the others", "10.0.0.0/16", "a b", "a b c",
			"a 10.0.0.0/24 b 10.0.1.0/24 c 10.0.2.0/24", "a 10.0.50.0/24 b 10.0.51.0/24 c 10.0.52.0/24",
		},
		{
			"a zone before the others", "10.0.0.0/16", "a b", "c a b",
			"a 10.0.0.0/24 b 10.0.1.0/24 c 10.0.2.0/24", "a 10.0.50.0/24 b 10.0.51.0/24 c 10.0.52.0/24",
		},
		{"the first zone goes", "10.0.0.0/16", "a b c", "b c", "b 10.0.1.0/24 c 10.0.2.0/24", "b 10.0.51.0/24 c 10.0.52.0/24"},
		{"another order", "10.0.0.0/16", "a b", "b a", "a 10.0.0.0/24 b 10.0.1.0/24", "a 10.0.50.0/24 b 10.0.51.0/24"},
		{
			"one zone for another: the range is free only when the old one is gone", "10.0.0.0/16", "a b", "a c",
			"a 10.0.0.0/24 c 10.0.2.0/24", "a 10.0.50.0/24 c 10.0.52.0/24",
		},
		{
			"all zones for others", "10.0.0.0/16", "a b", "c d",
			"c 10.0.2.0/24 d 10.0.3.0/24", "c 10.0.52.0/24 d 10.0.53.0/24",
		},
		{
			"a small VPC has no free range: the plan says so", "10.0.0.0/24", "a b", "a c",
			"a 10.0.0.0/26 c 10.0.0.64/26", "a 10.0.0.128/26 c 10.0.0.192/26",
		},
	} {
		first := zoned(t, c.before, c.vpc)
		facts := factsOf(first)
		facts.Subnets = standing(desired.Build(first, facts))
		got := desired.Build(zoned(t, c.after, c.vpc), facts)
		if ranges(got, model.Public) != c.public || ranges(got, model.Private) != c.private {
			t.Errorf("%s:\n%s\n%s", c.what, ranges(got, model.Public), ranges(got, model.Private))
		}
	}
}

func TestSubnetsOfAnotherVPCDoNotCount(t *testing.T) {
	first := zoned(t, "a b", "10.0.0.0/16")
	facts := factsOf(first)
	facts.Subnets = standing(desired.Build(first, facts))
	got := desired.Build(zoned(t, "a b", "10.9.0.0/16"), facts)
	if p := ranges(got, model.Public); p != "a 10.9.0.0/24 b 10.9.1.0/24" {
		t.Error(p)
	}
}

func TestNonsenseAmongTheFactsIsPassedOver(t *testing.T) {
	c := zoned(t, "a b", "10.0.0.0/16")
	facts := factsOf(c)
	facts.Subnets = map[model.Key]string{
		model.SubnetKey(model.Public, "eu-west-1a"): "", model.SubnetKey(model.Public, "eu-west-1b"): "2001:db8::/64",
		model.SubnetKey(model.Private, "eu-west-1a"): "10.0.0.0/8", // larger than the VPC
	}
	got := desired.Build(c, facts)
	if ranges(got, model.Public) != "a 10.0.0.0/24 b 10.0.1.0/24" || ranges(got, model.Private) != "a 10.0.50.0/24 b 10.0.51.0/24" {
		t.Error(ranges(got, model.Public), ranges(got, model.Private))
	}
}

func TestRangesThatTheFileGivesAreTaken(t *testing.T) {
	if p := ranges(build(t, original, `public_subnet_cidrs=["10.0.9.0/24","10.0.8.0/24"]`), model.Public); p != "a 10.0.9.0/24 b 10.0.8.0/24" {
		t.Error(p)
	}
}

func TestSafetyFromAnyZonesToAnyOthersNoRangesOverlapAndNoneThatStandsMoves(t *testing.T) {
	letters := rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"})
	rapid.Check(t, func(rt *rapid.T) {
		facts := model.Facts{}
		for step := range 4 {
			zones := strings.Join(rapid.SliceOfNDistinct(letters, 1, 6, rapid.ID).Draw(rt, fmt.Sprint("zones ", step)), " ")
			c := zoned(t, zones, "10.0.0.0/16")
			set := desired.Build(c, facts)
			all := map[model.Key]string{}
			for s := range model.Every[model.Subnet](&set) {
				if old, stands := facts.Subnets[s.Key()]; stands && old != s.CIDR {
					rt.Fatalf("%s moves from %s to %s", s.Key(), old, s.CIDR)
				}
				all[s.Key()] = s.CIDR
			}
			// what goes is still there while the new one comes
			maps.Copy(all, facts.Subnets)
			for k, a := range all {
				for other, b := range all {
					if k != other && netip.MustParsePrefix(a).Overlaps(netip.MustParsePrefix(b)) {
						rt.Fatalf("%s and %s overlap", k, other)
					}
				}
				if !c.VPCCIDR.Contains(netip.MustParsePrefix(a).Addr()) {
					rt.Fatalf("%s %s lies outside", k, a)
				}
			}
			facts.Subnets = standing(set)
			if next := desired.Build(c, facts); text(next) != text(set) {
				rt.Fatal("the next look at the same file moves something")
			}
		}
	})
}
