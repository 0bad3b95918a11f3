package ecs

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	types2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/ecs/setting"
	"berth/internal/sim/elb"
	"berth/internal/sim/world"
)

func ownInterface(in *ecs.RegisterTaskDefinitionInput) { in.NetworkMode = types.NetworkModeAwsvpc }

func in(subnets ...string) *types.NetworkConfiguration {
	return &types.NetworkConfiguration{AwsvpcConfiguration: &types.AwsVpcConfiguration{Subnets: subnets}}
}

// tasksENIs are the network interfaces that ECS has asked for.
func (s *stage) tasksENIs() []*world.Interface {
	var out []*world.Interface
	for n := range s.Region.EC2.Interfaces.Rows() {
		if n.RequesterID == "amazon-ecs" {
			out = append(out, n)
		}
	}
	return out
}

// ECS developer guide, "Task networking with the awsvpc network mode".
func TestTaskWithItsOwnInterfaceIsRegisteredByItsAddress(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	g := s.balanced("web", types2.TargetTypeEnumIp)
	s.definition(ownInterface)
	must(s, 0, s.create(2, behind(g), func(c *ecs.CreateServiceInput) { c.NetworkConfiguration = in(s.subnets()...) }))
	seen := map[string]bool{}
	s.until("both are healthy", func() bool {
		for _, v := range s.tasks(s.list()...) {
			seen[*v.LastStatus] = true
		}
		return s.targets(g)["healthy"] == 2
	})
	s.equal(seen, "map[ACTIVATING:true PENDING:true PROVISIONING:true RUNNING:true]")
	for _, v := range s.tasks(s.list()...) {
		a := v.Attachments[0]
		details := map[string]string{}
		for _, d := range a.Details {
			details[*d.Name] = *d.Value
		}
		n, ok := s.Region.EC2.Interfaces.Get(details["networkInterfaceId"])
		if !ok {
			t.Fatalf("no interface: %v", details)
		}
		c := v.Containers[0]
		s.equal([]any{*a.Type, *a.Status, n.Zone, n.InstanceID, details["privateIPv4Address"], details["subnetId"], details["macAddress"]},
			fmt.Sprint([]any{"ElasticNetworkInterface", "ATTACHED", *v.AvailabilityZone, *s.instanceOf(v), n.PrivateIP, n.SubnetID, n.MAC}))
		s.equal([]any{*c.NetworkInterfaces[0].PrivateIpv4Address, *c.NetworkInterfaces[0].AttachmentId, len(c.NetworkBindings)}, fmt.Sprint([]any{n.PrivateIP, *a.Id, 0}))
		state, _ := elb.Health(s.World, s.Region, g, elb.TargetAddress{ID: n.PrivateIP, Port: 80})
		s.equal(state, "healthy")
	}
	s.equal(s.service("api").NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp, "DISABLED")
	must(s, 0, s.drop("api", true))
	left := map[string]bool{}
	s.until("they have stopped", func() bool {
		for _, v := range s.tasks(s.list(halted)...) {
			left[*v.LastStatus] = true
		}
		return s.k().RunningTasks == 0
	})
	s.equal(left, "map[DEACTIVATING:true DEPROVISIONING:true RUNNING:true STOPPED:true STOPPING:true]")
	s.equal([]int{len(s.tasksENIs()), s.answers(), len(s.targets(g))}, "[0 0 0]")
	quiet(t, s)
}

func TestServiceSaysWhichTaskIsUnhealthyByItsAddress(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	g := s.balanced("web", types2.TargetTypeEnumIp)
	s.definition(ownInterface, image("web?status=404"))
	must(s, 0, s.create(1, behind(g), func(c *ecs.CreateServiceInput) { c.NetworkConfiguration = in(s.subnets()...) }))
	s.until("it has complained", func() bool {
		return s.heard("api", ") (port 80) is unhealthy in (target-group "+g+") due to (reason Health checks failed with these codes: [404])") > 0
	})
	s.equal(strings.Contains(strings.Join(s.said("api"), "\n"), "(task "), true)
}

// C.6 of a t3.medium: three interfaces, one of which is the instance's.
func TestInstanceHasAsManyTasksWithInterfacesAsItHasSlots(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.definition(ownInterface)
	own := func(r *ecs.RunTaskInput) { r.Count, r.NetworkConfiguration = aws.Int32(3), in(*s.subnet) }
	out, err := s.runTasks(own)
	s.equal([]any{len(must(s, out, err).Tasks), *out.Failures[0].Reason, *out.Tasks[0].LastStatus, *out.Tasks[0].Attachments[0].Status},
		"[2 RESOURCE:ENI PROVISIONING PRECREATED]")
	s.Advance(time.Minute)
	s.equal([]int{len(s.tasksENIs()), s.answers()}, "[2 2]")
	s.stopOne(out.Tasks[0])
	s.Advance(time.Minute)
	s.equal(len(s.tasksENIs()), 1)
	out, err = s.runTasks(own)
	s.equal(len(must(s, out, err).Tasks), 1)
	s.honest()
}

