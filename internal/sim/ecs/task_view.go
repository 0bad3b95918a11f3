package ecs

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/world"
)

// moment is a time, or nothing for the zero time.
func moment(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return aws.Time(t)
}

func viewTask(k cluster, t *world.Task, tags bool) types.Task {
	v := types.Task{
		TaskArn: aws.String(t.ARN), ClusterArn: aws.String(k.ARN), TaskDefinitionArn: definitionARN(k.r, t.Definition),
		LastStatus: aws.String(t.Status), DesiredStatus: aws.String(t.Desired), Cpu: aws.String(strconv.Itoa(t.CPU)), Memory: aws.String(strconv.Itoa(t.Memory)),
		Group: text(t.Group), StartedBy: text(t.StartedBy), LaunchType: types.LaunchType(t.LaunchType), CapacityProviderName: text(t.Provider),
		AvailabilityZone: text(t.Zone), CreatedAt: aws.Time(t.CreatedAt), StartedAt: moment(t.StartedAt), StoppingAt: moment(t.StoppingAt),
		StoppedAt: moment(t.StoppedAt), StopCode: types.TaskStopCode(t.StopCode), StoppedReason: text(t.StopReason), Version: t.Version,
		HealthStatus: types.HealthStatusUnknown, Attachments: []types.Attachment{}, Attributes: []types.Attribute{}, Containers: []types.Container{},
		Overrides: viewOverrides(t), Tags: []types.Tag{},
	}
	if !t.StartedAt.IsZero() {
		v.ExecutionStoppedAt = moment(t.ExecutionStoppedAt)
		v.PullStartedAt, v.PullStoppedAt = moment(t.PlacedAt), moment(t.StartedAt)
	}
	if i, ok := k.Instances.Get(t.Instance); ok {
		v.ContainerInstanceArn = aws.String(i.ARN)
		v.Connectivity, v.ConnectivityAt = types.ConnectivityDisconnected, moment(t.PlacedAt)
		if i.AgentConnected {
			v.Connectivity = types.ConnectivityConnected
		}
	} else if t.Instance != "" {
		v.ContainerInstanceArn = aws.String(instanceARN(k.r, k.Cluster, t.Instance))
	}
	d, _ := k.r.ECS.Definitions.Get(t.Definition)
	checked := false
	for n, c := range t.Containers {
		view := k.viewContainer(t, c, d.Containers[n])
		checked = checked || d.Containers[n].Essential && d.Containers[n].CheckEvery > 0
		v.Containers = append(v.Containers, view)
	}
	if checked && t.Status == running && !k.healthyAt(t).After(k.w.Now()) {
		v.HealthStatus = types.HealthStatusHealthy
	}
	if tags {
		v.Tags = listing.ViewTags(t.Tags)
	}
	return v
}

// viewOverrides are a task's overrides; one is listed for every container, if only by name.
func viewOverrides(t *world.Task) *types.TaskOverride {
	v := &types.TaskOverride{InferenceAcceleratorOverrides: []types.InferenceAcceleratorOverride{}} //nolint:staticcheck // AWS still answers it
	if t.Overrides != "" {
		if err := json.Unmarshal([]byte(t.Overrides), v); err != nil {
			panic("ecs: overrides that were accepted cannot be read: " + err.Error()) // override wrote them
		}
	}
	given := v.ContainerOverrides
	v.ContainerOverrides = []types.ContainerOverride{}
	for _, c := range t.Containers {
		one := types.ContainerOverride{Name: aws.String(c.Name)}
		for _, o := range given {
			if aws.ToString(o.Name) == c.Name {
				one = o
			}
		}
		v.ContainerOverrides = append(v.ContainerOverrides, one)
	}
	return v
}

func (k cluster) viewContainer(t *world.Task, c world.TaskContainer, spec world.ContainerSpec) types.Container {
	v := types.Container{
		ContainerArn: aws.String("arn:aws:ecs:" + k.r.Name + ":" + world.Account + ":container/" + k.Name + "/" + t.ID + "/" + c.ID),
		TaskArn:      aws.String(t.ARN), Name: aws.String(c.Name), Image: aws.String(c.Image), RuntimeId: text(c.RuntimeID),
		LastStatus: aws.String(containerStatus(t)), Cpu: aws.String(strconv.Itoa(c.CPU)), Memory: definition.Amount(c.Memory), MemoryReservation: definition.Amount(c.Reservation),
		HealthStatus: types.HealthStatusUnknown, NetworkBindings: []types.NetworkBinding{}, NetworkInterfaces: []types.NetworkInterface{},
	}
	if spec.CheckEvery > 0 && t.Status == running && !t.StartedAt.Add(time.Duration(spec.CheckEvery)*time.Second).After(k.w.Now()) {
		v.HealthStatus = types.HealthStatusHealthy
	}
	if c.Exited {
		v.ExitCode = aws.Int32(int32(c.ExitCode))
	}
	for _, p := range c.Ports {
		v.NetworkBindings = append(v.NetworkBindings, types.NetworkBinding{
			BindIP: aws.String("0.0.0.0"), ContainerPort: aws.Int32(int32(p.Container)), HostPort: aws.Int32(int32(p.Host)),
			Protocol: types.TransportProtocol(p.Protocol),
		})
	}
	return v
}

// containerStatus is the state of a task's containers: they know fewer of them than tasks do.
func containerStatus(t *world.Task) string {
	switch t.Status {
	case provisioning, pending:
		return pending
	case stoppingNow:
		return running
	}
	return t.Status
}
