package fleet

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// file is the cluster of all sizes: its private subnets have room for 4,091 addresses each, and only people change its size.
const file = `
environment          = "acc"
aws_region           = "eu-west-1"
vpc_cidr             = "10.0.0.0/16"
availability_zones   = ["eu-west-1a", "eu-west-1b", "eu-west-1c"]
public_subnet_cidrs  = ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
private_subnet_cidrs = ["10.0.32.0/20", "10.0.48.0/20", "10.0.64.0/20"]
nat                  = "single"
instance_type        = "t3.large"
managed_scaling      = false
min_size             = 3
max_size             = %d
desired_capacity     = %d
load_balancers       = { public = {} }
`

// newer makes every instance of the file outdated.
const newer = `custom_userdata = "echo a newer one"`

// delay is the deregistration delay that berth gives target groups unless somebody wants another one.
const delay = 30

// berth's names of what the file makes.
const (
	region  = "eu-west-1"
	cluster = "acc"
	group   = "acc_acc_default"
)

// layout is how many services there are, and of how many tasks each, beside a daemon: four tasks on each instance.
func layout(instances int) (services, tasks int) {
	services = map[int]int{3: 3, 10: 4, 100: 10, 1000: 40, 2400: 60}[instances]
	return services, 4 * instances / services
}

// stand is a cluster of outdated instances with services on it.
type stand struct {
	tb        testing.TB
	sim       *sim.Sim
	config    *config.Config
	cloud     *cloud.Cloud // its owner's, whose calls take no time
	groups    []model.Group
	instances int
}

func (s *stand) must(err error) {
	s.tb.Helper()
	if err != nil {
		s.tb.Fatal(err)
	}
}

// newStand makes a cluster of so many instances: three by the file, the others by a larger desired capacity, and then a newer
// version of what they are launched from.
func newStand(tb testing.TB, instances int) *stand {
	tb.Helper()
	s := &stand{tb: tb, sim: sim.New(world.New(1)), instances: instances}
	s.config = load(tb, fmt.Sprintf(file, max(instances, 3), 3))
	s.sim.With(func(w *world.World) {
		w.Tuning.NoLimit = true                   // whoever made the cluster did so slowly
		w.Region(region).Quotas = map[string]int{ // what two of everything need, where that is more than AWS grants
			"L-1216C47A": max(1152, 2*2*instances+64), // vCPUs of instances
			"L-DF5E4CA3": max(5000, 3*instances),      // network interfaces
			"L-7E6692B2": max(1000, 8*instances),      // targets of a load balancer
		}
	})
	s.cloud = s.client(s.sim.Client(), "owner")
	s.apply()
	s.grow()
	s.serve()
	s.pass(30 * time.Minute)
	s.config = load(tb, fmt.Sprintf(file, max(instances, 3), instances), newer)
	s.apply()
	s.pass(time.Hour) // what was stopped meanwhile is forgotten
	s.sim.With(func(w *world.World) { w.Tuning.NoLimit = false })
	s.look()
	return s
}

func load(tb testing.TB, texts ...string) *config.Config {
	tb.Helper()
	var files []string
	for i, text := range texts {
		name := filepath.Join(tb.TempDir(), fmt.Sprintf("%d.tfvars", i))
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
		files = append(files, name)
	}
	c, faults := config.Load(config.Sources{Files: files})
	if faults.Failed() {
		tb.Fatal(faults.String())
	}
	return c
}

func (s *stand) client(c *http.Client, run string) *cloud.Cloud {
	return cloud.Embedded(c, region, cloud.Options{Clock: s.sim, Run: run, Width: 1})
}

func (s *stand) pass(d time.Duration) {
	s.tb.Helper()
	s.must(s.sim.Sleep(context.Background(), d))
}

func (s *stand) apply() {
	s.tb.Helper()
	c := drive.Cluster{Cloud: s.cloud, Config: s.config}
	job := drive.Job{Cluster: c, Who: lease.Holder{Owner: "bench", Host: "here", Verb: "apply", Run: "apply"}, Again: c.Survey}
	job.Agree = func(drive.Survey) error { return nil }
	seen, err := c.Survey(s.tb.Context())
	s.must(err)
	_, res, err := job.Do(s.tb.Context(), seen)
	s.must(err)
	if len(res.Failed)+len(res.Skipped) > 0 {
		s.tb.Fatal(res.Failed, res.Skipped)
	}
}

// grow lets the group have all of its instances.
func (s *stand) grow() {
	_, err := s.cloud.Groups.SetDesiredCapacity(s.tb.Context(), &autoscaling.SetDesiredCapacityInput{
		AutoScalingGroupName: new(group), DesiredCapacity: new(int32(s.instances)),
	})
	s.must(err)
	s.pass(15 * time.Minute)
}

