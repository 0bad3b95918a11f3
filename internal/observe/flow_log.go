package observe

import (
	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
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
	return []call{pages(l, l.c.EC2.DescribeFlowLogs, in, func(in *ec2.DescribeFlowLogsInput, out *ec2.DescribeFlowLogsOutput) bool {
		l.flowLogsFound = append(l.flowLogsFound, out.FlowLogs...)
		return more(out.NextToken, &in.NextToken)
	})}
}

// foldFlowLogs leaves the flow logs of others alone: a VPC may have several, and they are in nobody's way.
func foldFlowLogs(l *look) {
	for _, f := range l.flowLogsFound {
		tags := ec2Tags(f.Tags)
		if k, ok := l.mine(tags, model.KindFlowLog); !ok || k.IsZero() {
			continue
		}
		r := model.FlowLog{
			To: string(f.LogDestinationType), Traffic: string(f.TrafficType), Seconds: int(aws.ToInt32(f.MaxAggregationInterval)),
			LogGroup: l.key(aws.ToString(f.LogGroupName)), Role: l.key(aws.ToString(f.DeliverLogsPermissionArn)), Tags: tags.Own(),
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
