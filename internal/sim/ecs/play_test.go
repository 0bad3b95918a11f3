package ecs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/world"
)

// definition registers the family web: one container with 256 units, 512 MiB and a port that the agent picks.
func (s *stage) definition(change ...func(*ecs.RegisterTaskDefinitionInput)) *types.TaskDefinition {
	s.t.Helper()
	in := webDefinition()
	for _, f := range change {
		f(in)
	}
	out, err := definition.RegisterTaskDefinition(s.Call, in)
	return must(s, out, err).TaskDefinition
}

func webDefinition() *ecs.RegisterTaskDefinitionInput {
	return &ecs.RegisterTaskDefinitionInput{Family: aws.String("web"), ContainerDefinitions: []types.ContainerDefinition{{
		Name: aws.String("web"), Image: aws.String("nginx"), Cpu: 256, Memory: aws.Int32(512),
		PortMappings: []types.PortMapping{{ContainerPort: aws.Int32(80)}},
	}}}
}

// zoned lets a group's instances be in two zones.
func (s *stage) zoned(in *autoscaling.CreateAutoScalingGroupInput) {
	all := ec2.Operations()
	sub, _ := s.Region.EC2.Subnets.Get(*s.subnet)
	other := run[awsec2.CreateSubnetOutput](s, all, "CreateSubnet", &awsec2.CreateSubnetInput{
		VpcId: aws.String(sub.VPCID), CidrBlock: aws.String("10.0.1.0/24"), AvailabilityZone: aws.String("eu-west-1b"),
	}).Subnet.SubnetId
	run[awsec2.ModifySubnetAttributeOutput](s, all, "ModifySubnetAttribute", &awsec2.ModifySubnetAttributeInput{
		SubnetId: other, MapPublicIpOnLaunch: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	run[awsec2.AssociateRouteTableOutput](s, all, "AssociateRouteTable", &awsec2.AssociateRouteTableInput{RouteTableId: s.table, SubnetId: other})
	in.VPCZoneIdentifier = aws.String(*s.subnet + "," + *other)
}

// shopOf is a cluster shop with n instances in two zones, and the definition web.
func (s *stage) shopOf(n int32) *world.ScalingGroup {
	s.t.Helper()
	s.cluster()
	g := s.group("web", n, shop, s.zoned)
	s.equal(len(s.instances()), n)
	s.definition()
	return g
}

func (s *stage) create(n int32, change ...func(*ecs.CreateServiceInput)) error {
	in := &ecs.CreateServiceInput{Cluster: aws.String("shop"), ServiceName: aws.String("api"), TaskDefinition: aws.String("web"), DesiredCount: aws.Int32(n)}
	for _, f := range change {
		f(in)
	}
	_, err := CreateService(s.Call, in)
	return err
}

func daemon(in *ecs.CreateServiceInput) {
	in.ServiceName, in.SchedulingStrategy, in.DesiredCount = aws.String("agent"), types.SchedulingStrategyDaemon, nil
}

func percent(least, most int32) func(*ecs.CreateServiceInput) {
	return func(in *ecs.CreateServiceInput) {
		in.DeploymentConfiguration = &types.DeploymentConfiguration{MinimumHealthyPercent: aws.Int32(least), MaximumPercent: aws.Int32(most)}
	}
}

func (s *stage) update(change func(*ecs.UpdateServiceInput)) error {
	in := &ecs.UpdateServiceInput{Cluster: aws.String("shop"), Service: aws.String("api")}
	change(in)
	_, err := UpdateService(s.Call, in)
	return err
}

func (s *stage) scale(n int32) {
	s.t.Helper()
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.DesiredCount = aws.Int32(n) }))
}

func (s *stage) drop(name string, force bool) error {
	_, err := DeleteService(s.Call, &ecs.DeleteServiceInput{Cluster: aws.String("shop"), Service: aws.String(name), Force: aws.Bool(force)})
	return err
}

func (s *stage) service(name string) types.Service {
	s.t.Helper()
	out, err := DescribeServices(s.Call, &ecs.DescribeServicesInput{Cluster: aws.String("shop"), Services: []string{name}, Include: []types.ServiceField{types.ServiceFieldTags}})
	return must(s, out, err).Services[0]
}

// said are the events of a service, oldest first, without ids.
func (s *stage) said(name string) []string {
	s.t.Helper()
	var out []string
	for _, e := range slices.Backward(s.service(name).Events) {
		out = append(out, strings.TrimPrefix(*e.Message, "(service "+name+") "))
	}
	return out
}

func (s *stage) heard(name, text string) int {
	s.t.Helper()
	n := 0
	for _, e := range s.said(name) {
		if strings.Contains(e, text) {
			n++
		}
	}
	return n
}

// list lists tasks of the cluster shop.
func (s *stage) list(change ...func(*ecs.ListTasksInput)) []string {
	s.t.Helper()
	in := &ecs.ListTasksInput{Cluster: aws.String("shop")}
	for _, f := range change {
		f(in)
	}
	out, err := ListTasks(s.Call, in)
	return must(s, out, err).TaskArns
}