func TestTaskStaysInTheZonesOfItsSubnets(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	s.definition(ownInterface)
	out, err := s.runTasks(func(r *ecs.RunTaskInput) { r.Count, r.NetworkConfiguration = aws.Int32(3), in(*s.subnet) })
	s.equal(len(must(s, out, err).Tasks), 2)
	reasons := map[string]int{}
	for _, f := range out.Failures {
		reasons[*f.Reason]++
	}
	s.equal(reasons, "map[LOCATION:1 RESOURCE:ENI:1]")
}

func TestTaskStopsWhenItsSubnetHasNoAddressLeft(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.definition(ownInterface)
	sub, _ := s.Region.EC2.Subnets.Get(*s.subnet)
	for n := range 256 {
		sub.Taken[n] = true
	}
	out, err := s.runTasks(func(r *ecs.RunTaskInput) { r.NetworkConfiguration = in(*s.subnet) })
	arn := *must(s, out, err).Tasks[0].TaskArn
	s.until("it has stopped", func() bool { return *s.tasks(arn)[0].LastStatus == "STOPPED" })
	s.equal([]any{s.tasks(arn)[0].StopCode, *s.tasks(arn)[0].StoppedReason}, "[TaskFailedToStart Unexpected EC2 error while attempting to Create Network Interface "+
		"with public IP assignment disabled in subnet '"+*s.subnet+"': InsufficientFreeAddressesInSubnet]")
	quiet(t, s)
}

// ECS developer guide, "Increasing Amazon ECS Linux container instance network interfaces".
func TestTrunkGivesAnInstanceMoreSlots(t *testing.T) {
	s := newStage(t)
	_, err := setting.PutAccountSetting(s.Call, &ecs.PutAccountSettingInput{Name: types.SettingNameAwsvpcTrunking, Value: aws.String("enabled")})
	must(s, 0, err)
	s.shopOf(1)
	s.equal(s.instances()[0].Trunk, "") // a t3.medium cannot have one
	row, _ := s.Region.EC2.Instances.Get(s.instances()[0].EC2ID)
	row.Type = "m5.large"
	_, err = DeregisterContainerInstance(s.Call, &ecs.DeregisterContainerInstanceInput{Cluster: aws.String("shop"), ContainerInstance: aws.String(s.instances()[0].ID)})
	must(s, 0, err)
	agent, _ := s.Region.ECS.Agents.Get(row.ID)
	must(s, 0, register(s.World, s.Region, row, agent))
	i, _ := InstanceOn(s.Region, row.ID)
	trunk, ok := s.Region.EC2.Interfaces.Get(i.Trunk)
	s.equal([]any{ok, trunk.InterfaceType, i.Attributes[len(i.Attributes)-1]}, "[true trunk {ecs.awsvpc-trunk-id "+i.Trunk+" true false}]")
	s.definition(ownInterface, func(d *ecs.RegisterTaskDefinitionInput) {
		d.ContainerDefinitions[0].Cpu, d.ContainerDefinitions[0].Memory = 10, aws.Int32(64)
	})
	own := func(r *ecs.RunTaskInput) { r.Count, r.NetworkConfiguration = aws.Int32(10), in(*s.subnet) }
	out, err := s.runTasks(own)
	s.equal(len(must(s, out, err).Tasks), 10)
	out, err = s.runTasks(own)
	s.equal(*must(s, out, err).Failures[0].Reason, "RESOURCE:ENI")
	s.Advance(time.Minute)
	s.equal(len(s.tasksENIs()), 11)
	s.desire("web", 0)
	s.Advance(10 * time.Minute)
	s.equal([]int{len(s.tasksENIs()), s.answers()}, "[0 0]")
}

