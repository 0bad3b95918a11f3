package shape

import (
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
)

// InService is how many instances of a group are in service.
func InService(g types.AutoScalingGroup) int {
	n := 0
	for _, i := range g.Instances {
		if i.LifecycleState == types.LifecycleStateInService {
			n++
		}
	}
	return n
}

// Failure is why the newest launch failed; empty when a later one succeeded.
func Failure(newestFirst []types.Activity) string {
	for _, a := range newestFirst {
		switch a.StatusCode {
		case types.ScalingActivityStatusCodeFailed:
			if text := aws.ToString(a.StatusMessage); text != "" {
				return text
			}
			return aws.ToString(a.Description)
		case types.ScalingActivityStatusCodeSuccessful:
			if strings.HasPrefix(aws.ToString(a.Description), "Launching") {
				return ""
			}
		default: // it has not ended
		}
	}
	return ""
}

// Emptied tells whether a group has been given no instances yet, or no more.
func Emptied(g types.AutoScalingGroup) bool {
	_, remembered := ScalingTags(g.Tags).Lookup(model.TagDesired)
	return !remembered && len(g.Instances) == 0 && aws.ToInt32(g.DesiredCapacity) == 0
}

// CapacityStatus is Pending until a group has its instances and they have joined the cluster; activities are the group's, the
// newest first, joined and instances the numbers in the cluster and in all groups.
func CapacityStatus(g types.AutoScalingGroup, activities []types.Activity, joined, instances int) (model.Status, string) {
	status, reason := GroupStatus(g)
	if status != model.Ready {
		return status, reason
	}
	there, desired := InService(g), int(aws.ToInt32(g.DesiredCapacity))
	switch {
	case there < desired:
		reason = fmt.Sprintf("%d of %d instances in service", there, desired)
		if why := Failure(activities); why != "" {
			reason += ": " + why
		}
		return model.Pending, reason
	case there > 0 && joined < instances:
		return model.Pending, fmt.Sprintf("%d of %d instances have joined the cluster", joined, instances)
	}
	return model.Ready, ""
}
