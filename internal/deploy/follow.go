package deploy

import (
	"fmt"

	"berth/internal/diagnose"
	"berth/internal/live"
)

// follow is how far the deployment is that the run's end hangs on.
func follow(s Snapshot) Decision {
	d, known := s.deployment(s.Run.Following)
	switch {
	case !known:
		return one(wait(s, "AWS does not know the deployment "+ID(s.Run.Following)))
	case s.Order.Policy.NoWait:
		return one(end(s, Started, "the deployment "+ID(d.ARN)+" is under way"))
	}
	switch d.Status {
	case "SUCCESSFUL":
		return succeeded(s, d)
	case "ROLLBACK_SUCCESSFUL":
		return s.told(s.wentBack(), "AWS went back to "+backTo(d)+because(d))
	case "ROLLBACK_FAILED":
		return s.told(Failed, "AWS could not go back to what ran before"+because(d))
	case "STOPPED":
		return stopped(s, d)
	case "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS":
		return s.waiting("AWS goes back to " + backTo(d) + because(d))
	}
	return goesOn(s, d)
}

func one(d Decision, _ bool) Decision { return d }

// wentBack is what going back means to the run: what it wanted, or a failure.
func (s Snapshot) wentBack() Outcome {
	switch {
	case s.Run.Interrupted:
		return Interrupted
	case s.Run.Stopped && s.Order.Goal != Forward:
		return Succeeded
	}
	return RolledBack
}

func backTo(d live.Deployment) string {
	if d.BackTo == "" {
		return "what ran before"
	}
	return ID(d.BackTo)
}

// because is AWS's reason, behind a colon.
func because(d live.Deployment) string {
	for _, reason := range []string{d.Why, d.Reason} {
		if reason != "" {
			return ": " + reason
		}
	}
	return ""
}

// told is an end with what diagnose says of it.
func (s Snapshot) told(o Outcome, why ...string) Decision {
	d := one(end(s, o, why...))
	if o != Succeeded {
		d.Diagnoses = diagnose.Of(s.Found)
		d.Why = append(d.Why, s.ended()...)
	}
	return d
}

// waiting is wait with what ended meanwhile.
func (s Snapshot) waiting(why ...string) Decision {
	d := one(wait(s, why...))
	d.Why = append(d.Why, s.ended()...)
	return d
}

// succeeded believes AWS only when the tasks of the revision serve, and nothing else has come since.
func succeeded(s Snapshot, d live.Deployment) Decision {
	if next, ok := s.after(d); ok && (next.Definition != d.Definition || goesBack(next)) {
		return one(end(s, Superseded, "the deployment "+ID(next.ARN)+" of "+ID(next.Definition)+" took its place"))
	}
	if ok, why := s.serves(); !ok {
		return s.waiting(why...)
	}
	if release := s.release(); len(release) > 0 {
		return one(act(s, "the service has moved; what sent requests to it before goes", release...))
	}
	return one(end(s, Succeeded, "the deployment "+ID(d.ARN)+" is done and every task serves"))
}

// release is what takes away the rules and target groups that the service had and needs no more.
func (s Snapshot) release() []Action {
	if s.Order.Goal != Forward {
		return nil
	}
	sv, _ := s.service()
	return Release(s.Order.Needs, s.Standing, append(groupsOf(sv.Spec), groupsOf(s.spec())...))
}

// after is a deployment that began later; the newest.
func (s Snapshot) after(d live.Deployment) (live.Deployment, bool) {
	next, ok := s.newest()
	return next, ok && next.ARN != d.ARN && next.Created.After(d.Created)
}

// stopped is a deployment that ended on the way: another one took its place, or it failed and nothing was rolled back.
func stopped(s Snapshot, d live.Deployment) Decision {
	if next, ok := s.after(d); ok {
		return one(end(s, Superseded, "the deployment "+ID(next.ARN)+" of "+ID(next.Definition)+" took its place"))
	}
	return s.told(Failed, "AWS gave the deployment up and did not go back"+because(d))
}

// goesOn waits, as long as there is hope.
func goesOn(s Snapshot, d live.Deployment) Decision {
	failed := s.failures()
	if len(failed) < enough || s.proved() {
		return s.waiting(s.progress()...)
	}
	seen := fmt.Sprintf("%d tasks of the new revision ended by themselves, and none became healthy", len(failed))
	if s.rescued(d) {
		return s.waiting(seen, "the service's settings let AWS roll this back")
	}
	out := s.told(Failed, seen, "nothing rolls this back: "+s.hopeless(d))
	if !s.first(d) {
		out.Fix = "berth rollback " + s.Order.Service
	}
	return out
}

// rescued tells whether the service's own settings will end a failing deployment and go back.
func (s Snapshot) rescued(d live.Deployment) bool {
	sv, _ := s.service()
	config := sv.Spec.Get("deploymentConfiguration")
	for _, watch := range []string{"deploymentCircuitBreaker", "alarms"} {
		if w := config.Get(watch); w.Get("enable").True() && w.Get("rollback").True() {
			return !s.first(d)
		}
	}
	return false
}

// first tells whether no deployment of the service ever succeeded before this one: then there is nothing to go back to. AWS
// forgets deployments after 90 days; where the oldest one that it knows replaced another, there was one before.
func (s Snapshot) first(d live.Deployment) bool {
	oldest := d
	for _, old := range s.Found.Deployments {
		if old.Service != d.Service || !old.Created.Before(d.Created) {
			continue
		}
		if old.Status == "SUCCESSFUL" || old.Status == "ROLLBACK_SUCCESSFUL" {
			return false
		}
		if old.Created.Before(oldest.Created) {
			oldest = old
		}
	}
	return len(oldest.Sources) == 0
}

func (s Snapshot) hopeless(d live.Deployment) string {
	if s.first(d) {
		return "there is no revision before it that ever ran"
	}
	return "the service has no circuit breaker with rollback"
}

// progress says what a deployment that goes on waits for.
func (s Snapshot) progress() []string {
	sv, ok := s.service()
	if !ok {
		return []string{"AWS does not show the service yet"}
	}
	var why []string
	for _, r := range sv.Revisions {
		if r.ID == s.Run.Revision && (r.Running < r.Desired || r.Pending > 0) {
			why = append(why, fmt.Sprintf("%d of %d tasks run, %d are on their way", r.Running, r.Desired, r.Pending))
		}
	}
	if len(why) == 0 {
		_, why = s.serves()
	}
	for _, r := range sv.Revisions {
		if r.ID != s.Run.Revision && r.Running > 0 {
			why = append(why, fmt.Sprintf("%s of %s to stop", count(r.Running), ID(r.Definition)))
		}
	}
	if len(why) == 0 {
		why = []string{"AWS to call it done"}
	}
	return why
}

// count is a number of tasks.
func count(n int) string {
	if n == 1 {
		return "1 task"
	}
	return fmt.Sprintf("%d tasks", n)
}
