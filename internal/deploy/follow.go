package deploy

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/diagnose"
	"berth/internal/live"
)

// follow is how far the deployment is that the run's end hangs on.
func follow(s Snapshot) Decision {
	d, known := s.deployment(s.Run.Following)
	switch {
	case !known:
		return one(wait(s, "AWS does not know the deployment "+ID(s.Run.Following)))
	case s.Order.Policy.NoWait && (goes(d) || goesBack(d) || d.Status == "SUCCESSFUL"):
		return s.left(d)
	}
	switch d.Status {
	case "SUCCESSFUL":
		return succeeded(s, d)
	case "ROLLBACK_SUCCESSFUL":
		return s.returned(d)
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

// left is the end of a run that nobody waits for.
func (s Snapshot) left(d live.Deployment) Decision {
	switch {
	case goesBack(d) && s.Order.Goal == Forward:
		return s.told(RolledBack, "AWS goes back to "+backTo(d)+because(d))
	case goesBack(d):
		return one(end(s, Started, "AWS goes back to "+backTo(d)))
	case d.Status == "SUCCESSFUL":
		return one(end(s, Started, "AWS calls the deployment "+ID(d.ARN)+" successful; whether its tasks serve was not waited for"))
	}
	return one(end(s, Started, "the deployment "+ID(d.ARN)+" is under way"))
}

// returned is the end of a deployment that AWS has taken back. Where that was wanted it is believed only when what ran before
// serves.
func (s Snapshot) returned(d live.Deployment) Decision {
	if s.wentBack() != Succeeded {
		return s.told(s.wentBack(), "AWS went back to "+backTo(d)+because(d))
	}
	if next, ok := s.after(d); ok {
		return s.overtaken(next)
	}
	if ok, why := s.serves(); !ok {
		return one(wait(s, why...))
	}
	return one(end(s, Succeeded, "AWS went back to "+backTo(d)+because(d)+"; every task serves"))
}

// overtaken is the end of a run whose deployment another one has followed.
func (s Snapshot) overtaken(next live.Deployment) Decision {
	return one(end(s, Superseded, "the deployment "+ID(next.ARN)+" of "+ID(next.Definition)+" took its place"))
}

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
			return ": " + strings.TrimSuffix(reason, ".")
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
		return s.overtaken(next)
	}
	if ok, why := s.serves(); !ok {
		if loop, is := s.loops(); is {
			return loop
		}
		return s.waiting(why...)
	}
	if release := s.release(); len(release) > 0 {
		return one(act(s, "the service has moved; what sent requests to it before goes", release...))
	}
	return one(end(s, Succeeded, "the deployment "+ID(d.ARN)+" is done and every task serves"))
}

// loops ends the wait for tasks that end by themselves, again and again, when no deployment is under way that could be rolled
// back: where nothing checks their health AWS calls a deployment done as soon as all of them run, be it for a second.
func (s Snapshot) loops() (Decision, bool) {
	failed := s.failures()
	if len(failed) < enough || s.proved() {
		return Decision{}, false
	}
	out := s.told(Failed, fmt.Sprintf("%d tasks of %s ended by themselves, and none became healthy", len(failed), ID(s.target())),
		"nothing rolls this back: AWS calls its deployment successful, since the tasks did start")
	if !s.Maiden() {
		out.Fix = "berth rollback " + s.Order.Service
	}
	return out, true
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
		return s.overtaken(next)
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
	if s.rescued(d, failed) {
		return s.waiting(seen, hope(d))
	}
	out := s.told(Failed, seen, "nothing rolls this back: "+s.hopeless(d, len(failed)))
	if !s.first(d) {
		out.Fix = "berth rollback " + s.Order.Service
	}
	return out
}

// hope is what a failing deployment waits for.
func hope(d live.Deployment) string {
	if d.Breaker.Threshold == 0 {
		return "the service's settings let AWS roll this back"
	}
	return fmt.Sprintf("AWS rolls this back when its circuit breaker has counted %d failures; it has counted %d", d.Breaker.Threshold, d.Breaker.Failures)
}

// rescued tells whether the service's own settings will end a failing deployment and go back.
func (s Snapshot) rescued(d live.Deployment, failed []live.Task) bool {
	return !s.first(d) && (s.watched("alarms") || s.watched("deploymentCircuitBreaker") && !blind(d, failed))
}

// watched tells whether something that watches the service's deployments goes back when it ends one.
func (s Snapshot) watched(by string) bool {
	sv, _ := s.service()
	w := sv.Spec.Get("deploymentConfiguration").Get(by)
	return w.Get("enable").True() && w.Get("rollback").True()
}

// blind tells whether the circuit breaker does not see what the tasks end of. It counts tasks that never ran until the first one
// runs, then only those that a health check ends (ECS developer guide, "How the Amazon ECS deployment circuit breaker detects
// failures"). It may lag behind by a few tasks, so twice as many ends as make a loop must be there.
func blind(d live.Deployment, failed []live.Task) bool {
	ran := slices.ContainsFunc(failed, func(t live.Task) bool { return !t.Started.IsZero() })
	return ran && len(failed) >= 2*enough && 2*d.Breaker.Failures < len(failed)
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

func (s Snapshot) hopeless(d live.Deployment, ended int) string {
	switch {
	case s.first(d):
		return "there is no revision before it that ever ran"
	case s.watched("deploymentCircuitBreaker"):
		return fmt.Sprintf("the circuit breaker has counted %d of these %d: once a task has run it counts only those that a health check ends", d.Breaker.Failures, ended)
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
			why = append(why, fmt.Sprintf("%d of %s run, %s", r.Running, count(r.Desired), coming(r.Pending)))
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
		why = []string{"AWS has not called it done yet"}
	}
	return why
}

// coming says how many tasks are being started.
func coming(pending int) string {
	switch pending {
	case 0:
		return "none is being started"
	case 1:
		return "1 is being started"
	}
	return fmt.Sprintf("%d are being started", pending)
}

// count is a number of tasks.
func count(n int) string {
	if n == 1 {
		return "1 task"
	}
	return fmt.Sprintf("%d tasks", n)
}
