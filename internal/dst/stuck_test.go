package dst

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/config"
)

// drained sets the instance of a task to DRAINING and gives the machine's id.
func drained(ctx context.Context, c *ecs.Client, task string) (string, error) {
	out, err := c.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: new("acc"), Tasks: []string{task}})
	if err != nil || len(out.Tasks) != 1 {
		return "", errors.Join(err, errors.New("there is no task "+task))
	}
	set, err := c.UpdateContainerInstancesState(ctx, &ecs.UpdateContainerInstancesStateInput{
		Cluster: new("acc"), ContainerInstances: []string{*out.Tasks[0].ContainerInstanceArn}, Status: types.ContainerInstanceStatusDraining,
	})
	if err != nil || len(set.ContainerInstances) != 1 {
		return "", errors.Join(err, errors.New("its instance does not drain"))
	}
	return *set.ContainerInstances[0].Ec2InstanceId, nil
}

// tasksOf are the tasks of a service that run.
func tasksOf(ctx context.Context, c *ecs.Client, service string) ([]string, error) {
	out, err := c.ListTasks(ctx, &ecs.ListTasksInput{Cluster: new("acc"), ServiceName: &service})
	if err != nil || len(out.TaskArns) == 0 {
		return nil, errors.Join(err, errors.New(service+" has no tasks"))
	}
	return out.TaskArns, nil
}

// protect protects tasks of web from scale-in for some minutes.
func protect(ctx context.Context, c *ecs.Client, most int, minutes int32) error {
	tasks, err := tasksOf(ctx, c, "web")
	if err != nil {
		return err
	}
	out, err := c.UpdateTaskProtection(ctx, &ecs.UpdateTaskProtectionInput{
		Cluster: new("acc"), Tasks: tasks[:min(most, len(tasks))], ProtectionEnabled: true, ExpiresInMinutes: &minutes,
	})
	if err == nil && len(out.Failures) > 0 {
		return errors.New("a task cannot be protected: " + *out.Failures[0].Reason)
	}
	return err
}

// serves makes a service whose tasks have a host port of their own, so that an instance takes one of them.
func serves(ctx context.Context, c *ecs.Client, name string, port, count int32) error {
	d, err := c.RegisterTaskDefinition(ctx, &ecs.RegisterTaskDefinitionInput{Family: &name, ContainerDefinitions: []types.ContainerDefinition{{
		Name: &name, Image: new("berth.sim/" + name + ":1"), Cpu: 64, Memory: new(int32(64)), PortMappings: []types.PortMapping{{ContainerPort: new(int32(80)), HostPort: &port}},
	}}})
	if err != nil {
		return err
	}
	_, err = c.CreateService(ctx, &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: &name, TaskDefinition: d.TaskDefinition.TaskDefinitionArn, DesiredCount: &count, LaunchType: types.LaunchTypeEc2,
	})
	return err
}

// firstOf is the first task of a service.
func (s *stand) firstOf(service string) string {
	s.t.Helper()
	tasks, err := tasksOf(s.t.Context(), s.ecs, service)
	s.must(err)
	return tasks[0]
}

// empties sets the instance of a service's first task to DRAINING.
func (s *stand) empties(service string) string {
	s.t.Helper()
	id, err := drained(s.t.Context(), s.ecs, s.firstOf(service))
	s.must(err)
	return id
}

// confine gives web bounds within which nothing can move.
func (s *stand) confine() {
	_, err := s.ecs.UpdateService(s.t.Context(), &ecs.UpdateServiceInput{Cluster: new("acc"), Service: new("web"), DeploymentConfiguration: &types.DeploymentConfiguration{
		MinimumHealthyPercent: new(int32(100)), MaximumPercent: new(int32(100)),
	}})
	s.must(err)
}

// occupy makes a service with a host port on every instance.
func (s *stand) occupy(name string, count int32) {
	s.must(serves(s.t.Context(), s.ecs, name, 8080, count))
	s.pass(2 * time.Minute)
}

// lone runs a task of no service, and gives its ARN.
func (s *stand) lone() string {
	d, err := s.ecs.RegisterTaskDefinition(s.t.Context(), &ecs.RegisterTaskDefinitionInput{Family: new("batch"), ContainerDefinitions: []types.ContainerDefinition{{
		Name: new("batch"), Image: new("berth.sim/batch:1"), Memory: new(int32(64)),
	}}})
	s.must(err)
	out, err := s.ecs.RunTask(s.t.Context(), &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: d.TaskDefinition.TaskDefinitionArn, LaunchType: types.LaunchTypeEc2})
	s.must(err)
	s.pass(time.Minute)
	return *out.Tasks[0].TaskArn
}

// fill makes a service that wants more instances than there are.
func (s *stand) fill() {
	d, err := s.ecs.RegisterTaskDefinition(s.t.Context(), &ecs.RegisterTaskDefinitionInput{Family: new("big"), ContainerDefinitions: []types.ContainerDefinition{{
		Name: new("big"), Image: new("berth.sim/big:1"), Cpu: 1500, Memory: new(int32(64)),
	}}})
	s.must(err)
	_, err = s.ecs.CreateService(s.t.Context(), &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: new("big"), TaskDefinition: d.TaskDefinition.TaskDefinitionArn, DesiredCount: new(int32(8)),
	})
	s.must(err)
}

