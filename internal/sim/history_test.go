package sim_test

import (
	"bytes"
	"encoding/hex"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	classictypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	eventtypes "github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/sim"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// history is a world that things happen to. All that it decides it asks the world's dice, and all that it knows it reads from
// the world: so it can go on from a saved one.
type history struct {
	t    testing.TB
	s    *sim.Sim
	c    cloud
	m    messaging
	laws laws
}

// enter begins, or goes on with, a history. Every event is watched.
func enter(t testing.TB, w *world.World) (*history, *world.Trace) {
	h := &history{t: t, s: sim.New(w)}
	cfg := wiretest.Config(h.s.Client().Transport)
	h.c, h.m = inside(h.s), messagingOf(t, cfg)
	h.c.ecs = ecs.NewFromConfig(cfg, func(o *ecs.Options) { o.IdempotencyTokenProvider = h })
	h.c.ec2 = ec2.NewFromConfig(cfg, func(o *ec2.Options) { o.IdempotencyTokenProvider = h })
	trace := h.s.Record()
	h.s.With(func(w *world.World) { w.Watch(h.laws.hold) })
	return h, trace
}

// GetIdempotencyToken makes the SDK's tokens from the world's dice.
func (h *history) GetIdempotencyToken() (string, error) {
	var b [16]byte
	for i := range b {
		b[i] = byte(h.upTo(256))
	}
	return hex.EncodeToString(b[:]), nil
}

// upTo is a number from 0 to less than n.
func (h *history) upTo(n int) (out int) {
	h.dice(func(d *rand.Rand) { out = d.IntN(n) })
	return out
}

func (h *history) dice(f func(*rand.Rand)) {
	h.s.With(func(w *world.World) { f(w.Dice("history")) })
}

func (h *history) coin() bool { return h.upTo(2) == 0 }

// oneOf is one of several.
func oneOf[T any](h *history, all ...T) T { return all[h.upTo(len(all))] }

// region looks at the region.
func (h *history) region(f func(*world.World, *world.Region)) {
	h.s.With(func(w *world.World) { f(w, w.Region(wiretest.Region)) })
}

func (h *history) wait(d time.Duration) {
	h.t.Helper()
	if err := h.s.Sleep(ctx(), d); err != nil {
		h.t.Fatal(err)
	}
}

// save is the world as it stands.
func (h *history) save() []byte {
	h.t.Helper()
	return must[[]byte](h.t)(h.s.Save())
}

// textOf is a trace as text.
func textOf(t testing.TB, trace *world.Trace) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := trace.Print(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// build makes the whole plant: network, roles, load balancers, events, a group with its capacity provider, services.
func (h *history) build() {
	p := &plant{site: site{t: h.t, c: h.c}, s: h.s}
	p.network()
	for i := range p.subnets {
		must[*ec2.ModifySubnetAttributeOutput](h.t)(h.c.ec2.ModifySubnetAttribute(ctx(), &ec2.ModifySubnetAttributeInput{
			SubnetId: &p.subnets[i], MapPublicIpOnLaunch: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)},
		}))
	}
	must[*ec2.AuthorizeSecurityGroupIngressOutput](h.t)(h.c.ec2.AuthorizeSecurityGroupIngress(ctx(), &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: p.site.group, IpProtocol: aws.String("-1"), CidrIp: aws.String("0.0.0.0/0"),
	}))
	p.profile()
	h.balancers(p)
	h.listeners()
	h.fleet(p)
	for n := range 3 + h.upTo(3) {
		h.createService(string(rune('a' + n)))
	}
	h.wait(time.Duration(h.upTo(600)) * time.Second)
}

