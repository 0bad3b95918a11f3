package definition

import (
	"cmp"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/rule"
	"berth/internal/sim/world"
)

// Limits of task definitions (ECS service quotas; Docker 20.10 wants at least 6 MiB for a container).
const (
	LeastMemory       = 6 // LeastMemory is in MiB.
	mostContainers    = 10
	mostDefinitionLen = 64 << 10
)

var identifier = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)

// read checks a task definition and fills in AWS's defaults.
func read(in *ecs.RegisterTaskDefinitionInput) (*world.TaskDefinition, error) {
	family := aws.ToString(in.Family)
	switch n := len(in.ContainerDefinitions); {
	case family == "":
		return nil, client("Family should not be null or empty.")
	case !identifier.MatchString(family):
		return nil, client("Family contains invalid characters. Up to 255 letters (uppercase and lowercase), numbers, underscores, and hyphens are allowed.")
	case n == 0:
		return nil, client("Container list cannot be empty.")
	case n > mostContainers:
		return nil, client("Container definitions should not have more than %d items.", mostContainers)
	}
	spec, err := definitionSpec(in)
	if err != nil {
		return nil, err
	}
	d := &world.TaskDefinition{Family: family, Network: string(spec.NetworkMode)}
	if d.Constraints, err = rule.ReadDefinition(in.PlacementConstraints); err != nil {
		return nil, err
	}
	if d.CPU, err = ReadAmount("cpu", in.Cpu, 1024, "vcpu"); err != nil {
		return nil, err
	}
	if d.Memory, err = ReadAmount("memory", in.Memory, 1024, "gb"); err != nil {
		return nil, err
	}
	for i := range spec.ContainerDefinitions {
		if err := readContainer(d, spec, &spec.ContainerDefinitions[i]); err != nil {
			return nil, err
		}
	}
	if err := checkTogether(d, spec); err != nil {
		return nil, err
	}
	spec.Cpu, spec.Memory = Amount(d.CPU), Amount(d.Memory)
	d.Requires, d.Unable = required(spec), unable(spec)
	text, err := json.Marshal(spec)
	if err != nil {
		return nil, err
	}
	if len(text) > mostDefinitionLen {
		return nil, client("Actual length: '%d'. Max allowed length is '%d' bytes.", len(text), mostDefinitionLen)
	}
	d.Spec = string(text)
	return d, nil
}

// definitionSpec is what a call registers, as a description of it begins.
func definitionSpec(in *ecs.RegisterTaskDefinitionInput) (*types.TaskDefinition, error) {
	v := &types.TaskDefinition{
		Family: in.Family, ContainerDefinitions: slices.Clone(in.ContainerDefinitions),
		NetworkMode: cmp.Or(in.NetworkMode, types.NetworkModeBridge), ExecutionRoleArn: in.ExecutionRoleArn, TaskRoleArn: in.TaskRoleArn,
		IpcMode: in.IpcMode, PidMode: in.PidMode, PlacementConstraints: append([]types.TaskDefinitionPlacementConstraint{}, in.PlacementConstraints...),
		ProxyConfiguration: in.ProxyConfiguration, RequiresCompatibilities: in.RequiresCompatibilities, RuntimePlatform: in.RuntimePlatform,
		Volumes: append([]types.Volume{}, in.Volumes...), EphemeralStorage: in.EphemeralStorage,
		EnableFaultInjection: in.EnableFaultInjection,
	}
	if !slices.Contains(v.NetworkMode.Values(), v.NetworkMode) {
		return nil, client("Network mode '%s' is invalid. Valid values are: bridge, host, awsvpc, none.", v.NetworkMode)
	}
	if len(in.InferenceAccelerators) > 0 { //nolint:staticcheck // deprecated, and not to be ignored
		return nil, unsupported("An inference accelerator") // AWS has ended the service too
	}
	v.Compatibilities = []types.Compatibility{types.CompatibilityExternal, types.CompatibilityEc2}
	if v.NetworkMode == types.NetworkModeAwsvpc {
		v.Compatibilities = []types.Compatibility{types.CompatibilityEc2}
	}
	for _, want := range in.RequiresCompatibilities {
		switch {
		case !slices.Contains(want.Values(), want):
			return nil, client("Invalid requires compatibilities value: %s", want)
		case want == types.CompatibilityFargate || want == types.CompatibilityManagedInstances:
			return nil, unsupported("The launch type " + string(want))
		case !slices.Contains(v.Compatibilities, want):
			return nil, client("Task definition does not support launch_type %s.", want)
		}
	}
	return v, nil
}

