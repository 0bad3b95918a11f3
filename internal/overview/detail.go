package overview

import (
	"cmp"
	"slices"
	"strings"

	"berth/internal/diagnose"
	"berth/internal/live"
)

// Detail is all that one screen shows of a service.
type Detail struct {
	Service

	Revisions   []live.RevisionRunning `json:"revisions"`
	Places      []Place                `json:"places"`
	Deployments []live.Deployment      `json:"deployments"` // newest first, at most five
	Events      []live.Event           `json:"events"`      // newest first, at most ten
	Diagnoses   []diagnose.Diagnosis   `json:"diagnoses"`
}

// Place is an instance with what runs there of a service.
type Place struct {
	Zone     string `json:"zone"`
	Instance string `json:"instance"` // its EC2 id, or the container instance's id where nobody knows that; empty: none yet
	Type     string `json:"type"`
	Running  int    `json:"running"`
	Pending  int    `json:"pending"`
}

// Bounds of what one screen shows.
const (
	mostDeployments = 5
	mostEvents      = 10
)

// DetailOf is all about the one service of a capture; false when it holds none.
func DetailOf(c live.Capture, zones []string, found []diagnose.Diagnosis) (Detail, bool) {
	all := Of(c, zones, found)
	if len(all) == 0 {
		return Detail{}, false
	}
	sv := c.Services[0]
	s := newStage(c, zones, found)
	d := Detail{Service: all[0], Revisions: append([]live.RevisionRunning{}, sv.Revisions...), Places: s.places(sv), Diagnoses: append([]diagnose.Diagnosis{}, found...)}
	d.Events = append([]live.Event{}, sv.Events[:min(mostEvents, len(sv.Events))]...)
	d.Deployments = slices.Clone(c.Deployments)
	slices.SortStableFunc(d.Deployments, func(a, b live.Deployment) int { return b.Created.Compare(a.Created) })
	d.Deployments = append([]live.Deployment{}, d.Deployments[:min(mostDeployments, len(d.Deployments))]...)
	return d, true
}

// places are the instances of a service's tasks by zone.
func (s *stage) places(sv live.Service) []Place {
	at := map[string]*Place{}
	var order []*Place
	for _, t := range s.tasks["service:"+sv.Name] {
		p := at[t.Instance]
		if p == nil {
			i := s.machines[t.Instance]
			p = &Place{Zone: s.zone(t), Instance: cmp.Or(i.ID, t.Instance[strings.LastIndexByte(t.Instance, '/')+1:]), Type: i.Type}
			at[t.Instance] = p
			order = append(order, p)
		}
		if t.Last == "RUNNING" {
			p.Running++
		} else {
			p.Pending++
		}
	}
	out := []Place{}
	for _, p := range order {
		out = append(out, *p)
	}
	slices.SortFunc(out, func(a, b Place) int { return cmp.Or(cmp.Compare(a.Zone, b.Zone), cmp.Compare(a.Instance, b.Instance)) })
	return out
}
