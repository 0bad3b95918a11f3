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

// emptied is a service of four tasks whose one zone has been drained and is to take tasks again: they are all in the other one.
func (s *stage) emptied() (empty, full *world.ContainerInstance) {
	s.t.Helper()
	s.shopOf(2)
	must(s, 0, s.create(4))
	s.steady("api")
	empty, full = s.instances()[0], s.instances()[1]
	s.drainNow(empty.ID)
	s.until("the zone is empty", func() bool { return empty.RunningTasks == 0 })
	s.Advance(time.Minute)
	return empty, full
}

func (s *stage) revive(i *world.ContainerInstance) {
	s.t.Helper()
	_, err := UpdateContainerInstancesState(s.Call, &ecs.UpdateContainerInstancesStateInput{
		Cluster: aws.String("shop"), ContainerInstances: []string{i.ID}, Status: types.ContainerInstanceStatusActive,
	})
	must(s, 0, err)
}

// reasons counts the tasks that have stopped for a reason that begins with a text.
func (s *stage) reasons(text string) int {
	s.t.Helper()
	n := 0
	for _, task := range s.tasks(s.list(halted)...) {
		if len(*task.StoppedReason) >= len(text) && (*task.StoppedReason)[:len(text)] == text {
			n++
		}
	}
	return n
}

// ECS developer guide, "Track Amazon ECS Availability Zone rebalancing".
func TestATaskThatIsMovedToAnotherZoneSaysSo(t *testing.T) {
	s := newStage(t)
	empty, full := s.emptied()
	s.revive(empty)
	s.Advance(10 * time.Minute)
	s.equal([]int{empty.RunningTasks, full.RunningTasks}, "[2 2]")
	s.equal(s.heard("api", "has started 1 tasks in "+empty.Zone+" to AZ Rebalance: (task "), 2)
	s.equal(s.heard("api", "has stopped 1 running tasks in "+full.Zone+" due to AZ rebalancing: (task "), 2)
	s.equal(s.reasons("Availability-zone rebalancing initiated by (deployment ecs-svc/"), 2)
	quiet(t, s)
}

// ECS developer guide, "Balancing an Amazon ECS service across Availability Zones", Troubleshooting service rebalancing.
func TestProtectedTasksAreNotMovedToAnotherZone(t *testing.T) {
	s := newStage(t)
	empty, full := s.emptied()
	s.guard(true, aws.Int32(60), s.list()...)
	s.revive(empty)
	s.Advance(50 * time.Minute)
	s.equal([]int{empty.RunningTasks, full.RunningTasks}, "[0 4]")
	s.equal([]int{s.heard("api", "was unable to AZ Rebalance because "), s.heard("api", "stopped AZ Rebalancing.")}, "[1 1]")
	s.Advance(30 * time.Minute)
	s.equal([]int{empty.RunningTasks, full.RunningTasks, s.heard("api", "is AZ balanced with ")}, "[2 2 1]")
	quiet(t, s)
}

func TestATaskThatIsProtectedWhileAnotherOneComesIsNotMoved(t *testing.T) {
	s := newStage(t)
	empty, full := s.emptied()
	s.revive(empty)
	s.until("one has started", func() bool { return empty.RunningTasks+empty.PendingTasks == 1 })
	s.guard(true, aws.Int32(60), slices.DeleteFunc(s.list(), func(arn string) bool {
		return *s.tasks(arn)[0].ContainerInstanceArn == empty.ARN
	})...)
	s.Advance(30 * time.Minute)
	s.equal([]int{empty.RunningTasks, full.RunningTasks, s.heard("api", "has started 1 tasks in ")}, "[0 4 1]")
	s.Advance(time.Hour)
	s.equal([]int{empty.RunningTasks, full.RunningTasks}, "[2 2]")
	quiet(t, s)
}

func TestAZoneWithoutRoomIsToldOfOnce(t *testing.T) {
	s := newStage(t)
	empty, full := s.emptied()
	s.rack(full, "old")
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) {
		in.PlacementConstraints = []types.PlacementConstraint{member("attribute:rack == old")}
	}))
	s.revive(empty)
	s.Advance(30 * time.Minute)
	s.equal([]int{empty.RunningTasks, full.RunningTasks}, "[0 4]")
	s.equal(s.heard("api", "is unable to place a task in "+empty.Zone+" because no container instance met all of its requirements."), 1)
	s.rack(empty, "old")
	s.Advance(10 * time.Minute)
	s.equal([]int{empty.RunningTasks, full.RunningTasks}, "[2 2]")
	quiet(t, s)
}

func TestADeploymentEndsTheMoveToAnotherZone(t *testing.T) {
	s := newStage(t)
	empty, full := s.emptied()
	s.revive(empty)
	s.until("one has started", func() bool { return empty.RunningTasks+empty.PendingTasks == 1 })
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.ForceNewDeployment = true }))
	s.Advance(10 * time.Minute)
	s.equal([]int{empty.RunningTasks, full.RunningTasks, s.heard("api", "stopped AZ Rebalancing.")}, "[2 2 1]")
	quiet(t, s)
}
