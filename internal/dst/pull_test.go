package dst

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/model"
)

// pull starts a task whose image is pulled with a secret, by a role, and tells how that went.
func (s *stand) pull(role, secret string) types.Task {
	s.t.Helper()
	made, err := s.ecs.RegisterTaskDefinition(s.t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family: new("private"), ExecutionRoleArn: &role, ContainerDefinitions: []types.ContainerDefinition{{
			Name: new("web"), Image: new("docker.io/acme/web:1"), Memory: new(int32(64)), Essential: new(true),
			RepositoryCredentials: &types.RepositoryCredentials{CredentialsParameter: &secret},
		}},
	})
	s.must(err)
	run, err := s.ecs.RunTask(s.t.Context(), &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: made.TaskDefinition.TaskDefinitionArn})
	s.must(err)
	if len(run.Tasks) != 1 {
		s.t.Fatalf("%+v", run.Failures)
	}
	s.pass(2 * time.Minute)
	out, err := s.ecs.DescribeTasks(s.t.Context(), &ecs.DescribeTasksInput{Cluster: new("acc"), Tasks: []string{*run.Tasks[0].TaskArn}})
	s.must(err)
	return out.Tasks[0]
}

// arns are those of the execution role and of the secret of a registry.
func arns(s drive.Survey, host string) (role, secret string) {
	return s.Have.Handle(model.RoleKey("execution")).ARN, s.Have.Handle(model.SecretKey(host)).ARN
}

func TestTasksPullWithTheirSecretAndNoLongerWhenTheFileDropsIt(t *testing.T) {
	with := []string{small, "min_size = 1\ndesired_capacity = 1\nmanaged_scaling = false", registries(t)}
	r, c := standing(t, with...)
	s := standOf(t, r)
	survey := func(c *config.Config) drive.Survey {
		t.Helper()
		v, err := r.Survey(c)
		s.must(err)
		return v
	}
	role, secret := arns(survey(c), "docker.io")
	if task := s.pull(role, secret); *task.LastStatus != "RUNNING" {
		t.Errorf("%s: %s", *task.LastStatus, *task.StoppedReason)
	}
	other := strings.Replace(role, "_execution", "_task", 1)
	if task := s.pull(other, secret); task.StopCode != types.TaskStopCodeTaskFailedToStart || !strings.Contains(*task.StoppedReason, "is not authorized to perform: secretsmanager:GetSecretValue") {
		t.Errorf("with another role: %s %s", *task.LastStatus, *task.StoppedReason)
	}
	r.Passwords = map[string]string{"docker.io": "a new one"}
	s.must(r.Apply(c))
	if task := s.pull(role, secret); *task.LastStatus != "RUNNING" {
		t.Errorf("with a new password: %s", *task.StoppedReason)
	}
	s.must(r.Apply(Load(t, with[:2]...)))
	if task := s.pull(role, secret); task.StopCode != types.TaskStopCodeTaskFailedToStart || !strings.HasPrefix(*task.StoppedReason, "ResourceInitializationError: unable to pull secrets or registry auth") {
		t.Errorf("without the secret: %s", *task.LastStatus)
	}
}
