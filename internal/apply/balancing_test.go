package apply_test

import (
	"context"
	"io"
	"net/http"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"berth/internal/apply"
	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/plan"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// balancing is a simulated account with the network and the load balancers of a cluster, and the way of berth there
// and back: what is wanted, what is found, what is done about the difference.
type balancing struct {
	t     *testing.T
	sim   *sim.Sim
	cloud *cloud.Cloud
	file  config.Config
	have  model.Inventory
	wire  *wire
}

// wire is the way to the simulated AWS; it can be cut after some requests.
type wire struct {
	http.RoundTripper
	whole bool
	left  int // requests that still pass when it is not whole
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	if w.left--; !w.whole && w.left < 0 {
		return nil, io.ErrUnexpectedEOF
	}
	return w.RoundTripper.RoundTrip(r)
}

// newBalancing has a default and an internal Application Load Balancer and a classic one, all standing.
func newBalancing(t *testing.T) *balancing {
	t.Helper()
	b := emptyBalancing(t)
	b.settle()
	return b
}

func emptyBalancing(t *testing.T) *balancing {
	t.Helper()
	s := sim.New(world.New(1))
	b := &balancing{t: t, sim: s, wire: &wire{RoundTripper: s.Client().Transport, whole: true}, file: config.Config{
		Environment: "prod", Cluster: "shop", Region: "eu-west-1", VPCCIDR: netip.MustParsePrefix("10.0.0.0/16"), NAT: config.PerAZ,
		Zones: []config.Zone{
			{Name: "eu-west-1a", PublicCIDR: netip.MustParsePrefix("10.0.0.0/24"), PrivateCIDR: netip.MustParsePrefix("10.0.50.0/24")},
			{Name: "eu-west-1b", PublicCIDR: netip.MustParsePrefix("10.0.1.0/24"), PrivateCIDR: netip.MustParsePrefix("10.0.51.0/24")},
		},
		LoadBalancers: []config.LoadBalancer{
			balancer("", config.Application, config.External, "0.0.0.0/0"),
			balancer("back", config.Application, config.Internal, "10.0.0.0/16"),
			balancer("legacy", config.Classic, config.External, "0.0.0.0/0"),
		},
		Groups: []config.Group{{Name: "default", InstanceTypes: []string{"m7i.large"}, Arch: config.X86, AMIFamily: config.AL2023, OnDemandStrategy: "prioritized", Volume: config.Volume{Type: "gp3"}, Max: 1}},
		Tags:   []config.Tag{{Key: "team", Value: "platform"}},
	}}
	b.cloud = cloud.New(aws.Config{
		Region: "eu-west-1", HTTPClient: &http.Client{Transport: b.wire}, BaseEndpoint: aws.String("http://sim.local"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
	}, cloud.Options{Clock: s, Width: 1, PathStyle: true, Run: "test"})
	return b
}

// balancer is one with the settings that a file need not name.
func balancer(key, kind, scheme, from string) config.LoadBalancer {
	lb := config.LoadBalancer{
		Key: key, Type: kind, Scheme: scheme, AllowCIDRs: []netip.Prefix{netip.MustParsePrefix(from)}, DeregistrationDelay: 30, IdleTimeout: 60,
		Check: config.HealthCheck{Path: "/", Codes: "200", Interval: 15, Timeout: 5, Healthy: 2, Unhealthy: 2},
	}
	if kind == config.Classic {
		lb.InstancePort, lb.Check.Path, lb.Check.Codes = 8080, "", ""
	}
	return lb
}

// kinds are the load balancers and what they stand on.
func (b *balancing) kinds() []model.Kind {
	return []model.Kind{
		model.KindVPC, model.KindDefaultGroup, model.KindInternetGateway, model.KindSubnet, model.KindSecurityGroup, model.KindLoadBalancer,
		model.KindTargetGroup, model.KindListener, model.KindClassic, model.KindServiceRole,
	}
}

func (b *balancing) scope() model.Scope {
	return model.Scope{Account: world.Account, Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
}

// want is what the file asks for, as far as the test is about it.
func (b *balancing) want() model.Set {
	var out model.Set
	all := desired.Build(&b.file, model.Facts{Scope: b.scope()})
	for r := range all.All() {
		if slices.Contains(b.kinds(), r.Key().Kind) {
			out.Put(r)
		}
	}
	return out
}

func (b *balancing) ask() observe.Question {
	q := observe.Question{Environment: "prod", Cluster: "shop"}
	for _, lb := range b.file.LoadBalancers {
		q.Balancers = append(q.Balancers, lb.Key)
	}
	return q
}

// look looks again at some kinds, at all of the test's when none is named.
func (b *balancing) look(kinds ...model.Kind) {
	b.t.Helper()
	if len(kinds) == 0 {
		kinds = b.kinds()
	}
	have, err := observe.Observer{Cloud: b.cloud, Ask: b.ask(), Scope: b.scope()}.Some(context.Background(), b.have, kinds...)
	b.must(err)
	b.have = have
}

// forget is what a new run knows.
func (b *balancing) forget() { b.have = model.Inventory{} }

func (b *balancing) plan() plan.Plan {
	b.t.Helper()
	p, err := plan.Make(b.want(), b.have)
	b.must(err)
	return p
}

// settle carries out what is to be done until AWS is as the file says, and then expects nothing left to do.
func (b *balancing) settle() {
	b.t.Helper()
	b.look()
	b.carryOut(b.plan())
	b.forget()
	b.look()
	if p := b.plan(); len(p.Changes) > 0 {
		b.t.Fatalf("after all changes these are left: %+v", p.Changes)
	}
}

// carryOut does what a run does: starts what is ready, looks at what is on its way, and sleeps in between.
func (b *balancing) carryOut(p plan.Plan) {
	b.t.Helper()
	state := plan.State{}
	for range 200 {
		for _, c := range plan.Next(p, state) {
			state[c.Step] = b.start(c)
		}
		running := false
		for _, c := range p.Changes {
			if state[c.Step] == plan.Running {
				state[c.Step], _ = plan.Settle(c, b.have)
			}
			running = running || state[c.Step] != plan.Done
			if state[c.Step] == plan.Broken {
				b.t.Fatalf("%s %s is broken: %s", c.Verb, c.Key, b.have.Handle(c.Key).Reason)
			}
		}
		if !running {
			return
		}
		b.must(b.sim.Sleep(context.Background(), 5*time.Second))
		b.look()
	}
	b.t.Fatalf("the plan does not come to an end: %v", state)
}

// start makes the calls of one change; what AWS is too busy for stays open.
func (b *balancing) start(c plan.Change) plan.Phase {
	b.t.Helper()
	h, err := apply.Writer{Cloud: b.cloud, Scope: b.scope()}.Do(context.Background(), c, b.have, 1)
	if cloud.Busy(err) {
		return plan.Open
	}
	if err != nil {
		b.t.Fatalf("%s %s: %v", c.Verb, c.Key, err)
	}
	switch {
	case c.Verb == plan.Delete && h.Status != model.Leaving:
		b.have.Remove(c.Key)
	case c.Verb == plan.Delete:
		b.have.Add(c.From, h)
	default:
		b.have.Add(c.To, h)
	}
	phase, _ := plan.Settle(c, b.have)
	return phase
}

// do carries out one change out of any order, and answers as AWS did.
func (b *balancing) do(v plan.Verb, k model.Key) (model.Handle, error) {
	from, _ := b.have.Get(k)
	wanted := b.want()
	to, _ := wanted.Get(k)
	return apply.Writer{Cloud: b.cloud, Scope: b.scope()}.Do(context.Background(), plan.Change{Step: plan.Step{Verb: v, Key: k}, From: from, To: to}, b.have, 1)
}

// differs are the settings of a resource that are not as the file says.
func (b *balancing) differs(k model.Key) []string {
	b.t.Helper()
	wanted := b.want()
	want, _ := wanted.Get(k)
	have, ok := b.have.Get(k)
	if !ok {
		b.t.Fatalf("%s is not there", k)
	}
	var names []string
	for _, f := range plan.Diff(have, want) {
		names = append(names, f.Name)
	}
	return names
}

// mends tampers with a resource, expects a new look to see exactly that, and a run to put it right.
func (b *balancing) mends(k model.Key, tamper func(), names ...string) {
	b.t.Helper()
	tamper()
	b.forget()
	b.look()
	if got := b.differs(k); !slices.Equal(got, names) {
		b.t.Fatalf("drift of %s: got %q, want %q", k, got, names)
	}
	b.settle()
}

func (b *balancing) must(err error) {
	b.t.Helper()
	if err != nil {
		b.t.Fatal(err)
	}
}

// id is how AWS names a resource of the test.
func (b *balancing) id(k model.Key) string {
	b.t.Helper()
	id := b.have.ID(k)
	if id == "" {
		b.t.Fatalf("%s is not there", k)
	}
	return id
}

// called makes a call to the simulated AWS and expects it to work.
func called[I, O, P any](b *balancing, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) *O {
	b.t.Helper()
	out, err := f(context.Background(), in)
	b.must(err)
	return out
}
