package ecs

import (
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	types2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"
	"pgregory.net/rapid"

	"berth/internal/sim/ec2"
	"berth/internal/sim/ecs/protection"
	"berth/internal/sim/world"
)

// programs are images that behave in all the ways there are.
func programs() *rapid.Generator[string] {
	return rapid.SampledFrom([]string{
		"web", "web?boot=20s", "web?boot=90s", "web?crash=5s", "web?crash=70s&boot=10s", "web?oom", "web?unhealthy=30s", "web?status=500",
		"web?slowstop=40s", "web?ignore-sigterm", "web?once=15s", "web?silent", "web?drop", "web?pull=missing", "web?pull=wrong-arch",
		"web?pull=slow=30s", "web?took=2s",
	})
}

// mixed registers a definition with two containers of any kind.
func (s *stage) mixed(rt *rapid.T, family string, mode types.NetworkMode) {
	first, second := programs().Draw(rt, "first"), programs().Draw(rt, "second")
	checked, waits, restarts := rapid.Bool().Draw(rt, "checked"), rapid.SampledFrom([]string{"", "START", "COMPLETE", "SUCCESS"}).Draw(rt, "waits"), rapid.Bool().Draw(rt, "restarts")
	s.definition(image(first, second), func(in *ecs.RegisterTaskDefinitionInput) {
		in.Family, in.NetworkMode = aws.String(family), mode
		if checked {
			check(in)
		}
		if waits != "" {
			after(types.ContainerCondition(waits))(in)
			in.ContainerDefinitions[1].StartTimeout = aws.Int32(60)
		}
		in.ContainerDefinitions[0].RestartPolicy = &types.ContainerRestartPolicy{Enabled: aws.Bool(restarts), RestartAttemptPeriod: aws.Int32(60)}
	})
}

// held is what tasks say they hold, by key.
type held struct{ ports, targets, interfaces map[string]bool }

// hold gathers what one task holds; one that has stopped must hold nothing.
func (h held) hold(rt *rapid.T, k cluster, t *world.Task) {
	if t.Status == stopped && (len(t.Targets) > 0 || t.Due != (time.Time{})) {
		rt.Errorf("%s has stopped, and has targets %v or something to do at %s", t.ID, t.Targets, t.Due)
	}
	for _, x := range t.Targets {
		h.targets[x.Group+x.ID+":"+strconv.Itoa(int(x.Port))] = true
	}
	if t.Status != stopped {
		h.interfaces[t.Interface.ID] = true
	}
	d := k.definitionOf(t)
	for n, c := range t.Containers {
		if c.Served == nil {
			continue
		}
		if c.Status != "RUNNING" || t.Status == stopped {
			rt.Errorf("a container of %s serves %v although it is %s", t.ID, *c.Served, c.Status)
		}
		for m := range d.Containers[n].Ports {
			if t.Network != nil {
				h.ports[t.Interface.Address+":80"] = true
			} else {
				h.ports[t.EC2ID+":"+portText(c.Ports[m])] = true
			}
		}
	}
}

// owned checks that every open port, every target and every interface has a task, and that every port that a task serves is
// open.
func (s *stage) owned(rt *rapid.T, groups ...string) {
	k, h := s.k(), held{map[string]bool{}, map[string]bool{}, map[string]bool{}}
	for t := range k.Tasks.Rows() {
		h.hold(rt, k, t)
	}
	for key := range s.Region.Balancing.Answers.All() {
		if !h.ports[key] {
			rt.Errorf("the port %s is open, and no task's", key)
		}
		delete(h.ports, key)
	}
	if len(h.ports) > 0 {
		rt.Errorf("tasks serve ports that are closed: %v", h.ports)
	}
	for _, group := range groups {
		g, _ := s.Region.Balancing.TargetGroups.Get(group)
		for key, x := range g.Targets.All() {
			if x.DrainUntil.IsZero() && !h.targets[group+key] {
				rt.Errorf("the target %s is no task's", key)
			}
		}
	}
	for _, n := range s.tasksENIs() {
		if !h.interfaces[n.ID] {
			rt.Errorf("the interface %s is no task's", n.ID)
		}
	}
	s.honest()
}

