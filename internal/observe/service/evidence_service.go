package service

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/observe/fetch"
)

// How much ECS tells at once (ECS API reference), and how many tasks that have stopped are looked at: what failed a thousand times
// failed alike.
const (
	servicesEach    = 10
	deploymentsEach = 20
	tasksEach       = 100
	mostStopped     = 1000
)

// services reads services by name; those that are not there, or no longer, are left out.
func (q *inquiry) services(ctx context.Context, names []string) error {
	for some := range slices.Chunk(names, servicesEach) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeServices, &ecs.DescribeServicesInput{
			Cluster: &q.cluster, Services: some, Include: []types.ServiceField{types.ServiceFieldTags},
		})
		if err != nil {
			return err
		}
		for _, s := range out.Services {
			if aws.ToString(s.Status) != "INACTIVE" {
				q.out.Services = append(q.out.Services, Service(s))
			}
		}
	}
	return nil
}

// deployments reads the newest deployments of the services, and which task definitions they bring.
func (q *inquiry) deployments(ctx context.Context) error {
	var arns []string
	for _, s := range q.out.Services {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.ListServiceDeployments, &ecs.ListServiceDeploymentsInput{
			Cluster: &q.cluster, Service: &s.ARN, MaxResults: aws.Int32(deploymentsEach),
		})
		if err != nil {
			return err
		}
		for _, d := range out.ServiceDeployments {
			arns = append(arns, aws.ToString(d.ServiceDeploymentArn))
		}
	}
	if d := q.out.Subject; d.Kind == "deployment" && len(arns) > 0 && len(d.Name) > 4 && d.Name[:4] == "arn:" && !slices.Contains(arns, d.Name) {
		arns = append(arns, d.Name)
	}
	var found []types.ServiceDeployment
	for some := range slices.Chunk(arns, deploymentsEach) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeServiceDeployments, &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: some})
		if err != nil {
			return err
		}
		found = append(found, out.ServiceDeployments...)
	}
	definitions, err := q.revisions(ctx, found)
	for _, d := range found {
		q.out.Deployments = append(q.out.Deployments, Deployment(d, func(revision string) string { return definitions[revision] }))
	}
	sortDeployments(q.out.Deployments)
	return err
}

// revisions reads which task definitions the deployments bring and go back to.
func (q *inquiry) revisions(ctx context.Context, all []types.ServiceDeployment) (map[string]string, error) {
	var arns []string
	for _, d := range all {
		arns = append(arns, revisionsOf(d)...)
	}
	slices.Sort(arns)
	definitions := map[string]string{}
	for some := range slices.Chunk(slices.Compact(arns), deploymentsEach) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeServiceRevisions, &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: some})
		if err != nil {
			return nil, err
		}
		for _, v := range out.ServiceRevisions {
			definitions[aws.ToString(v.ServiceRevisionArn)] = aws.ToString(v.TaskDefinition)
		}
	}
	return definitions, nil
}

// tasks reads the tasks of the services, and those that have stopped within the last hour, which is as long as ECS knows them.
func (q *inquiry) tasks(ctx context.Context) error {
	var arns []string
	for _, s := range q.out.Services {
		for _, state := range []types.DesiredStatus{types.DesiredStatusRunning, types.DesiredStatusStopped} {
			in := &ecs.ListTasksInput{ServiceName: &s.Name, DesiredStatus: state}
			some, err := q.listTasks(ctx, in)
			if err != nil {
				return err
			}
			arns = append(arns, some...)
		}
	}
	return q.describeTasks(ctx, arns)
}

// tasksOn reads the tasks of the instances.
func (q *inquiry) tasksOn(ctx context.Context) error {
	var arns []string
	for _, i := range q.out.Instances {
		if i.ARN == "" {
			continue
		}
		for _, state := range []types.DesiredStatus{types.DesiredStatusRunning, types.DesiredStatusStopped} {
			some, err := q.listTasks(ctx, &ecs.ListTasksInput{ContainerInstance: &i.ARN, DesiredStatus: state})
			if err != nil {
				return err
			}
			arns = append(arns, some...)
		}
	}
	return q.describeTasks(ctx, arns)
}

func (q *inquiry) listTasks(ctx context.Context, in *ecs.ListTasksInput) ([]string, error) {
	in.Cluster = &q.cluster
	var arns []string
	err := pages(ctx, q, q.c.ECS.ListTasks, in, func(out *ecs.ListTasksOutput) bool {
		arns = append(arns, out.TaskArns...)
		return fetch.More(out.NextToken, &in.NextToken) && (in.DesiredStatus != types.DesiredStatusStopped || len(arns) < mostStopped)
	})
	if in.DesiredStatus == types.DesiredStatusStopped && len(arns) >= mostStopped {
		q.out.Missing = append(q.out.Missing, "stopped tasks: there are more than were looked at")
		arns = arns[:mostStopped]
	}
	return arns, err
}

func (q *inquiry) describeTasks(ctx context.Context, arns []string) error {
	for some := range slices.Chunk(arns, tasksEach) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeTasks, &ecs.DescribeTasksInput{Cluster: &q.cluster, Tasks: some})
		if err != nil {
			return err
		}
		for _, t := range out.Tasks {
			q.out.Tasks = append(q.out.Tasks, Task(t))
		}
	}
	return nil
}

// definitions reads the task definitions of all that was found.
func (q *inquiry) definitions(ctx context.Context) error {
	var arns []string
	for _, s := range q.out.Services {
		arns = append(arns, s.Definition)
	}
	for _, t := range q.out.Tasks {
		arns = append(arns, t.Definition)
	}
	slices.Sort(arns)
	for _, arn := range slices.Compact(arns) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
		switch {
		case cloud.Missing(err):
		case err != nil:
			return err
		default:
			q.out.Definitions = append(q.out.Definitions, Definition(out.TaskDefinition, nil))
		}
	}
	return nil
}

// protections reads until when tasks are protected from scale-in that are to go: on instances that drain, and of deployments before
// the newest one.
func (q *inquiry) protections(ctx context.Context) error {
	drains := map[string]bool{}
	for _, i := range q.out.Instances {
		drains[i.ARN] = i.Status == "DRAINING"
	}
	newest := map[string]string{}
	for _, s := range q.out.Services {
		newest["service:"+s.Name] = s.Primary().ID
	}
	var arns []string
	at := map[string]int{}
	for n, t := range q.out.Tasks {
		id, known := newest[t.Group]
		if t.Last == "RUNNING" && known && (drains[t.Instance] || id != t.StartedBy) {
			arns = append(arns, t.ARN)
			at[t.ARN] = n
		}
	}
	for some := range slices.Chunk(arns, tasksEach) {
		out, err := cloud.Read(ctx, q.c, q.c.ECS.GetTaskProtection, &ecs.GetTaskProtectionInput{Cluster: &q.cluster, Tasks: some})
		if err != nil {
			return q.missing("task protection", err)
		}
		for _, p := range out.ProtectedTasks {
			if n, ok := at[aws.ToString(p.TaskArn)]; ok && p.ProtectionEnabled {
				q.out.Tasks[n].Protected = aws.ToTime(p.ExpirationDate)
			}
		}
	}
	return nil
}
