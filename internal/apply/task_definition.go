package apply

import (
	"context"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/smithy-go"

	"berth/internal/cloud"
	"berth/internal/model"
)

func taskDefinitionEntry() entry {
	return typed(registerTaskDefinition, updateTaskDefinition, deleteTaskDefinition)
}

// registerTaskDefinition is not to be repeated: each call makes a revision.
func registerTaskDefinition(ctx context.Context, j *job, d model.TaskDefinition) (model.Handle, error) {
	c := d.Content
	out, err := cloud.Write(ctx, j.c, j.c.ECS.RegisterTaskDefinition, &ecs.RegisterTaskDefinitionInput{
		Family: aws.String(d.Family), RequiresCompatibilities: []types.Compatibility{types.CompatibilityEc2},
		NetworkMode: types.NetworkMode(c.NetworkMode), PidMode: types.PidMode(c.PIDMode),
		ExecutionRoleArn: j.arn(c.ExecutionRole), TaskRoleArn: j.arn(c.TaskRole), Volumes: hostVolumes(c),
		ContainerDefinitions: []types.ContainerDefinition{containerDefinition(d.Container, c)}, Tags: ecsTags(d.Tags),
	})
	if err != nil {
		return model.Handle{}, err
	}
	arn := aws.ToString(out.TaskDefinition.TaskDefinitionArn)
	return model.Handle{ID: arn, ARN: arn, Version: int(out.TaskDefinition.Revision)}, nil
}

// arn is the ARN of a resource of ours, or the one that a foreign key carries; nil for none.
func (j *job) arn(k model.Key) *string {
	switch {
	case k.IsZero():
		return nil
	case k.Kind == model.KindForeign:
		return aws.String(k.Name)
	}
	return aws.String(j.have.Handle(k).ARN)
}

func containerDefinition(name string, c model.ContainerDefinition) types.ContainerDefinition {
	out := types.ContainerDefinition{
		Name: aws.String(name), Image: aws.String(c.Image), Cpu: int32(c.CPU), Memory: aws.Int32(int32(c.Memory)), Essential: aws.Bool(true),
		Command: c.Command, EntryPoint: c.EntryPoint,
		LogConfiguration: &types.LogConfiguration{LogDriver: types.LogDriverAwslogs, Options: map[string]string{}},
	}
	if c.Privileged {
		out.Privileged = aws.Bool(true)
	}
	for _, e := range c.Environment {
		out.Environment = append(out.Environment, types.KeyValuePair{Name: aws.String(e.Name), Value: aws.String(e.Value)})
	}
	for _, s := range c.Secrets {
		out.Secrets = append(out.Secrets, types.Secret{Name: aws.String(s.Name), ValueFrom: aws.String(s.Value)})
	}
	for _, o := range c.LogOptions {
		out.LogConfiguration.Options[o.Name] = o.Value
	}
	for _, m := range c.Mounts {
		volume, _, path, readOnly := mountParts(m)
		out.MountPoints = append(out.MountPoints, types.MountPoint{SourceVolume: aws.String(volume), ContainerPath: aws.String(path), ReadOnly: aws.Bool(readOnly)})
	}
	for _, text := range c.Ports {
		var host, inside int32
		var protocol string
		_, _ = fmt.Sscanf(text, "%d:%d/%s", &host, &inside, &protocol) // the text is our own
		out.PortMappings = append(out.PortMappings, types.PortMapping{
			HostPort: aws.Int32(host), ContainerPort: aws.Int32(inside), Protocol: types.TransportProtocol(protocol),
		})
	}
	return out
}

func hostVolumes(c model.ContainerDefinition) []types.Volume {
	var out []types.Volume
	for _, m := range c.Mounts {
		name, host, _, _ := mountParts(m)
		out = append(out, types.Volume{Name: aws.String(name), Host: &types.HostVolumeProperties{SourcePath: aws.String(host)}})
	}
	return out
}

// mountParts reads "name /on/the/host:/in/the/container:ro".
func mountParts(text string) (name, host, path string, readOnly bool) {
	name, rest, _ := strings.Cut(text, " ")
	rest, readOnly = strings.CutSuffix(rest, ":ro")
	host, path, _ = strings.Cut(rest, ":")
	return name, host, path, readOnly
}

// updateTaskDefinition changes the tags: nothing else of a revision can be.
func updateTaskDefinition(ctx context.Context, j *job, d model.TaskDefinition) (model.Handle, error) {
	h := j.handle()
	return h, j.retagECS(ctx, h.ARN, j.change.From.(model.TaskDefinition).Tags, d.Tags)
}

// deleteTaskDefinition deregisters a revision and deletes it: ECS takes it away when no task refers to it any more.
func deleteTaskDefinition(ctx context.Context, j *job, _ model.TaskDefinition) (model.Handle, error) {
	h := j.handle()
	if err := j.deleteRevision(ctx, h.ARN, h.Status == model.Leaving); err != nil {
		return h, err
	}
	return model.Handle{}, nil
}

func (j *job) deleteRevision(ctx context.Context, arn string, deregistered bool) error {
	if !deregistered {
		_, err := cloud.Repeat(ctx, j.c, j.c.ECS.DeregisterTaskDefinition, &ecs.DeregisterTaskDefinitionInput{TaskDefinition: aws.String(arn)})
		if err != nil && !inactive(err) {
			return gone(err)
		}
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.ECS.DeleteTaskDefinitions, &ecs.DeleteTaskDefinitionsInput{TaskDefinitions: []string{arn}})
	if err != nil {
		return err
	}
	for _, f := range out.Failures {
		if reason := aws.ToString(f.Reason); !strings.Contains(reason, "does not exist") {
			return &smithy.GenericAPIError{Code: "ClientException", Message: reason}
		}
	}
	return nil
}

// inactive tells that somebody, or a call of ours whose answer was lost, has deregistered a revision before.
func inactive(err error) bool {
	return cloud.Code(err) == "ClientException" && strings.Contains(cloud.Message(err), "inactive")
}
