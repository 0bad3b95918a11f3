package plan_test

import (
	"fmt"
	"net/netip"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

// file is a configuration as a test says it, over the defaults of a small cluster.
func file(change ...func(*config.Config)) *config.Config {
	c := &config.Config{
		Environment: "prod", Cluster: "shop", Region: "eu-west-1", VPCCIDR: netip.MustParsePrefix("10.0.0.0/16"), NAT: config.PerAZ,
		LogPrefix: "prod_shop", LogRetentionDays: 30, ContainerInsights: "enhanced",
		Groups:        []config.Group{group("default")},
		LoadBalancers: []config.LoadBalancer{balancer("", config.Application)},
	}
	zones("a", "b")(c)
	for _, f := range change {
		f(c)
	}
	return c
}

func group(name string) config.Group {
	return config.Group{
		Name: name, InstanceTypes: []string{"m7i.large"}, Arch: config.X86, AMIFamily: config.AL2023, ManagedScaling: true,
		Min: 2, Desired: 2, Max: 4, LoggingDrivers: []string{"awslogs"},
		SpotStrategy: "price-capacity-optimized", OnDemandStrategy: "prioritized", Volume: config.Volume{Type: "gp3"},
	}
}

func balancer(key, kind string) config.LoadBalancer {
	lb := config.LoadBalancer{
		Key: key, Type: kind, Scheme: config.External, AllowCIDRs: []netip.Prefix{netip.MustParsePrefix("0.0.0.0/0")}, DeregistrationDelay: 30, IdleTimeout: 60,
		Check: config.HealthCheck{Path: "/", Codes: "200", Interval: 15, Timeout: 5, Healthy: 2, Unhealthy: 2},
	}
	if kind == config.Classic {
		lb.InstancePort = 8080
	}
	return lb
}

// zones names the zones; their ranges follow the convention: the i-th and the (50+i)-th block.
func zones(letters ...string) func(*config.Config) {
	return func(c *config.Config) {
		c.Zones = nil
		for i, l := range letters {
			c.Zones = append(c.Zones, config.Zone{Name: "eu-west-1" + l, PublicCIDR: block(c, i), PrivateCIDR: block(c, 50+i)})
		}
	}
}

func block(c *config.Config, i int) netip.Prefix {
	base := c.VPCCIDR.Addr().As4()
	return netip.PrefixFrom(netip.AddrFrom4([4]byte{base[0], base[1], byte(i), 0}), 24)
}

func single(c *config.Config) { c.NAT = config.Single }

func closed(c *config.Config) { endpoints(config.None, "dynamodb")(c) }

// endpoints are the file's, with those that instances need where there is no NAT gateway.
func endpoints(nat config.NATMode, services ...string) func(*config.Config) {
	return func(c *config.Config) {
		if c.NAT = nat; nat == config.None {
			services = append(slices.Clone(services), config.InstanceServices()...)
		}
		slices.Sort(services)
		c.Endpoints = nil
		for _, s := range slices.Compact(services) {
			c.Endpoints = append(c.Endpoints, config.Endpoint{Service: s})
		}
	}
}

func recorded(to string) func(*config.Config) {
	return func(c *config.Config) { c.FlowLogs = config.FlowLogs{To: to, Seconds: 600} }
}

func balancers(all ...config.LoadBalancer) func(*config.Config) {
	return func(c *config.Config) {
		c.LoadBalancers = all
		for i := range c.Groups {
			c.Groups[i].LoadBalancers = nil
			for _, lb := range all {
				if lb.Type == config.Classic {
					c.Groups[i].LoadBalancers = append(c.Groups[i].LoadBalancers, lb.Key)
				}
			}
		}
	}
}

func groups(all ...config.Group) func(*config.Config) {
	return func(c *config.Config) { c.Groups = all }
}

// facts are what AWS says to a file when an inventory stands. The ranges of what stands are among them only where the
// file leaves its own out.
func facts(c *config.Config, have *model.Inventory) model.Facts {
	f := model.Facts{
		Scope: model.Scope{
			Account: "123456789012", Region: c.Region, Partition: "aws", Environment: c.Environment, Cluster: c.Cluster,
		},
		Images: map[string]model.Image{}, Subnets: map[model.Key]string{},
	}
	for _, g := range c.Groups {
		id := g.AMI
		if id == "" {
			id = "ami-1"
		}
		f.Images[g.Name] = model.Image{ID: id, Origin: "al2023/" + g.Arch, Device: "/dev/xvda", MinGiB: 30}
	}
	if have != nil {
		for s := range model.Every[model.Subnet](&have.Set) {
			f.Subnets[s.Key()] = s.CIDR
		}
	}
	return f
}

// want is what a file asks for when nothing stands, or when it gives its own ranges.
func want(c *config.Config) model.Set { return desired.Build(c, facts(c, nil)) }

// wantOver is what a file without ranges asks for when an inventory stands.
func wantOver(c *config.Config, have *model.Inventory) model.Set {
	return desired.Build(c, facts(c, have))
}

// stands is the inventory of a set that was made, all of it ready.
func stands(set model.Set) model.Inventory {
	var inv model.Inventory
	for r := range set.All() {
		inv.Add(seen(r), model.Handle{ID: "id of " + r.Key().String()})
	}
	return inv
}

// seen is a resource as a look at AWS brings it: what only the file knows is not there.
func seen(r model.Resource) model.Resource {
	if c, ok := r.(model.Capacity); ok {
		c.Routes = nil
		return c
	}
	return r
}

// with is an inventory in which one resource is in another state.
func with(inv model.Inventory, k model.Key, s model.Status) model.Inventory {
	out := inv.Clone()
	r, _ := out.Get(k)
	h := out.Handle(k)
	h.Status, h.Reason = s, "no such luck"
	out.Add(r, h)
	return out
}

// files draws files: one to six zones in any order, every way out, one to three groups of all sorts, up to three load
// balancers of all sorts, tags.
func files() *rapid.Generator[*config.Config] {
	return rapid.Custom(func(t *rapid.T) *config.Config {
		c := file()
		c.VPCCIDR = netip.MustParsePrefix(rapid.SampledFrom([]string{"10.0.0.0/16", "10.0.0.0/16", "10.0.0.0/16", "10.1.0.0/16"}).Draw(t, "vpc"))
		zones(some(t, "zones", 1, "a", "b", "c", "d", "e", "f")...)(c)
		nat := rapid.SampledFrom([]config.NATMode{config.PerAZ, config.Single, config.None}).Draw(t, "nat")
		endpoints(nat, some(t, "endpoints", 0, "dynamodb", "ecs", "sqs")...)(c)
		recorded(rapid.SampledFrom([]string{"", config.CloudWatch, "arn:aws:s3:::archive"}).Draw(t, "flow logs"))(c)
		c.LogRetentionDays = rapid.SampledFrom([]int{30, 30, 90}).Draw(t, "retention")
		c.LogPrefix = rapid.SampledFrom([]string{"prod_shop", "prod_shop", "shop"}).Draw(t, "log prefix")
		for _, k := range some(t, "tags", 0, "cost center", "team") {
			c.Tags = append(c.Tags, config.Tag{Key: k, Value: rapid.SampledFrom([]string{"x", "y"}).Draw(t, k)})
		}
		slices.SortFunc(c.Tags, func(a, b config.Tag) int { return len(b.Key) - len(a.Key) })
		c.LoadBalancers = nil
		for _, key := range some(t, "load balancers", 0, "", "one", "two") {
			c.LoadBalancers = append(c.LoadBalancers, drawBalancer(t, key))
		}
		c.Groups = nil
		for _, name := range append([]string{"default"}, some(t, "groups", 0, "batch", "extra")...) {
			c.Groups = append(c.Groups, drawGroup(t, name, c))
		}
		return c
	})
}

func some(t *rapid.T, label string, least int, from ...string) []string {
	return rapid.SliceOfNDistinct(rapid.SampledFrom(from), least, len(from), rapid.ID).Draw(t, label)
}

func drawBalancer(t *rapid.T, key string) config.LoadBalancer {
	kind := config.Application
	if key != "" {
		kind = rapid.SampledFrom([]string{config.Application, config.Classic}).Draw(t, "type of "+key)
	}
	lb := balancer(key, kind)
	lb.Scheme = rapid.SampledFrom([]string{config.External, config.Internal}).Draw(t, "scheme of "+key)
	if rapid.Bool().Draw(t, "for few: "+key) {
		lb.AllowCIDRs = []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}
	}
	return lb
}