func TestNetworkConfigurationsAreChecked(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.definition(ownInterface)
	many := make([]string, 17)
	public, grouped := in(*s.subnet), in(*s.subnet)
	public.AwsvpcConfiguration.AssignPublicIp = types.AssignPublicIpEnabled
	grouped.AwsvpcConfiguration.SecurityGroups = []string{"sg-none"}
	for text, network := range map[string]*types.NetworkConfiguration{
		"Network Configuration must be provided when networkMode 'awsvpc' is specified.": nil,
		"subnets can not be empty.":                                            in(),
		"subnets can have at most 16 items.":                                   in(many...),
		"The subnet ID 'subnet-none' does not exist":                           in("subnet-none"),
		"Assign public IP is not supported for this launch type.":              public,
		"The security group 'sg-none' does not exist (ErrorCode: InvalidGroup": grouped,
	} {
		_, err := s.runTasks(func(r *ecs.RunTaskInput) { r.NetworkConfiguration = network })
		s.refused(err, "InvalidParameterException", text)
		s.refused(s.create(1, func(c *ecs.CreateServiceInput) { c.NetworkConfiguration = network }), "InvalidParameterException", text)
	}
	must(s, 0, s.create(1, func(c *ecs.CreateServiceInput) { c.NetworkConfiguration = in(*s.subnet) }))
	s.definition()
	s.refused(s.update(func(u *ecs.UpdateServiceInput) {
		u.TaskDefinition, u.NetworkConfiguration = aws.String("web"), in(*s.subnet)
	}),
		"InvalidParameterException", "Network Configuration is not valid for the given networkMode")
	must(s, 0, s.update(func(u *ecs.UpdateServiceInput) { u.TaskDefinition = aws.String("web") }))
	s.steady("api")
	s.equal(s.service("api").NetworkConfiguration == nil, true)
}

func TestPortsOfTasksFollowTheirNetworkMode(t *testing.T) {
	for mode, want := range map[types.NetworkMode]string{"host": "[80 true]", "none": "[0 false]"} {
		s := newStage(t)
		s.shopOf(1)
		task := s.runOne(func(d *ecs.RegisterTaskDefinitionInput) {
			if d.NetworkMode = mode; mode == "none" {
				d.ContainerDefinitions[0].PortMappings = nil
			}
		})
		s.comes(task, "RUNNING")
		port := int32(0)
		if b := task().Containers[0].NetworkBindings; len(b) > 0 {
			port = *b[0].HostPort
		}
		_, open := s.Region.Balancing.Answers.Get(*s.instanceOf(task()) + ":80")
		s.equal([]any{port, open}, want)
	}
}

// ECS developer guide, "Daemon strategy": what a daemon needs is kept for it, its interface too.
func TestDaemonHasItsInterfaceBeforeOthers(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.definition(ownInterface)
	networked := func(c *ecs.CreateServiceInput) { c.NetworkConfiguration = in(*s.subnet) }
	host, _ := s.Region.EC2.Instances.Get(s.instances()[0].EC2ID)
	host.Type = "t3.micro" // one slot
	must(s, 0, s.create(0, daemon, networked))
	must(s, 0, s.create(2, networked))
	s.steady("agent")
	s.Advance(time.Minute)
	s.equal([]any{s.service("agent").RunningCount, s.service("api").RunningCount}, "[1 0]")
	s.equal(s.heard("api", `encountered error "RESOURCE:ENI"`), 1)
	host.Type = "t3.medium" // two slots
	s.scale(3)
	s.Advance(time.Minute)
	s.equal([]any{s.service("agent").RunningCount, s.service("api").RunningCount}, "[1 1]")
}

func TestTaskThatWaitsInOneZoneKeepsNoneFromAnother(t *testing.T) {
	s := newStage(t)
	s.drainingGroup(1)
	s.desire("web", 0)
	s.Advance(10 * time.Minute)
	var change autoscaling.CreateAutoScalingGroupInput
	s.zoned(&change)
	zones := strings.Split(*change.VPCZoneIdentifier, ",")
	s.definition(ownInterface)
	for _, zone := range []string{zones[1], zones[0]} {
		_, err := s.runTasks(func(r *ecs.RunTaskInput) {
			r.NetworkConfiguration, r.CapacityProviderStrategy = in(zone), use("web", 1)
		})
		must(s, 0, err)
	}
	s.desire("web", 1) // in the first zone
	s.until("one runs", func() bool { return s.k().RunningTasks == 1 })
	s.equal(len(s.k().Waiting), 1)
}

func TestTaskStopsWhenItsSubnetsAreInAnotherVPC(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.definition(ownInterface)
	sub, _ := s.Region.EC2.Subnets.Get(*s.subnet)
	other := *sub
	other.ID, other.VPCID = "subnet-other", "vpc-other"
	s.Region.EC2.Subnets.Put(other.ID, &other)
	out, err := s.runTasks(func(r *ecs.RunTaskInput) { r.NetworkConfiguration = in("subnet-other") })
	arn := *must(s, out, err).Tasks[0].TaskArn
	s.until("it has stopped", func() bool { return *s.tasks(arn)[0].LastStatus == "STOPPED" })
	s.equal(s.tasks(arn)[0].StopCode, "TaskFailedToStart")
}
