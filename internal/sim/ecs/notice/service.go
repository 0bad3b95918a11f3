package notice

import (
	"strings"

	"berth/internal/sim/world"
)

// The kinds of events about services and deployments.
const (
	Info    = "INFO"
	Warning = "WARN"
	Failure = "ERROR"
)

// Action is what happened to a service; what is empty is left out.
type Action struct {
	Type   string // Info, Warning or Failure
	Name   string // "SERVICE_STEADY_STATE"
	Reason string // of a Failure
}

// ServiceAction says what happened to a service (ECS developer guide, "Amazon ECS service action events").
func ServiceAction(w *world.World, r *world.Region, s *world.Service, a Action) {
	w.Emit(r, world.Notice{Source: source, DetailType: "ECS Service Action", Resources: []string{s.ARN}}, func() any {
		d := map[string]any{"eventType": a.Type, "eventName": a.Name, "clusterArn": clusterARN(r, s.Cluster), "createdAt": stamp(w.Now())}
		if a.Reason != "" {
			d["reason"] = a.Reason
		}
		if providers := providersOf(r, s); len(providers) > 0 && a.Type != Info {
			d["capacityProviderArns"] = providers
		}
		return d
	})
}

// providersOf are the ARNs of the capacity providers that a service uses.
func providersOf(r *world.Region, s *world.Service) []string {
	var out []string
	for _, item := range s.Strategy {
		out = append(out, "arn:aws:ecs:"+r.Name+":"+world.Account+":capacity-provider/"+item.Provider)
	}
	return out
}

// The states of deployments, as names of events.
const (
	DeploymentInProgress = "SERVICE_DEPLOYMENT_IN_PROGRESS"
	DeploymentCompleted  = "SERVICE_DEPLOYMENT_COMPLETED"
	DeploymentFailed     = "SERVICE_DEPLOYMENT_FAILED"
)

// Turn is a state that a deployment has come to.
type Turn struct {
	Deployment string // "ecs-svc/" and digits
	State      string // DeploymentInProgress, DeploymentCompleted or DeploymentFailed
	Reason     string // "ECS deployment ecs-svc/1 completed."
}

// Deployment says that a service's deployment has come to a state. AWS says that one failed only where a circuit breaker or
// alarms watch it (ECS developer guide, "Amazon ECS service deployment state change events").
func Deployment(w *world.World, r *world.Region, s *world.Service, t Turn) {
	kind := Info
	if t.State == DeploymentFailed {
		kind = Failure
	}
	w.Emit(r, world.Notice{Source: source, DetailType: "ECS Deployment State Change", Resources: []string{s.ARN}}, func() any {
		return map[string]any{"eventType": kind, "eventName": t.State, "deploymentId": t.Deployment, "updatedAt": stamp(w.Now()), "reason": t.Reason}
	})
}

// Said says what one of a service's sentences means to those who listen to events. Most mean nothing to them.
func Said(w *world.World, r *world.Region, s *world.Service, sentence string) {
	if a, ok := meaning(sentence); ok {
		ServiceAction(w, r, s, a)
	}
}

// meaning is the event behind a sentence.
func meaning(sentence string) (Action, bool) {
	switch has := func(text string) bool { return strings.Contains(sentence, text) }; {
	case has("has reached a steady state"):
		return Action{Info, "SERVICE_STEADY_STATE", ""}, true
	case has("is unable to consistently start tasks successfully"):
		return Action{Warning, "SERVICE_TASK_START_IMPAIRED", ""}, true
	case has("AZ Rebalancing in progress"):
		return Action{Info, "SERVICE_REBALANCING_STARTED", ""}, true
	case has("is AZ balanced with"):
		return Action{Info, "SERVICE_REBALANCING_COMPLETED", ""}, true
	case has("stopped AZ Rebalancing"):
		return Action{Info, "SERVICE_REBALANCING_STOPPED", ""}, true
	case has("was unable to AZ Rebalance because"):
		return Action{Info, "TASKSET_SCALE_IN_FAILURE_BY_TASK_PROTECTION", ""}, true
	case has("is unable to place a task in "):
		return Action{Failure, "SERVICE_TASK_PLACEMENT_FAILURE", shortage(sentence)}, true
	case has("was unable to place a task "):
		return Action{Failure, "SERVICE_TASK_PLACEMENT_FAILURE", shortage(sentence)}, true
	}
	return Action{}, false
}

// shortage is what a task found no instance for, in the words of events.
func shortage(sentence string) string {
	for _, one := range []struct{ text, reason string }{
		{"insufficient CPU", "RESOURCE:CPU"},
		{"insufficient memory", "RESOURCE:MEMORY"},
		{"using a port", "RESOURCE:PORTS"},
		{`error "AGENT"`, "AGENT"},
		{"attribute required", "ATTRIBUTE"},
		{"RESOURCE:GPU", "RESOURCE:GPU"},
		{"RESOURCE:ENI", "RESOURCE:ENI"},
		{"LOCATION", "LOCATION"},
		{"in your capacity provider", "EMPTY CAPACITY PROVIDER"},
		{"in your cluster", "NO ACTIVE INSTANCES"},
	} {
		if strings.Contains(sentence, one.text) {
			return one.reason
		}
	}
	return "OTHER"
}
