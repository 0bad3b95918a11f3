package sim_test

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	elbtypes "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"

	"berth/internal/sim"
	"berth/internal/sim/ec2/outage"
	"berth/internal/sim/elb"
	"berth/internal/sim/wire/wiretest"
	"berth/internal/sim/world"
)

// plant is a site whose two instances are in a cluster and behind a load balancer, one in each zone.
type plant struct {
	site
	s     *sim.Sim
	group *string // target group
}

// trust lets EC2 take a role.
const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`

// newPlant builds a plant and gives it ten minutes.
func newPlant(t *testing.T, change ...func(*autoscaling.CreateAutoScalingGroupInput)) *plant {
	t.Helper()
	s, c := embedded(1)
	p := &plant{site: site{t: t, c: c}, s: s}
	p.network()
	for i := range p.subnets {
		must[*ec2.ModifySubnetAttributeOutput](t)(c.ec2.ModifySubnetAttribute(ctx(), &ec2.ModifySubnetAttributeInput{
			SubnetId: &p.subnets[i], MapPublicIpOnLaunch: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)},
		}))
	}
	must[*ec2.AuthorizeSecurityGroupIngressOutput](t)(c.ec2.AuthorizeSecurityGroupIngress(ctx(), &ec2.AuthorizeSecurityGroupIngressInput{
		GroupId: p.site.group, IpProtocol: aws.String("-1"), CidrIp: aws.String("0.0.0.0/0"),
	}))
	p.profile()
	p.traffic()
	must[*ecs.CreateClusterOutput](t)(c.ecs.CreateCluster(ctx(), &ecs.CreateClusterInput{ClusterName: aws.String("shop")}))
	template := p.template("web", nil)
	template.LaunchTemplateData.SecurityGroupIds = []string{*p.site.group}
	template.LaunchTemplateData.IamInstanceProfile = &ec2types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String("node")}
	must[*ec2.CreateLaunchTemplateOutput](t)(c.ec2.CreateLaunchTemplate(ctx(), template))
	in := p.scaling(2)
	in.TargetGroupARNs = []string{*p.group}
	for _, f := range change {
		f(in)
	}
	must[*autoscaling.CreateAutoScalingGroupOutput](t)(c.asg.CreateAutoScalingGroup(ctx(), in))
	p.wait(10 * time.Minute)
	return p
}

func (p *plant) profile() {
	t, c := p.t, p.c.iam
	must[*iam.CreateRoleOutput](t)(c.CreateRole(ctx(), &iam.CreateRoleInput{RoleName: aws.String("node"), AssumeRolePolicyDocument: aws.String(trust)}))
	must[*iam.CreateInstanceProfileOutput](t)(c.CreateInstanceProfile(ctx(), &iam.CreateInstanceProfileInput{InstanceProfileName: aws.String("node")}))
	must[*iam.AddRoleToInstanceProfileOutput](t)(c.AddRoleToInstanceProfile(ctx(), &iam.AddRoleToInstanceProfileInput{
		InstanceProfileName: aws.String("node"), RoleName: aws.String("node"),
	}))
	p.wait(time.Minute)
}

func (p *plant) traffic() {
	t, c := p.t, p.c.elb
	p.balancer()
	group := must[*elbv2.CreateTargetGroupOutput](t)(c.CreateTargetGroup(ctx(), &elbv2.CreateTargetGroupInput{
		Name: aws.String("web"), Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: p.vpc, HealthCheckIntervalSeconds: aws.Int32(10),
	})).TargetGroups[0]
	p.group = group.TargetGroupArn
	lbs := must[*elbv2.DescribeLoadBalancersOutput](t)(c.DescribeLoadBalancers(ctx(), &elbv2.DescribeLoadBalancersInput{}))
	must[*elbv2.CreateListenerOutput](t)(c.CreateListener(ctx(), &elbv2.CreateListenerInput{
		LoadBalancerArn: lbs.LoadBalancers[0].LoadBalancerArn, Protocol: elbtypes.ProtocolEnumHttp, Port: aws.Int32(80),
		DefaultActions: []elbtypes.Action{{Type: elbtypes.ActionTypeEnumForward, TargetGroupArn: p.group}},
	}))
}

// wait lets time pass; a web server listens on every instance that has booted.
func (p *plant) wait(d time.Duration) {
	p.t.Helper()
	for range d / (10 * time.Second) {
		p.s.With(func(w *world.World) {
			r := w.Region(wiretest.Region)
			for i := range r.EC2.Instances.Rows() {
				if !i.BootedAt.IsZero() {
					elb.Open(w, r, i.ID, 80, world.Answer{})
				}
			}
		})
		if err := p.s.Sleep(ctx(), 10*time.Second); err != nil {
			p.t.Fatal(err)
		}
	}
}

func (p *plant) plan(o world.Disruption, lasts time.Duration) {
	p.t.Helper()
	p.s.With(func(w *world.World) {
		if _, err := outage.Plan(w, w.Region(wiretest.Region), o, 0, lasts); err != nil {
			p.t.Fatal(err)
		}
	})
}

// members are the group's instances by zone: "i-1 eu-west-1a InService Healthy".
func (p *plant) members() []string {
	out := must[*autoscaling.DescribeAutoScalingGroupsOutput](p.t)(p.c.asg.DescribeAutoScalingGroups(ctx(), &autoscaling.DescribeAutoScalingGroupsInput{}))
	var all []string
	for _, i := range out.AutoScalingGroups[0].Instances {
		all = append(all, strings.Join([]string{*i.AvailabilityZone, *i.InstanceId, string(i.LifecycleState), *i.HealthStatus}, " "))
	}
	slices.Sort(all)
	return all
}

// in gives the id of the group's instance in a zone.
func (p *plant) in(zone string) string {
	p.t.Helper()
	for _, m := range p.members() {
		if words := strings.Fields(m); words[0] == wiretest.Region+zone {
			return words[1]
		}
	}
	p.t.Fatalf("the group has no instance in zone %s: %v", zone, p.members())
	return ""
}

// agents tells which instances the cluster's agents are connected on, by EC2 id.
func (p *plant) agents() map[string]bool {
	list := must[*ecs.ListContainerInstancesOutput](p.t)(p.c.ecs.ListContainerInstances(ctx(), &ecs.ListContainerInstancesInput{Cluster: aws.String("shop")}))
	out := map[string]bool{}
	if len(list.ContainerInstanceArns) == 0 {
		return out
	}
	all := must[*ecs.DescribeContainerInstancesOutput](p.t)(p.c.ecs.DescribeContainerInstances(ctx(), &ecs.DescribeContainerInstancesInput{
		Cluster: aws.String("shop"), ContainerInstances: list.ContainerInstanceArns,
	}))
	for _, i := range all.ContainerInstances {
		out[*i.Ec2InstanceId] = i.AgentConnected
	}
	return out
}

// health is a target's state and reason.
func (p *plant) health(id string) string {
	out := must[*elbv2.DescribeTargetHealthOutput](p.t)(p.c.elb.DescribeTargetHealth(ctx(), &elbv2.DescribeTargetHealthInput{
		TargetGroupArn: p.group, Targets: []elbtypes.TargetDescription{{Id: &id}},
	})).TargetHealthDescriptions[0].TargetHealth
	return fmt.Sprint(out.State, " ", cmp.Or(out.Reason, "-"))
}

func (p *plant) equal(got, want any) {
	p.t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		p.t.Errorf("got %v, want %v", got, want)
	}
}

// A zone that loses its network for a minute and a half: agents disconnect and targets time out, nobody is replaced.
func TestShortNetworkOutageIsWeathered(t *testing.T) {
	p := newPlant(t)
	a, b := p.in("a"), p.in("b")
	p.equal(p.agents(), map[string]bool{a: true, b: true})
	p.equal(p.health(a), "healthy -")
	before := p.members()
	p.plan(outage.Network(wiretest.Region+"a"), 90*time.Second)
	p.wait(80 * time.Second)
	p.equal(p.agents(), map[string]bool{a: false, b: true})
	p.equal([]string{p.health(a), p.health(b)}, "[unhealthy Target.Timeout healthy -]")
	p.wait(10 * time.Minute)
	p.equal(p.agents(), map[string]bool{a: true, b: true})
	p.equal(p.health(a), "healthy -")
	p.equal(p.members(), before)
}

// A zone that loses its power: the group replaces what is dark where there is room, and balances again once there is room.
func TestGroupFleesAZoneWithoutPowerAndComesBack(t *testing.T) {
	p := newPlant(t)
	a, b := p.in("a"), p.in("b")
	p.plan(outage.Power(wiretest.Region+"a", false), 40*time.Minute)
	p.wait(30 * time.Minute)
	zones := func() (out []string) {
		for _, m := range p.members() {
			out = append(out, strings.Fields(m)[0])
		}
		return out
	}
	p.equal(zones(), "[eu-west-1b eu-west-1b]")
	agents := p.agents()
	p.equal([]any{len(agents), agents[a], agents[b]}, "[3 false true]") // the agent that was cut off stays, until somebody deregisters it
	causes := ""
	out := must[*autoscaling.DescribeScalingActivitiesOutput](t)(p.c.asg.DescribeScalingActivities(ctx(), &autoscaling.DescribeScalingActivitiesInput{}))
	for _, x := range out.Activities {
		causes += fmt.Sprintln(x.StatusCode, aws.ToString(x.StatusMessage), *x.Cause)
	}
	for _, text := range []string{"EC2 instance status checks failure", "Failed We currently do not have sufficient t3.micro capacity in the Availability Zone you requested (eu-west-1a)."} {
		if !strings.Contains(causes, text) {
			t.Errorf("no activity says %q:\n%s", text, causes)
		}
	}
	p.wait(30 * time.Minute)
	p.equal(zones(), "[eu-west-1a eu-west-1b]")
}

func TestPowerThatComesBackSoonBringsTheSameInstancesBack(t *testing.T) {
	p := newPlant(t)
	a, before := p.in("a"), p.members()
	p.plan(outage.Power(wiretest.Region+"a", false), time.Minute)
	p.wait(30 * time.Second)
	p.equal(p.agents()[a], false)
	p.wait(5 * time.Minute)
	p.equal([]any{p.agents()[a], p.health(a), p.members()}, []any{true, "healthy -", before})
}

// An instance that its load balancer finds unhealthy in its grace period, and that is well again by its end, is kept
// (Auto Scaling user guide, "Set the health check grace period for an Auto Scaling group").
func TestInstanceThatRecoversInItsGracePeriodIsKept(t *testing.T) {
	p := newPlant(t, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.HealthCheckType, in.HealthCheckGracePeriod = aws.String("ELB"), aws.Int32(1800)
	})
	a, before := p.in("a"), p.members()
	p.plan(outage.Network(wiretest.Region+"a"), 90*time.Second)
	p.wait(80 * time.Second)
	p.equal(p.health(a), "unhealthy Target.Timeout")
	p.wait(40 * time.Minute)
	p.equal(p.members(), before)
}

func TestInstanceThatIsUnhealthyAtTheEndOfItsGracePeriodIsReplaced(t *testing.T) {
	p := newPlant(t, func(in *autoscaling.CreateAutoScalingGroupInput) {
		in.HealthCheckType, in.HealthCheckGracePeriod = aws.String("ELB"), aws.Int32(1800)
	})
	a := p.in("a")
	p.plan(outage.Impaired(a), 0)
	p.wait(10 * time.Minute)
	p.equal(p.in("a"), a)
	p.wait(30 * time.Minute)
	if p.in("a") == a {
		t.Error("the instance was not replaced")
	}
}

func TestAgentsOfASilentImageNeverRegister(t *testing.T) {
	p := newPlant(t)
	image, id := "", p.in("a")
	p.s.With(func(w *world.World) {
		i, _ := w.Region(wiretest.Region).EC2.Instances.Get(id)
		image = i.ImageID
	})
	p.plan(outage.SilentImage(image), 0)
	must[*autoscaling.SetDesiredCapacityOutput](t)(p.c.asg.SetDesiredCapacity(ctx(), &autoscaling.SetDesiredCapacityInput{
		AutoScalingGroupName: aws.String("web"), DesiredCapacity: aws.Int32(4),
	}))
	p.wait(20 * time.Minute)
	p.equal([]int{len(p.members()), len(p.agents())}, "[4 2]")
}
