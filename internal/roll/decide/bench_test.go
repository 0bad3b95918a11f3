package decide

import (
	"fmt"
	"testing"
	"time"

	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/placement"
	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// large is a cluster in the middle of a roll: a tenth of its instances drains, as many new ones work, some are to be drained next.
func large(nodes, tasks, services int) roll.Snapshot {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	g := roll.Group{Group: live.Group{Name: "g", Min: 1, Desired: nodes, Max: 2 * nodes, Zones: []string{"a", "b", "c"}}, Key: "default", ProtectNew: true}
	s := roll.Snapshot{At: at, Order: roll.Defaults(), Groups: []roll.Group{g}, Demands: map[string]roll.Need{}}
	s.Order.Run, s.Order.Ramp = "run-1", false
	for n := range nodes {
		one := roll.Node{State: roll.InService, Launched: at, Arch: "x86_64"}
		one.Instance = live.Instance{
			ID: fmt.Sprintf("i-%05d", n), ARN: fmt.Sprintf("ci/%05d", n), Status: roll.NodeActive, Connected: true, Group: "g", Zone: g.Zones[n%3], Type: "m7i.large",
			Attributes: map[string]string{"ecs.availability-zone": g.Zones[n%3]}, Total: live.Room{CPU: 2048, Memory: 7680}, Free: live.Room{CPU: 1024, Memory: 3840},
		}
		if n < nodes*9/10 {
			one.Outdated = []model.Reason{{Kind: model.OldAMI}}
		}
		s.Nodes = append(s.Nodes, one)
	}
	for n := range services {
		sv := roll.Service{Service: live.Service{Name: fmt.Sprintf("s%04d", n), Status: roll.NodeActive, Desired: tasks / services, Running: tasks / services, Definition: fmt.Sprintf("d%04d", n)}, Healthy: tasks / services, MinPct: 100, MaxPct: 200}
		s.Services = append(s.Services, sv)
		s.Demands[scene.DemandKey(&sv)] = roll.Need{Demand: placement.Demand{Name: sv.Name, Group: "service:" + sv.Name, Room: live.Room{CPU: 256, Memory: 512}}, Known: true}
	}
	for n := range tasks {
		sv := s.Services[n%services]
		id := fmt.Sprintf("task/%06d", n)
		s.Tasks = append(s.Tasks, live.Task{ID: id, ARN: id, Group: "service:" + sv.Name, Definition: sv.Definition, Last: roll.TaskRunning, Desired: roll.TaskRunning, Instance: s.Nodes[n%nodes].ARN})
	}
	return underWay(s)
}

// underWay is a snapshot in the middle of its roll.
func underWay(s roll.Snapshot) roll.Snapshot {
	s.Memory = Decide(s).Memory
	s.Memory.Stage, s.Memory.Well = roll.Onward, s.At
	tenth := len(s.Nodes) / 10
	for n := range tenth {
		s.Memory.Olds[n].State, s.Memory.Olds[n].Began, s.Memory.Olds[n].Seen = roll.Draining, s.At, true
		s.Nodes[n].Status = roll.NodeDraining
		s.Memory.News = append(s.Memory.News, roll.New{ID: s.Nodes[len(s.Nodes)-1-n].ID, Group: "g", State: roll.Working, At: s.At, Since: s.At})
	}
	s.Memory.Pools[0].Launched = tenth + 50 // so that fifty more may go now
	s.At = s.At.Add(2 * time.Minute)
	return s
}

// BenchmarkDecide is one decision about 5,000 instances, 20,000 tasks and 1,000 services in the middle of a roll, in which fifty further
// instances are packed onto the others.
func BenchmarkDecide(b *testing.B) {
	s := large(5000, 20_000, 1000)
	drains := 0
	b.ReportAllocs()
	for b.Loop() {
		drains = 0
		for _, a := range Decide(s).Actions {
			if a.Verb == roll.StartDrain {
				drains += len(a.ARNs)
			}
		}
	}
	b.ReportMetric(float64(drains), "drains")
}
