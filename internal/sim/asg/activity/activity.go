package activity

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/listing"
	"berth/internal/sim/world"
)

// kept is how long activities can be asked for.
const kept = 6 * 7 * 24 * time.Hour

// DescribeScalingActivities lists activities: those in progress first, then the newest.
func DescribeScalingActivities(c *world.Call, in *autoscaling.DescribeScalingActivitiesInput) (*autoscaling.DescribeScalingActivitiesOutput, error) {
	keep, err := activityFilter(in)
	if err != nil {
		return nil, err
	}
	var rows []*world.ScalingActivity
	for a := range c.Region.AutoScaling.Activities.Rows() {
		if c.Now().Sub(a.Started) <= kept && keep(a) {
			rows = append(rows, a)
		}
	}
	slices.Reverse(rows)
	slices.SortStableFunc(rows, func(a, b *world.ScalingActivity) int {
		if running := a.Ended.IsZero(); running != b.Ended.IsZero() {
			if running {
				return -1
			}
			return 1
		}
		return b.Started.Compare(a.Started)
	})
	rows, next, err := listing.Page(rows, listing.Paging{Max: in.MaxRecords, Token: in.NextToken, Usual: 100, Most: 100})
	if err != nil {
		return nil, err
	}
	out := &autoscaling.DescribeScalingActivitiesOutput{NextToken: next, Activities: []types.Activity{}}
	for _, a := range rows {
		out.Activities = append(out.Activities, View(a))
	}
	return out, nil
}

type activityTest func(*world.ScalingActivity) bool

// activityFilter reads which activities are asked for.
func activityFilter(in *autoscaling.DescribeScalingActivitiesInput) (activityTest, error) {
	if len(in.ActivityIds) > 50 {
		return nil, listing.Invalid("The number of activity IDs exceeds the maximum of 50")
	}
	tests := []activityTest{func(a *world.ScalingActivity) bool {
		return (in.AutoScalingGroupName == nil || a.Group == *in.AutoScalingGroupName) &&
			(len(in.ActivityIds) == 0 || slices.Contains(in.ActivityIds, a.ID)) &&
			(!a.Deleted || aws.ToBool(in.IncludeDeletedGroups))
	}}
	for _, f := range in.Filters {
		t, err := activityTestOf(f, in.AutoScalingGroupName != nil)
		if err != nil {
			return nil, err
		}
		tests = append(tests, t)
	}
	return func(a *world.ScalingActivity) bool {
		return !slices.ContainsFunc(tests, func(t activityTest) bool { return !t(a) })
	}, nil
}

func activityTestOf(f types.Filter, named bool) (activityTest, error) {
	name := aws.ToString(f.Name)
	switch name {
	case "Status":
		if !named {
			return nil, listing.Invalid("The filter Status can be used only together with AutoScalingGroupName")
		}
		return func(a *world.ScalingActivity) bool { return slices.Contains(f.Values, a.Status) }, nil
	case "StartTimeLowerBound", "StartTimeUpperBound":
		if len(f.Values) != 1 {
			return nil, listing.Invalid("The filter %s takes one value", name)
		}
		at, err := readTime(f.Values[0])
		if err != nil {
			return nil, listing.Invalid("The value '%s' of the filter %s is not a timestamp", f.Values[0], name)
		}
		if name == "StartTimeLowerBound" {
			return func(a *world.ScalingActivity) bool { return !a.Started.Before(at) }, nil
		}
		return func(a *world.ScalingActivity) bool { return !a.Started.After(at) }, nil
	}
	return nil, listing.Invalid("Filter type %s is not correct. Allowed Filter types are: StartTimeLowerBound, StartTimeUpperBound, Status", name)
}

// readTime reads an ISO 8601 time; without a zone it is UTC.
func readTime(text string) (time.Time, error) {
	if at, err := time.Parse(time.RFC3339, text); err == nil {
		return at, nil
	}
	return time.Parse("2006-01-02T15:04:05", text)
}

// View is an activity as callers see it.
func View(a *world.ScalingActivity) types.Activity {
	v := types.Activity{
		ActivityId: aws.String(a.ID), AutoScalingGroupName: aws.String(a.Group), AutoScalingGroupARN: aws.String(a.GroupARN),
		Description: aws.String(a.Description), Cause: aws.String(a.Cause), Details: aws.String(Details(a)),
		StartTime: aws.Time(a.Started), StatusCode: types.ScalingActivityStatusCode(a.Status), Progress: aws.Int32(int32(a.Progress)),
	}
	if !a.Ended.IsZero() {
		v.EndTime = aws.Time(a.Ended)
	}
	if a.Message != "" {
		v.StatusMessage = aws.String(a.Message)
	}
	if a.Deleted {
		v.AutoScalingGroupState = aws.String("Deleted")
	}
	return v
}

// Details is the JSON text that AWS puts into an activity.
func Details(a *world.ScalingActivity) string {
	b, _ := json.Marshal(struct { // two texts never fail
		Subnet string `json:"Subnet ID,omitempty"`
		Zone   string `json:"Availability Zone,omitempty"`
	}{a.Subnet, a.Zone})
	return string(b)
}