func drawGroup(t *rapid.T, name string, c *config.Config) config.Group {
	g := group(name)
	g.SSHPublicKey = rapid.SampledFrom([]string{"", "ssh-ed25519 AAAA", "ssh-ed25519 BBBB"}).Draw(t, "key "+name)
	g.Spot, g.ManagedScaling = rapid.Bool().Draw(t, "spot "+name), rapid.Bool().Draw(t, "managed "+name)
	g.Max, g.Desired = rapid.IntRange(4, 6).Draw(t, "max "+name), rapid.IntRange(2, 4).Draw(t, "desired "+name)
	g.AMI = rapid.SampledFrom([]string{"", "", "ami-2"}).Draw(t, "ami "+name)
	for _, lb := range c.LoadBalancers {
		if lb.Type == config.Classic && rapid.Bool().Draw(t, name+" behind "+lb.Key) {
			g.LoadBalancers = append(g.LoadBalancers, lb.Key)
		}
	}
	return g
}

// settled looks for the differences between what stands and what is wanted; kinds that are never deleted may be left.
func settled(have model.Inventory, want model.Set) error {
	for r := range want.All() {
		found, ok := have.Get(r.Key())
		if !ok {
			return fmt.Errorf("%s is missing", r.Key())
		}
		if a, b := fmt.Sprintf("%q", found.Attrs()), fmt.Sprintf("%q", r.Attrs()); a != b || have.Handle(r.Key()).Status != model.Ready {
			return fmt.Errorf("%s is %s (%s), want %s", r.Key(), a, have.Handle(r.Key()).Status, b)
		}
	}
	for r := range have.All() {
		if k := r.Key(); !want.Has(k) && k.Kind != model.KindServiceRole && k.Kind != model.KindDefaultGroup {
			return fmt.Errorf("%s is left over", k)
		}
	}
	return nil
}

func TestTheTestsOwnFilesAreWhole(t *testing.T) {
	set := want(file())
	for r := range set.All() {
		for _, ref := range r.Refs() {
			if !set.Has(ref) {
				t.Errorf("%s refers to %s", r.Key(), ref)
			}
		}
	}
	if err := settled(stands(set), set); err != nil {
		t.Error(err)
	}
	if settled(stands(want(file(zones("a")))), set) == nil || settled(stands(set), want(file(zones("a")))) == nil {
		t.Error("settled sees no difference")
	}
}
