package check_test

import (
	"errors"
	"net/netip"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/check"
	"berth/internal/config"
	"berth/internal/model"
)

var (
	allZones = zonesOf("abcd")
	allTypes = []string{"t2.micro", "m7i.large", "m6i.large", "c7g.large"}
)

// anyConfig is a configuration that nobody wrote down: its settings have no places.
func anyConfig(t *rapid.T) *config.Config {
	c := &config.Config{
		Environment:      rapid.SampledFrom([]string{"acc", "prod", "pre-live"}).Draw(t, "environment"),
		Cluster:          "shop",
		Region:           "eu-west-1",
		VPCCIDR:          netip.MustParsePrefix("10.0.0.0/16"),
		NAT:              rapid.SampledFrom([]config.NATMode{config.PerAZ, config.Single}).Draw(t, "nat"),
		LogRetentionDays: rapid.SampledFrom([]int{30, 365, 3653}).Draw(t, "days"),
		Protect:          rapid.Bool().Draw(t, "protect"),
	}
	for _, z := range rapid.SliceOfNDistinct(rapid.SampledFrom(allZones), 1, 3, rapid.ID).Draw(t, "zones") {
		c.Zones = append(c.Zones, config.Zone{Name: z})
	}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"default", "batch", "web"}), 1, 3, rapid.ID).Draw(t, "groups") {
		c.Groups = append(c.Groups, anyGroup(t, name))
	}
	for _, key := range rapid.SliceOfDistinct(rapid.SampledFrom([]string{"", "public", "legacy"}), rapid.ID).Draw(t, "balancers") {
		c.LoadBalancers = append(c.LoadBalancers, config.LoadBalancer{
			Key: key, Type: rapid.SampledFrom([]string{config.Application, config.Classic}).Draw(t, "type"),
			Scheme:     rapid.SampledFrom([]string{config.External, config.Internal}).Draw(t, "scheme"),
			AllowCIDRs: []netip.Prefix{netip.MustParsePrefix(rapid.SampledFrom([]string{"0.0.0.0/0", "192.0.2.0/24"}).Draw(t, "from"))},
			TLS: rapid.SampledFrom([]config.TLS{
				{}, {Certificates: []string{"arn"}, Policy: "ELBSecurityPolicy-2016-08"}, {Certificates: []string{"arn"}, Redirect: true, Policy: "ELBSecurityPolicy-TLS13-1-3-2021-06"},
			}).Draw(t, "tls"),
		})
	}
	return c
}

func anyGroup(t *rapid.T, name string) config.Group {
	sizes := rapid.SliceOfN(rapid.IntRange(0, 4), 3, 3).Draw(t, "sizes")
	slices.Sort(sizes)
	return config.Group{
		Name: name, InstanceTypes: rapid.SliceOfNDistinct(rapid.SampledFrom(allTypes), 1, 3, rapid.ID).Draw(t, "types"),
		Arch:      rapid.SampledFrom([]string{config.X86, config.ARM}).Draw(t, "arch"),
		AMIFamily: rapid.SampledFrom([]string{config.AL2023, config.AL2}).Draw(t, "family"),
		AMI:       rapid.SampledFrom([]string{"", "ami-1"}).Draw(t, "ami"),
		Spot:      rapid.Bool().Draw(t, "spot"), ManagedScaling: rapid.Bool().Draw(t, "managed"),
		SpotStrategy: "price-capacity-optimized", OnDemandStrategy: "prioritized", Volume: config.Volume{Type: "gp3"},
		Min: sizes[0], Desired: sizes[1], Max: sizes[2], KeyName: rapid.SampledFrom([]string{"", "ops"}).Draw(t, "key"),
	}
}

// anyFacts may lack anything.
func anyFacts(t *rapid.T, c *config.Config) model.Facts {
	f := model.Facts{Types: map[string]model.Type{}, Images: map[string]model.Image{}}
	for _, z := range rapid.SliceOfDistinct(rapid.SampledFrom(allZones), rapid.ID).Draw(t, "open") {
		f.Zones = append(f.Zones, model.Zone{Name: z})
	}
	for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(allTypes), rapid.ID).Draw(t, "known") {
		f.Types[name] = model.Type{
			Name: name, MemoryMiB: memory(name), Arch: []string{config.Arch(name)},
			Zones: rapid.SliceOfDistinct(rapid.SampledFrom(allZones), rapid.ID).Draw(t, "offered"),
		}
	}
	for _, g := range c.Groups {
		if rapid.Bool().Draw(t, "image") {
			f.Images[g.Name] = model.Image{
				ID: "ami-1", Newest: rapid.SampledFrom([]string{"", "ami-1", "ami-2"}).Draw(t, "newest"),
				Origin:  rapid.SampledFrom([]string{"given", "al2023/x86_64"}).Draw(t, "origin"),
				Arch:    rapid.SampledFrom([]string{config.X86, config.ARM}).Draw(t, "image arch"),
				Missing: rapid.Bool().Draw(t, "missing"),
			}
		}
	}
	return f
}

