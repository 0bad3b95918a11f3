package rollout

import (
	"time"

	"berth/internal/sim/ecs/notice"
	"berth/internal/sim/world"
)

// The states of deployments in DescribeServices.
const (
	Primary = "PRIMARY"
	Active  = "ACTIVE"
)

// mostHistory is how many records of deployments, and revisions, a service keeps.
const mostHistory = 100

// Begin makes a revision of a service as it is now and begins its deployment; older ones stay until their tasks are gone.
func Begin(w *world.World, r *world.Region, s *world.Service) {
	sources := revisionsOf(s)
	for n := range s.Deployments {
		s.Deployments[n].Status = Active
	}
	supersede(w, s)
	rev := revision(w, r, s)
	s.Revisions = newest(append(s.Revisions, rev))
	d := deployment(w, rev)
	s.Deployments = append([]world.Deployment{d}, s.Deployments...)
	s.Failures, s.NotBefore, s.Steady = 0, time.Time{}, false
	s.History = newest(append(s.History, record(w, r, s, d, sources)))
}

func newest[T any](rows []T) []T { return rows[max(len(rows)-mostHistory, 0):] }

// revisionsOf are the revisions that have tasks, or are to have some.
func revisionsOf(s *world.Service) []string {
	var out []string
	for _, d := range s.Deployments {
		out = append(out, d.Revision)
	}
	return out
}

// revision is a service as it is now.
func revision(w *world.World, r *world.Region, s *world.Service) world.ServiceRevision {
	return world.ServiceRevision{
		ARN:        "arn:aws:ecs:" + r.Name + ":" + world.Account + ":service-revision/" + s.Cluster + "/" + s.Name + "/" + w.Digits(19),
		Definition: s.Definition, LaunchType: s.LaunchType, Strategy: s.Strategy, Network: s.Network, Balancers: s.Balancers, CreatedAt: w.Now(),
	}
}

func deployment(w *world.World, rev world.ServiceRevision) world.Deployment {
	return world.Deployment{
		ID: "ecs-svc/" + w.Digits(19), Status: Primary, Definition: rev.Definition, LaunchType: rev.LaunchType, Strategy: rev.Strategy,
		Revision: rev.ARN, CreatedAt: w.Now(), UpdatedAt: w.Now(),
	}
}

// restore makes a service what it was at a revision.
func restore(s *world.Service, rev world.ServiceRevision) {
	s.Definition, s.LaunchType, s.Strategy = rev.Definition, rev.LaunchType, rev.Strategy
	s.Network, s.Balancers = rev.Network, rev.Balancers
}

// Revision finds a revision of a service by its ARN.
func Revision(s *world.Service, arn string) (world.ServiceRevision, bool) {
	for _, rev := range s.Revisions {
		if rev.ARN == arn {
			return rev, true
		}
	}
	return world.ServiceRevision{}, false
}

// Of finds a deployment of a service by its id; nil when it is gone.
func Of(s *world.Service, id string) *world.Deployment {
	for n := range s.Deployments {
		if s.Deployments[n].ID == id {
			return &s.Deployments[n]
		}
	}
	return nil
}

// Complete notes that the newest deployment of a service has what it is to have, and says so on the event bus.
func Complete(w *world.World, r *world.Region, s *world.Service) {
	d := &s.Deployments[0]
	d.Completed, d.UpdatedAt, s.Good = true, w.Now(), d.Revision
	finish(w, s)
	notice.Deployment(w, r, s, notice.Turn{Deployment: d.ID, State: notice.DeploymentCompleted, Reason: "ECS deployment " + d.ID + " completed."})
}
