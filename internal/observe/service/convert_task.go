package service

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/document"
	"berth/internal/live"
)

// Task is a task as it was described.
func Task(t types.Task) live.Task {
	out := live.Task{
		ID: last(aws.ToString(t.TaskArn)), ARN: aws.ToString(t.TaskArn), Group: aws.ToString(t.Group), StartedBy: aws.ToString(t.StartedBy),
		Definition: aws.ToString(t.TaskDefinitionArn), Last: aws.ToString(t.LastStatus), Desired: aws.ToString(t.DesiredStatus), Health: string(t.HealthStatus),
		StopCode: string(t.StopCode), Reason: aws.ToString(t.StoppedReason), Instance: aws.ToString(t.ContainerInstanceArn), Zone: aws.ToString(t.AvailabilityZone),
		Connected: t.Connectivity == types.ConnectivityConnected, Created: aws.ToTime(t.CreatedAt), PullBegan: aws.ToTime(t.PullStartedAt),
		PullEnded: aws.ToTime(t.PullStoppedAt), Started: aws.ToTime(t.StartedAt), Stopping: aws.ToTime(t.StoppingAt), Stopped: aws.ToTime(t.StoppedAt),
	}
	for _, c := range t.Containers {
		out.Containers = append(out.Containers, container(c))
		for _, n := range c.NetworkInterfaces {
			out.Address = aws.ToString(n.PrivateIpv4Address)
		}
	}
	return out
}

func container(c types.Container) live.Container {
	out := live.Container{
		Name: aws.ToString(c.Name), Image: aws.ToString(c.Image), Last: aws.ToString(c.LastStatus), Reason: aws.ToString(c.Reason), Health: string(c.HealthStatus),
	}
	if c.ExitCode != nil {
		out.Exit = new(int(*c.ExitCode))
	}
	for _, b := range c.NetworkBindings {
		out.Ports = append(out.Ports, live.Port{Container: int(aws.ToInt32(b.ContainerPort)), Host: int(aws.ToInt32(b.HostPort)), Protocol: string(b.Protocol)})
	}
	return out
}

// described are the members of a task definition that RegisterTaskDefinition takes as well.
const described = ` family taskRoleArn executionRoleArn networkMode containerDefinitions volumes placementConstraints requiresCompatibilities
	cpu memory pidMode ipcMode proxyConfiguration inferenceAccelerators ephemeralStorage runtimePlatform enableFaultInjection `

// registered is a task definition as it was registered, with the values of environment variables.
func registered(d *types.TaskDefinition, labels []types.Tag) document.Value {
	out := only(Document(d), described)
	if len(labels) > 0 {
		out = out.With("tags", Document(labels))
	}
	return out
}

// Definition is a task definition for captures: without the values of environment variables.
func Definition(d *types.TaskDefinition, labels []types.Tag) live.Definition {
	return live.Definition{ARN: aws.ToString(d.TaskDefinitionArn), Status: string(d.Status), Spec: bare(registered(d, labels))}
}

// bare is a task definition without the values of environment variables.
func bare(spec document.Value) document.Value {
	containers := spec.Get("containerDefinitions")
	items := make([]document.Value, len(containers.Items))
	for i, c := range containers.Items {
		var names []document.Value
		for _, e := range c.Get("environment").Items {
			names = append(names, e.With("value", document.Value{}))
		}
		if items[i] = tokenless(c); len(names) > 0 {
			items[i] = items[i].With("environment", document.Items(names...))
		}
	}
	containers.Items = items
	return spec.With("containerDefinitions", containers)
}
