package observe

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/observe/fetch"
	"berth/internal/observe/shape"
)

type flowLogAnswers struct{ flowLogsFound []types.FlowLog }

func flowLogRow() row {
	return row{model.KindFlowLog, []func(*look) []call{nothing, flowLogCalls}, foldFlowLogs}
}

func flowLogCalls(l *look) []call {
	ids := l.vpcIDs()
	if len(ids) == 0 {
		return nil
	}
	in := &ec2.DescribeFlowLogsInput{Filter: []types.Filter{filter("resource-id", ids...)}}
	return []call{fetch.Pages(l, l.c.EC2.DescribeFlowLogs, in, func(in *ec2.DescribeFlowLogsInput, out *ec2.DescribeFlowLogsOutput) bool {
		l.flowLogsFound = append(l.flowLogsFound, out.FlowLogs...)
		return fetch.More(out.NextToken, &in.NextToken)
	})}
}

// foldFlowLogs leaves the flow logs of others alone: a VPC may have several, and they are in nobody's way.
func foldFlowLogs(l *look) {
	for _, f := range l.flowLogsFound {
		tags := shape.EC2Tags(f.Tags)
		if k, ok := l.mine(tags, model.KindFlowLog); !ok || k.IsZero() || !l.inOwnVPC(f.ResourceId) {
			continue
		}
		r := model.FlowLog{
			To: string(f.LogDestinationType), Traffic: string(f.TrafficType), Seconds: int(aws.ToInt32(f.MaxAggregationInterval)),
			LogGroup: l.flowLogGroup(f), Role: l.flowLogRole(f), Tags: tags.Own(),
		}
		if r.To == model.ToBucket {
			r.Bucket = aws.ToString(f.LogDestination)
		}
		h := model.Handle{ID: aws.ToString(f.FlowLogId)}
		if aws.ToString(f.DeliverLogsStatus) == "FAILED" {
			h.Reason = aws.ToString(f.DeliverLogsErrorMessage)
		}
		l.add(r, h)
	}
}

// flowLogGroup is the log group that a flow log goes to: the flow log knows it by name, and finds another one of that name
// again.
func (l *look) flowLogGroup(f types.FlowLog) model.Key {
	if aws.ToString(f.LogGroupName) == l.scope.FlowLogGroupName() {
		return model.LogGroupKey(model.FlowLogGroup)
	}
	return l.key(aws.ToString(f.LogGroupName))
}

// flowLogRole is the role that a flow log is written by, which it finds by its ARN.
func (l *look) flowLogRole(f types.FlowLog) model.Key {
	arn := aws.ToString(f.DeliverLogsPermissionArn)
	if strings.HasSuffix(arn, ":role"+l.scope.RolePath()+l.scope.RoleName(model.FlowLogRole)) {
		return model.RoleKey(model.FlowLogRole)
	}
	return l.key(arn)
}
