package traffic

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

// stage is a world with an active application load balancer in two zones, one listener, one target group, and three instances:
// a1 and a2 in the first zone, b1 in the second.
type stage struct {
	*world.Call
	t                         *testing.T
	balancer, listener, group string // ARNs
}

const web, shop = "web", "shop" // the service and its cluster

func newStage(t *testing.T) *stage {
	t.Helper()
	w := world.New(1)
	s := &stage{t: t, Call: &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "elasticloadbalancing", RequestID: "test"}}
	all := world.Handlers{"asg.instance-unhealthy": {}}
	for _, h := range []world.Handlers{elb.Handlers(), Handlers()} {
		for kind, fs := range h { // unordered: kinds do not meet
			all[kind] = append(all[kind], fs...)
		}
	}
	w.Attach(all, nil)
	net := &s.Region.EC2
	net.VPCs.Put("vpc-1", &world.VPC{ID: "vpc-1", CIDR: "10.0.0.0/16"})
	net.InternetGateways.Put("igw-1", &world.InternetGateway{ID: "igw-1", VPCID: "vpc-1"})
	for zone, cidr := range map[string]string{"a": "10.0.0.0/24", "b": "10.0.1.0/24"} {
		net.Subnets.Put("subnet-"+zone, &world.Subnet{ID: "subnet-" + zone, VPCID: "vpc-1", CIDR: cidr, Zone: "eu-west-1" + zone})
	}
	g := &world.SecurityGroup{ID: "sg-1", Name: "default", VPCID: "vpc-1"}
	for _, egress := range []bool{false, true} {
		rule := &world.SecurityGroupRule{ID: s.NewID("sgr"), GroupID: "sg-1", Egress: egress, Protocol: "-1", CIDR4: "0.0.0.0/0"}
		net.Rules.Put(rule.ID, rule)
		g.Rules = append(g.Rules, rule.ID)
	}
	net.SecurityGroups.Put("sg-1", g)
	for _, id := range []string{"i-a1", "i-a2", "i-b1"} {
		s.launch(id)
	}
	s.balancer = *call(s, elb.CreateLoadBalancer, &elbv2.CreateLoadBalancerInput{
		Name: aws.String("public"), Subnets: []string{"subnet-a", "subnet-b"}, SecurityGroups: []string{"sg-1"},
	}).LoadBalancers[0].LoadBalancerArn
	s.group = s.newGroup(web)
	s.listener = *call(s, elb.CreateListener, &elbv2.CreateListenerInput{
		LoadBalancerArn: &s.balancer, Port: aws.Int32(80), Protocol: types.ProtocolEnumHttp, DefaultActions: forward(s.group),
	}).Listeners[0].ListenerArn
	s.Advance(5 * time.Minute)
	s.serve(web, world.ServiceBalancer{Group: s.group})
	return s
}

// launch makes a running instance whose id says its zone.
func (s *stage) launch(id string) {
	zone := id[2:3]
	face := &world.Interface{
		ID: "eni-" + id, SubnetID: "subnet-" + zone, VPCID: "vpc-1", Zone: "eu-west-1" + zone, PrivateIP: "10.0.0." + id[3:], Groups: []string{"sg-1"}, InstanceID: id,
	}
	s.Region.EC2.Interfaces.Put(face.ID, face)
	s.Region.EC2.Instances.Put(id, &world.Instance{
		ID: id, State: world.InstanceRunning, VPCID: "vpc-1", SubnetID: face.SubnetID, Zone: face.Zone, InterfaceID: face.ID, Run: 1,
	})
}

func call[I, O any](s *stage, op func(*world.Call, *I) (*O, error), in *I) *O {
	s.t.Helper()
	out, err := op(s.Call, in)
	if err != nil {
		s.t.Fatalf("%T: %v", in, err)
	}
	s.Settle()
	return out
}

