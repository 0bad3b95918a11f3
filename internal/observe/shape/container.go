package shape

import (
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/model"
)

// Container is what a revision of one container says, with what AWS keeps in no order sorted; role and logGroup tell keys by
// ARN and by name.
func Container(role, logGroup Keys, d types.TaskDefinition) model.ContainerDefinition {
	out := model.ContainerDefinition{
		NetworkMode: string(d.NetworkMode), PIDMode: string(d.PidMode),
		ExecutionRole: role(aws.ToString(d.ExecutionRoleArn)), TaskRole: role(aws.ToString(d.TaskRoleArn)),
	}
	if len(d.ContainerDefinitions) == 0 {
		return out
	}
	c := d.ContainerDefinitions[0]
	out.Image, out.CPU, out.Memory = aws.ToString(c.Image), int(c.Cpu), int(aws.ToInt32(c.Memory))
	out.Command, out.EntryPoint, out.Privileged = c.Command, c.EntryPoint, aws.ToBool(c.Privileged)
	var variables, secrets []model.Setting
	for _, e := range c.Environment {
		variables = append(variables, model.Setting{Name: aws.ToString(e.Name), Value: aws.ToString(e.Value)})
	}
	for _, s := range c.Secrets {
		secrets = append(secrets, model.Setting{Name: aws.ToString(s.Name), Value: aws.ToString(s.ValueFrom)})
	}
	out.Environment, out.Secrets = model.NewSettings(variables...), model.NewSettings(secrets...)
	out.Mounts, out.Ports = mounts(d, c), ports(c)
	logs(logGroup, &out, c)
	return out
}

// mounts are the paths of the instance in a container, by the names of their volumes.
func mounts(d types.TaskDefinition, c types.ContainerDefinition) []string {
	var out []string
	for _, m := range c.MountPoints {
		for _, v := range d.Volumes {
			if aws.ToString(v.Name) != aws.ToString(m.SourceVolume) || v.Host == nil {
				continue
			}
			text := aws.ToString(v.Name) + " " + aws.ToString(v.Host.SourcePath) + ":" + aws.ToString(m.ContainerPath)
			if aws.ToBool(m.ReadOnly) {
				text += ":ro"
			}
			out = append(out, text)
		}
	}
	slices.Sort(out)
	return out
}

func ports(c types.ContainerDefinition) []string {
	var out []string
	for _, p := range c.PortMappings {
		out = append(out, fmt.Sprintf("%d:%d/%s", aws.ToInt32(p.HostPort), aws.ToInt32(p.ContainerPort), p.Protocol))
	}
	return out
}

// logs reads how a container logs.
func logs(logGroup Keys, out *model.ContainerDefinition, c types.ContainerDefinition) {
	if c.LogConfiguration == nil {
		return
	}
	var options []model.Setting
	for name, value := range c.LogConfiguration.Options { // unordered: NewSettings sorts
		options = append(options, model.Setting{Name: name, Value: value})
	}
	out.LogOptions = model.NewSettings(options...)
	out.LogGroup = logGroup(out.LogOptions.Get("awslogs-group"))
}
