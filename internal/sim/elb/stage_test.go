package elb

import (
	"errors"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// stage is a region with a VPC in three zones, an internet gateway, a security group that lets everybody in, and two
// instances that run.
type stage struct {
	*world.Call
	t    *testing.T
	seen []world.Event // the events that the services above would hear
}

const (
	vpc, gateway, group     = "vpc-1", "igw-1", "sg-web"
	subnetA, subnetB        = "subnet-a", "subnet-b"
	subnetC, tiny           = "subnet-c", "subnet-tiny"
	instanceA, instanceB    = "i-a", "i-b"
	elsewhere, elsewhereNet = "vpc-2", "subnet-x"
)

func newStage(t *testing.T) *stage {
	t.Helper()
	w := world.New(1)
	s := &stage{t: t, Call: &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "elasticloadbalancing", RequestID: "test"}}
	hear := func(_ *world.World, e world.Event) { s.seen = append(s.seen, e) }
	all := world.Handlers{"asg.instance-unhealthy": {hear}}
	for _, h := range []world.Handlers{ec2.Handlers(), Handlers()} {
		for kind, fs := range h { // unordered: kinds do not meet
			all[kind] = append(all[kind], fs...)
		}
	}
	all[targetChanged] = append(all[targetChanged], hear)
	all[instanceChanged] = append(all[instanceChanged], hear)
	w.Attach(all, nil)

	net := &s.Region.EC2
	for _, v := range []world.VPC{{ID: vpc, CIDR: "10.0.0.0/16"}, {ID: elsewhere, CIDR: "10.9.0.0/16"}} {
		net.VPCs.Put(v.ID, &v)
		s.addGroup("sg-default-"+v.ID, "default", v.ID)
	}
	net.InternetGateways.Put(gateway, &world.InternetGateway{ID: gateway, VPCID: vpc})
	for _, n := range []world.Subnet{
		{ID: subnetA, VPCID: vpc, CIDR: "10.0.0.0/24", Zone: "eu-west-1a"},
		{ID: subnetB, VPCID: vpc, CIDR: "10.0.1.0/24", Zone: "eu-west-1b"},
		{ID: subnetC, VPCID: vpc, CIDR: "10.0.2.0/24", Zone: "eu-west-1c"},
		{ID: tiny, VPCID: vpc, CIDR: "10.0.3.0/28", Zone: "eu-west-1c"},
		{ID: elsewhereNet, VPCID: elsewhere, CIDR: "10.9.0.0/24", Zone: "eu-west-1c"},
	} {
		net.Subnets.Put(n.ID, &n)
	}
	s.addGroup(group, "web", vpc)
	s.addInstance(instanceA, subnetA)
	s.addInstance(instanceB, subnetB)
	return s
}

// addGroup makes a security group that lets everything in and out.
func (s *stage) addGroup(id, name, vpc string) {
	g := &world.SecurityGroup{ID: id, Name: name, VPCID: vpc}
	for _, egress := range []bool{false, true} {
		rule := &world.SecurityGroupRule{ID: s.NewID("sgr"), GroupID: id, Egress: egress, Protocol: "-1", CIDR4: "0.0.0.0/0"}
		s.Region.EC2.Rules.Put(rule.ID, rule)
		g.Rules = append(g.Rules, rule.ID)
	}
	s.Region.EC2.SecurityGroups.Put(id, g)
}

func (s *stage) addInstance(id, subnet string) *world.Instance {
	groups := []string{group}
	if subnet == elsewhereNet {
		groups = nil // the default one
	}
	n := must(s.t)(ec2.NewInterface(s.World, s.Region, world.Interface{SubnetID: subnet, Groups: groups, InstanceID: id}))
	i := &world.Instance{
		ID: id, State: world.InstanceRunning, VPCID: n.VPCID, SubnetID: subnet, Zone: n.Zone,
		PrivateIP: n.PrivateIP, InterfaceID: n.ID, Run: 1,
	}
	s.Region.EC2.Instances.Put(id, i)
	return i
}

