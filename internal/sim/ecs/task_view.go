package ecs

import (
	"cmp"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/container"
	"berth/internal/sim/ecs/definition"
	"berth/internal/sim/ecs/eni"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/ecs/override"
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
		HealthStatus: types.HealthStatusUnknown, Attachments: eni.View(k.r, t), Attributes: []types.Attribute{}, Containers: []types.Container{},
		Overrides: override.View(t), Tags: []types.Tag{},
	}
	v.ExecutionStoppedAt = moment(t.ExecutionStoppedAt)
	v.PullStartedAt, v.PullStoppedAt = moment(t.PullStartedAt), moment(t.PullStoppedAt)
	if i, ok := k.Instances.Get(t.Instance); ok {
		v.ContainerInstanceArn = aws.String(i.ARN)
		v.Connectivity, v.ConnectivityAt = types.ConnectivityDisconnected, moment(t.PlacedAt)
		if i.AgentConnected {
			v.Connectivity = types.ConnectivityConnected
		}
	} else if t.Instance != "" {
		v.ContainerInstanceArn = aws.String(instanceARN(k.r, k.Cluster, t.Instance))
	}
	for _, c := range t.Containers {
		v.Containers = append(v.Containers, k.viewContainer(t, c))
	}
	v.HealthStatus = types.HealthStatus(cmp.Or(container.Health(t, k.definitionOf(t)), string(types.HealthStatusUnknown)))
	if tags {
		v.Tags = listing.ViewTags(t.Tags)
	}
	return v
}

func (k cluster) viewContainer(t *world.Task, c world.TaskContainer) types.Container {
	v := types.Container{
		ContainerArn: aws.String("arn:aws:ecs:" + k.r.Name + ":" + world.Account + ":container/" + k.Name + "/" + t.ID + "/" + c.ID),
		TaskArn:      aws.String(t.ARN), Name: aws.String(c.Name), Image: aws.String(c.Image), RuntimeId: text(c.RuntimeID), Reason: text(c.Reason),
		LastStatus: aws.String(c.Status), Cpu: aws.String(strconv.Itoa(c.CPU)), Memory: definition.Amount(c.Memory), MemoryReservation: definition.Amount(c.Reservation),
		HealthStatus: types.HealthStatus(cmp.Or(c.Health, string(types.HealthStatusUnknown))), NetworkBindings: []types.NetworkBinding{},
		NetworkInterfaces: []types.NetworkInterface{},
	}
	if c.Exited {
		v.ExitCode = aws.Int32(int32(c.ExitCode))
	}
	if t.Interface.ID != "" {
		v.NetworkInterfaces = append(v.NetworkInterfaces, types.NetworkInterface{
			AttachmentId: aws.String(t.Interface.Attachment), PrivateIpv4Address: aws.String(t.Interface.Address),
		})
	}
	for _, p := range c.Ports {
		if c.RuntimeID == "" {
			break // nothing is bound before it runs
		}
		v.NetworkBindings = append(v.NetworkBindings, types.NetworkBinding{
			BindIP: aws.String("0.0.0.0"), ContainerPort: aws.Int32(int32(p.Container)), HostPort: aws.Int32(int32(p.Host)),
			Protocol: types.TransportProtocol(p.Protocol),
		})
	}
	return v
}
