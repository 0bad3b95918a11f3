package dst

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	elb "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	simecs "berth/internal/sim/ecs"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/protection"
	simelb "berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// somebody makes a call of somebody else's, in-process and typed: it needs no wire, and nothing goes wrong with it.
func somebody[I, O any](r *Rig, service, operation string, f func(*world.Call, *I) (*O, error), in *I) (out *O, err error) {
	r.Sim.With(func(w *world.World) { out, err = f(callOf(w, service, operation), in) })
	return out, err
}

func callOf(w *world.World, service, operation string) *world.Call {
	return &world.Call{World: w, Region: w.Region("eu-west-1"), Service: service, Operation: operation, RequestID: w.RequestID()}
}

// trade is one service of a world, or a task that runs by itself.
type trade struct {
	kind      string
	name      string
	image     string
	mode      types.NetworkMode
	cpu       int32
	memory    int32
	port      int32 // of the host; 0: any
	serves    bool  // it listens
	balanced  bool  // behind the load balancer
	checked   bool  // its container has a health check
	daemon    bool
	alone     bool // no service
	stuck     bool // its bounds let ECS neither start nor stop a task
	count     int32
	min, max  int32 // percent
	delay     int   // of deregistration, seconds
	rules     []types.PlacementConstraint
	order     []types.PlacementStrategy
	launch    types.LaunchType // empty: the cluster's capacity providers
	protected bool             // some of its tasks are, from scale-in
}

// port is the one that a program of a trade listens on: awsvpc's must be one that the instances' security groups let in.
func (x trade) listens() int32 {
	if x.mode == types.NetworkModeAwsvpc {
		return 40080
	}
	return 80
}

// trades are the kinds of services, with the name and the size left open.
func trades(r *rand.Rand, n int, balancer bool) trade { //nolint:cyclop // one branch for each kind of service
	x := trade{
		kind: "plain", name: fmt.Sprintf("s%02d", n), mode: types.NetworkModeBridge, cpu: 64 + 64*int32(r.IntN(3)), memory: 128 + 128*int32(r.IntN(3)),
		count: 2 + int32(r.IntN(4)), min: 100, max: 200, delay: 5 + r.IntN(40),
	}
	boots, slow := 1+r.IntN(15), 0
	switch r.IntN(16) {
	case 0, 1, 2, 3:
		x.kind, x.serves, x.balanced = "balanced", true, balancer
	case 4:
		x.kind, x.serves, x.balanced, x.min, x.max = "balanced 50/100", true, balancer, 50, 100
	case 5:
		x.kind, x.serves, x.balanced, x.checked = "balanced and checked", true, balancer, true
	case 6:
		x.kind, x.count = "single", 1
	case 7:
		x.kind, x.min, x.max, x.stuck = "100/100", 100, 100, true
	case 8:
		x.kind, x.daemon, x.min, x.max, x.cpu, x.memory = "daemon", true, 0, 100, 32, 64
	case 9:
		x.kind, x.mode, x.serves, x.count = "awsvpc", types.NetworkModeAwsvpc, true, 1
		x.balanced = balancer && r.IntN(2) == 0
	case 10:
		x.kind, x.port, x.serves, x.count, x.min, x.max = "static port", int32(8000+n), true, 1, 0, 100
	case 11:
		x.kind, x.rules, x.count = "distinct", []types.PlacementConstraint{{Type: types.PlacementConstraintTypeDistinctInstance}}, 1
	case 12:
		x.kind, x.order = "packed", []types.PlacementStrategy{{Type: types.PlacementStrategyTypeBinpack, Field: new("memory")}}
	case 13:
		x.kind, x.order = "random", []types.PlacementStrategy{{Type: types.PlacementStrategyTypeRandom}}
	case 14:
		x.kind, slow = "slow to stop", 20+r.IntN(8)
	default:
		x.kind, x.checked = "checked", true
	}
	x.image = fmt.Sprintf("berth.sim/%s:1?boot=%ds", x.name, boots)
	if slow == 0 && x.serves {
		slow = 1 + r.IntN(min(x.delay, 25))
	}
	if slow > 0 {
		x.image += fmt.Sprintf("&slowstop=%ds", slow)
	}
	if r.IntN(2) == 0 || x.daemon {
		x.launch = types.LaunchTypeEc2
	}
	return x
}

// lonely is a task of no service; it ends by itself, or never.
func lonely(r *rand.Rand, n int) trade {
	x := trade{kind: "stand-alone", name: fmt.Sprintf("job%02d", n), mode: types.NetworkModeBridge, cpu: 64, memory: 128, alone: true, launch: types.LaunchTypeEc2}
	x.image = "berth.sim/" + x.name + ":1"
	if r.IntN(3) > 0 {
		x.image += fmt.Sprintf("?once=%dm", 5+r.IntN(60))
	}
	return x
}

// establish makes a service, or runs a task.
func (x trade) establish(t *testing.T, r *Rig) {
	t.Helper()
	if x.alone {
		fine(t, x.runs(t, r))
		return
	}
	revision := x.registers(t, r)
	in := &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: &x.name, TaskDefinition: revision, LaunchType: x.launch, PlacementConstraints: x.rules, PlacementStrategy: x.order,
		DeploymentConfiguration: &types.DeploymentConfiguration{MinimumHealthyPercent: &x.min, MaximumPercent: &x.max},
	}
	if x.daemon {
		in.SchedulingStrategy = types.SchedulingStrategyDaemon
	} else {
		in.DesiredCount = &x.count
	}
	if x.max <= 100 {
		in.AvailabilityZoneRebalancing = types.AvailabilityZoneRebalancingDisabled
	}
	if x.mode == types.NetworkModeAwsvpc {
		in.NetworkConfiguration = &types.NetworkConfiguration{AwsvpcConfiguration: homeOf(r)}
	}
	if x.balanced {
		in.LoadBalancers = []types.LoadBalancer{{TargetGroupArn: x.pier(t, r), ContainerName: &x.name, ContainerPort: new(x.listens())}}
		in.HealthCheckGracePeriodSeconds = new(int32(90))
	}
	_, err := somebody(r, "ecs", "CreateService", simecs.CreateService, in)
	fine(t, err)
}