func TestSafetyWhateverProgramsDoNothingIsHeldByNobody(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		s.Seed = rapid.Uint64().Draw(rt, "seed")
		s.shopOf(2)
		ports, addresses := s.balanced("ports", types2.TargetTypeEnumInstance), s.balanced("addresses", types2.TargetTypeEnumIp)
		s.mixed(rt, "web", types.NetworkModeBridge)
		s.mixed(rt, "own", types.NetworkModeAwsvpc)
		must(s, 0, s.create(int32(rapid.IntRange(1, 3).Draw(rt, "bridge")), behind(ports)))
		must(s, 0, s.create(int32(rapid.IntRange(1, 3).Draw(rt, "awsvpc")), behind(addresses), grace(30), func(c *ecs.CreateServiceInput) {
			c.ServiceName, c.TaskDefinition, c.NetworkConfiguration = aws.String("own"), aws.String("own"), in(s.subnets()...)
		}))
		for range rapid.IntRange(1, 10).Draw(rt, "steps") {
			s.upset(rt)
			for range rapid.IntRange(0, 60).Draw(rt, "seconds") {
				s.Advance(time.Second)
				s.owned(rt, ports, addresses)
			}
		}
		for _, name := range []string{"api", "own"} {
			must(s, 0, s.drop(name, true))
		}
		for _, arn := range s.list() {
			s.stopOne(types.Task{TaskArn: aws.String(arn)})
		}
		s.Advance(10 * time.Minute)
		s.owned(rt, ports, addresses)
		for _, i := range s.instances() {
			if i.Status != inactive && fmt.Sprint(i.Remaining) != fmt.Sprint(i.Registered) {
				rt.Errorf("%s: %v is left of %v", i.ID, i.Remaining, i.Registered)
			}
		}
		if n := len(s.targets(ports)) + len(s.targets(addresses)) + s.answers() + len(s.tasksENIs()) + len(s.list()); n != 0 {
			rt.Errorf("something is left: %v, %v, %d ports, %d interfaces, %v", s.targets(ports), s.targets(addresses), s.answers(), len(s.tasksENIs()), s.list())
		}
		s.Advance(3 * time.Hour)
		if at, ok := s.NextEvent(); ok {
			rt.Errorf("something happens at %s although all is at rest", at)
		}
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// upset does one thing to tasks, images or hosts.
func (s *stage) upset(rt *rapid.T) {
	s.t.Helper()
	if rapid.Bool().Draw(rt, "hosts") && len(s.instances()) > 0 {
		s.upsetHost(rt, rapid.SampledFrom(s.instances()).Draw(rt, "instance"))
		return
	}
	all := append(s.list(), "none") // not every task can be stopped or protected
	switch task := rapid.SampledFrom(all).Draw(rt, "task"); rapid.IntRange(0, 5).Draw(rt, "what") {
	case 0:
		s.mixed(rt, "web", types.NetworkModeBridge)
		must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.TaskDefinition = aws.String("web") }))
	case 1:
		_, _ = s.runTasks(func(in *ecs.RunTaskInput) { in.Count = aws.Int32(2) }) // there may be no instance
	case 2:
		_, _ = StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: aws.String(task)})
	case 3:
		s.scale(int32(rapid.IntRange(0, 4).Draw(rt, "desired")))
	case 4:
		s.Region.ECS.Unpullable.Put("berth.sim/", &world.Outage{Kind: "unreachable", Until: s.Now().Add(time.Minute)})
		for _, i := range s.instances() {
			i.Images = nil
		}
	case 5:
		_, _ = protection.UpdateTaskProtection(s.Call, &ecs.UpdateTaskProtectionInput{Cluster: aws.String("shop"), Tasks: []string{task}, ProtectionEnabled: true})
	}
}

// upsetHost takes an instance away, or sets it to DRAINING or back.
func (s *stage) upsetHost(rt *rapid.T, i *world.ContainerInstance) {
	if i.Status == inactive {
		return
	}
	switch rapid.IntRange(0, 3).Draw(rt, "what") {
	case 0:
		ec2.Terminate(s.World, s.Region, i.EC2ID)
	case 1:
		_, _ = DeregisterContainerInstance(s.Call, &ecs.DeregisterContainerInstanceInput{
			Cluster: aws.String("shop"), ContainerInstance: aws.String(i.ID), Force: aws.Bool(true),
		})
	case 2:
		s.k().setInstance(i, draining)
	case 3:
		s.k().setInstance(i, active)
	}
}

// A world that is saved while programs boot, drain and end goes on as if it had not been.
func TestSafetyTasksGoOnInAFork(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		s.Seed = rapid.Uint64().Draw(rt, "seed")
		s.shopOf(2)
		g := s.balanced("web", types2.TargetTypeEnumIp)
		s.mixed(rt, "web", types.NetworkModeAwsvpc)
		must(s, 0, s.create(2, behind(g), grace(30), func(c *ecs.CreateServiceInput) { c.NetworkConfiguration = in(s.subnets()...) }))
		s.Advance(time.Duration(rapid.IntRange(0, 200).Draw(rt, "before")) * time.Second)
		fork, err := s.Fork()
		must(s, fork, err)
		s.Advance(5 * time.Minute)
		fork.Advance(5 * time.Minute)
		one, err := s.Save()
		must(s, one, err)
		other, err := fork.Save()
		must(s, other, err)
		if string(one) != string(other) {
			rt.Error("the fork went another way")
		}
	})
}
