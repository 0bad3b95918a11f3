package seen

import (
	"slices"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	grouptypes "github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/live"
)

// Instance is a container instance. Which group it belongs to is filled in by Members.
func Instance(i types.ContainerInstance) live.Instance {
	out := live.Instance{
		ID: aws.ToString(i.Ec2InstanceId), ARN: aws.ToString(i.ContainerInstanceArn), Status: aws.ToString(i.Status), Reason: aws.ToString(i.StatusReason),
		Connected: i.AgentConnected, Provider: aws.ToString(i.CapacityProviderName), Attributes: map[string]string{},
		Total: room(i.RegisteredResources), Free: room(i.RemainingResources), Running: int(i.RunningTasksCount), Pending: int(i.PendingTasksCount),
		Registered: aws.ToTime(i.RegisteredAt),
	}
	if i.VersionInfo != nil {
		out.Agent = aws.ToString(i.VersionInfo.AgentVersion)
	}
	for _, a := range i.Attributes {
		out.Attributes[aws.ToString(a.Name)] = aws.ToString(a.Value)
	}
	out.Zone, out.Type = out.Attributes["ecs.availability-zone"], out.Attributes["ecs.instance-type"]
	return out
}

// room is what resources there are; of the ports those that are taken.
func room(list []types.Resource) live.Room {
	var out live.Room
	for _, r := range list {
		switch aws.ToString(r.Name) {
		case "CPU":
			out.CPU = int(r.IntegerValue)
		case "MEMORY":
			out.Memory = int(r.IntegerValue)
		case "PORTS":
			out.TCP = ports(r.StringSetValue)
		case "PORTS_UDP":
			out.UDP = ports(r.StringSetValue)
		case "GPU":
			out.GPUs = len(r.StringSetValue)
		}
	}
	return out
}

func ports(list []string) []int {
	var out []int
	for _, text := range list {
		if n, err := strconv.Atoi(text); err == nil {
			out = append(out, n)
		}
	}
	slices.Sort(out)
	return out
}

// Group is an Auto Scaling group, by the capacity provider that it backs, if any.
func Group(g grouptypes.AutoScalingGroup, provider *types.CapacityProvider) live.Group {
	out := live.Group{
		Name: aws.ToString(g.AutoScalingGroupName), Min: int(aws.ToInt32(g.MinSize)), Desired: int(aws.ToInt32(g.DesiredCapacity)),
		Max: int(aws.ToInt32(g.MaxSize)), Zones: slices.Sorted(slices.Values(g.AvailabilityZones)),
	}
	types := map[string]bool{}
	for _, i := range g.Instances {
		if i.LifecycleState == grouptypes.LifecycleStateInService {
			out.Instances++
		}
		if t := aws.ToString(i.InstanceType); t != "" && !types[t] {
			types[t] = true
			out.Types = append(out.Types, t)
		}
	}
	slices.Sort(out.Types)
	if provider != nil {
		out.Provider = aws.ToString(provider.Name)
		out.Managed = managed(provider)
	}
	return out
}

func managed(p *types.CapacityProvider) bool {
	g := p.AutoScalingGroupProvider
	return g != nil && g.ManagedScaling != nil && g.ManagedScaling.Status == types.ManagedScalingStatusEnabled
}

// Failure is a scaling activity that failed; false for others.
func Failure(a grouptypes.Activity) (live.Event, bool) {
	at := a.EndTime
	if at == nil {
		at = a.StartTime
	}
	text := aws.ToString(a.StatusMessage)
	if text == "" {
		text = aws.ToString(a.Description)
	}
	return live.Event{ID: aws.ToString(a.ActivityId), At: aws.ToTime(at), Text: text}, a.StatusCode == grouptypes.ScalingActivityStatusCodeFailed
}