// serve lets services run in the cluster: a daemon, and others that ECS keeps whole while it moves their tasks, three of four of
// them behind the load balancer, where clients ask for ten pages a second of each.
func (s *stand) serve() {
	s.define("guard")
	_, err := s.cloud.ECS.CreateService(s.tb.Context(), &ecs.CreateServiceInput{
		Cluster: new(cluster), ServiceName: new("guard"), TaskDefinition: new("guard"), LaunchType: types.LaunchTypeEc2, SchedulingStrategy: types.SchedulingStrategyDaemon,
	})
	s.must(err)
	services, tasks := layout(s.instances)
	for n := range services {
		name := fmt.Sprintf("s%02d", n)
		s.define(name)
		in := &ecs.CreateServiceInput{
			Cluster: new(cluster), ServiceName: &name, TaskDefinition: &name, DesiredCount: new(int32(tasks)), LaunchType: types.LaunchTypeEc2,
			DeploymentConfiguration: &types.DeploymentConfiguration{MinimumHealthyPercent: new(int32(100)), MaximumPercent: new(int32(200))},
			PlacementStrategy: []types.PlacementStrategy{
				{Type: types.PlacementStrategyTypeSpread, Field: new("attribute:ecs.availability-zone")},
				{Type: types.PlacementStrategyTypeSpread, Field: new("instanceId")},
			},
		}
		if n%4 != 3 && n != services-1 {
			in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: s.route(name, n), ContainerName: &name, ContainerPort: new(int32(80))}}
			in.HealthCheckGracePeriodSeconds = new(int32(60))
		}
		_, err := s.cloud.ECS.CreateService(s.tb.Context(), in)
		s.must(err)
	}
}

func (s *stand) define(name string) {
	_, err := s.cloud.ECS.RegisterTaskDefinition(s.tb.Context(), &ecs.RegisterTaskDefinitionInput{Family: &name, ContainerDefinitions: []types.ContainerDefinition{{
		Name: &name, Image: new("berth.sim/web:1?boot=5s"), Cpu: 200, Memory: new(int32(256)), PortMappings: []types.PortMapping{{ContainerPort: new(int32(80))}},
	}}})
	s.must(err)
}

// route is a target group to which the load balancer forwards what is below a path of its own.
func (s *stand) route(name string, n int) *string {
	ctx := s.tb.Context()
	lbs, err := s.cloud.Balance.DescribeLoadBalancers(ctx, &elb.DescribeLoadBalancersInput{})
	s.must(err)
	lb := lbs.LoadBalancers[0]
	out, err := s.cloud.Balance.CreateTargetGroup(ctx, &elb.CreateTargetGroupInput{
		Name: &name, Protocol: elbtypes.ProtocolEnumHttp, Port: new(int32(80)), VpcId: lb.VpcId, HealthCheckIntervalSeconds: new(int32(10)),
	})
	s.must(err)
	arn := out.TargetGroups[0].TargetGroupArn
	_, err = s.cloud.Balance.ModifyTargetGroupAttributes(ctx, &elb.ModifyTargetGroupAttributesInput{TargetGroupArn: arn, Attributes: []elbtypes.TargetGroupAttribute{
		{Key: new("deregistration_delay.timeout_seconds"), Value: new(fmt.Sprint(delay))},
	}})
	s.must(err)
	listeners, err := s.cloud.Balance.DescribeListeners(ctx, &elb.DescribeListenersInput{LoadBalancerArn: lb.LoadBalancerArn})
	s.must(err)
	_, err = s.cloud.Balance.CreateRule(ctx, &elb.CreateRuleInput{
		ListenerArn: listeners.Listeners[0].ListenerArn, Priority: new(int32(n + 1)),
		Conditions: []elbtypes.RuleCondition{{Field: new("path-pattern"), Values: []string{"/" + name + "/*"}}},
		Actions:    []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: arn}},
	})
	s.must(err)
	return arn
}

// look takes the groups as berth roll sees them, and wants every instance to be outdated and every task to run.
func (s *stand) look() {
	s.tb.Helper()
	c := drive.Cluster{Cloud: s.cloud, Config: s.config}
	seen, err := c.Survey(s.tb.Context())
	s.must(err)
	for res := range seen.Have.All() {
		if g, of := res.(model.Group); of {
			s.groups = append(s.groups, g)
		}
	}
	if len(s.groups) != 1 || len(s.groups[0].Outdated()) != s.instances {
		s.tb.Fatalf("%d groups, of the first %d of %d instances are outdated", len(s.groups), len(s.groups[0].Outdated()), len(s.groups[0].Instances))
	}
	services, tasks := layout(s.instances)
	s.sim.With(func(w *world.World) {
		k, _ := w.Region(region).ECS.Clusters.Get(cluster)
		if want := services*tasks + s.instances; k.RunningTasks != want || k.PendingTasks > 0 {
			s.tb.Fatalf("%d tasks run, %d are to", k.RunningTasks, want)
		}
	})
}

// fork is the same cluster for another run.
func (s *stand) fork(tb testing.TB) *stand {
	tb.Helper()
	own, err := s.sim.Fork()
	if err != nil {
		tb.Fatal(err)
	}
	out := &stand{tb: tb, sim: own, config: s.config, groups: s.groups, instances: s.instances}
	out.cloud = out.client(own.Client(), "owner")
	return out
}

// scope is what berth roll knows of the cluster before it looks.
func (s *stand) scope() model.Scope {
	s.tb.Helper()
	scope, err := observe.Who(s.tb.Context(), s.cloud, s.config.Environment, s.config.Cluster)
	s.must(err)
	return scope
}