func halted(in *ecs.ListTasksInput) { in.DesiredStatus = types.DesiredStatusStopped }

func (s *stage) tasks(arns ...string) []types.Task {
	s.t.Helper()
	if len(arns) == 0 {
		return nil
	}
	out, err := DescribeTasks(s.Call, &ecs.DescribeTasksInput{Cluster: aws.String("shop"), Tasks: arns, Include: []types.TaskField{types.TaskFieldTags}})
	return must(s, out, err).Tasks
}

func (s *stage) drainNow(ids ...string) {
	s.t.Helper()
	_, err := UpdateContainerInstancesState(s.Call, &ecs.UpdateContainerInstancesStateInput{
		Cluster: aws.String("shop"), ContainerInstances: ids, Status: types.ContainerInstanceStatusDraining,
	})
	must(s, 0, err)
}

func (s *stage) runTasks(change ...func(*ecs.RunTaskInput)) (*ecs.RunTaskOutput, error) {
	in := &ecs.RunTaskInput{Cluster: aws.String("shop"), TaskDefinition: aws.String("web")}
	for _, f := range change {
		f(in)
	}
	return RunTask(s.Call, in)
}

// honest checks that every count is the sum over the tasks, that no instance has given away more than it has, and that
// the lists of tasks agree.
func (s *stage) honest() {
	s.t.Helper()
	k := s.k()
	runs, pends, on := 0, 0, map[string][2]int{}
	cpu, memory, ports := map[string]int{}, map[string]int{}, map[string]bool{}
	for t := range k.Tasks.Rows() {
		c := on[t.Instance]
		switch {
		case t.Status == stopped:
			continue
		case starting(t):
			pends++
			c[1]++
		default:
			runs++
			c[0]++
		}
		on[t.Instance] = c
		cpu[t.Instance] += t.CPU
		memory[t.Instance] += t.Memory
		s.bindsOnce(t, ports)
	}
	if k.RunningTasks != runs || k.PendingTasks != pends {
		s.t.Errorf("the cluster counts %d running and %d pending tasks, it has %d and %d", k.RunningTasks, k.PendingTasks, runs, pends)
	}
	for i := range k.Instances.Rows() {
		if got := [2]int{i.RunningTasks, i.PendingTasks}; got != on[i.ID] || len(i.Tasks) != got[0]+got[1] {
			s.t.Errorf("%s counts %v and lists %d, it has %v", i.ID, got, len(i.Tasks), on[i.ID])
		}
		s.grouped(i)
		for n, r := range i.Registered {
			taken := map[string]int{"CPU": cpu[i.ID], "MEMORY": memory[i.ID]}[r.Name]
			if left := i.Remaining[n].Integer; left < 0 || left != r.Integer-taken {
				s.t.Errorf("%s has %d of %d %s left, tasks take %d", i.ID, left, r.Integer, r.Name, taken)
			}
		}
	}
}

// bindsOnce checks that no other task has the ports of this one.
func (s *stage) bindsOnce(t *world.Task, taken map[string]bool) {
	s.t.Helper()
	for _, container := range t.Containers {
		for _, p := range container.Ports {
			key := t.Instance + portText(p) + p.Protocol
			if p.Host == 0 || taken[key] {
				s.t.Errorf("port %d of %s is bound twice, or not at all", p.Host, t.Instance)
			}
			taken[key] = true
		}
	}
}

// grouped checks that an instance counts its tasks by group.
func (s *stage) grouped(i *world.ContainerInstance) {
	s.t.Helper()
	groups := map[string]int{}
	for _, id := range i.Tasks {
		t, _ := s.k().Tasks.Get(id)
		groups[t.Group]++
	}
	for _, g := range i.Groups {
		if groups[g.Name] != g.Tasks {
			s.t.Errorf("%s counts %v, it has %v", i.ID, i.Groups, groups)
		}
		delete(groups, g.Name)
	}
	if len(groups) > 0 {
		s.t.Errorf("%s does not count %v", i.ID, groups)
	}
}

// until lets time pass, at most five minutes, until something holds; the counts are checked all the way.
func (s *stage) until(what string, holds func() bool) {
	s.t.Helper()
	for range 300 {
		if holds() {
			return
		}
		s.Advance(time.Second)
		s.honest()
	}
	s.t.Fatalf("never: %s; %v", what, s.said("api"))
}

func (s *stage) steady(name string) {
	s.t.Helper()
	s.until(name+" is steady", func() bool {
		v := s.service(name)
		return len(v.Deployments) == 1 && v.RunningCount == v.DesiredCount && v.Deployments[0].RolloutState == types.DeploymentRolloutStateCompleted &&
			slices.ContainsFunc([]string{"has reached a steady state.", " is AZ balanced with ", "stopped AZ Rebalancing."}, func(text string) bool {
				return strings.Contains(*v.Events[0].Message, text)
			})
	})
}

// quiet checks that nothing waits to happen once everything that stopped is forgotten.
func quiet(t *testing.T, s *stage) {
	t.Helper()
	s.Advance(3 * time.Hour)
	if at, ok := s.NextEvent(); ok {
		t.Errorf("something happens at %s although all is at rest", at)
	}
}
