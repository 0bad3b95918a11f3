package overview

import (
	"slices"

	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/placement"
)

// Loss is what the loss of a zone would leave of a service.
type Loss struct {
	Zone    string `json:"zone"`
	Lost    int    `json:"lost"`
	Left    int    `json:"left"`
	Known   bool   `json:"known"`   // whether it is known what would come back; without it the rest is empty
	Fits    int    `json:"fits"`    // of the lost, those for which instances in the other zones have room now
	Comes   int    `json:"comes"`   // of the lost, those that come when groups have grown in the other zones
	Missing string `json:"missing"` // what the others lack
}

// loss tells of each zone in which tasks of a service run what its loss would leave. A daemon's tasks do not come again elsewhere:
// each instance has its own.
func (s *stage) loss(sv live.Service, running []live.Task) []Loss {
	out := []Loss{}
	definition, known := s.definitions[sv.Definition]
	if !known || len(s.Instances) == 0 {
		return append(out, s.counted(running)...)
	}
	demand := placement.DemandOf(definition.Spec, sv.Spec.With("serviceName", document.Of(sv.Name)))
	if demand.Room.ENIs > 0 && !s.wired() {
		return append(out, s.counted(running)...)
	}
	site := placement.SiteOf(s.Capture)
	site.Tasks = running
	for _, tasks := range s.others(sv.Name) {
		site.Tasks = append(site.Tasks, tasks...)
	}
	for _, l := range placement.Loss(demand, nil, site) {
		out = append(out, Loss{Zone: l.Zone, Lost: l.Lost, Left: l.Left, Known: true, Fits: l.Fits, Comes: l.Comes, Missing: l.Missing})
	}
	return out
}

// wired tells whether the capture says how many network interfaces instances have for tasks: ECS itself does not tell.
func (s *stage) wired() bool {
	return slices.ContainsFunc(s.Instances, func(i live.Instance) bool { return i.Total.ENIs > 0 })
}

// others are the tasks of everything else.
func (s *stage) others(name string) [][]live.Task {
	var out [][]live.Task
	for group, tasks := range s.tasks { // unordered: placement counts them
		if group != "service:"+name {
			out = append(out, tasks)
		}
	}
	return out
}

// counted is the loss where nobody knows what would fit.
func (s *stage) counted(running []live.Task) []Loss {
	var out []Loss
	for _, z := range s.zones {
		l := Loss{Zone: z}
		for _, t := range running {
			if s.zone(t) == z {
				l.Lost++
			}
		}
		if l.Lost > 0 {
			l.Left = len(running) - l.Lost
			out = append(out, l)
		}
	}
	return out
}

// Worst is the loss that leaves least, the first of several.
func (sv Service) Worst() (Loss, bool) {
	var worst Loss
	for n, l := range sv.Loss {
		if n == 0 || l.Left+l.Fits < worst.Left+worst.Fits || l.Left+l.Fits == worst.Left+worst.Fits && l.Left < worst.Left {
			worst = l
		}
	}
	return worst, len(sv.Loss) > 0
}