// must unwraps an answer that has to be there.
func must(t *testing.T) func(out *world.Interface, err error) *world.Interface {
	return func(out *world.Interface, err error) *world.Interface {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

// ok runs an operation that has to succeed.
func ok[I, O any](s *stage, op func(*world.Call, *I) (*O, error), in *I) *O {
	s.t.Helper()
	out, err := op(s.Call, in)
	if err != nil {
		s.t.Fatalf("%T: %v", in, err)
	}
	return out
}

// refusal runs an operation that has to be refused and gives the code.
func refusal[I, O any](s *stage, op func(*world.Call, *I) (*O, error), in *I) string {
	s.t.Helper()
	out, err := op(s.Call, in)
	if err == nil {
		s.t.Fatalf("%T succeeded: %+v", in, out)
	}
	refused, isRefusal := errors.AsType[*wire.Error](err)
	if !isRefusal {
		s.t.Fatalf("%T: %v is no refusal", in, err)
	}
	return refused.Code
}

func isCode(t *testing.T, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("refused with %s, want %s", got, want)
	}
}

func balancerInput(name string) *elbv2.CreateLoadBalancerInput {
	return &elbv2.CreateLoadBalancerInput{Name: &name, Subnets: []string{subnetA, subnetB}, SecurityGroups: []string{group}}
}

// balancer makes an application load balancer.
func (s *stage) balancer(name string) types.LoadBalancer {
	s.t.Helper()
	return ok(s, CreateLoadBalancer, balancerInput(name)).LoadBalancers[0]
}

func groupInput(name string) *elbv2.CreateTargetGroupInput {
	return &elbv2.CreateTargetGroupInput{Name: &name, Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: aws.String(vpc)}
}

// group makes a target group for instances and gives its ARN.
func (s *stage) group(name string) string {
	s.t.Helper()
	return *ok(s, CreateTargetGroup, groupInput(name)).TargetGroups[0].TargetGroupArn
}

func forwardTo(arns ...string) []types.Action {
	var out []types.Action
	for _, arn := range arns {
		out = append(out, types.Action{Type: types.ActionTypeEnumForward, TargetGroupArn: aws.String(arn)})
	}
	return out
}

func listenerInput(balancer string, port int32, actions []types.Action) *elbv2.CreateListenerInput {
	return &elbv2.CreateListenerInput{
		LoadBalancerArn: &balancer, Port: &port, Protocol: types.ProtocolEnumHttp, DefaultActions: actions,
	}
}

func (s *stage) listener(balancer string, port int32, group string) types.Listener {
	s.t.Helper()
	return ok(s, CreateListener, listenerInput(balancer, port, forwardTo(group))).Listeners[0]
}

func classicInput(name string) *elbv1.CreateLoadBalancerInput {
	return &elbv1.CreateLoadBalancerInput{
		LoadBalancerName: &name, Subnets: []string{subnetA, subnetB}, SecurityGroups: []string{group},
		Listeners: []types1.Listener{{Protocol: aws.String("HTTP"), LoadBalancerPort: 80, InstancePort: aws.Int32(8080)}},
	}
}

// served makes an active load balancer with one listener for one target group, and gives the target group's ARN.
func (s *stage) served() string {
	s.t.Helper()
	lb, g := s.balancer("web"), s.group("web")
	s.listener(*lb.LoadBalancerArn, 80, g)
	s.Advance(5 * time.Minute)
	return g
}

// health tells the state and reason of the only target that matches.
func (s *stage) health(group, id string) (state, reason string) {
	s.t.Helper()
	out := ok(s, DescribeTargetHealth, &elbv2.DescribeTargetHealthInput{
		TargetGroupArn: &group, Targets: []types.TargetDescription{{Id: &id}},
	}).TargetHealthDescriptions
	if len(out) != 1 {
		s.t.Fatalf("%d targets %s, want one", len(out), id)
	}
	return string(out[0].TargetHealth.State), string(out[0].TargetHealth.Reason)
}

func (s *stage) isHealth(group, id, state, reason string) {
	s.t.Helper()
	if gotState, gotReason := s.health(group, id); gotState != state || gotReason != reason {
		s.t.Errorf("%s: %s is %s %s, want %s %s", s.Now().Format(time.TimeOnly), id, gotState, gotReason, state, reason)
	}
}

func (s *stage) register(group string, ids ...string) {
	s.t.Helper()
	var targets []types.TargetDescription
	for _, id := range ids {
		targets = append(targets, types.TargetDescription{Id: aws.String(id)})
	}
	ok(s, RegisterTargets, &elbv2.RegisterTargetsInput{TargetGroupArn: &group, Targets: targets})
}

// deregister takes the first instance out of a group.
func (s *stage) deregister(group string) {
	s.t.Helper()
	ok(s, DeregisterTargets, &elbv2.DeregisterTargetsInput{TargetGroupArn: &group, Targets: []types.TargetDescription{{Id: aws.String(instanceA)}}})
}
