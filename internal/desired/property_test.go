package desired_test

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

// files draws configurations that the file may describe: one to six zones in any order, both ways out, some groups,
// some load balancers of all sorts, tags.
func files(t testing.TB) *rapid.Generator[*config.Config] {
	return rapid.Custom(func(rt *rapid.T) *config.Config {
		letters := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"a", "b", "c", "d", "e", "f"}), 1, 6, rapid.ID).Draw(rt, "zones")
		vars := []string{
			`availability_zones=["eu-west-1` + strings.Join(letters, `","eu-west-1`) + `"]`, "public_subnet_cidrs=null", "private_subnet_cidrs=null",
			"vpc_cidr=" + rapid.SampledFrom([]string{"10.0.0.0/16", "10.7.0.0/18", "192.168.0.0/20"}).Draw(rt, "vpc"),
			"nat=" + rapid.SampledFrom([]string{"per_az", "single"}).Draw(rt, "nat"),
			"instance_groups=" + object(rt, "groups", groupText),
			"tags=" + rapid.SampledFrom([]string{"{}", `{ team = "platform" }`, `{ team = "a", "cost center" = "7", "x:y" = "" }`}).Draw(rt, "tags"),
		}
		if len(letters) == 1 || rapid.Bool().Draw(rt, "own load balancers") {
			vars = append(vars, "load_balancers="+object(rt, "balancers", func(rt *rapid.T) string { return balancerText(rt, len(letters) > 1) }))
		}
		return load(t, original, vars...)
	})
}

// object writes a map of up to three entries.
func object(rt *rapid.T, label string, entry func(*rapid.T) string) string {
	out := "{"
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"one", "two", "three"}), 0, 3, rapid.ID).Draw(rt, label) {
		out += name + " = { " + entry(rt) + " }, "
	}
	return out + "}"
}

func groupText(rt *rapid.T) string {
	return fmt.Sprintf("max_size = 4, spot = %v, managed_scaling = %v, instance_type = %s, ami_family = %q",
		rapid.Bool().Draw(rt, "spot"), rapid.Bool().Draw(rt, "managed scaling"),
		rapid.SampledFrom([]string{`"m5.large"`, `["c7g.large", "c6g.large"]`}).Draw(rt, "types"),
		rapid.SampledFrom([]string{"al2023", "al2", "bottlerocket"}).Draw(rt, "family")) +
		rapid.SampledFrom([]string{"", `, ssh_public_key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f"`}).Draw(rt, "key")
}

func balancerText(rt *rapid.T, application bool) string {
	kinds := []string{`type = "classic"`, `type = "classic", instance_port = 8080`}
	if application {
		kinds = append(kinds, `type = "application"`, `allow_cidrs = ["192.0.2.0/24"]`)
	}
	return rapid.SampledFrom(kinds).Draw(rt, "type") + `, scheme = ` + rapid.SampledFrom([]string{`"external"`, `"internal"`}).Draw(rt, "scheme")
}

func TestSafetyWhatASetRefersToIsInTheSet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := files(t).Draw(rt, "file")
		set := desired.Build(c, factsOf(c))
		for r := range set.All() {
			for _, ref := range r.Refs() {
				if !set.Has(ref) {
					rt.Fatalf("%s refers to %s, which nobody makes", r.Key(), ref)
				}
			}
		}
	})
}

func TestSafetyNothingInASetStandsOnItself(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := files(t).Draw(rt, "file")
		set := desired.Build(c, factsOf(c))
		made := map[model.Key]bool{}
		for progress := true; progress; {
			progress = false
			for r := range set.All() {
				waits := slices.ContainsFunc(r.Refs(), func(k model.Key) bool { return !made[k] })
				if !made[r.Key()] && !waits {
					made[r.Key()], progress = true, true
				}
			}
		}
		if len(made) != set.Len() {
			rt.Fatalf("only %d of %d can be made", len(made), set.Len())
		}
	})
}

func TestSafetyTheSameFileAndFactsMakeTheSameSet(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := files(t).Draw(rt, "file")
		a, b := desired.Build(c, factsOf(c)), desired.Build(c, factsOf(c))
		if !reflect.DeepEqual(a, b) {
			rt.Fatal("they do not")
		}
		kept, err := json.Marshal(a)
		if err != nil {
			rt.Fatal(err)
		}
		var back model.Set
		if err := json.Unmarshal(kept, &back); err != nil || text(back) != text(a) {
			rt.Fatal("a set that was kept is another one", err)
		}
	})
}

func TestSafetyEverythingWithTagsSaysWhoseItIs(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := files(t).Draw(rt, "file")
		facts := factsOf(c)
		set := desired.Build(c, facts)
		for r := range set.All() {
			var tags model.Tags
			for _, a := range r.Attrs() {
				if name, is := strings.CutPrefix(a.Name, "tags."); is {
					tags = tags.With(name, a.Value)
				}
			}
			if tags == nil {
				continue
			}
			if k, ours := facts.Scope.Owns(r.Key().Kind, tags); k != r.Key() || !ours {
				rt.Fatalf("%s is taken for %s, ours: %v", r.Key(), k, ours)
			}
			if !reflect.DeepEqual(tags.Own(), tags) {
				rt.Fatalf("%s: a look would see %v of %v", r.Key(), tags.Own(), tags)
			}
			for _, own := range c.Tags {
				if v, there := tags.Lookup(own.Key); !there || v != own.Value {
					rt.Fatalf("%s lacks the tag %s", r.Key(), own.Key)
				}
			}
		}
	})
}

