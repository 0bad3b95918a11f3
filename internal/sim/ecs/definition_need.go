package ecs

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// required are the attributes that an instance must have for the tasks of a definition (ECS developer guide, "Amazon ECS
// container agent: capabilities").
func required(spec *types.TaskDefinition) []world.ECSAttribute {
	var out []world.ECSAttribute
	add := func(names ...string) {
		for _, n := range names {
			if !slices.ContainsFunc(out, func(a world.ECSAttribute) bool { return a.Name == n }) {
				out = append(out, world.ECSAttribute{Name: n})
			}
		}
	}
	for _, c := range spec.ContainerDefinitions {
		requiredBy(c, spec.ExecutionRoleArn != nil, add)
	}
	if spec.TaskRoleArn != nil {
		add(oldPrefix + "task-iam-role")
		if spec.NetworkMode == types.NetworkModeHost {
			add(oldPrefix + "task-iam-role-network-host")
		}
	}
	if spec.Cpu != nil || spec.Memory != nil {
		add(newPrefix + "task-cpu-mem-limit")
	}
	if spec.PidMode != "" || spec.IpcMode != "" {
		add(newPrefix + "pid-ipc-namespace-sharing")
	}
	for _, v := range spec.Volumes {
		if v.DockerVolumeConfiguration != nil {
			add(newPrefix + "docker-plugin." + aws.ToString(v.DockerVolumeConfiguration.Driver))
		}
		if v.EfsVolumeConfiguration != nil {
			add(newPrefix + "efs")
		}
	}
	if p := spec.RuntimePlatform; p != nil && p.CpuArchitecture != "" {
		machine := map[types.CPUArchitecture]string{types.CPUArchitectureX8664: "x86_64", types.CPUArchitectureArm64: "arm64"}[p.CpuArchitecture]
		out = append(out, world.ECSAttribute{Name: "ecs.cpu-architecture", Value: machine, HasValue: true})
	}
	return out
}

// requiredBy adds what one container needs of the agent.
func requiredBy(c types.ContainerDefinition, role bool, add func(...string)) {
	add(oldPrefix + "docker-remote-api.1.18")
	if c.MemoryReservation != nil {
		add(oldPrefix + "docker-remote-api.1.21")
	}
	if aws.ToBool(c.Privileged) {
		add(oldPrefix + "privileged-container")
	}
	if c.HealthCheck != nil {
		add(newPrefix + "container-health-check")
	}
	if c.RestartPolicy != nil && aws.ToBool(c.RestartPolicy.Enabled) {
		add(newPrefix + "container-restart-policy")
	}
	if len(c.DependsOn) > 0 {
		add(newPrefix + "container-ordering")
	}
	if strings.Contains(aws.ToString(c.Image), ".dkr.ecr.") {
		add(oldPrefix + "ecr-auth")
		if role {
			add(newPrefix + "execution-role-ecr-pull")
		}
	}
	if c.RepositoryCredentials != nil {
		add(newPrefix + "private-registry-authentication.secretsmanager")
	}
	for _, s := range c.Secrets {
		store := "ssm"
		if strings.Contains(aws.ToString(s.ValueFrom), ":secretsmanager:") {
			store = "asm"
		}
		add(newPrefix + "secrets." + store + ".environment-variables")
	}
	if l := c.LogConfiguration; l != nil {
		add(oldPrefix + "logging-driver." + string(l.LogDriver))
		if role && l.LogDriver == types.LogDriverAwslogs {
			add(newPrefix + "execution-role-awslogs")
		}
	}
}

// unable names what keeps the simulated ECS from running tasks of a definition; empty: nothing. They can be registered
// all the same.
func unable(spec *types.TaskDefinition) string {
	switch {
	case spec.NetworkMode == types.NetworkModeAwsvpc:
		return "The network mode awsvpc"
	case len(spec.PlacementConstraints) > 0:
		return "A placement constraint"
	case spec.ProxyConfiguration != nil:
		return "A proxy configuration"
	case len(spec.InferenceAccelerators) > 0:
		return "An inference accelerator"
	case spec.RuntimePlatform != nil && spec.RuntimePlatform.OperatingSystemFamily != "" && spec.RuntimePlatform.OperatingSystemFamily != types.OSFamilyLinux:
		return "The operating system " + string(spec.RuntimePlatform.OperatingSystemFamily)
	}
	for _, v := range spec.Volumes {
		if aws.ToBool(v.ConfiguredAtLaunch) || v.FsxWindowsFileServerVolumeConfiguration != nil || v.S3filesVolumeConfiguration != nil {
			return "The kind of volume of " + aws.ToString(v.Name)
		}
	}
	for _, c := range spec.ContainerDefinitions {
		if what := unableContainer(c); what != "" {
			return what
		}
	}
	return ""
}

// unableContainer is unable for one container. Every image is a server that runs for ever, so nothing can wait for its end.
func unableContainer(c types.ContainerDefinition) string {
	if len(c.ResourceRequirements) > 0 {
		return "A resource requirement (" + string(c.ResourceRequirements[0].Type) + ")"
	}
	for _, d := range c.DependsOn {
		if d.Condition == types.ContainerConditionComplete || d.Condition == types.ContainerConditionSuccess {
			return "A container dependency with the condition " + string(d.Condition)
		}
	}
	for _, p := range c.PortMappings {
		if p.ContainerPortRange != nil {
			return "A container port range"
		}
	}
	return ""
}

// viewDefinition describes a revision.
func viewDefinition(d *world.TaskDefinition) *types.TaskDefinition {
	v := &types.TaskDefinition{}
	if err := json.Unmarshal([]byte(d.Spec), v); err != nil {
		panic("ecs: a task definition that was registered cannot be read: " + err.Error()) // readDefinition wrote it
	}
	v.TaskDefinitionArn, v.Revision, v.Status = aws.String(d.ARN), int32(d.Revision), types.TaskDefinitionStatus(d.Status)
	v.RegisteredAt, v.RegisteredBy = aws.Time(d.RegisteredAt), aws.String(root)
	v.RequiresAttributes = viewAttributes(d.Requires)
	if !d.DeregisteredAt.IsZero() {
		v.DeregisteredAt = aws.Time(d.DeregisteredAt)
	}
	return v
}
