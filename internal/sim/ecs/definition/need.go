package definition

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/world"
)

// The prefixes of what an agent can do; the longer one is the older.
const (
	OldPrefix = "com.amazonaws.ecs.capability." // OldPrefix is the longer one.
	NewPrefix = "ecs.capability."               // NewPrefix is the shorter one.
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
	requiredByMode(spec, add)
	if spec.Cpu != nil || spec.Memory != nil {
		add(NewPrefix + "task-cpu-mem-limit")
	}
	if spec.PidMode != "" || spec.IpcMode != "" {
		add(NewPrefix + "pid-ipc-namespace-sharing")
	}
	for _, v := range spec.Volumes {
		if v.DockerVolumeConfiguration != nil {
			add(NewPrefix + "docker-plugin." + aws.ToString(v.DockerVolumeConfiguration.Driver))
		}
		if v.EfsVolumeConfiguration != nil {
			add(NewPrefix + "efs")
		}
	}
	if p := spec.RuntimePlatform; p != nil && p.CpuArchitecture != "" {
		machine := map[types.CPUArchitecture]string{types.CPUArchitectureX8664: "x86_64", types.CPUArchitectureArm64: "arm64"}[p.CpuArchitecture]
		out = append(out, world.ECSAttribute{Name: "ecs.cpu-architecture", Value: machine, HasValue: true})
	}
	return out
}

// requiredByMode adds what the network of the tasks needs of the agent.
func requiredByMode(spec *types.TaskDefinition, add func(...string)) {
	if spec.NetworkMode == types.NetworkModeAwsvpc {
		add(NewPrefix + "task-eni")
	}
	if spec.TaskRoleArn == nil {
		return
	}
	add(OldPrefix + "task-iam-role")
	if spec.NetworkMode == types.NetworkModeHost {
		add(OldPrefix + "task-iam-role-network-host")
	}
}

// requiredBy adds what one container needs of the agent.
func requiredBy(c types.ContainerDefinition, role bool, add func(...string)) {
	add(OldPrefix + "docker-remote-api.1.18")
	if c.MemoryReservation != nil {
		add(OldPrefix + "docker-remote-api.1.21")
	}
	if aws.ToBool(c.Privileged) {
		add(OldPrefix + "privileged-container")
	}
	if c.HealthCheck != nil {
		add(NewPrefix + "container-health-check")
	}
	if c.RestartPolicy != nil && aws.ToBool(c.RestartPolicy.Enabled) {
		add(NewPrefix + "container-restart-policy")
	}
	if len(c.DependsOn) > 0 {
		add(NewPrefix + "container-ordering")
	}
	if strings.Contains(aws.ToString(c.Image), ".dkr.ecr.") {
		add(OldPrefix + "ecr-auth")
		if role {
			add(NewPrefix + "execution-role-ecr-pull")
		}
	}
	if c.RepositoryCredentials != nil {
		add(NewPrefix + "private-registry-authentication.secretsmanager")
	}
	for _, s := range c.Secrets {
		store := "ssm"
		if strings.Contains(aws.ToString(s.ValueFrom), ":secretsmanager:") {
			store = "asm"
		}
		add(NewPrefix + "secrets." + store + ".environment-variables")
	}
	if l := c.LogConfiguration; l != nil {
		add(OldPrefix + "logging-driver." + string(l.LogDriver))
		if role && l.LogDriver == types.LogDriverAwslogs {
			add(NewPrefix + "execution-role-awslogs")
		}
	}
}

// unable names what keeps the simulated ECS from running tasks of a definition; empty: nothing. They can be registered
// all the same.
func unable(spec *types.TaskDefinition) string {
	switch {
	case spec.ProxyConfiguration != nil:
		return "A proxy configuration"
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

// unableContainer is unable for one container.
func unableContainer(c types.ContainerDefinition) string {
	if len(c.ResourceRequirements) > 0 {
		return "A resource requirement (" + string(c.ResourceRequirements[0].Type) + ")"
	}
	for _, p := range c.PortMappings {
		if p.ContainerPortRange != nil {
			return "A container port range"
		}
	}
	return ""
}

// viewDefinition describes a revision.
func view(d *world.TaskDefinition) *types.TaskDefinition {
	v := &types.TaskDefinition{}
	if err := json.Unmarshal([]byte(d.Spec), v); err != nil {
		panic("ecs: a task definition that was registered cannot be read: " + err.Error()) // read wrote it
	}
	v.TaskDefinitionArn, v.Revision, v.Status = aws.String(d.ARN), int32(d.Revision), types.TaskDefinitionStatus(d.Status)
	v.RegisteredAt, v.RegisteredBy = aws.Time(d.RegisteredAt), aws.String("arn:aws:iam::"+world.Account+":root")
	v.RequiresAttributes = []types.Attribute{}
	for _, a := range d.Requires {
		one := types.Attribute{Name: aws.String(a.Name)}
		if a.HasValue {
			one.Value = aws.String(a.Value)
		}
		v.RequiresAttributes = append(v.RequiresAttributes, one)
	}
	if !d.DeregisteredAt.IsZero() {
		v.DeregisteredAt = aws.Time(d.DeregisteredAt)
	}
	return v
}

// FixedPorts are the ports of the host that a definition names. Tasks with an interface of their own need none.
func FixedPorts(d *world.TaskDefinition) []world.PortBinding {
	var out []world.PortBinding
	if OwnInterface(d) {
		return nil
	}
	for _, c := range d.Containers {
		for _, p := range c.Ports {
			if p.Host != 0 {
				out = append(out, p)
			}
		}
	}
	return out
}

// OwnInterface tells whether every task of a definition has a network interface of its own.
func OwnInterface(d *world.TaskDefinition) bool { return d.Network == string(types.NetworkModeAwsvpc) }

// Reservation is what a task of a definition takes of its instance: what is set for the whole task, else the sum of its
// containers, whose soft limit of memory goes before the hard one.
func Reservation(d *world.TaskDefinition) (cpu, memory int) {
	for _, c := range d.Containers {
		cpu, memory = cpu+c.CPU, memory+cmp.Or(c.Reservation, c.Memory)
	}
	return cmp.Or(d.CPU, cpu), cmp.Or(d.Memory, memory)
}
