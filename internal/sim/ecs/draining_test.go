package ecs

import (
	"slices"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

func TestDrainingReplacesServiceTasksAndLeavesOthersAlone(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(4))
	must(s, 0, s.create(0, daemon))
	s.steady("api")
	s.steady("agent")
	s.Advance(time.Minute)
	out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.Count = aws.Int32(2) })
	must(s, out, err)
	s.Advance(time.Minute)
	i := s.instances()[0]
	s.equal(i.RunningTasks, 4)
	s.drainNow(i.ID)
	fewest := int32(9)
	s.until("replicas have left", func() bool {
		fewest = min(fewest, s.service("api").RunningCount)
		return !s.k().hasReplicas(i)
	})
	s.equal(fewest, 4)
	s.equal(len(s.tasksOn(i, "service:agent")), 1) // daemons go last
	s.until("the daemon has left", func() bool { return i.RunningTasks == 1 })
	s.equal(len(s.tasksOn(i, "family:web")), 1)
	s.Advance(time.Hour)
	s.equal([]any{i.Status, i.RunningTasks, s.service("agent").DesiredCount, s.service("api").RunningCount}, "[DRAINING 1 1 4]")
	_, err = UpdateContainerInstancesState(s.Call, &ecs.UpdateContainerInstancesStateInput{
		Cluster: aws.String("shop"), ContainerInstances: []string{i.ID}, Status: types.ContainerInstanceStatusActive,
	})
	must(s, 0, err)
	s.until("the daemon is back", func() bool { return s.service("agent").RunningCount == 2 })
	quiet(t, s)
}

// tasksOn are the tasks of a group that are on an instance and have not stopped.
func (s *stage) tasksOn(i *world.ContainerInstance, group string) []*world.Task {
	var out []*world.Task
	for _, id := range i.Tasks {
		if t, ok := s.k().Tasks.Get(id); ok && t.Group == group {
			out = append(out, t)
		}
	}
	return out
}

func TestDrainingStopsPendingServiceTasksAtOnceAndNoOthers(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	s.Tuning.Spans = map[string]world.Span{"ecs.task-start": {Mean: time.Hour, Floor: time.Hour}}
	must(s, 0, s.create(2))
	_, err := s.runTasks()
	must(s, 0, err)
	s.Advance(5 * time.Second)
	i := s.instances()[0]
	s.equal(i.PendingTasks, 3)
	s.drainNow(i.ID)
	s.Advance(3 * time.Second)
	s.equal([]any{i.PendingTasks, len(s.tasksOn(i, "family:web"))}, "[1 1]")
	s.Advance(10 * time.Second)
	s.equal(s.heard("api", "Reason: No Container Instances were found in your cluster."), 1)
}

func TestDrainingStopsFirstWhereNoMoreTasksAreAllowed(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(4, percent(50, 100)))
	s.steady("api")
	s.Advance(time.Minute)
	i := s.instances()[0]
	s.drainNow(i.ID)
	fewest, most := int32(9), int32(0)
	s.until("it is empty", func() bool {
		v := s.service("api")
		fewest, most = min(fewest, v.RunningCount), max(most, v.RunningCount+v.PendingCount)
		return i.RunningTasks+i.PendingTasks == 0
	})
	s.steady("api")
	s.equal([]any{fewest, most}, "[2 4]")
}

func TestDrainingWaitsForRoom(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(14))
	s.steady("api")
	s.Advance(time.Minute)
	i := s.instances()[0]
	s.drainNow(i.ID)
	s.Advance(time.Hour)
	s.equal([]any{i.RunningTasks, s.service("api").RunningCount}, "[7 14]")
	s.desire("web", 3)
	s.until("it is empty", func() bool { return i.RunningTasks == 0 })
	s.steady("api")
}

