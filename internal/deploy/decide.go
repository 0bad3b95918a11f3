package deploy

import (
	"time"

	"berth/internal/live"
)

// Decide says what to do next.
func Decide(s Snapshot) Decision {
	d := decide(s)
	if d.Run.Began.IsZero() {
		d.Run = s.Run
	}
	return unavailing(s, d)
}

func decide(s Snapshot) Decision {
	switch {
	case s.Run.Interrupted:
		return interrupted(s)
	case s.Order.Goal != Forward:
		return back(s)
	case s.Order.Service == "":
		return first(s, refuse, needs, register, runOnce)
	case s.Run.Following != "":
		return follow(s)
	}
	return first(s, leaving, refuse, needs, register, begun, underWay, create, change, settled)
}

// step is a rule: what to do when something is missing; false when nothing is.
type step func(Snapshot) (Decision, bool)

// first is what the first rule says that has something to say; the last one always has.
func first(s Snapshot, steps ...step) Decision {
	for _, f := range steps {
		if d, says := f(s); says {
			return d
		}
	}
	return Decision{Outcome: Failed, Why: []string{"nothing is left to do, and nobody knows what came of it"}}
}

// pauses between looks, where the look itself wants less.
const (
	soon  = time.Second // after a write
	often = 4 * time.Second
)

// act is a decision to write, unless the time is over; an interrupted run still goes back.
func act(s Snapshot, why string, actions ...Action) (Decision, bool) {
	if s.late() && !s.Run.Interrupted {
		return end(s, TimedOut, why)
	}
	return Decision{Run: s.Run, Actions: actions, Again: soon, Why: []string{why}}, true
}

// wait is a decision to look again, unless the time is over.
func wait(s Snapshot, why ...string) (Decision, bool) {
	d := Decision{Run: s.Run, Again: often, Why: why}
	if s.late() {
		d.Outcome = TimedOut
	}
	return d, true
}

// end is the end of a run.
func end(s Snapshot, o Outcome, why ...string) (Decision, bool) {
	return Decision{Run: s.Run, Outcome: o, Why: why}, true
}

// late tells that the run has waited as long as it may.
func (s Snapshot) late() bool {
	return s.Order.Policy.Timeout > 0 && s.At.Sub(s.Run.Began) >= s.Order.Policy.Timeout
}

// service is the order's service; false where there is none, or it has gone.
func (s Snapshot) service() (live.Service, bool) {
	for _, one := range s.Found.Services {
		if one.Name == s.Order.Service && one.Status != "INACTIVE" {
			return one, true
		}
	}
	return live.Service{}, false
}

// deployment finds a service deployment by its ARN.
func (s Snapshot) deployment(arn string) (live.Deployment, bool) {
	for _, d := range s.Found.Deployments {
		if d.ARN == arn && arn != "" {
			return d, true
		}
	}
	return live.Deployment{}, false
}

// newest is the service's newest deployment; false: AWS knows none any more, or not yet.
func (s Snapshot) newest() (live.Deployment, bool) {
	var found live.Deployment
	for _, d := range s.Found.Deployments {
		if d.Service == s.Order.Service && (found.ARN == "" || d.Created.After(found.Created)) {
			found = d
		}
	}
	return found, found.ARN != ""
}

// The states of service deployments, put together (ECS API reference, ServiceDeployment).
func goes(d live.Deployment) bool { return d.Status == "PENDING" || d.Status == "IN_PROGRESS" }

func goesBack(d live.Deployment) bool {
	switch d.Status {
	case "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS":
		return true
	}
	return false
}
