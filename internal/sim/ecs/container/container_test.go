package container

import (
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

var epoch = time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)

// team is a task with containers that the definition names a, b, c, as they are before they begin.
func team(specs ...world.ContainerSpec) (*world.Task, *world.TaskDefinition) {
	t, d := &world.Task{Takes: 2 * time.Second}, &world.TaskDefinition{Containers: specs}
	for n := range specs {
		specs[n].Name = string(rune('a' + n))
		t.Containers = append(t.Containers, world.TaskContainer{Name: specs[n].Name, Image: specs[n].Image, Status: Pending})
	}
	return t, d
}

// play begins a task and steps it through all of its own moments up to one.
func play(t *world.Task, d *world.TaskDefinition, from, to time.Time) {
	Step(t, d, from)
	advance(t, d, to)
}

func advance(t *world.Task, d *world.TaskDefinition, to time.Time) {
	for {
		at, ok := Next(t, d)
		if !ok || at.After(to) {
			return
		}
		Step(t, d, at)
	}
}

func teams() *rapid.Generator[[]world.ContainerSpec] {
	return rapid.Custom(func(t *rapid.T) []world.ContainerSpec {
		var out []world.ContainerSpec
		for n := range rapid.IntRange(1, 3).Draw(t, "containers") {
			s := world.ContainerSpec{
				Image: "berth.sim/x" + rapid.SampledFrom([]string{
					"", "?boot=7s", "?crash=40s", "?once=9s", "?unhealthy=31s", "?boot=70s&silent", "?slowstop=11s", "?ignore-sigterm", "?oom=100s", "?status=500",
				}).Draw(t, "image"),
				Essential: n == 0 || rapid.Bool().Draw(t, "essential"), CheckEvery: rapid.SampledFrom([]int{0, 10}).Draw(t, "every"),
				CheckTimeout: 2, CheckRetries: rapid.IntRange(1, 3).Draw(t, "retries"), CheckGrace: rapid.SampledFrom([]int{0, 30}).Draw(t, "grace"),
				StopTimeout: rapid.SampledFrom([]int{0, 5}).Draw(t, "stop"), StartTimeout: rapid.SampledFrom([]int{0, 25}).Draw(t, "start"),
			}
			if rapid.Bool().Draw(t, "restarts") {
				s.Restart = &world.RestartPolicy{After: 30}
			}
			if n > 0 && rapid.Bool().Draw(t, "waits") {
				s.After = []world.ContainerLink{{
					Name: string(rune('a' + rapid.IntRange(0, n-1).Draw(t, "on"))), Condition: rapid.SampledFrom([]string{"START", "COMPLETE", "SUCCESS", "HEALTHY"}).Draw(t, "condition"),
				}}
			}
			out = append(out, s)
		}
		return out
	})
}

// Looking at other moments too makes no difference: what counts is when things happen.
func TestSafetyLookingMoreOftenChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		specs := teams().Draw(t, "team")
		seldom, d := team(specs...)
		often, _ := team(specs...)
		now := epoch
		Step(seldom, d, now)
		Step(often, d, now)
		for range rapid.IntRange(1, 8).Draw(t, "phases") {
			next := now.Add(time.Duration(rapid.IntRange(1, 60_000).Draw(t, "ms")) * time.Millisecond)
			advance(seldom, d, next)
			for _, part := range []time.Duration{3, 2, 1} {
				advance(often, d, now.Add(next.Sub(now)/part))
				Step(often, d, now.Add(next.Sub(now)/part))
			}
			if a, b := fmt.Sprintf("%+v", seldom.Containers), fmt.Sprintf("%+v", often.Containers); a != b {
				t.Fatalf("after %s\n%s\n%s", next.Sub(epoch), a, b)
			}
			now = next
			if rapid.IntRange(0, 3).Draw(t, "ends") == 0 && seldom.EndingAt.IsZero() {
				seldom.EndingAt, often.EndingAt = now, now
				Step(seldom, d, now)
				Step(often, d, now)
			}
		}
	})
}

// Whatever the containers are, a task that is told to end has ended after the stop timeouts of all that wait for one another.
func TestLivenessTaskThatIsToldToEndEnds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		specs := teams().Draw(t, "team")
		task, d := team(specs...)
		at := epoch.Add(time.Duration(rapid.IntRange(0, 200).Draw(t, "s")) * time.Second)
		play(task, d, epoch, at)
		task.EndingAt = at
		play(task, d, at, at.Add(time.Duration(len(specs))*30*time.Second))
		if !Done(task) {
			t.Fatalf("%+v", task.Containers)
		}
		if next, ok := Next(task, d); ok {
			t.Errorf("something happens at %s", next)
		}
		for _, x := range task.Containers {
			if Answer(x) != nil || x.Exited != (!x.StartedAt.IsZero() || x.Reason != "") {
				t.Errorf("%+v", x)
			}
		}
	})
}

func TestContainersAtRestDoNothing(t *testing.T) {
	task, d := team(world.ContainerSpec{Image: "nginx", Essential: true, CheckEvery: 30, CheckTimeout: 5, CheckRetries: 3}, world.ContainerSpec{Image: "nginx"})
	play(task, d, epoch, epoch.Add(30*time.Second))
	if at, ok := Next(task, d); ok || Health(task, d) != Healthy || !Up(task) {
		t.Errorf("%s, %s", at, Health(task, d))
	}
}

func TestHealthOfATaskIsTheWorstOfItsEssentialContainers(t *testing.T) {
	for want, health := range map[string][]string{Healthy: {Healthy, Healthy}, Unhealthy: {Healthy, Unhealthy}, "": {Healthy, ""}} {
		task, d := team(world.ContainerSpec{Essential: true, CheckEvery: 9}, world.ContainerSpec{Essential: true, CheckEvery: 9},
			world.ContainerSpec{CheckEvery: 9}, world.ContainerSpec{Essential: true})
		task.Containers[0].Health, task.Containers[1].Health, task.Containers[2].Health = health[0], health[1], Unhealthy
		if got := Health(task, d); got != want || !Checked(d) {
			t.Errorf("%v: %q", health, got)
		}
	}
}
