package deploy

import (
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/live"
)

// TagRollback is the tag by which a rollback remembers where it goes: the ARN of the deployment that it stops, or of the
// task definition that it goes back to. It stays until something else is deployed: a rollback that is asked for twice, since
// nobody knows how far the first one came, goes back once.
const TagRollback = "berth:rollback"

// back takes a service back to what ran before.
func back(s Snapshot) Decision {
	if s.Run.Following != "" {
		d := follow(s)
		if d.Outcome == Succeeded && !s.Run.Acted {
			d.Outcome = Unchanged // an earlier run has done it
		}
		return d
	}
	sv, there := s.service()
	switch {
	case !there:
		return Decision{Run: s.Run, Outcome: Refused, Code: "DEP203", Why: []string{"there is no service " + s.Order.Service + " in the cluster"}}
	case sv.Status != "ACTIVE":
		return Decision{Run: s.Run, Outcome: Refused, Code: "DEP203", Why: []string{"the service " + sv.Name + " is being deleted"}}
	}
	if last, ok := s.underway(sv); ok {
		s.Run.Stopped = sv.Tags[TagRollback] == last.ARN || goesBack(last)
		return one(s.following(last.ARN))
	}
	last, known := s.newest()
	switch aim := sv.Tags[TagRollback]; {
	case aim != "" && aim == sv.Definition && s.At.Sub(s.Run.Began) <= listing:
		return one(wait(s, "AWS begins the deployment of "+ID(aim)))
	case known && goes(last):
		return s.halt(last)
	case s.Order.Goal == Cancel:
		return s.missed(last)
	}
	return s.before(sv)
}

// missed ends a --cancel that finds nothing to stop: there was nothing, or the deployment was quicker.
func (s Snapshot) missed(last live.Deployment) Decision {
	if !s.Run.Acted {
		return one(end(s, Unchanged, "no deployment of "+s.Order.Service+" is under way"))
	}
	d := s.told(Failed, "the deployment "+ID(last.ARN)+" was done before it could be stopped")
	d.Fix = "berth rollback " + s.Order.Service
	return d
}

// underway is the deployment that goes back already: AWS does so by itself, or an earlier run has begun it and its tag tells.
func (s Snapshot) underway(sv live.Service) (live.Deployment, bool) {
	last, known := s.newest()
	switch aim := sv.Tags[TagRollback]; {
	case !known:
		return last, false
	case aim == "":
		return last, goesBack(last)
	case aim == last.ARN:
		return last, !goes(last) && last.Status != "SUCCESSFUL"
	}
	return last, sv.Tags[TagRollback] == last.Definition || goesBack(last)
}

// remember sets the tag before anything else happens; false: it stands.
func (s Snapshot) remember(aim string) (Action, bool) {
	sv, _ := s.service()
	tag := document.New("key", document.Of(TagRollback), "value", document.Of(aim))
	return Action{Verb: Label, Name: sv.Name, Spec: document.New("resourceArn", document.Of(sv.ARN), "tags", document.Items(tag))}, sv.Tags[TagRollback] != aim
}

// halt stops a deployment that is under way, so that AWS goes back to what ran before it.
func (s Snapshot) halt(d live.Deployment) Decision {
	if s.first(d) {
		return Decision{
			Run: s.Run, Outcome: Refused, Code: "DEP204", Why: []string{"no deployment of " + s.Order.Service + " ever succeeded, so there is nothing to go back to"},
			Fix: "aws ecs delete-service --force --cluster " + s.Order.Cluster + " --service " + s.Order.Service,
		}
	}
	if tag, missing := s.remember(d.ARN); missing {
		return one(act(s, "the deployment "+ID(d.ARN)+" shall be stopped", tag))
	}
	return one(act(s, "the deployment "+ID(d.ARN)+" is to be stopped", s.stop(d)))
}

func (s Snapshot) stop(d live.Deployment) Action {
	return Action{Verb: StopDeployment, Name: ID(d.ARN), Spec: document.New("serviceDeploymentArn", document.Of(d.ARN), "stopType", document.Of("ROLLBACK"))}
}