func TestDaemonIsOnEveryInstanceBeforeOthersAndIsReplacedOneByOne(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	must(s, 0, s.create(20)) // more than there is room for
	s.Advance(time.Minute)
	must(s, 0, s.create(0, daemon, percent(50, 100)))
	s.Advance(time.Minute)
	s.equal(s.heard("agent", "was unable to place a task because no container instance met all of its requirements."), 1)
	s.equal(s.service("agent").DesiredCount, 1)
	s.desire("web", 3)
	s.until("two daemons run", func() bool { return s.service("agent").RunningCount == 2 })
	s.scale(4)
	s.steady("agent")
	s.Advance(time.Minute)
	fewest := int32(9)
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.Service, in.ForceNewDeployment = aws.String("agent"), true }))
	s.until("all are new", func() bool {
		v := s.service("agent")
		fewest = min(fewest, v.RunningCount)
		on := map[string]int{}
		for _, task := range s.tasks(s.list(func(in *ecs.ListTasksInput) { in.ServiceName = aws.String("agent") })...) {
			if on[*task.ContainerInstanceArn]++; on[*task.ContainerInstanceArn] > 1 {
				t.Error("two daemons on one instance")
			}
		}
		return len(v.Deployments) == 1 && v.Deployments[0].RolloutState == types.DeploymentRolloutStateCompleted
	})
	s.equal(fewest, 2)
	s.refused(s.update(func(in *ecs.UpdateServiceInput) { in.Service, in.DesiredCount = aws.String("agent"), aws.Int32(1) }),
		"InvalidParameterException", "The daemon scheduling strategy does not support a desired count for services.")
	must(s, 0, s.drop("agent", true))
	must(s, 0, s.drop("api", true))
	s.Advance(2 * time.Minute)
	s.equal(s.describe().RunningTasksCount, 0)
	quiet(t, s)
}

func TestManagedDrainingWaitsUntilTheLastTaskHasLeft(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(2)
	s.definition()
	must(s, 0, s.create(4))
	must(s, 0, s.create(0, daemon))
	s.steady("api")
	s.Advance(time.Minute)
	s.desire("web", 1)
	s.until("one is going", func() bool {
		return slices.ContainsFunc(s.instances(), func(i *world.ContainerInstance) bool { return i.Status == draining })
	})
	for _, i := range s.instances() {
		if i.Status == draining {
			s.until("it has let its tasks go", func() bool { return i.RunningTasks == 0 })
		}
	}
	s.equal(s.service("api").RunningCount, 4)
	s.equal(g.Members.Len(), 2)
	s.until("it is gone", func() bool { return g.Members.Len() == 1 })
	s.equal(len(s.tasks(s.list(halted)...)), 3) // two replicas and the daemon, all moved and none lost
	for _, task := range s.tasks(s.list(halted)...) {
		s.equal(task.StopCode, "ServiceSchedulerInitiated")
	}
}

func TestManagedDrainingHoldsAnInstanceForFortyEightHours(t *testing.T) {
	s := newStage(t)
	g := s.drainingGroup(1)
	s.definition()
	_, err := s.runTasks()
	must(s, 0, err)
	s.Advance(time.Minute)
	s.desire("web", 0)
	s.Advance(47*time.Hour + 50*time.Minute)
	s.equal([]int{g.Members.Len(), s.instances()[0].RunningTasks}, "[1 1]")
	s.Advance(20 * time.Minute)
	s.equal(g.Members.Len(), 0)
	task := s.tasks(s.list(halted)...)[0]
	s.equal(task.StopCode, "TerminationNotice")
	s.honest()
}

func TestDrainingKeepsToTheLeastWhereAServiceShrinksMeanwhile(t *testing.T) {
	for _, ties := range []world.Ties{world.TiesOldest, world.TiesNewest} {
		s := newStage(t)
		s.Tuning.Ties = ties
		s.shopOf(3)
		must(s, 0, s.create(6))
		s.steady("api")
		s.Advance(time.Minute)
		i := s.instances()[0]
		all := int32(6 + i.RunningTasks)
		s.drainNow(i.ID)
		api, _ := s.k().Services.Get("api")
		fewest := 9
		holds := func(done func() bool) func() bool {
			return func() bool {
				fewest = min(fewest, HealthyTasks(s.World, s.Region, api))
				return done()
			}
		}
		s.until("others run", holds(func() bool { return s.service("api").RunningCount == all }))
		s.scale(5)
		s.until("it is empty", holds(func() bool { return i.RunningTasks == 0 }))
		s.equal(fewest, 5)
	}
}