// balancers makes an application load balancer with two target groups, and a classic one.
func (h *history) balancers(p *plant) {
	t := h.t
	p.balancer()
	lb := must[*elbv2.DescribeLoadBalancersOutput](t)(h.c.elb.DescribeLoadBalancers(ctx(), &elbv2.DescribeLoadBalancersInput{})).LoadBalancers[0]
	for n, kind := range []elbtypes.TargetTypeEnum{elbtypes.TargetTypeEnumInstance, elbtypes.TargetTypeEnumIp} {
		group := must[*elbv2.CreateTargetGroupOutput](t)(h.c.elb.CreateTargetGroup(ctx(), &elbv2.CreateTargetGroupInput{
			Name: aws.String(string(kind)), Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: p.vpc, TargetType: kind,
			HealthCheckIntervalSeconds: aws.Int32(int32(5 + h.upTo(25))), HealthCheckTimeoutSeconds: aws.Int32(3),
		})).TargetGroups[0].TargetGroupArn
		must[*elbv2.ModifyTargetGroupAttributesOutput](t)(h.c.elb.ModifyTargetGroupAttributes(ctx(), &elbv2.ModifyTargetGroupAttributesInput{
			TargetGroupArn: group, Attributes: []elbtypes.TargetGroupAttribute{{
				Key: aws.String("deregistration_delay.timeout_seconds"), Value: aws.String(oneOf(h, "0", "15", "60", "300")),
			}},
		}))
		must[*elbv2.CreateListenerOutput](t)(h.c.elb.CreateListener(ctx(), &elbv2.CreateListenerInput{
			LoadBalancerArn: lb.LoadBalancerArn, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(int32(80 + n)),
			DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: group}},
		}))
	}
	must[*elasticloadbalancing.CreateLoadBalancerOutput](t)(h.c.classic.CreateLoadBalancer(ctx(), &elasticloadbalancing.CreateLoadBalancerInput{
		LoadBalancerName: aws.String("old"), Subnets: p.subnets, SecurityGroups: []string{*p.site.group},
		Listeners: []classictypes.Listener{{Protocol: aws.String("HTTP"), LoadBalancerPort: 80, InstancePort: aws.Int32(8080)}},
	}))
}

// listeners sends what services say to a topic, and so to a queue.
func (h *history) listeners() {
	topic := h.m.topic(true)
	h.m.queue(topic)
	h.m.rule(topic)
	for name, source := range []string{"aws.ecs", "aws.ec2"} {
		rule := aws.String(string(rune('x' + name)))
		must[*eventbridge.PutRuleOutput](h.t)(h.m.events.PutRule(ctx(), &eventbridge.PutRuleInput{Name: rule, EventPattern: aws.String(`{"source":["` + source + `"]}`)}))
		must[*eventbridge.PutTargetsOutput](h.t)(h.m.events.PutTargets(ctx(), &eventbridge.PutTargetsInput{Rule: rule, Targets: []eventtypes.Target{
			{Id: aws.String("t"), Arn: topic},
			{Id: aws.String("q"), Arn: aws.String("arn:aws:sqs:" + wiretest.Region + ":123456789012:watch")},
		}}))
	}
}

// fleet is a cluster on a group that a capacity provider may scale, drain and protect.
func (h *history) fleet(p *plant) {
	t := h.t
	must[*ecs.CreateClusterOutput](t)(h.c.ecs.CreateCluster(ctx(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")}))
	template := p.template("web", nil)
	template.LaunchTemplateData.InstanceType = ec2types.InstanceTypeT3Medium
	template.LaunchTemplateData.SecurityGroupIds = []string{*p.site.group}
	template.LaunchTemplateData.IamInstanceProfile = &ec2types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String("node")}
	must[*ec2.CreateLaunchTemplateOutput](t)(h.c.ec2.CreateLaunchTemplate(ctx(), template))
	scales, protects := h.coin(), h.coin()
	in := p.scaling(int32(1 + h.upTo(3)))
	in.NewInstancesProtectedFromScaleIn = aws.Bool(scales && protects)
	must[*autoscaling.CreateAutoScalingGroupOutput](t)(h.c.asg.CreateAutoScalingGroup(ctx(), in))
	set := &ecstypes.AutoScalingGroupProvider{
		AutoScalingGroupArn: aws.String("web"), ManagedScaling: &ecstypes.ManagedScaling{Status: ecstypes.ManagedScalingStatusDisabled},
		ManagedDraining: oneOf(h, ecstypes.ManagedDrainingEnabled, ecstypes.ManagedDrainingDisabled),
	}
	if scales {
		set.ManagedScaling = &ecstypes.ManagedScaling{Status: ecstypes.ManagedScalingStatusEnabled, TargetCapacity: aws.Int32(int32(oneOf(h, 50, 80, 100)))}
	}
	if scales && protects {
		set.ManagedTerminationProtection = ecstypes.ManagedTerminationProtectionEnabled
	}
	must[*ecs.CreateCapacityProviderOutput](t)(h.c.ecs.CreateCapacityProvider(ctx(), &ecs.CreateCapacityProviderInput{
		Name: aws.String("web"), AutoScalingGroupProvider: set,
	}))
	must[*ecs.PutClusterCapacityProvidersOutput](t)(h.c.ecs.PutClusterCapacityProviders(ctx(), &ecs.PutClusterCapacityProvidersInput{
		Cluster: aws.String("shop"), CapacityProviders: []string{"web"}, DefaultCapacityProviderStrategy: []ecstypes.CapacityProviderStrategyItem{},
	}))
}