// runs runs a task of no service. AWS may refuse it: there may be no instance to run it on.
func (x trade) runs(t *testing.T, r *Rig) error {
	t.Helper()
	_, err := somebody(r, "ecs", "RunTask", simecs.RunTask, &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: x.registers(t, r), LaunchType: x.launch})
	return err
}

func (x trade) registers(t *testing.T, r *Rig) *string {
	t.Helper()
	d, err := somebody(r, "ecs", "RegisterTaskDefinition", definition.RegisterTaskDefinition, x.definition())
	fine(t, err)
	return d.TaskDefinition.TaskDefinitionArn
}

func (x trade) definition() *ecs.RegisterTaskDefinitionInput {
	c := types.ContainerDefinition{Name: &x.name, Image: &x.image, Cpu: x.cpu, Memory: &x.memory}
	if x.serves {
		m := types.PortMapping{ContainerPort: new(x.listens())}
		if x.port > 0 {
			m.HostPort = &x.port
		}
		c.PortMappings = []types.PortMapping{m}
	}
	if x.checked {
		c.HealthCheck = &types.HealthCheck{Command: []string{"CMD-SHELL", "true"}, Interval: new(int32(10)), StartPeriod: new(int32(60))}
	}
	return &ecs.RegisterTaskDefinitionInput{Family: &x.name, NetworkMode: x.mode, ContainerDefinitions: []types.ContainerDefinition{c}}
}

// homeOf is where tasks with network interfaces of their own are: as the instances.
func homeOf(r *Rig) *types.AwsVpcConfiguration {
	out := &types.AwsVpcConfiguration{}
	r.Sim.With(func(w *world.World) {
		region := w.Region("eu-west-1")
		for g := range region.AutoScaling.Groups.Rows() {
			out.Subnets = g.Subnets
		}
		for i := range region.EC2.Instances.Rows() {
			if n, ok := region.EC2.Interfaces.Get(i.InterfaceID); ok && i.Owner != "" {
				out.SecurityGroups = n.Groups
				return
			}
		}
	})
	return out
}

// pier is a target group behind a rule of the cluster's load balancer.
func (x trade) pier(t *testing.T, r *Rig) *string {
	t.Helper()
	in := &elb.CreateTargetGroupInput{
		Name: &x.name, Protocol: elbtypes.ProtocolEnumHttp, Port: new(int32(80)), HealthCheckIntervalSeconds: new(int32(10)), HealthyThresholdCount: new(int32(2)),
	}
	listener := ""
	r.Sim.With(func(w *world.World) {
		b := w.Region("eu-west-1").Balancing
		for l := range b.Listeners.Rows() {
			lb, _ := b.LoadBalancers.Get(l.LoadBalancer)
			listener, in.VpcId = l.ARN, &lb.VPCID
		}
	})
	if x.mode == types.NetworkModeAwsvpc {
		in.TargetType = elbtypes.TargetTypeEnumIp
	}
	out, err := somebody(r, "elasticloadbalancingv2", "CreateTargetGroup", simelb.CreateTargetGroup, in)
	fine(t, err)
	group := out.TargetGroups[0].TargetGroupArn
	_, err = somebody(r, "elasticloadbalancingv2", "ModifyTargetGroupAttributes", simelb.ModifyTargetGroupAttributes, &elb.ModifyTargetGroupAttributesInput{
		TargetGroupArn: group, Attributes: []elbtypes.TargetGroupAttribute{{Key: new("deregistration_delay.timeout_seconds"), Value: new(fmt.Sprint(x.delay))}},
	})
	fine(t, err)
	var number int32
	_, err = fmt.Sscanf(x.name, "s%d", &number)
	fine(t, err)
	_, err = somebody(r, "elasticloadbalancingv2", "CreateRule", simelb.CreateRule, &elb.CreateRuleInput{
		ListenerArn: &listener, Priority: new(1000 + number), Conditions: []elbtypes.RuleCondition{{Field: new("path-pattern"), Values: []string{"/" + x.name + "/*"}}},
		Actions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: group}},
	})
	fine(t, err)
	return group
}

// safe protects a task of a service from scale-in, for a while.
func safe(t *testing.T, r *Rig, service string, lasts time.Duration) {
	t.Helper()
	var tasks []string
	r.Sim.With(func(w *world.World) {
		k, _ := w.Region("eu-west-1").ECS.Clusters.Get("acc")
		if s, ok := k.Services.Get(service); ok && len(s.Tasks) > 0 && s.Status == "ACTIVE" {
			tasks = s.Tasks[:1]
		}
	})
	if len(tasks) == 0 {
		return
	}
	_, err := somebody(r, "ecs", "UpdateTaskProtection", protection.UpdateTaskProtection, &ecs.UpdateTaskProtectionInput{
		Cluster: new("acc"), Tasks: tasks, ProtectionEnabled: true, ExpiresInMinutes: new(int32(lasts.Minutes())),
	})
	fine(t, err)
}

// String is a trade in few words, for people who read a failed test.
func (x trade) String() string {
	b, _ := json.Marshal(map[string]any{"kind": x.kind, "tasks": x.count, "launch": x.launch}) // plain values
	return x.name + " " + string(b)
}
