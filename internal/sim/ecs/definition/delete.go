package definition

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

const (
	deleting = "DELETE_IN_PROGRESS"
	// mostDeletions is how many revisions a call may delete (ECS API reference, DeleteTaskDefinitions).
	mostDeletions = 10
)

// Swept is the kind of the event after which deleted revisions that nothing refers to are gone.
const Swept world.Kind = "ecs.task-definition-swept"

// DeleteTaskDefinitions deletes INACTIVE revisions: they are DELETE_IN_PROGRESS until no task and no deployment refers to
// them (ECS developer guide, "Amazon ECS task definition states"). What cannot be deleted is a failure.
func DeleteTaskDefinitions(c *world.Call, in *ecs.DeleteTaskDefinitionsInput) (*ecs.DeleteTaskDefinitionsOutput, error) {
	switch n := len(in.TaskDefinitions); {
	case n == 0:
		return nil, missing("TaskDefinitions")
	case n > mostDeletions:
		return nil, invalid("Task definitions cannot be more than %d.", mostDeletions)
	}
	out := &ecs.DeleteTaskDefinitionsOutput{TaskDefinitions: []types.TaskDefinition{}, Failures: []types.Failure{}}
	for _, name := range in.TaskDefinitions {
		d, why := deletable(c, name)
		if why != "" {
			out.Failures = append(out.Failures, types.Failure{Arn: aws.String(name), Reason: aws.String(why)})
			continue
		}
		d.Status = deleting
		out.TaskDefinitions = append(out.TaskDefinitions, *view(d))
	}
	if len(out.TaskDefinitions) > 0 {
		span := world.Span{Mean: 30 * time.Second, Deviation: 10 * time.Second, Floor: 5 * time.Second}
		c.Schedule(c.Draw(string(Swept), in.TaskDefinitions[0], span), world.Event{Kind: Swept, Region: c.Region.Name})
	}
	return out, nil
}

// deletable finds a revision that a call wants to delete, or says why it cannot be.
func deletable(c *world.Call, name string) (*world.TaskDefinition, string) {
	if !strings.Contains(name[strings.LastIndex(name, "/")+1:], ":") {
		return nil, "The specified task definition identifier is invalid. Specify a valid name or ARN and try again."
	}
	d, ok := Find(c, name)
	switch {
	case !ok:
		return nil, "The specified task definition does not exist. Specify a valid account, family, revision and try again."
	case d.Status == active:
		return nil, "The specified task definition is still in ACTIVE status. Please deregister the target and try again."
	}
	return d, ""
}

// Sweep takes away the deleted revisions of a region that nothing refers to. The family keeps its count.
func Sweep(w *world.World, e world.Event) {
	r := w.Region(e.Region)
	var left []string
	for d := range r.ECS.Definitions.Rows() {
		if d.Status == deleting && !referred(r, Name(d)) {
			left = append(left, Name(d))
		}
	}
	for _, name := range left {
		r.ECS.Definitions.Delete(name)
	}
}

// referred tells whether a task that has not stopped has a revision, or a service that may start one with it.
func referred(r *world.Region, name string) bool {
	for k := range r.ECS.Clusters.Rows() {
		for t := range k.Tasks.Rows() {
			if t.Definition == name && t.Status != "STOPPED" {
				return true
			}
		}
		for s := range k.Services.Rows() {
			if s.Status != "INACTIVE" && deploys(s, name) {
				return true
			}
		}
	}
	return false
}

// deploys tells whether a service has a revision now, in one of its deployments, or to go back to.
func deploys(s *world.Service, name string) bool {
	return s.Definition == name ||
		slices.ContainsFunc(s.Deployments, func(d world.Deployment) bool { return d.Definition == name }) ||
		slices.ContainsFunc(s.Revisions, func(v world.ServiceRevision) bool { return v.ARN == s.Good && v.Definition == name })
}

// remains tells whether a family has a revision that is not gone.
func remains(r *world.Region, family string) bool {
	for d := range r.ECS.Definitions.Rows() {
		if d.Family == family {
			return true
		}
	}
	return false
}