// ReadAmount reads the cpu or memory of a whole task: units or MiB, or a number of vCPUs or GB.
func ReadAmount(name string, value *string, times float64, unit string) (int, error) {
	if value == nil {
		return 0, nil
	}
	text, whole := strings.ToLower(strings.ReplaceAll(*value, " ", "")), 1.0
	if short, ok := strings.CutSuffix(text, unit); ok {
		text, whole = short, times
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || n*whole < 1 || n*whole > 1<<30 || n*whole != float64(int(n*whole)) {
		return 0, client("Invalid '%s' setting for task.", name)
	}
	return int(n * whole), nil
}

// Amount is a number as descriptions have it; 0 is none.
func Amount(n int) *string {
	if n == 0 {
		return nil
	}
	return aws.String(strconv.Itoa(n))
}

// readContainer checks one container, fills in its defaults, and notes what the scheduler needs of it.
func readContainer(d *world.TaskDefinition, spec *types.TaskDefinition, c *types.ContainerDefinition) error {
	name := aws.ToString(c.Name)
	switch {
	case name == "":
		return client("Container.name should not be null or empty.")
	case !identifier.MatchString(name):
		return client("Invalid setting for container '%s'. The name contains invalid characters.", name)
	case slices.ContainsFunc(d.Containers, func(o world.ContainerSpec) bool { return o.Name == name }):
		return client("Invalid setting for container '%s'. Container names must be unique in a task definition.", name)
	case aws.ToString(c.Image) == "":
		return client("Container.image should not be null or empty.")
	}
	if err := checkMemory(d, name, c); err != nil {
		return err
	}
	for _, m := range c.MountPoints {
		if !slices.ContainsFunc(spec.Volumes, func(v types.Volume) bool { return aws.ToString(v.Name) == aws.ToString(m.SourceVolume) }) {
			return client("Unknown volume '%s'.", aws.ToString(m.SourceVolume))
		}
	}
	ports, err := readMappings(name, spec.NetworkMode, c)
	if err != nil {
		return err
	}
	if err := readImage(name, *c.Image); err != nil {
		return err
	}
	c.Essential = aws.Bool(c.Essential == nil || *c.Essential)
	c.Environment = append([]types.KeyValuePair{}, c.Environment...)
	c.MountPoints = append([]types.MountPoint{}, c.MountPoints...)
	c.VolumesFrom = append([]types.VolumeFrom{}, c.VolumesFrom...)
	c.SystemControls = append([]types.SystemControl{}, c.SystemControls...)
	next := world.ContainerSpec{
		Name: name, Image: *c.Image, CPU: int(c.Cpu), Memory: int(aws.ToInt32(c.Memory)), Reservation: int(aws.ToInt32(c.MemoryReservation)),
		Essential: *c.Essential, StopTimeout: int(aws.ToInt32(c.StopTimeout)), StartTimeout: int(aws.ToInt32(c.StartTimeout)), Ports: ports,
	}
	if h := c.HealthCheck; h != nil {
		if err := readHealthCheck(name, h); err != nil {
			return err
		}
		next.CheckEvery, next.CheckTimeout, next.CheckRetries = int(*h.Interval), int(*h.Timeout), int(*h.Retries)
		next.CheckGrace = int(aws.ToInt32(h.StartPeriod))
	}
	if next.Restart, err = readRestart(name, c.RestartPolicy); err != nil {
		return err
	}
	d.Containers = append(d.Containers, next)
	return nil
}

func checkMemory(d *world.TaskDefinition, name string, c *types.ContainerDefinition) error {
	const head = "Invalid setting for container '%s'. "
	switch {
	case c.Cpu < 0:
		return client(head+"'cpu' must not be negative.", name)
	case c.Memory == nil && c.MemoryReservation == nil && d.Memory == 0:
		return client(head+"At least one of 'memory' or 'memoryReservation' must be specified.", name)
	case c.Memory != nil && *c.Memory < LeastMemory:
		return client(head+"'memory' must be at least %d MiB.", name, LeastMemory)
	case c.MemoryReservation != nil && *c.MemoryReservation < LeastMemory:
		return client(head+"'memoryReservation' must be at least %d MiB.", name, LeastMemory)
	case c.Memory != nil && c.MemoryReservation != nil && *c.Memory < *c.MemoryReservation:
		return client(head+"'memory' must not be less than 'memoryReservation'.", name)
	case c.StopTimeout != nil && *c.StopTimeout < 0:
		return client(head+"'stopTimeout' must not be negative.", name)
	}
	return nil
}

// readHealthCheck fills in the defaults of a container's health check.
func readHealthCheck(name string, h *types.HealthCheck) error {
	if len(h.Command) == 0 {
		return client("Invalid setting for container '%s'. A health check must have a command.", name)
	}
	for _, n := range []struct {
		to          **int32
		usual       int32
		least, most int32
		name        string
	}{
		{&h.Interval, 30, 5, 300, "interval"}, {&h.Timeout, 5, 2, 120, "timeout"}, {&h.Retries, 3, 1, 10, "retries"},
	} {
		if *n.to == nil {
			*n.to = aws.Int32(n.usual)
		}
		if v := **n.to; v < n.least || v > n.most {
			return client("Invalid setting for container '%s'. The health check's %s must be between %d and %d.", name, n.name, n.least, n.most)
		}
	}
	if n := aws.ToInt32(h.StartPeriod); n < 0 || n > 300 {
		return client("Invalid setting for container '%s'. The health check's startPeriod must be between 0 and 300.", name)
	}
	return nil
}

// readMappings checks a container's port mappings and fills in their defaults.
func readMappings(name string, mode types.NetworkMode, c *types.ContainerDefinition) ([]world.PortBinding, error) {
	c.PortMappings = append([]types.PortMapping{}, c.PortMappings...)
	var out []world.PortBinding
	for i := range c.PortMappings {
		p := &c.PortMappings[i]
		p.Protocol = cmp.Or(p.Protocol, types.TransportProtocolTcp)
		if p.ContainerPortRange != nil {
			continue
		}
		port, host := aws.ToInt32(p.ContainerPort), aws.ToInt32(p.HostPort)
		switch {
		case !slices.Contains(p.Protocol.Values(), p.Protocol):
			return nil, client("Invalid setting for container '%s'. Protocol must be tcp or udp.", name)
		case port < 1 || port > 65535 || host < 0 || host > 65535:
			return nil, client("Invalid setting for container '%s'. Ports must be between 1 and 65535.", name)
		case mode == types.NetworkModeNone:
			return nil, client("When networkMode=none, port mappings are not allowed.")
		case mode != types.NetworkModeBridge && host != 0 && host != port:
			return nil, client("When networkMode=%s, the host ports and container ports in port mappings must match.", mode)
		case mode != types.NetworkModeBridge:
			host = port
		}
		p.HostPort = aws.Int32(host)
		out = append(out, world.PortBinding{Container: int(port), Host: int(host), Protocol: string(p.Protocol)})
	}
	return out, nil
}

// checkTogether checks what containers of one task must not do together.
func checkTogether(d *world.TaskDefinition, spec *types.TaskDefinition) error {
	cpu, memory, essential := 0, 0, false
	taken := map[world.PortBinding]bool{}
	for _, c := range d.Containers {
		cpu, memory, essential = cpu+c.CPU, memory+cmp.Or(c.Reservation, c.Memory), essential || c.Essential
		for _, p := range c.Ports {
			host := world.PortBinding{Host: p.Host, Protocol: p.Protocol}
			if p.Host != 0 && taken[host] {
				return client("Invalid setting for container '%s'. The host port %d is used more than once.", c.Name, p.Host)
			}
			taken[host] = true
		}
	}
	if err := readLinks(d, spec); err != nil {
		return err
	}
	switch {
	case !essential:
		return client("Task definition does not have any essential containers.")
	case d.CPU > 0 && cpu > d.CPU:
		return client("The containers' cpu of %d units is more than the task's %d.", cpu, d.CPU)
	case d.Memory > 0 && memory > d.Memory:
		return client("The containers' memory of %d MiB is more than the task's %d.", memory, d.Memory)
	}
	return nil
}
