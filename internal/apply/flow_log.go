package apply

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func flowLogEntry() entry { return typed(createFlowLog, updateFlowLog, deleteFlowLog) }

// createFlowLog reads the list of what could not be made: AWS answers 200 all the same.
func createFlowLog(ctx context.Context, j *job, f model.FlowLog) (model.Handle, error) {
	in := &ec2.CreateFlowLogsInput{
		ResourceType: types.FlowLogsResourceTypeVpc, ResourceIds: []string{j.have.ID(model.VPCKey())},
		TrafficType: types.TrafficType(f.Traffic), MaxAggregationInterval: aws.Int32(int32(f.Seconds)),
		LogDestinationType: types.LogDestinationType(f.To), TagSpecifications: tagSpec(types.ResourceTypeVpcFlowLog, f.Tags),
		ClientToken: aws.String(j.token()),
	}
	if f.To == model.ToBucket {
		in.LogDestination = aws.String(f.Bucket)
	} else {
		in.LogGroupName = aws.String(j.have.ID(f.LogGroup))
		in.DeliverLogsPermissionArn = aws.String(j.have.Handle(f.Role).ARN)
	}
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateFlowLogs, in)
	if err != nil {
		return model.Handle{}, err
	}
	for _, u := range out.Unsuccessful {
		if err := refused("CreateFlowLogs", u.Error); err != nil {
			return model.Handle{}, err
		}
	}
	return model.Handle{ID: first(out.FlowLogIds)}, nil
}

// updateFlowLog changes tags: AWS changes nothing else of a flow log.
func updateFlowLog(ctx context.Context, j *job, f model.FlowLog) (model.Handle, error) {
	return j.handle(), j.retag(ctx, j.id(), j.change.From.(model.FlowLog).Tags, f.Tags)
}

func deleteFlowLog(ctx context.Context, j *job, _ model.FlowLog) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteFlowLogs, &ec2.DeleteFlowLogsInput{FlowLogIds: []string{j.id()}})
	if err != nil {
		return j.handle(), gone(err)
	}
	for _, u := range out.Unsuccessful {
		if err := gone(refused("DeleteFlowLogs", u.Error)); err != nil {
			return j.handle(), err
		}
	}
	return model.Handle{}, nil
}

// first is the first of a list, empty when there is none.
func first(list []string) string {
	if len(list) == 0 {
		return ""
	}
	return list[0]
}
