package rolling

import (
	"context"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/cloud"
)

// readRefreshes reads which groups have an instance refresh that has not ended: of all with everything, else of those that are new or had
// one at the last look. Only the latest can be under way: Auto Scaling allows one at a time (Auto Scaling API reference,
// StartInstanceRefresh).
func (r *Reader) readRefreshes(ctx context.Context, before map[string]group) error {
	var names []string
	for name, g := range r.seen.groups { // unordered: sorted below
		if _, known := before[name]; r.want.Full || !known || g.Refresh != "" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		in := &autoscaling.DescribeInstanceRefreshesInput{AutoScalingGroupName: &name, MaxRecords: aws.Int32(1)}
		out, err := one(ctx, r, cloud.ScalingReads, r.Cloud.Groups.DescribeInstanceRefreshes, in)
		if cloud.Missing(err) {
			continue
		}
		if err != nil {
			return err
		}
		g := r.seen.groups[name]
		g.Refresh = ""
		for _, f := range out.InstanceRefreshes {
			if !ended(f.Status) {
				g.Refresh = aws.ToString(f.InstanceRefreshId)
			}
		}
		r.seen.groups[name] = g
	}
	return nil
}

func ended(s types.InstanceRefreshStatus) bool {
	return slices.Contains([]types.InstanceRefreshStatus{
		types.InstanceRefreshStatusSuccessful, types.InstanceRefreshStatusFailed, types.InstanceRefreshStatusCancelled,
		types.InstanceRefreshStatusRollbackFailed, types.InstanceRefreshStatusRollbackSuccessful,
	}, s)
}