func TestOnlyTheseKindsHaveNoTags(t *testing.T) {
	set := build(t, everything)
	var without []model.Kind
	for r := range set.All() {
		if !slices.ContainsFunc(r.Attrs(), func(a model.Attr) bool { return a.Name == "tags."+model.TagKey }) && !slices.Contains(without, r.Key().Kind) {
			without = append(without, r.Key().Kind)
		}
	}
	want := []model.Kind{model.KindDefaultGroup, model.KindRoute, model.KindServiceRole, model.KindClusterProviders, model.KindCapacity}
	if !slices.Equal(without, want) {
		t.Error(without)
	}
}

func TestTheMostTagsThatAFileMayHaveFitWithOurs(t *testing.T) {
	var tags []string
	for i := range 40 {
		tags = append(tags, fmt.Sprintf(`"%s %d" = "%s"`, strings.Repeat("k", 100), i, strings.Repeat("v", 256)))
	}
	set := build(t, everything, "tags={"+strings.Join(tags, ",")+"}")
	later := 2 // what is remembered on groups beside what the set says: the size and a roll under way
	for r := range set.All() {
		n := 0
		for _, a := range r.Attrs() {
			if name, is := strings.CutPrefix(a.Name, "tags."); is {
				n++
				if utf8.RuneCountInString(name) > 128 || utf8.RuneCountInString(a.Value) > 256 {
					t.Errorf("%s: AWS refuses the tag %s of %d characters", r.Key(), name, len(a.Value))
				}
			}
		}
		if n+later > 50 {
			t.Errorf("%s has %d tags", r.Key(), n)
		}
	}
}

func TestInstancesCarryTheFilesTagsButNoKeyOfOurs(t *testing.T) {
	bothFiles(t, func(t *testing.T, c *config.Config, set model.Set) {
		for l := range model.Every[model.LaunchTemplate](&set) {
			for _, tags := range []model.Tags{l.Content.InstanceTags, l.Content.VolumeTags} {
				for _, tag := range tags {
					if strings.HasPrefix(tag.Key, "berth:") {
						t.Errorf("%s: an instance would pass for a resource of the plan: %s", l.Key(), tag.Key)
					}
				}
				if tags.Get(model.TagCluster) != c.Cluster || tags.Get(model.TagGroup) != l.Group || len(tags) != 4+len(c.Tags) {
					t.Error(tags)
				}
			}
		}
	})
}

func TestSafetyNoTwoResourcesOfOneKindHaveOneNameOnAWS(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := files(t).Draw(rt, "file")
		set := desired.Build(c, factsOf(c))
		seen := map[string]model.Key{}
		for r := range set.All() {
			for _, a := range r.Attrs() {
				name := string(r.Key().Kind) + " " + a.Value
				if other, twice := seen[name]; a.Name == "name" && twice {
					rt.Fatalf("%s and %s are both called %s", r.Key(), other, a.Value)
				} else if a.Name == "name" {
					seen[name] = r.Key()
				}
			}
		}
	})
}

func TestSafetyOnlyLoadBalancersAreOpenToTheInternetAndOnlyWhereTheFileSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := files(t).Draw(rt, "file")
		set := desired.Build(c, factsOf(c))
		for g := range model.Every[model.SecurityGroup](&set) {
			for _, r := range g.Ingress {
				switch instances := strings.HasPrefix(g.Role, "instances/"); {
				case instances && (r.CIDR != "" || !strings.HasPrefix(r.Group.Name, "lb/")):
					rt.Fatalf("%s lets in %s", g.Key(), r)
				case !instances && (r.From != 80 || r.To != 80 || r.Protocol != "tcp"):
					rt.Fatalf("%s lets in %s", g.Key(), r)
				}
			}
		}
		for _, lb := range c.LoadBalancers {
			g := get[model.SecurityGroup](t, set, model.BalancerGroupKey(lb.Key))
			if len(g.Ingress) != len(lb.AllowCIDRs) {
				rt.Fatal(g.Ingress, lb.AllowCIDRs)
			}
			for i, r := range g.Ingress {
				if r.CIDR != lb.AllowCIDRs[i].String() {
					rt.Fatal(g.Ingress, lb.AllowCIDRs)
				}
			}
		}
	})
}

func TestSafetyEveryZoneIsWholeAndOnesLossLeavesTheOthersTheirWayOut(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := files(t).Draw(rt, "file")
		set := desired.Build(c, factsOf(c))
		for _, z := range c.Zones {
			for _, tier := range []model.Tier{model.Public, model.Private} {
				table := get[model.RouteTable](t, set, model.RouteTableKey(tier, z.Name))
				route := get[model.Route](t, set, model.RouteKey(tier, z.Name))
				subnet := get[model.Subnet](t, set, table.Subnet)
				if subnet.Zone != z.Name || subnet.Tier != tier || (tier == model.Public) != (route.Target == model.InternetGatewayKey()) {
					rt.Fatal(table, route, subnet)
				}
				if tier == model.Public {
					continue
				}
				gateway := get[model.NATGateway](t, set, route.Target)
				if c.NAT == config.PerAZ && gateway.Zone != z.Name || gateway.Subnet != model.SubnetKey(model.Public, gateway.Zone) {
					rt.Fatalf("%s leaves through %s", z.Name, gateway.Zone)
				}
			}
		}
	})
}
