package tenant

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

// GlanceCalls ask about the services and tasks that are leaving.
func (l *Look) GlanceCalls() []fetch.Call {
	var services, tasks []string
	for _, s := range leaving[model.Service](l) {
		services = append(services, s.Name)
	}
	for _, t := range leaving[model.Task](l) {
		tasks = append(tasks, l.have.Handle(t.Key()).ARN)
	}
	return append(l.serviceCalls(services), l.taskCalls(tasks)...)
}

// Gone are those of them that are gone: a service that AWS calls inactive and that has no task left, a task that is stopped,
// and either when AWS does not know it any more.
func (l *Look) Gone() []model.Key {
	var out []model.Key
	for _, s := range leaving[model.Service](l) {
		lives := slices.ContainsFunc(l.services, func(f types.Service) bool {
			return aws.ToString(f.ServiceName) == s.Name && (aws.ToString(f.Status) != "INACTIVE" || f.RunningCount+f.PendingCount > 0)
		})
		if !lives {
			out = append(out, s.Key())
		}
	}
	for _, t := range leaving[model.Task](l) {
		lives := slices.ContainsFunc(l.tasks, func(f types.Task) bool {
			return shape.LastOf(f.TaskArn) == t.ID && aws.ToString(f.LastStatus) != "STOPPED"
		})
		if !lives {
			out = append(out, t.Key())
		}
	}
	return out
}

// leaving are the resources of a type that are on their way out.
func leaving[R model.Resource](l *Look) []R {
	var out []R
	for r := range model.Every[R](&l.have.Set) {
		if l.have.Handle(r.Key()).Status == model.Leaving {
			out = append(out, r)
		}
	}
	return out
}
