package apply_test

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	scalingtypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/drive"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/plan"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// account is a simulated account and a file for it: what is wanted, what is found, and the loop that makes both one.
type account struct {
	t     *testing.T
	sim   *sim.Sim
	cloud *cloud.Cloud
	file  config.Config
	have  model.Inventory
	facts model.Facts
	runs  int
	calls int // requests so far
}

// counted is the way to the simulated AWS; it counts the requests.
type counted struct{ *account }

// Do sends a request.
func (c counted) Do(r *http.Request) (*http.Response, error) {
	c.calls++
	return c.sim.Client().Do(r)
}

// emptyAccount has a file with two groups, one of them on Spot, and a classic load balancer; nothing stands.
func emptyAccount(t *testing.T) *account {
	t.Helper()
	s := sim.New(world.New(1))
	a := &account{t: t, sim: s, file: config.Config{
		Environment: "prod", Cluster: "shop", Region: "eu-west-1", VPCCIDR: netip.MustParsePrefix("10.0.0.0/16"), NAT: config.Single,
		Zones: []config.Zone{
			{Name: "eu-west-1a", PublicCIDR: netip.MustParsePrefix("10.0.0.0/24"), PrivateCIDR: netip.MustParsePrefix("10.0.50.0/24")},
			{Name: "eu-west-1b", PublicCIDR: netip.MustParsePrefix("10.0.1.0/24"), PrivateCIDR: netip.MustParsePrefix("10.0.51.0/24")},
		},
		LoadBalancers: []config.LoadBalancer{balancer("legacy", config.Classic, config.External, "0.0.0.0/0")},
		Groups: []config.Group{
			{
				Name: "default", InstanceTypes: []string{"m7i.large"}, Arch: config.X86, AMIFamily: config.AL2023, ManagedScaling: true,
				OnDemandStrategy: "prioritized", Volume: config.Volume{Type: "gp3"},
				Min: 1, Desired: 2, Max: 4, LoggingDrivers: []string{"awslogs"}, LoadBalancers: []string{"legacy"},
			},
			{
				Name: "batch", InstanceTypes: []string{"c7g.large", "c6g.large"}, Arch: config.ARM, AMIFamily: config.AL2023, ManagedScaling: true,
				SpotStrategy: "price-capacity-optimized", OnDemandStrategy: "prioritized", Volume: config.Volume{Type: "gp3"},
				Spot: true, Max: 3, LoggingDrivers: []string{"awslogs"},
			},
		},
		LogPrefix: "prod", LogRetentionDays: 30, ContainerInsights: "enhanced", Tags: []config.Tag{{Key: "team", Value: "platform"}},
	}}
	a.cloud = cloud.New(aws.Config{
		Region: "eu-west-1", HTTPClient: counted{a}, BaseEndpoint: aws.String("http://sim.local"),
		Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
	}, cloud.Options{Clock: s, Width: 1, PathStyle: true, Run: "test"})
	return a
}

// newAccount is one where all that the file asks for stands.
func newAccount(t *testing.T, edit func(*config.Config)) *account {
	t.Helper()
	a := emptyAccount(t)
	if edit != nil {
		edit(&a.file)
	}
	a.settle()
	return a
}

func (a *account) ask() observe.Question {
	q := observe.Question{Environment: a.file.Environment, Cluster: a.file.Cluster, LogPrefix: a.file.LogPrefix}
	for _, g := range a.file.Groups {
		q.Groups = append(q.Groups, observe.Group{
			Name: g.Name, Types: g.InstanceTypes, AMI: g.AMI, Family: g.AMIFamily, Arch: g.Arch, Accelerator: g.Accelerator, PublicKey: g.SSHPublicKey, Unscaled: !g.ManagedScaling,
		})
	}
	for _, b := range a.file.LoadBalancers {
		q.Balancers = append(q.Balancers, b.Key)
	}
	return q
}

// want is what the file asks for but the bucket, which is the lease's.
func (a *account) want() model.Set {
	want := desired.Build(&a.file, a.facts)
	want.Delete(model.BucketKey())
	return want
}

// look is what a new run sees.
func (a *account) look() {
	a.t.Helper()
	have, facts, err := observe.All(context.Background(), a.cloud, a.ask())
	a.must(err)
	a.have, a.facts = have, facts
}

func (a *account) plan() plan.Plan {
	a.t.Helper()
	p, err := plan.Make(a.want(), a.have)
	a.must(err)
	return p
}

// carryOut does what berth does with a plan and expects all of it to work.
func (a *account) carryOut(p plan.Plan) {
	a.t.Helper()
	a.runs++
	a.cloud.Run = fmt.Sprintf("run %d", a.runs)
	run := drive.Run{Cloud: a.cloud, Scope: a.facts.Scope, Ask: a.ask(), Tell: func(e plan.Event) {
		a.t.Logf("%s %s %s %s %s", e.At.Format(time.TimeOnly), e.Kind, e.Step.Verb, e.Step.Key, e.Reason)
	}}
	result, err := run.Do(context.Background(), p, a.have)
	a.must(err)
	for _, f := range result.Failed {
		a.t.Fatalf("%s %s: %v", f.Change.Verb, f.Change.Key, f.Err)
	}
}

// settle makes AWS what the file says and expects nothing to be left but what is on its way.
func (a *account) settle() {
	a.t.Helper()
	a.look()
	a.carryOut(a.plan())
	a.look()
	for _, c := range a.plan().Changes {
		if c.Verb != plan.Wait {
			a.t.Errorf("left over: %s %s %v", c.Verb, c.Key, c.Fields)
		}
	}
	if a.t.Failed() {
		a.t.FailNow()
	}
}

// mends tampers with a resource, expects a new look to see exactly that, and a run to put it right.
func (a *account) mends(k model.Key, tamper func(), names ...string) {
	a.t.Helper()
	tamper()
	a.look()
	if got := a.differs(k); !slices.Equal(got, names) {
		a.t.Fatalf("drift of %s: got %q, want %q", k, got, names)
	}
	a.settle()
}

// differs are the settings of a resource that are not as the file says.
func (a *account) differs(k model.Key) []string {
	a.t.Helper()
	wanted := a.want()
	want, _ := wanted.Get(k)
	have, ok := a.have.Get(k)
	if !ok {
		a.t.Fatalf("%s is not there", k)
	}
	var names []string
	for _, f := range plan.Diff(have, want) {
		names = append(names, f.Name)
	}
	return names
}

func (a *account) must(err error) {
	a.t.Helper()
	if err != nil {
		a.t.Fatal(err)
	}
}

func (a *account) sleep(d time.Duration) {
	a.t.Helper()
	a.must(a.sim.Sleep(context.Background(), d))
}

// group is an Auto Scaling group as AWS shows it.
func (a *account) group(name string) scalingtypes.AutoScalingGroup {
	a.t.Helper()
	out, err := a.cloud.Groups.DescribeAutoScalingGroups(context.Background(), &autoscaling.DescribeAutoScalingGroupsInput{AutoScalingGroupNames: []string{"prod_shop_" + name}})
	a.must(err)
	if len(out.AutoScalingGroups) != 1 {
		a.t.Fatalf("%d groups are called %s", len(out.AutoScalingGroups), name)
	}
	return out.AutoScalingGroups[0]
}

// do makes a call to the simulated AWS and expects it to work.
func do[I, O, P any](a *account, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) *O {
	a.t.Helper()
	out, err := f(context.Background(), in)
	a.must(err)
	return out
}
