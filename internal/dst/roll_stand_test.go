package dst

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/config"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/roll"
	"berth/internal/sim/world"
)

// trio is a cluster of three instances, one in each zone, whose size only people change.
const trio = `
environment        = "acc"
aws_region         = "eu-west-1"
vpc_cidr           = "10.0.0.0/16"
availability_zones = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
instance_type      = "t3.large"
min_size           = 3
max_size           = 6
desired_capacity   = 3
managed_scaling    = false
load_balancers     = { public = {} }
`

// aged is what makes every instance of a file outdated.
const aged = `
custom_userdata = "echo a newer one"
`

// rota is a cluster whose instances are to be replaced, and the roll that does it under its own permissions.
type rota struct {
	*stand

	c      *config.Config
	groups []model.Group
	order  roll.Order
	deeds  []happening                    // what happens while it goes on, by time
	turns  []turn                         // and by what it decides
	ahead  func(name string, n int) error // before its call number n (from 0) is sent: an error is what comes of it. Nil: nothing is
	record                                // of the last run
	duty                                  // what must hold meanwhile

	before string   // what was kept before it began
	first  []string // the instances of then
}

// newRota is a cluster that is as its first texts say, with what f makes run in it, and is then to be as the last text says, too.
func newRota(t *testing.T, f func(*rota), text, change string) *rota {
	t.Helper()
	r := NewRig(1)
	r.quota("L-1216C47A", 1000) // vCPUs
	fine(t, r.Apply(Load(t, text)))
	r.Settle()
	out := &rota{stand: standOf(t, r), order: roll.Defaults()}
	f(out)
	r.Settle()
	out.becomes(text, change)
	return out
}

// becomes applies a file, which leaves every instance as it is.
func (r *rota) becomes(texts ...string) {
	r.t.Helper()
	r.c = Load(r.t, texts...)
	r.must(r.Apply(r.c))
	cluster, _ := r.cluster(r.c)
	s, err := cluster.Survey(r.t.Context())
	r.must(err)
	r.groups = nil
	for res := range s.Have.All() {
		if g, ok := res.(model.Group); ok {
			r.groups = append(r.groups, g)
		}
	}
}

// fork is the same cluster, for a scenario of its own.
func (r *rota) fork(t *testing.T) *rota {
	t.Helper()
	return r.on(standOf(t, r.Fork(t)))
}

// on is the same order for another world.
func (r *rota) on(s *stand) *rota {
	return &rota{stand: s, c: r.c, groups: r.groups, order: r.order, duty: duty{loose: r.loose, lossy: r.lossy}}
}

// usual are services as clusters have them: one behind a load balancer, one by itself, and a daemon.
func usual(r *rota) {
	r.offers("guard", "berth.sim/guard:1?boot=2s", 0, func(_ *ecs.RegisterTaskDefinitionInput, in *ecs.CreateServiceInput) {
		in.SchedulingStrategy, in.DesiredCount = types.SchedulingStrategyDaemon, nil
	})
	r.offers("web", "berth.sim/web:1?boot=5s", 6, r.public(30))
	r.offers("queue", "berth.sim/queue:1?boot=5s", 2)
}

// detail changes how a service is made.
type detail = func(*ecs.RegisterTaskDefinitionInput, *ecs.CreateServiceInput)

// define registers what tasks of a name are made from.
func (s *stand) define(name, image string, details ...func(*ecs.RegisterTaskDefinitionInput)) *string {
	s.t.Helper()
	in := &ecs.RegisterTaskDefinitionInput{Family: &name, ContainerDefinitions: []types.ContainerDefinition{{
		Name: &name, Image: &image, Cpu: 64, Memory: new(int32(64)), PortMappings: []types.PortMapping{{ContainerPort: new(int32(80))}},
	}}}
	for _, f := range details {
		f(in)
	}
	out, err := s.ecs.RegisterTaskDefinition(s.t.Context(), in)
	s.must(err)
	return out.TaskDefinition.TaskDefinitionArn
}

// offers makes a service.
func (s *stand) offers(name, image string, count int32, details ...detail) {
	s.t.Helper()
	in := &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: &name, DesiredCount: &count, LaunchType: types.LaunchTypeEc2,
		DeploymentConfiguration: &types.DeploymentConfiguration{MinimumHealthyPercent: new(int32(100)), MaximumPercent: new(int32(200))},
	}
	in.TaskDefinition = s.define(name, image, func(d *ecs.RegisterTaskDefinitionInput) {
		for _, f := range details {
			f(d, in)
		}
	})
	if in.SchedulingStrategy == types.SchedulingStrategyDaemon {
		in.DeploymentConfiguration = nil
	}
	_, err := s.ecs.CreateService(s.t.Context(), in)
	s.must(err)
}

// public puts a service behind the public load balancer, with a deregistration delay in seconds.
func (s *stand) public(delay int) detail {
	return func(_ *ecs.RegisterTaskDefinitionInput, in *ecs.CreateServiceInput) {
		group := s.route(*in.ServiceName, 50, "/*", delay)
		in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: group, ContainerName: in.ServiceName, ContainerPort: new(int32(80))}}
		in.HealthCheckGracePeriodSeconds = new(int32(60))
	}
}