func anyInventory(t *rapid.T, c *config.Config) model.Inventory {
	var have model.Inventory
	for _, g := range c.Groups {
		group := model.Group{Group: g.Name}
		for _, old := range rapid.SliceOfN(rapid.Bool(), 0, 7).Draw(t, "instances") {
			group.Instances = append(group.Instances, model.Instance{ID: "i-1", Reasons: reasons(old)})
		}
		have.Add(group, model.Handle{})
	}
	return have
}

func TestSafetyEveryFindingIsSortedExplainedAndActionable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfig(t)
		in := check.Input{Config: c, Facts: anyFacts(t, c), Have: anyInventory(t, c)}
		all := check.All(in)
		for i, f := range all {
			if _, ok := check.Explain(f.Code); !ok {
				t.Fatalf("%s has no page", f.Code)
			}
			if f.Text == "" || strings.ContainsAny(f.Text+f.Fix, "\n\t") || strings.HasSuffix(f.Text, ".") || strings.Contains(f.Text+f.Fix, "%!") {
				t.Fatalf("%s reads %q, %q", f.Code, f.Text, f.Fix)
			}
			if f.Fix == "" && f.Severity != check.Info {
				t.Fatalf("%s complains and does not say what to do", f.Code)
			}
			if i > 0 && rank(all[i-1]) > rank(f) {
				t.Fatalf("%s stands before %s", rank(all[i-1]), rank(f))
			}
		}
		if again := check.All(in); !slices.Equal(again, all) {
			t.Fatalf("two answers to one question:\n%s\n%s", text(all), text(again))
		}
	})
}

// rank is what findings are sorted by, as text.
func rank(f check.Finding) string {
	return map[check.Severity]string{check.Error: "1", check.Warning: "2", check.Info: "3"}[f.Severity] + f.Code
}

// possible says in plain words what Refuse is for.
func possible(c *config.Config, f model.Facts) bool {
	for _, z := range c.Zones {
		if !slices.ContainsFunc(f.Zones, func(open model.Zone) bool { return open.Name == z.Name }) {
			return false
		}
	}
	for _, g := range c.Groups {
		image := f.Images[g.Name]
		if g.AMI != "" && (image.Missing || image.Arch != "" && image.Arch != g.Arch) {
			return false
		}
		for _, name := range g.InstanceTypes {
			t, known := f.Types[name]
			somewhere := func(z config.Zone) bool { return slices.Contains(t.Zones, z.Name) }
			if !known || !slices.Contains(t.Arch, g.Arch) || !slices.ContainsFunc(c.Zones, somewhere) {
				return false
			}
		}
		for _, z := range c.Zones {
			here := func(name string) bool { return slices.Contains(f.Types[name].Zones, z.Name) }
			if !slices.ContainsFunc(g.InstanceTypes, here) {
				return false
			}
		}
	}
	return true
}

// likelyFacts lack little, so that many of them make a file possible.
func likelyFacts(t *rapid.T, c *config.Config) model.Facts {
	f := anyFacts(t, c)
	if rapid.IntRange(0, 9).Draw(t, "closed") > 0 {
		f.Zones = nil
		for _, z := range allZones {
			f.Zones = append(f.Zones, model.Zone{Name: z})
		}
	}
	for i, g := range c.Groups {
		if rapid.IntRange(0, 9).Draw(t, "any image") > 0 {
			delete(f.Images, g.Name)
		}
		for _, name := range g.InstanceTypes {
			zones := allZones
			if rapid.IntRange(0, 9).Draw(t, "scarce") == 0 {
				zones = zones[:i+1]
			}
			f.Types[name] = model.Type{Name: name, Arch: []string{config.X86, config.ARM}, Zones: zones}
		}
	}
	return f
}

func TestSafetyNothingImpossiblePassesAndNothingPossibleIsRefused(t *testing.T) {
	passed, refused := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		c := anyConfig(t)
		f := likelyFacts(t, c)
		err := check.Refuse(c, f)
		if (err == nil) != possible(c, f) {
			t.Fatalf("refused: %v", err)
		}
		if err == nil {
			passed++
			return
		}
		refused++
		var r *check.Refusal
		if !errors.As(err, &r) || r.Code != r.Faults[0].Code || len(r.Hints) == 0 {
			t.Fatalf("a refusal without code or hints: %#v", err)
		}
		for _, fault := range r.Faults {
			if !strings.Contains(err.Error(), fault.Summary+" ["+fault.Code+"]") || fault.Hint == "" {
				t.Fatalf("%+v is not told, or has no hint:\n%v", fault, err)
			}
		}
	})
	if passed == 0 || refused == 0 {
		t.Errorf("%d passed and %d were refused: the facts are one-sided", passed, refused)
	}
}

// reasons are those of an outdated instance.
func reasons(old bool) []model.Reason {
	if !old {
		return nil
	}
	return []model.Reason{{Kind: model.OldUserData}}
}
