package dst

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/sim/access"
)

// deployer is a cluster with a deployer's role, and AWS as it is to whoever has taken that role.
func deployer(t *testing.T) (*Rig, *cloud.Cloud) {
	c := Load(t, small, `deployer = { principal_arns = ["arn:aws:iam::123456789012:user/ci"] }`)
	r := NewRig(1)
	fine(t, r.Apply(c))
	s, err := r.Survey(c)
	fine(t, err)
	role, _ := s.Have.Get(model.RoleKey("deployer"))
	p, err := access.New(role.(model.Role).Inline[0].Document)
	fine(t, err)
	acting, _ := r.run(c, r.Sim.Under(p))
	return r, acting.Cloud
}

func TestTheDeployerDeploysAServiceWatchesItAndTakesItAway(t *testing.T) {
	r, api := deployer(t)
	definition, err := api.ECS.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
		Family:               new("web"),
		TaskRoleArn:          new("arn:aws:iam::123456789012:role/ecs/acc_acc_eu-west-1_task"),
		ExecutionRoleArn:     new("arn:aws:iam::123456789012:role/ecs/acc_acc_eu-west-1_execution"),
		ContainerDefinitions: []types.ContainerDefinition{{Name: new("web"), Image: new("public.ecr.aws/nginx/nginx:1.27"), Memory: new(int32(64))}},
		Tags:                 []types.Tag{{Key: new("team"), Value: new("web")}},
	})
	fine(t, err)
	revision := definition.TaskDefinition.TaskDefinitionArn
	_, err = api.ECS.CreateService(t.Context(), &ecs.CreateServiceInput{
		Cluster: new("acc"), ServiceName: new("web"), TaskDefinition: revision, DesiredCount: new(int32(1)),
	})
	fine(t, err)
	r.Settle()
	_, err = api.ECS.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: new("acc"), Service: new("web"), ForceNewDeployment: true})
	fine(t, err)
	_, err = api.ECS.DescribeServices(t.Context(), &ecs.DescribeServicesInput{Cluster: new("acc"), Services: []string{"web"}})
	fine(t, err)
	deployments, err := api.ECS.ListServiceDeployments(t.Context(), &ecs.ListServiceDeploymentsInput{Cluster: new("acc"), Service: new("web")})
	fine(t, err)
	latest := deployments.ServiceDeployments[0]
	_, err = api.ECS.DescribeServiceDeployments(t.Context(), &ecs.DescribeServiceDeploymentsInput{ServiceDeploymentArns: []string{*latest.ServiceDeploymentArn}})
	fine(t, err)
	_, err = api.ECS.DescribeServiceRevisions(t.Context(), &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: []string{*latest.TargetServiceRevisionArn}})
	fine(t, err)
	_, err = api.ECS.StopServiceDeployment(t.Context(), &ecs.StopServiceDeploymentInput{ServiceDeploymentArn: latest.ServiceDeploymentArn})
	fine(t, err)
	run, err := api.ECS.RunTask(t.Context(), &ecs.RunTaskInput{Cluster: new("acc"), TaskDefinition: revision})
	fine(t, err)
	for _, task := range run.Tasks {
		_, err = api.ECS.StopTask(t.Context(), &ecs.StopTaskInput{Cluster: new("acc"), Task: task.TaskArn})
		fine(t, err)
	}
	_, err = api.ECS.DeleteService(t.Context(), &ecs.DeleteServiceInput{Cluster: new("acc"), Service: new("web"), Force: new(true)})
	fine(t, err)
}

func TestTheDeployerIsRefusedWhatIsNotDeploying(t *testing.T) {
	r, api := deployer(t)
	other := Load(t, small, `cluster = "other"`, `vpc_cidr = "10.9.0.0/16"`)
	fine(t, r.Apply(other))
	for what, call := range map[string]func() error{ // unordered: all are refused
		"delete the cluster": func() error {
			_, err := api.ECS.DeleteCluster(t.Context(), &ecs.DeleteClusterInput{Cluster: new("acc")})
			return err
		},
		"deploy into another cluster": func() error {
			_, err := api.ECS.CreateService(t.Context(), &ecs.CreateServiceInput{Cluster: new("other"), ServiceName: new("web"), TaskDefinition: new("web")})
			return err
		},
		"run a task in another cluster": func() error {
			_, err := api.ECS.RunTask(t.Context(), &ecs.RunTaskInput{Cluster: new("other"), TaskDefinition: new("web")})
			return err
		},
		"pass on another cluster's role": func() error {
			_, err := api.ECS.RegisterTaskDefinition(t.Context(), &ecs.RegisterTaskDefinitionInput{
				Family: new("web"), TaskRoleArn: new("arn:aws:iam::123456789012:role/ecs/acc_other_eu-west-1_task"),
				ContainerDefinitions: []types.ContainerDefinition{{Name: new("web"), Image: new("nginx"), Memory: new(int32(64))}},
			})
			return err
		},
	} {
		if err := call(); err == nil || !denied(err) {
			t.Errorf("it may %s: %v", what, err)
		}
	}
}