func forward(groups ...string) []types.Action {
	c := &types.ForwardActionConfig{}
	for _, g := range groups {
		c.TargetGroups = append(c.TargetGroups, types.TargetGroupTuple{TargetGroupArn: aws.String(g), Weight: aws.Int32(1)})
	}
	return []types.Action{{Type: types.ActionTypeEnumForward, ForwardConfig: c}}
}

func (s *stage) newGroup(name string) string {
	return *call(s, elb.CreateTargetGroup, &elbv2.CreateTargetGroupInput{
		Name: &name, Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: aws.String("vpc-1"),
	}).TargetGroups[0].TargetGroupArn
}

func (s *stage) set(group, key, value string) {
	call(s, elb.ModifyTargetGroupAttributes, &elbv2.ModifyTargetGroupAttributesInput{
		TargetGroupArn: &group, Attributes: []types.TargetGroupAttribute{{Key: &key, Value: &value}},
	})
}

// serve puts a service behind load balancers.
func (s *stage) serve(name string, balancers ...world.ServiceBalancer) {
	k, ok := s.Region.ECS.Clusters.Get(shop)
	if !ok {
		k = &world.Cluster{Name: shop, Status: "ACTIVE"}
		s.Region.ECS.Clusters.Put(shop, k)
	}
	k.Services.Put(name, &world.Service{Name: name, Cluster: shop, Status: "ACTIVE", Balancers: balancers})
}

// complete tells that a service's deployment has completed.
func (s *stage) complete(name string) {
	s.Schedule(0, world.Event{Kind: deploymentCompleted, Region: s.Region.Name, ID: shop, Arg: name})
	s.Settle()
}

// open lets programs answer at port 80 of instances.
func (s *stage) open(a world.Answer, ids ...string) {
	for _, id := range ids {
		elb.Open(s.World, s.Region, id, 80, a)
	}
	s.Settle()
}

func (s *stage) close(id string) {
	elb.Close(s.World, s.Region, id, 80)
	s.Settle()
}

func (s *stage) register(ids ...string) {
	s.t.Helper()
	for _, id := range ids {
		if err := elb.Register(s.World, s.Region, s.group, elb.TargetAddress{ID: id}); err != nil {
			s.t.Fatal(err)
		}
	}
	s.Settle()
}

func (s *stage) deregister(id string) {
	elb.Deregister(s.World, s.Region, s.group, elb.TargetAddress{ID: id})
	s.Settle()
}

// healthy opens and registers instances and lets them become healthy; then the traffic begins.
func (s *stage) healthy(a world.Answer, ids ...string) {
	s.t.Helper()
	s.open(a, ids...)
	s.register(ids...)
	s.Advance(2 * time.Minute)
	s.complete(web)
}

// until moves time until a target's state is another one.
func (s *stage) until(id, state string) time.Duration {
	s.t.Helper()
	for spent := time.Duration(0); spent < time.Hour; spent += 100 * time.Millisecond {
		if got, _ := elb.Health(s.World, s.Region, s.group, elb.TargetAddress{ID: id}); got == state {
			return spent
		}
		s.Advance(100 * time.Millisecond)
	}
	s.t.Fatalf("%s is never %s", id, state)
	return 0
}

// sum is what became of all requests.
func (s *stage) sum() Counts {
	var c Counts
	for _, f := range Figures(s.World) {
		c = c.Plus(f.Counts)
	}
	return c
}

// counts fails the test unless exactly this became of all requests.
func (s *stage) counts(want Counts) {
	s.t.Helper()
	if got := s.sum(); got != want {
		s.t.Errorf("%s: %+v, want %+v", s.Now().Format(time.TimeOnly), got, want)
	}
}

// classic makes a classic load balancer whose port 80 leads to port 80 of instances.
func (s *stage) classic(name string) {
	call(s, elb.CreateClassicLoadBalancer, &elbv1.CreateLoadBalancerInput{
		LoadBalancerName: &name, Subnets: []string{"subnet-a", "subnet-b"}, SecurityGroups: []string{"sg-1"},
		Listeners: []types1.Listener{{Protocol: aws.String("HTTP"), LoadBalancerPort: 80, InstancePort: aws.Int32(80)}},
	})
}
