package service

import (
	"context"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/live"
	"berth/internal/placement"
)

// holdersEach is on how many instances it is looked up who has a port.
const holdersEach = 20

// holders reads which tasks have the host ports that tasks want which find no instance. They are other services' tasks, or nobody's,
// so nothing else reads them.
func (q *inquiry) holders(ctx context.Context) error {
	want := q.ports()
	if len(want.TCP)+len(want.UDP) == 0 || !q.crowded() {
		return nil
	}
	var arns []string
	looked := 0
	for _, i := range q.out.Instances {
		if !q.asksFor(i, want) {
			continue
		}
		if looked++; looked > holdersEach {
			q.out.Missing = append(q.out.Missing, fmt.Sprintf("who has the host ports: only %d instances were looked at", holdersEach))
			break
		}
		some, err := q.listTasks(ctx, &ecs.ListTasksInput{ContainerInstance: &i.ARN, DesiredStatus: types.DesiredStatusRunning})
		if err != nil {
			return err
		}
		arns = append(arns, some...)
	}
	arns = slices.DeleteFunc(arns, func(arn string) bool {
		return slices.ContainsFunc(q.out.Tasks, func(t live.Task) bool { return t.ARN == arn })
	})
	from := len(q.out.Tasks)
	if err := q.describeTasks(ctx, arns); err != nil {
		return err
	}
	others := slices.DeleteFunc(q.out.Tasks[from:], func(t live.Task) bool { return !has(t, want) })
	q.out.Tasks = q.out.Tasks[:from+len(others)]
	return nil
}

// ports are the host ports that the services, and a task that waits, want.
func (q *inquiry) ports() live.Room {
	wanted := map[string]bool{}
	for _, s := range q.out.Services {
		wanted[s.Definition] = true
	}
	for _, t := range q.out.Tasks {
		if t.Instance == "" {
			wanted[t.Definition] = true
		}
	}
	var out live.Room
	for _, d := range q.out.Definitions {
		if wanted[d.ARN] {
			room := placement.DemandOf(d.Spec, d.Spec).Room
			out.TCP, out.UDP = append(out.TCP, room.TCP...), append(out.UDP, room.UDP...)
		}
	}
	return out
}

// asksFor tells whether a wanted port of an instance is taken by a task, and not by the instance itself.
func (q *inquiry) asksFor(i live.Instance, want live.Room) bool {
	taken := func(ports, free, own []int) bool {
		return slices.ContainsFunc(ports, func(p int) bool { return slices.Contains(free, p) && !slices.Contains(own, p) })
	}
	return i.ARN != "" && (taken(want.TCP, i.Free.TCP, i.Total.TCP) || taken(want.UDP, i.Free.UDP, i.Total.UDP))
}

// has tells whether a task has one of several host ports.
func has(t live.Task, want live.Room) bool {
	return slices.ContainsFunc(t.Containers, func(c live.Container) bool {
		return slices.ContainsFunc(c.Ports, func(p live.Port) bool {
			if p.Protocol == "udp" {
				return slices.Contains(want.UDP, p.Host)
			}
			return slices.Contains(want.TCP, p.Host)
		})
	})
}