// before deploys the revision that ran before the current one.
func (s Snapshot) before(sv live.Service) Decision {
	aim := s.lastGood(sv)
	if aim == "" {
		return Decision{
			Run: s.Run, Outcome: Refused, Code: "DEP204", Why: []string{"no revision before " + ID(sv.Definition) + " ran that could be gone back to"},
			Fix: "AWS keeps the deployments of the last 90 days; deploy the revision that you want: berth deploy",
		}
	}
	why := "back to " + ID(aim) + "; load balancers, network and the other settings stay as they are"
	if tag, missing := s.remember(aim); missing {
		return one(act(s, why, tag))
	}
	return one(act(s, why, Action{Verb: UpdateService, Name: sv.Name, Begins: true, Spec: document.New(
		"cluster", document.Of(s.Order.Cluster), "service", document.Of(sv.Name), "taskDefinition", document.Of(aim))}))
}

// lastGood is the newest revision that ran before the current one and can still be run; empty: there is none.
func (s Snapshot) lastGood(sv live.Service) string {
	for _, d := range s.Found.Deployments {
		if d.Service != sv.Name || d.Status != "SUCCESSFUL" || d.Definition == sv.Definition || d.Definition == "" {
			continue
		}
		if slices.ContainsFunc(s.Found.Definitions, func(x live.Definition) bool { return x.ARN == d.Definition && x.Status != "ACTIVE" }) {
			continue
		}
		return d.Definition
	}
	return ""
}

// Maiden tells whether a rollback would be refused, since nothing that is known to run came before.
func (s Snapshot) Maiden() bool {
	sv, there := s.service()
	d, known := s.newest()
	if there && known && goes(d) {
		return s.first(d)
	}
	return !there || s.lastGood(sv) == ""
}

// TakenBack tells whether AWS went back from the deployment that the run followed.
func (s Snapshot) TakenBack() bool {
	d, known := s.deployment(s.Run.Following)
	return known && d.Status == "ROLLBACK_SUCCESSFUL"
}

// interrupted ends the run, after a rollback where that was asked for.
func interrupted(s Snapshot) Decision {
	if s.begins() {
		if d, found := s.begun(); found {
			return one(s.following(d.ARN))
		}
		return one(wait(s, "interrupted: AWS begins the deployment, which is to be stopped"))
	}
	d, known := s.deployment(s.Run.Following)
	if !s.Order.Policy.RollbackOnInterrupt || !known || s.Order.Goal != Forward {
		return one(end(s, Interrupted, s.goingOn()...))
	}
	switch {
	case goes(d) && s.first(d):
		return one(end(s, Interrupted, "no deployment of "+s.Order.Service+" ever succeeded, so there is nothing to go back to: it goes on at AWS"))
	case goes(d):
		return one(act(s, "interrupted: the deployment "+ID(d.ARN)+" is to be stopped", s.stop(d)))
	case goesBack(d):
		return follow(s)
	case d.Status == "ROLLBACK_SUCCESSFUL":
		return one(end(s, Interrupted, "AWS went back to "+backTo(d)))
	}
	return one(end(s, Interrupted, s.goingOn()...))
}

// begins tells of a run that is to go back when it is interrupted that a deployment of its own has begun and does not show yet.
func (s Snapshot) begins() bool {
	sv, there := s.service()
	return s.Order.Policy.RollbackOnInterrupt && s.Order.Goal == Forward && s.Run.Following == "" && s.Run.Before != nil &&
		there && sv.Definition == s.wanted() && s.At.Sub(s.Run.Sent) <= listing
}

// goingOn is what happens at AWS when nobody waits any more.
func (s Snapshot) goingOn() []string {
	switch d, known := s.deployment(s.Run.Following); {
	case known && goes(d):
		return []string{"the deployment " + ID(d.ARN) + " goes on at AWS"}
	case known && goesBack(d):
		return []string{"AWS goes back to " + backTo(d)}
	case known:
		return []string{"AWS calls the deployment " + ID(d.ARN) + " " + strings.ToLower(strings.ReplaceAll(d.Status, "_", " "))}
	case len(s.Run.Tasks) > 0:
		return []string{"the task " + ID(s.Run.Tasks[0]) + " goes on at AWS"}
	case !s.Run.Started.IsZero():
		return []string{"the deployment goes on at AWS"}
	}
	return []string{"nothing is under way at AWS"}
}
