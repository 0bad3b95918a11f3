package ecs

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"pgregory.net/rapid"

	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

func TestLivenessServicesGetWhatTheyAskForWhateverHappens(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := newStage(t)
		s.Seed = rapid.Uint64().Draw(rt, "seed")
		s.shopOf(int32(rapid.IntRange(1, 3).Draw(rt, "instances")))
		// bounds that can never forbid both, however few tasks there are
		b := rapid.SampledFrom([][2]int32{{0, 100}, {0, 150}, {50, 200}, {100, 200}}).Draw(rt, "bounds")
		s.Tuning.Ties = rapid.SampledFrom([]world.Ties{world.TiesOldest, world.TiesNewest, world.TiesDice}).Draw(rt, "ties")
		must(s, 0, s.create(int32(rapid.IntRange(0, 6).Draw(rt, "desired")), percent(b[0], b[1]), func(in *ecs.CreateServiceInput) {
			in.PlacementStrategy = rapid.SampledFrom([][]types.PlacementStrategy{
				nil, {strategy("binpack", "cpu")}, {strategy("spread", "host"), strategy("random", "")}, {strategy("spread", "attribute:rack")},
			}).Draw(rt, "strategy")
			in.PlacementConstraints = rapid.SampledFrom([][]types.PlacementConstraint{
				nil, {member("attribute:ecs.os-type == linux and not(task:group == none)")},
			}).Draw(rt, "constraints")
		}))
		for range rapid.IntRange(1, 12).Draw(rt, "steps") {
			s.disturb(rt)
			for range rapid.IntRange(0, 40).Draw(rt, "seconds") {
				s.Advance(time.Second)
				s.honest()
			}
		}
		s.recover()
		v := s.service("api")
		if v.RunningCount != v.DesiredCount || len(v.Deployments) != 1 || s.describe().PendingTasksCount != 0 {
			rt.Errorf("%d of %d run in %d deployments: %v", v.RunningCount, v.DesiredCount, len(v.Deployments), s.said("api"))
		}
		if row, ok := s.k().Services.Get("agent"); ok && row.Status == active {
			if v := s.service("agent"); v.RunningCount != v.DesiredCount || v.DesiredCount != s.describe().RegisteredContainerInstancesCount {
				rt.Errorf("%d daemons of %d on %d instances", v.RunningCount, v.DesiredCount, s.describe().RegisteredContainerInstancesCount)
			}
		}
		for _, task := range s.tasks(s.list(func(in *ecs.ListTasksInput) { in.ServiceName = aws.String("api") })...) {
			if *task.StartedBy != *v.Deployments[0].Id {
				rt.Error("a task of an older deployment is left")
			}
		}
		s.Advance(2 * time.Hour)
		if at, ok := s.NextEvent(); ok {
			rt.Errorf("something happens at %s although all is at rest", at)
		}
		s.honest()
		if t.Failed() {
			rt.FailNow()
		}
	})
}

// disturb does one thing to a cluster, of all that may be done to one.
func (s *stage) disturb(rt *rapid.T) {
	s.t.Helper()
	pick := func(what string, ids []string) string {
		if len(ids) == 0 {
			return "none"
		}
		return rapid.SampledFrom(ids).Draw(rt, what)
	}
	var instances, hosts []string
	for _, i := range s.instances() {
		if i.Status != inactive {
			instances, hosts = append(instances, i.ID), append(hosts, i.EC2ID)
		}
	}
	state := rapid.SampledFrom([]types.ContainerInstanceStatus{active, draining})
	switch rapid.IntRange(0, 8).Draw(rt, "what") {
	case 0:
		s.scale(int32(rapid.IntRange(0, 6).Draw(rt, "desired")))
	case 1:
		must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.ForceNewDeployment = true }))
	case 2:
		_, _ = s.runTasks(func(in *ecs.RunTaskInput) { in.Count = aws.Int32(3) }) // there may be no instance
	case 3:
		_, _ = StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: aws.String(pick("task", s.list()))})
	case 4, 5:
		_, err := UpdateContainerInstancesState(s.Call, &ecs.UpdateContainerInstancesStateInput{
			Cluster: aws.String("shop"), ContainerInstances: []string{pick("instance", instances)}, Status: state.Draw(rt, "state"),
		})
		must(s, 0, err)
	case 6:
		ec2.Terminate(s.World, s.Region, pick("host", hosts))
	case 7:
		_, _ = DeregisterContainerInstance(s.Call, &ecs.DeregisterContainerInstanceInput{
			Cluster: aws.String("shop"), ContainerInstance: aws.String(pick("instance", instances)), Force: aws.Bool(true),
		})
	case 8:
		if err := s.create(0, daemon); err != nil {
			must(s, 0, s.drop("agent", true))
		}
	}
}

// recover gives the cluster room: all of its instances are active again, and there are three more. Tasks without a
// service end.
func (s *stage) recover() {
	s.t.Helper()
	for _, arn := range s.list() {
		if task := s.tasks(arn)[0]; strings.HasPrefix(*task.Group, "family:") {
			_, err := StopTask(s.Call, &ecs.StopTaskInput{Cluster: aws.String("shop"), Task: task.TaskArn})
			must(s, 0, err)
		}
	}
	s.desire("web", 6)
	for _, i := range s.instances() {
		if i.Status == draining {
			s.k().setInstance(i, active)
		}
	}
	s.Advance(15 * time.Minute)
}

func TestSafetyTheSameWorldPlacesTheSameTasks(t *testing.T) {
	play := func() string {
		s := newStage(t)
		s.shopOf(3)
		must(s, 0, s.create(5))
		must(s, 0, s.create(0, daemon))
		s.Advance(time.Minute)
		s.drainNow(s.instances()[1].ID)
		s.Advance(5 * time.Minute)
		saved, err := s.Save()
		return string(must(s, saved, err))
	}
	one, other := play(), play()
	if one != other {
		t.Error("two worlds from one seed differ")
	}
}

func TestSavedClusterGoesOnWhereItWas(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(3))
	s.Advance(6 * time.Second)
	fork, err := s.Fork()
	other := &stage{Call: s.Call, t: t}
	call := *s.Call
	call.World = must(s, fork, err)
	call.Region = fork.Region("eu-west-1")
	other.Call = &call
	s.steady("api")
	other.steady("api")
	if a, b := s.said("api"), other.said("api"); !slices.Equal(a, b) {
		t.Errorf("%v\n%v", a, b)
	}
}
