package service

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/deploy"
	"berth/internal/live"
	"berth/internal/model"
)

// Reader looks at one service again and again. What never changes on AWS it reads once; while a deployment goes on without
// anything new happening, it looks at the counts only.
type Reader struct {
	Cloud *cloud.Cloud
	Scope model.Scope
	Order deploy.Order

	calls       int
	definitions map[string]live.Definition // by ARN
	full        map[string]deploy.Revision // the same with all values
	revisions   map[string]string          // ARN of a service revision: ARN of its task definition
	machines    map[string]live.Instance   // by ARN of the container instance
	before      view
}

// view is the last look at everything.
type view struct {
	at       time.Time
	capture  live.Capture
	event    string // id of the service's newest event
	running  []live.RevisionRunning
	standing []deploy.Standing
}

// Look is one look; calls is how many calls it took.
func (r *Reader) Look(ctx context.Context, run deploy.Run) (s deploy.Snapshot, calls int, err error) {
	r.calls = 0
	if r.definitions == nil {
		r.definitions, r.full = map[string]live.Definition{}, map[string]deploy.Revision{}
		r.revisions, r.machines = map[string]string{}, map[string]live.Instance{}
	}
	s = deploy.Snapshot{Order: r.Order, Run: run}
	s.Found = live.Capture{Version: live.Version, Region: r.Cloud.Region, Cluster: r.Order.Cluster, Subject: live.Subject{Kind: "service", Name: r.Order.Service}}
	if r.Order.Service == "" {
		err = r.task(ctx, &s)
	} else {
		err = r.service(ctx, &s)
	}
	s.At = r.Cloud.Clock.Now()
	s.Found.At = s.At
	return s, r.calls, err
}

// read makes one call and counts it.
func read[I, O, P any](ctx context.Context, r *Reader, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	r.calls++
	return cloud.Read(ctx, r.Cloud, f, in)
}

// task looks at a task that runs once.
func (r *Reader) task(ctx context.Context, s *deploy.Snapshot) (err error) {
	if err := r.latest(ctx, s); err != nil {
		return err
	}
	if s.Standing, err = r.needs(ctx); err != nil {
		return err
	}
	arns := s.Run.Tasks
	if len(arns) == 0 {
		if arns, err = r.list(ctx, &ecs.ListTasksInput{StartedBy: aws.String(deploy.StartedBy)}); err != nil {
			return err
		}
	}
	s.Found.Tasks, err = r.describe(ctx, arns)
	return err
}

// service looks at a service.
func (r *Reader) service(ctx context.Context, s *deploy.Snapshot) error {
	out, err := read(ctx, r, r.Cloud.ECS.DescribeServices, &ecs.DescribeServicesInput{
		Cluster: aws.String(r.Order.Cluster), Services: []string{r.Order.Service}, Include: []types.ServiceField{types.ServiceFieldTags},
	})
	if err != nil {
		return err
	}
	for _, one := range out.Services {
		s.Found.Services = append(s.Found.Services, Service(one))
	}
	if s.Run.Following == "" && r.Order.Goal == deploy.Forward {
		if err := r.latest(ctx, s); err != nil {
			return err
		}
	}
	s.Standing = r.before.standing
	if (s.Run.Following == "" || strings.HasPrefix(s.Run.Last, "delete ")) && r.Order.Goal == deploy.Forward {
		if s.Standing, err = r.needs(ctx); err != nil {
			return err
		}
	}
	r.before.standing = s.Standing
	if len(s.Found.Services) == 0 || s.Found.Services[0].Status == "INACTIVE" {
		return nil
	}
	return r.rest(ctx, s)
}

// rest looks at what belongs to a service that stands.
func (r *Reader) rest(ctx context.Context, s *deploy.Snapshot) (err error) {
	sv := s.Found.Services[0]
	if s.Running, err = r.definition(ctx, sv.Definition); err != nil {
		return err
	}
	if s.Found.Deployments, err = r.deployments(ctx, s.Run, sv); err != nil {
		return err
	}
	if r.Order.Goal != deploy.Forward && s.Run.Following == "" {
		if err := r.former(ctx, s.Found.Deployments, sv.Definition); err != nil {
			return err
		}
	}
	if r.quiet(s) {
		old := r.before.capture
		s.Found.Tasks, s.Found.Instances, s.Found.Targets = old.Tasks, old.Instances, old.Targets
		s.Found.Definitions = old.Definitions
		return nil
	}
	if err := r.tasks(ctx, s); err != nil {
		return err
	}
	if s.Found.Targets, err = r.targets(ctx, sv); err != nil {
		return err
	}
	for _, arn := range r.known() {
		s.Found.Definitions = append(s.Found.Definitions, r.definitions[arn])
	}
	r.before.at, r.before.capture, r.before.event, r.before.running = r.Cloud.Clock.Now(), s.Found, newest(sv), sv.Revisions
	return nil
}

// closely is how long tasks and targets are not looked at while nothing tells that they changed.
const closely = 20 * time.Second

// quiet tells that nothing has happened since the last look at the tasks, as far as the service's counts and events tell, and
// that no end hangs on them.
func (r *Reader) quiet(s *deploy.Snapshot) bool {
	sv := s.Found.Services[0]
	for _, d := range s.Found.Deployments {
		if d.ARN == s.Run.Following && d.Status != "IN_PROGRESS" && d.Status != "PENDING" && d.Status != "ROLLBACK_IN_PROGRESS" {
			return false
		}
	}
	return s.Run.Following != "" && r.Cloud.Clock.Now().Sub(r.before.at) < closely && r.before.event == newest(sv) && slices.Equal(r.before.running, sv.Revisions)
}

// newest is the id of a service's newest event.
func newest(sv live.Service) string {
	if len(sv.Events) == 0 {
		return ""
	}
	return sv.Events[0].ID
}

// needs looks at which of the order's needs stand, and what stands of those that it had before. A task that needs nothing costs
// no call.
func (r *Reader) needs(ctx context.Context) ([]deploy.Standing, error) {
	name := r.Order.Service
	if name == "" {
		name = r.Order.Definition.Get("family").Text
	}
	r.calls += 1 + len(r.Order.Needs)
	if len(r.Order.Needs) == 0 && r.Order.Service == "" {
		return nil, nil
	}
	return Needs(ctx, r.Cloud, r.Scope, name, r.Order.Needs)
}

// known are the ARNs of the task definitions that were read, sorted.
func (r *Reader) known() []string {
	var out []string
	for arn := range r.definitions { // unordered: sorted below
		out = append(out, arn)
	}
	slices.Sort(out)
	return out
}
