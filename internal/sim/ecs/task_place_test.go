package ecs

import (
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/protection"
)

func (s *stage) startTasks(change ...func(*ecs.StartTaskInput)) (*ecs.StartTaskOutput, error) {
	in := &ecs.StartTaskInput{Cluster: aws.String("shop"), TaskDefinition: aws.String("web")}
	for _, f := range change {
		f(in)
	}
	return StartTask(s.Call, in)
}

func on(instances ...string) func(*ecs.StartTaskInput) {
	return func(in *ecs.StartTaskInput) { in.ContainerInstances = instances }
}

// ECS API reference, StartTask.
func TestTaskIsStartedOnTheInstancesThatAreNamed(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	all := s.instances()
	out, err := s.startTasks(on(all[1].ID, all[1].ARN, all[0].ID, "none"), func(in *ecs.StartTaskInput) { in.StartedBy = aws.String("me") })
	must(s, 0, err)
	s.equal([]any{len(out.Tasks), len(out.Failures), *out.Failures[0].Reason}, "[3 1 MISSING]")
	for n, i := range []int{1, 1, 0} {
		s.equal([]any{*out.Tasks[n].ContainerInstanceArn, out.Tasks[n].LaunchType, *out.Tasks[n].StartedBy, *out.Tasks[n].Group},
			fmt.Sprint([]any{all[i].ARN, "EC2", "me", "family:web"}))
	}
	s.Advance(time.Minute)
	s.equal([]int{all[0].RunningTasks, all[1].RunningTasks}, "[1 2]")
	s.drainNow(all[0].ID)
	out, err = s.startTasks(on(all[0].ID)) // draining keeps the schedulers away, not this call
	s.equal(len(must(s, out, err).Tasks), 1)
	s.definition(func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].Memory = aws.Int32(64000) })
	out, err = s.startTasks(on(all[1].ID))
	s.equal(*must(s, out, err).Failures[0].Reason, "RESOURCE:MEMORY")
	_, err = s.startTasks()
	s.refused(err, "InvalidParameterException", "Container instances can not be blank.")
	_, err = s.startTasks(on(make([]string, 11)...))
	s.refused(err, "InvalidParameterException", "at most 10")
	s.honest()
}

func (s *stage) guard(on bool, minutes *int32, tasks ...string) *ecs.UpdateTaskProtectionOutput {
	s.t.Helper()
	out, err := protection.UpdateTaskProtection(s.Call, &ecs.UpdateTaskProtectionInput{
		Cluster: aws.String("shop"), Tasks: tasks, ProtectionEnabled: on, ExpiresInMinutes: minutes,
	})
	return must(s, out, err)
}

// ECS developer guide, "Protect your Amazon ECS tasks from being terminated by scale-in events".
func TestProtectedTasksSurviveScaleIn(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(4))
	s.steady("api")
	keep := s.list()[3]
	v := s.guard(true, nil, keep).ProtectedTasks[0]
	s.equal([]any{*v.TaskArn, v.ProtectionEnabled, v.ExpirationDate.Sub(s.Now())}, fmt.Sprint([]any{keep, true, 2 * time.Hour}))
	s.scale(0)
	s.Advance(time.Minute)
	s.equal(s.list(), []string{keep})
	s.Advance(2 * time.Hour)
	s.equal(len(s.list()), 0)
	quiet(t, s)
}

func TestProtectedTasksSurviveDeploymentsUntilTheyAreFree(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(2))
	s.steady("api")
	keep := s.list()[0]
	s.guard(true, aws.Int32(30), keep)
	must(s, 0, s.update(func(in *ecs.UpdateServiceInput) { in.ForceNewDeployment = true }))
	s.Advance(20 * time.Minute)
	v := s.service("api")
	s.equal([]any{len(v.Deployments), v.RunningCount, *s.tasks(keep)[0].DesiredStatus}, "[2 3 RUNNING]")
	s.guard(false, nil, keep)
	s.steady("api")
	s.equal(*s.tasks(keep)[0].DesiredStatus, "STOPPED")
	s.stopOne(s.tasks(s.list()[0])[0]) // a user's call is not kept off
}

