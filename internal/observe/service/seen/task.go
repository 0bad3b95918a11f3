package seen

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/live"
)

// Task is an ECS task. Its protection is asked for elsewhere.
func Task(t types.Task) live.Task {
	out := live.Task{
		ID: last(t.TaskArn), ARN: aws.ToString(t.TaskArn), Group: aws.ToString(t.Group), StartedBy: aws.ToString(t.StartedBy),
		Definition: aws.ToString(t.TaskDefinitionArn), Last: aws.ToString(t.LastStatus), Desired: aws.ToString(t.DesiredStatus),
		StopCode: string(t.StopCode), Reason: aws.ToString(t.StoppedReason), Instance: aws.ToString(t.ContainerInstanceArn),
		Zone: aws.ToString(t.AvailabilityZone), Connected: t.Connectivity == types.ConnectivityConnected,
		Created: when(t.CreatedAt), PullBegan: when(t.PullStartedAt), PullEnded: when(t.PullStoppedAt), Started: when(t.StartedAt),
		Stopping: when(t.StoppingAt), Stopped: when(t.StoppedAt), Health: health(t.HealthStatus),
	}
	for _, c := range t.Containers {
		out.Containers = append(out.Containers, container(c))
		for _, i := range c.NetworkInterfaces {
			out.Address = aws.ToString(i.PrivateIpv4Address)
		}
	}
	return out
}

func container(c types.Container) live.Container {
	out := live.Container{
		Name: aws.ToString(c.Name), Image: aws.ToString(c.Image), Last: aws.ToString(c.LastStatus), Reason: aws.ToString(c.Reason),
		Health: health(c.HealthStatus),
	}
	if c.ExitCode != nil {
		out.Exit = new(int(*c.ExitCode))
	}
	for _, b := range c.NetworkBindings {
		out.Ports = append(out.Ports, live.Port{Container: int(aws.ToInt32(b.ContainerPort)), Host: int(aws.ToInt32(b.HostPort)), Protocol: string(b.Protocol)})
	}
	return out
}

// health is a health status; of what has no check AWS says UNKNOWN, and so do we.
func health(h types.HealthStatus) string { return string(h) }
