package hear

import (
	"strings"

	"berth/internal/diagnose"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// action tells what an action of a service says.
func (l *listener) action() ([]watch.Signal, error) {
	if err := l.ours(); err != nil {
		return nil, err
	}
	return l.turn()
}

// turn tells what happened to the service or to the deployment that an event is about; of deployments it names no cluster.
func (l *listener) turn() ([]watch.Signal, error) {
	d := &l.Detail
	name, err := l.service()
	if err != nil {
		return nil, err
	}
	s, meant := meaning(d, name)
	if !meant {
		return nil, nil
	}
	s.ID, s.At = l.ID, l.when(moment(or(d.Created, d.Updated)))
	return []watch.Signal{s}, nil
}

// service is the name of the service that an event is about, which must be one of the cluster.
func (l *listener) service() (string, error) {
	d := &l.Detail
	prefix := l.arn("ecs", "service/")
	for _, arn := range append(l.Resources[:min(len(l.Resources), mostParts)], d.Service) {
		cluster, name, long := strings.Cut(strings.TrimPrefix(arn, prefix), "/")
		if !long && d.Cluster != "" { // an ARN of before 2018 has no cluster, but the event has
			cluster, name = l.scope.ClusterName(), cluster
		}
		if strings.HasPrefix(arn, prefix) && cluster == l.scope.ClusterName() && name != "" {
			return name, nil
		}
	}
	return "", refuse("it is of no service of cluster %s", l.scope.ClusterName())
}

// meaning is what an event says of a service; false where it says nothing.
func meaning(d *detail, name string) (watch.Signal, bool) {
	of := live.Subject{Kind: aService, Name: name}
	switch d.Event {
	case "SERVICE_STEADY_STATE", "SERVICE_DEPLOYMENT_COMPLETED", "SERVICE_REBALANCING_STARTED", "SERVICE_REBALANCING_COMPLETED",
		"SERVICE_REBALANCING_STOPPED": // tasks are moved between zones, or find no room there, only where all of them run
		return watch.Signal{Cause: watch.Cause{Scope: aService + "/" + name}, Member: aService + "/" + name, Well: true}, true
	case "SERVICE_TASK_PLACEMENT_FAILURE":
		return unplaced(d, of), true
	case "SERVICE_DEPLOYMENT_FAILED":
		return failed(d, of), true
	case "SERVICE_DEPLOYMENT_IN_PROGRESS":
		return back(d, of)
	}
	for _, w := range words() {
		if w.event == d.Event || w.event == "" && d.Type != "INFO" && d.Type != "" {
			return w.of(d, of), true
		}
	}
	return watch.Signal{}, false
}

// unplaced is a task that found no instance, in the words that a diagnosis of the service would have.
func unplaced(d *detail, of live.Subject) watch.Signal {
	c := live.Capture{Services: []live.Service{{
		Name: of.Name, Status: "ACTIVE", Desired: 1, Events: []live.Event{{Text: "unable to place a task: " + d.Reason}},
	}}}
	for _, found := range diagnose.Of(c) {
		if familyOf(found.Code) != watch.Room {
			continue
		}
		s := told(found, of, "")
		if s.Code == reason.LackRoom { // no waiting for an instance to come: ECS has given up on this one
			s.Text, s.Hold, s.Severity = of.Name+" finds no instance for its tasks", full, watch.Error
		}
		s.Evidence = said(d)
		for _, arn := range d.Closest[:min(len(d.Closest), mostLines)] {
			s.Evidence = append(s.Evidence, "the closest to have had room is container instance "+lastOf(arn))
		}
		return s
	}
	return word{code: reason.Unknown, text: "tasks of % find no instance"}.of(d, of)
}

// said are AWS's words as evidence.
func said(d *detail) []string {
	if d.Reason == "" {
		return []string{"AWS says: " + d.Event}
	}
	return []string{"AWS says: " + d.Event + ": " + d.Reason}
}

// failed is a deployment that failed. Whether ECS goes back is told by an event of its own.
func failed(d *detail, of live.Subject) watch.Signal {
	w := word{code: reason.Failed, text: "a deployment of % failed", fix: "ask why: berth why %; where ECS does not go back by itself: berth rollback %"}
	switch {
	case alarmed(d):
		w.code, w.text = reason.ByAlarm, "an alarm stopped a deployment of %"
	case strings.Contains(d.Reason, "circuit breaker"):
		w.text += ": too many of its tasks did not start or did not stay"
	}
	return w.of(d, of)
}

// back is a deployment that brings the revision before again, because another one failed; false where it is any other.
func back(d *detail, of live.Subject) (watch.Signal, bool) {
	switch {
	case !strings.Contains(d.Reason, "rolling back"), strings.Contains(d.Reason, "user"):
		return watch.Signal{}, false // somebody wants it so
	case alarmed(d):
		return word{code: reason.ByAlarm, text: "an alarm stopped a deployment of %, and ECS goes back to the revision before", fix: "look at the alarm and at what the new tasks did while it went off: berth why %; then berth deploy again"}.of(d, of), true
	}
	return word{code: reason.ByBreaker, text: "the circuit breaker stopped a deployment of %, and ECS goes back to the revision before", fix: "mend what its tasks failed of, berth why % tells it, then berth deploy again"}.of(d, of), true
}

func alarmed(d *detail) bool { return strings.Contains(d.Reason, "alarm") }

// word is what an event means, with % for the service.
type word struct {
	event, code, text, fix string
	final                  bool // no waiting helps
}

// words are the events that no capture could show. The last one stands for all warnings and errors that are not known yet.
func words() []word {
	return []word{
		{"SERVICE_TASK_START_IMPAIRED", reason.Throttled, "ECS starts tasks of % at ever longer intervals, since they keep failing to start", "mend what they fail of, berth why % tells it, and berth deploy again: a new deployment begins without the wait", false},
		{"SERVICE_DISCOVERY_INSTANCE_UNHEALTHY", reason.OwnCheck, "a task of % is unhealthy, so its service registry leaves it out", "see which check fails: berth why %", false},
		{"VPC_LATTICE_TARGET_UNHEALTHY", reason.NoAnswer, "a target of % in VPC Lattice is unhealthy", "see which check fails, and whether the program answers it: berth why %", false},
		{"SERVICE_DAEMON_PLACEMENT_CONSTRAINT_VIOLATED", reason.LackConstraint, "a task of % runs on an instance that its placement constraints do not allow any more", "compare \"placementConstraints\" in service.json with the instances' attributes: berth why %", false},
		{"ECS_OPERATION_THROTTLED", reason.Throttled, "ECS's own calls for % are throttled, so its tasks start and stop late", "fewer deployments at once; AWS's limits are the account's (ECS developer guide, \"Request throttling\")", false},
		{"SERVICE_DISCOVERY_OPERATION_THROTTLED", reason.Throttled, "AWS Cloud Map throttles calls for %, so its tasks are registered late", "fewer deployments at once; the limits are the account's (AWS Cloud Map developer guide, \"Quotas\")", false},
		{"SERVICE_TASK_CONFIGURATION_FAILURE", reason.Unknown, "ECS cannot start tasks of % as they are configured", "AWS's words say what is wrong with service.json or taskdef.json; more: berth why %", true},
		{"SERVICE_HEALTH_UNKNOWN", reason.Unknown, "ECS does not know whether tasks of % are healthy", "see what it runs: berth why %", false},
		{"", reason.Unknown, "ECS warns of %", "see what it runs: berth why %", false},
	}
}

// of is the signal of an event about a service.
func (w word) of(d *detail, of live.Subject) watch.Signal {
	if w.code == reason.Unknown && reason.Says(d.Reason, "assume the role", "assume role") {
		w = word{"", reason.BadRole, "ECS cannot assume the role of tasks of %", "correct \"executionRoleArn\" or \"taskRoleArn\" in taskdef.json, or the role's trust policy; which one it is: berth why %", true}
	}
	fill := func(text string) string { return strings.ReplaceAll(text, "%", of.Name) }
	final := w.final || w.event == "" && d.Type == "ERROR"
	s := told(diagnose.Diagnosis{Code: w.code, Text: fill(w.text), Fix: fill(w.fix), Evidence: said(d), Final: final}, of, "")
	if d.Deployment != "" {
		s.Evidence = append(s.Evidence, "deployment "+d.Deployment)
	}
	return s
}