func TestProtectionIsForTasksOfServices(t *testing.T) {
	s := newStage(t)
	s.shopOf(1)
	must(s, 0, s.create(1))
	s.steady("api")
	kept := s.list()[0]
	out, err := s.runTasks()
	alone := *must(s, out, err).Tasks[0].TaskArn
	got := s.guard(true, aws.Int32(1), kept, alone, "none")
	s.equal([]any{len(got.ProtectedTasks), *got.Failures[0].Reason, *got.Failures[1].Reason}, "[1 TASK_NOT_VALID MISSING]")
	ask := func() types.ProtectedTask {
		out, err := protection.GetTaskProtection(s.Call, &ecs.GetTaskProtectionInput{Cluster: aws.String("shop"), Tasks: []string{kept, alone}})
		s.equal(*must(s, out, err).Failures[0].Reason, "TASK_NOT_VALID")
		return out.ProtectedTasks[0]
	}
	s.equal([]any{ask().ProtectionEnabled, ask().ExpirationDate.Sub(s.Now())}, "[true 1m0s]")
	s.Advance(time.Minute)
	s.equal([]any{ask().ProtectionEnabled, ask().ExpirationDate == nil}, "[false true]")
	for text, in := range map[string]*ecs.UpdateTaskProtectionInput{
		"Tasks cannot be empty.":      {Cluster: aws.String("shop")},
		"at most 10":                  {Cluster: aws.String("shop"), Tasks: make([]string, 11)},
		"between 1 and 2880":          {Cluster: aws.String("shop"), Tasks: []string{kept}, ExpiresInMinutes: aws.Int32(2881)},
		"must be between 1 and 2880.": {Cluster: aws.String("shop"), Tasks: []string{kept}, ExpiresInMinutes: aws.Int32(0)},
	} {
		_, err := protection.UpdateTaskProtection(s.Call, in)
		s.refused(err, "InvalidParameterException", text)
	}
}

// ECS developer guide, "Amazon ECS API failure reasons" and "Amazon ECS service event messages".
func TestMoreProtectedTasksThanWantedBlockFurtherProtection(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(4))
	s.steady("api")
	all := s.list()
	s.guard(true, aws.Int32(30), all[:2]...)
	s.scale(2)
	s.Advance(time.Minute)
	s.equal([]int{len(s.list()), s.heard("api", "was unable to scale in.")}, "[2 0]") // as many as wanted
	s.scale(1)
	s.Advance(time.Minute)
	s.equal([]int{len(s.list()), s.heard("api", "was unable to scale in. Reason: The number of protected tasks are more than the desired count of tasks")}, "[2 1]")
	s.equal(*s.guard(true, nil, s.list()[0]).Failures[0].Reason, "DEPLOYMENT_BLOCKED")
	s.equal(len(s.guard(false, nil, s.list()[0]).Failures), 0)
	s.steady("api")
	s.equal(len(s.list()), 1)
	s.Advance(time.Hour)
	quiet(t, s)
}

func TestProtectedTasksStayOnAnInstanceThatDrainsUntilTheyAreFree(t *testing.T) {
	s := newStage(t)
	s.shopOf(2)
	must(s, 0, s.create(4))
	s.steady("api")
	i := s.instances()[0]
	s.guard(true, aws.Int32(30), s.tasksOn(i, "service:api")[0].ARN)
	s.drainNow(i.ID)
	s.Advance(20 * time.Minute)
	s.equal([]any{i.RunningTasks, s.service("api").RunningCount}, "[1 5]") // the one that takes its place is there
	s.Advance(15 * time.Minute)
	s.equal([]any{i.RunningTasks, s.service("api").RunningCount}, "[0 4]")
	quiet(t, s)
}
