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
