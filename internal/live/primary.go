package live

import (
	"strings"
	"time"
)

// Primary is the revision that the service is to run; none where nobody read its revisions.
func (s Service) Primary() RevisionRunning {
	for _, r := range s.Revisions {
		if r.Status == "PRIMARY" {
			return r
		}
	}
	return RevisionRunning{}
}

// Completed is when AWS said that the deployment of that revision is done; zero: it did not, or its word is forgotten. Events are
// the newest first.
func (s Service) Completed() time.Time {
	r := s.Primary()
	for _, e := range s.Events {
		if r.Rollout == "COMPLETED" && strings.Contains(e.Text, "(deployment "+r.ID+") deployment completed") {
			return e.At
		}
	}
	return time.Time{}
}

// Newest is how many tasks a service runs of the revision that it is to run.
func (s Service) Newest() int {
	for _, r := range s.Revisions {
		if r.Status == "PRIMARY" {
			return r.Running
		}
	}
	return s.Running
}

// Lacking tells whether a service has too few tasks, or too few of the revision that it is to run.
func (s Service) Lacking() bool {
	r := s.Primary()
	return s.Running < s.Desired || r.Running < r.Desired
}