// standstills are mishaps in which something cannot be done: an instance not emptied, a deployment not ended, a task not placed.
func standstills() map[string]mishap {
	return map[string]mishap{
		"a drain that the bounds do not let end": {does: func(s *stand) {
			s.confine()
			s.empties("web")
		}, wait: 10 * time.Minute, want: []string{"WHY604"}, says: []string{"which is DRAINING", `"maximumPercent": 200`}},
		"a drain without room elsewhere": {does: func(s *stand) {
			s.occupy("api", 5)
			s.empties("api")
		}, wait: 10 * time.Minute, about: the("api"), want: []string{"WHY607", "WHY403"}, says: []string{"which is DRAINING", "draining: 1", "of service:api"}},
		"a drain that a task of no service holds up": {does: func(s *stand) {
			_, err := drained(s.t.Context(), s.ecs, s.lone())
			s.must(err)
		}, wait: 10 * time.Minute, about: drainedOne, want: []string{"WHY606"}, says: []string{"aws ecs stop-task --region eu-west-1 --cluster acc --task "}},
		"a drain that a protected task holds up": {does: func(s *stand) {
			s.must(protect(s.t.Context(), s.ecs, 6, 60))
			s.empties("web")
		}, wait: 10 * time.Minute, want: []string{"WHY605"}, says: []string{"protected from scale-in until", "--no-protection-enabled --tasks "}},
		"a deployment that a protected task holds up": {does: func(s *stand) {
			s.must(protect(s.t.Context(), s.ecs, 2, 60))
			s.update("berth.sim/web:2?boot=5s")
		}, wait: 10 * time.Minute, want: []string{"WHY711"}, says: []string{"waits for 2 tasks", "of web:1", "protected from scale-in until"}},
		"a quota of vCPUs": {does: func(s *stand) {
			s.fault("quota L-1216C47A is 6")
			s.fill()
		}, wait: 10 * time.Minute, about: the("big"), want: []string{"WHY603"}, says: []string{
			"(L-1216C47A) allows no more than 6 vCPUs", "AWS says: You have requested more vCPU capacity", "--service-code ec2 --quota-code L-1216C47A",
		}},
		"a host port that another service has": {does: func(s *stand) {
			s.occupy("api", 5)
			s.occupy("rival", 1)
		}, wait: 2 * time.Minute, about: the("rival"), want: []string{"WHY403"}, says: []string{"port 8080 is taken by task ", "of service:api", "already using a port required by your task"}},
	}
}

// the asks about a service by its name.
func the(name string) func(*stand) string { return func(*stand) string { return name } }

// drainedOne asks about the instance that drains.
func drainedOne(s *stand) string {
	out, err := s.ecs.ListContainerInstances(s.t.Context(), &ecs.ListContainerInstancesInput{Cluster: new("acc"), Status: types.ContainerInstanceStatusDraining})
	s.must(err)
	return out.ContainerInstanceArns[0]
}

func TestWhatStandsStillIsDiagnosed(t *testing.T) {
	base, c := newStand(t), Load(t, shop)
	for name, m := range standstills() {
		t.Run(name, func(t *testing.T) { base.fork(t).suffers(c, m) })
	}
}

func TestAHostPortThatIsTakenIsNamedOnEveryInstance(t *testing.T) {
	s, c := newStand(t), Load(t, shop)
	s.occupy("api", 5)
	s.occupy("rival", 1)
	tasks, err := tasksOf(t.Context(), s.ecs, "api")
	s.must(err)
	text := spelled(s.why(c, "rival"))
	for _, arn := range tasks {
		if id := arn[strings.LastIndex(arn, "/")+1:]; !strings.Contains(text, "taken by task "+id+" of service:api") {
			t.Errorf("nobody says what task %s has:\n%s", id, text)
		}
	}
	out, err := s.ecs.RunTask(t.Context(), &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: new("rival"), LaunchType: types.LaunchTypeEc2})
	s.must(err)
	if len(out.Failures) == 0 || slices.ContainsFunc(out.Failures, func(f types.Failure) bool { return *f.Reason != "RESOURCE:PORTS" }) {
		t.Errorf("a task that is run by itself: %+v", out.Failures)
	}
}

func TestWhatAProtectedTaskHoldsUpGoesOnWhenItsTimeIsOver(t *testing.T) {
	base, c := newStand(t), Load(t, shop)
	for name, does := range map[string]func(*stand){
		"a drain":      func(s *stand) { s.empties("web") },
		"a deployment": func(s *stand) { s.update("berth.sim/web:2?boot=5s") },
	} {
		t.Run(name, func(t *testing.T) {
			s := base.fork(t)
			s.must(protect(t.Context(), s.ecs, 6, 30))
			does(s)
			s.pass(20 * time.Minute)
			if found := s.why(c, "web"); len(found) == 0 {
				t.Error("it is over before its time")
			}
			s.pass(20 * time.Minute)
			if found := s.why(c, "web"); len(found) > 0 {
				t.Errorf("it is not over:\n%s", spelled(found))
			}
		})
	}
}

// protected protects what web runs, for two hours.
func protected(r *Rig) {
	c := r.client()
	if err := protect(context.Background(), c.ECS, 10, 120); err != nil {
		panic(err) // the first version stands
	}
}

// occupied gives another service a host port on every instance.
func occupied(r *Rig) {
	if err := serves(context.Background(), r.client().ECS, "api", 40080, 3); err != nil {
		panic(err) // the cluster stands
	}
}

// emptying sets the instance of one of web's tasks to DRAINING.
func emptying(r *Rig) {
	c, ctx := r.client(), context.Background()
	tasks, err := tasksOf(ctx, c.ECS, "web")
	if err == nil {
		_, err = drained(ctx, c.ECS, tasks[0])
	}
	if err != nil {
		panic(err) // the first version stands
	}
}

// client is AWS for somebody who may do everything.
func (r *Rig) client() *cloud.Cloud {
	cluster, _ := r.cluster(&config.Config{Region: "eu-west-1"})
	return cluster.Cloud
}