// delays sets the deregistration delay of a target group, in seconds.
func (s *stand) delays(group *string, delay int) error {
	_, err := s.elb.ModifyTargetGroupAttributes(s.t.Context(), &elb.ModifyTargetGroupAttributesInput{TargetGroupArn: group, Attributes: []elbtypes.TargetGroupAttribute{
		{Key: new("deregistration_delay.timeout_seconds"), Value: new(fmt.Sprint(delay))},
	}})
	return err
}

// port gives the tasks of a service a host port of their own.
func port(host int32) detail {
	return func(d *ecs.RegisterTaskDefinitionInput, _ *ecs.CreateServiceInput) {
		d.ContainerDefinitions[0].PortMappings[0].HostPort = &host
	}
}

// apart keeps the tasks of a service on different instances.
func apart(_ *ecs.RegisterTaskDefinitionInput, in *ecs.CreateServiceInput) {
	in.PlacementConstraints = []types.PlacementConstraint{{Type: types.PlacementConstraintTypeDistinctInstance}}
}

// only keeps the tasks of a service on instances that an expression fits.
func only(expression string) detail {
	return func(_ *ecs.RegisterTaskDefinitionInput, in *ecs.CreateServiceInput) {
		in.PlacementConstraints = []types.PlacementConstraint{{Type: types.PlacementConstraintTypeMemberOf, Expression: &expression}}
	}
}

// percent sets the bounds of a service's deployments.
func percent(least, most int32) detail {
	return func(_ *ecs.RegisterTaskDefinitionInput, in *ecs.CreateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{MinimumHealthyPercent: &least, MaximumPercent: &most}
	}
}

// adjust changes the settings of a service.
func (s *stand) adjust(service string, f func(*ecs.UpdateServiceInput)) {
	s.t.Helper()
	in := &ecs.UpdateServiceInput{Cluster: new("acc"), Service: &service}
	f(in)
	_, err := s.ecs.UpdateService(s.t.Context(), in)
	s.must(err)
}

// node is an instance as the world has it: its machine, its membership in a group, and its place in the cluster.
type node struct {
	*world.ContainerInstance // nil: it has not joined

	id, group, zone, state string
	version, image         string // of the launch template
	protected, ready       bool
	desired                int // of its group
}

// nodes are the members of all groups, the oldest first.
func (r *Rig) nodes() (out []node) {
	r.Sim.With(func(w *world.World) { out = nodesOf(w) })
	return out
}

func nodesOf(w *world.World) (out []node) {
	region := w.Region("eu-west-1")
	known := map[string]*world.ContainerInstance{}
	for k := range region.ECS.Clusters.Rows() {
		for ci := range k.Instances.Rows() {
			if ci.Status != "INACTIVE" {
				known[ci.EC2ID] = ci
			}
		}
	}
	for g := range region.AutoScaling.Groups.Rows() {
		for m := range g.Members.Rows() {
			n := node{id: m.ID, group: g.Name, zone: m.Zone, state: m.State, version: m.Template.Version, image: m.ImageID, protected: m.Protected, desired: g.Desired}
			n.ContainerInstance = known[m.ID]
			n.ready = n.ContainerInstance != nil && m.State == "InService" && n.Status == "ACTIVE" && n.AgentConnected
			out = append(out, n)
		}
	}
	return out
}

// node is one instance; its state is empty when it is in no group any more.
func (r *Rig) node(id string) node {
	for _, n := range r.nodes() {
		if n.id == id {
			return n
		}
	}
	return node{}
}

// host is the EC2 instance that a task is on.
func (r *Rig) host(task string) (id string) {
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			if x, ok := k.Tasks.Get(task[strings.LastIndex(task, "/")+1:]); ok {
				id = x.EC2ID
			}
		}
	})
	return id
}

// service is a service as the world has it.
func (r *Rig) service(name string) (out world.Service) {
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			if s, ok := k.Services.Get(name); ok {
				out = *s
			}
		}
	})
	return out
}

// task is a task as the world has it.
func (r *Rig) task(arn string) (out world.Task) {
	r.Sim.With(func(w *world.World) {
		for k := range w.Region("eu-west-1").ECS.Clusters.Rows() {
			if x, ok := k.Tasks.Get(arn[strings.LastIndex(arn, "/")+1:]); ok {
				out = *x
			}
		}
	})
	return out
}

// ids are the instances of all groups.
func (r *Rig) ids() []string {
	var out []string
	for _, n := range r.nodes() {
		out = append(out, n.id)
	}
	return out
}

// remain are those of the instances from before that are still there, and not on their way out.
func (r *rota) remain() []string {
	var now []string
	for _, n := range r.nodes() {
		if !strings.HasPrefix(n.state, "Terminat") {
			now = append(now, n.id)
		}
	}
	return slices.DeleteFunc(slices.Clone(r.first), func(id string) bool { return !slices.Contains(now, id) })
}

// roller is the one who holds the lease of a run.
func roller(who lease.Holder) lease.Holder {
	who.Verb = "roll"
	return who
}

// soon is a context that ends at a time of the world.
func (r *rota) interrupted(after time.Duration) context.Context {
	ctx, cancel := context.WithCancel(r.t.Context())
	r.later(after, func(*rota) { cancel() })
	return ctx
}
