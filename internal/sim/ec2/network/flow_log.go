package network

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

const (
	flowToGroup  = string(types.LogDestinationTypeCloudWatchLogs)
	flowToBucket = string(types.LogDestinationTypeS3)

	// flowFormat is what a flow log writes that asks for nothing else (VPC user guide, "Flow log records").
	flowFormat = "${version} ${account-id} ${interface-id} ${srcaddr} ${dstaddr} ${srcport} ${dstport} ${protocol} ${packets} ${bytes} ${start} ${end} ${action} ${log-status}"

	// flowLogsOfOne is how many flow logs one resource may have (VPC user guide, "Amazon VPC quotas").
	flowLogsOfOne = 10
)

func flowLogKind() listing.Kind[world.FlowLog] {
	return listing.Kind[world.FlowLog]{
		Resource: types.ResourceTypeVpcFlowLog, Prefix: "fl", Missing: "InvalidFlowLogId.NotFound",
		Text:  "The specified flow log id %s does not exist",
		Table: func(r *world.Region) *world.Table[world.FlowLog] { return &r.EC2.FlowLogs },
		Tags:  func(f *world.FlowLog) *world.Tags { return &f.Tags },
	}
}

// CreateFlowLogs makes a flow log for each resource; those that cannot have one are told in the answer, not refused.
func CreateFlowLogs(c *world.Call, in *ec2.CreateFlowLogsInput) (*ec2.CreateFlowLogsOutput, error) {
	draft, err := flowDraft(c, in)
	if err != nil {
		return nil, err
	}
	token, err := listing.ClaimToken(c, in.ClientToken, in)
	if err != nil {
		return nil, err
	}
	out := &ec2.CreateFlowLogsOutput{ClientToken: in.ClientToken, FlowLogIds: []string{}, Unsuccessful: []types.UnsuccessfulItem{}}
	if token.Made != "" {
		out.FlowLogIds = strings.Split(token.Made, ",")
		return out, nil
	}
	for _, id := range in.ResourceIds {
		f := draft
		f.Resource, f.Tags = id, slices.Clone(draft.Tags)
		if err := flowPossible(c, in.ResourceType, &f); err != nil {
			out.Unsuccessful = append(out.Unsuccessful, unsuccessful(id, err))
			continue
		}
		f.ID = c.NewID("fl")
		c.Region.EC2.FlowLogs.Put(f.ID, &f)
		out.FlowLogIds = append(out.FlowLogIds, f.ID)
	}
	if len(out.Unsuccessful) == 0 {
		token.Done(strings.Join(out.FlowLogIds, ","))
	}
	return out, nil
}

// unsuccessful is a refusal as an item of an answer.
func unsuccessful(id string, err error) types.UnsuccessfulItem {
	item := types.UnsuccessfulItem{ResourceId: aws.String(id), Error: &types.UnsuccessfulItemError{Message: aws.String(err.Error())}}
	if e, ok := err.(*wire.Error); ok { //nolint:errorlint // refusals are never wrapped here
		item.Error = &types.UnsuccessfulItemError{Code: aws.String(e.Code), Message: aws.String(e.Message)}
	}
	return item
}

// flowDraft is a flow log but for its resource (EC2 API reference, CreateFlowLogs).
func flowDraft(c *world.Call, in *ec2.CreateFlowLogsInput) (world.FlowLog, error) {
	f := world.FlowLog{
		To: string(in.LogDestinationType), Destination: aws.ToString(in.LogDestination), Group: aws.ToString(in.LogGroupName),
		Role: aws.ToString(in.DeliverLogsPermissionArn), Traffic: string(in.TrafficType), Format: aws.ToString(in.LogFormat), Seconds: 600, Created: c.Now(),
	}
	if f.To == "" {
		f.To = flowToGroup
	}
	if f.Format == "" {
		f.Format = flowFormat
	}
	if in.MaxAggregationInterval != nil {
		f.Seconds = *in.MaxAggregationInterval
	}
	for _, check := range []func(*world.Call, *ec2.CreateFlowLogsInput, *world.FlowLog) error{flowAsked, flowDestination, flowRole} {
		if err := check(c, in, &f); err != nil {
			return f, err
		}
	}
	var err error
	f.Tags, err = listing.SpecTags(in.TagSpecifications, types.ResourceTypeVpcFlowLog)
	return f, err
}

// flowAsked checks what is asked for, whatever the destination.
func flowAsked(_ *world.Call, in *ec2.CreateFlowLogsInput, f *world.FlowLog) error {
	switch {
	case len(in.ResourceIds) == 0:
		return listing.Missing("ResourceId")
	case in.ResourceType == "":
		return listing.Missing("ResourceType")
	case !slices.Contains([]types.FlowLogsResourceType{"VPC", "Subnet", "NetworkInterface"}, in.ResourceType):
		return listing.Unsimulated("flow logs of other resources than VPCs, subnets and network interfaces")
	case in.DestinationOptions != nil || in.DeliverCrossAccountRole != nil || len(in.TagFieldSpecifications) > 0:
		return listing.Unsimulated("destination options, roles of other accounts and tag fields of flow logs")
	case f.Traffic == "":
		return listing.Missing("TrafficType")
	case !slices.Contains([]string{"ALL", "ACCEPT", "REJECT"}, f.Traffic):
		return wire.Errorf("InvalidParameterValue", "Value (%s) for parameter trafficType is invalid.", f.Traffic)
	case f.Seconds != 60 && f.Seconds != 600:
		return wire.Errorf("InvalidParameter", "Invalid Flow Log Max Aggregation Interval")
	}
	return nil
}

// flowDestination checks that the destination is named in the way that its type wants.
func flowDestination(_ *world.Call, _ *ec2.CreateFlowLogsInput, f *world.FlowLog) error {
	name, isGroup := strings.CutPrefix(f.Destination, "arn:aws:logs:")
	switch {
	case f.To == flowToBucket && f.Role != "":
		return wire.Errorf("InvalidParameter", "DeliverLogsPermissionArn is not applicable for s3 delivery")
	case f.To == flowToBucket && f.Group != "":
		return wire.Errorf("InvalidParameter", "LogGroupName is not applicable for s3 delivery")
	case f.To == flowToBucket && f.Destination == "":
		return wire.Errorf("InvalidParameter", "LogDestination can't be empty if LogDestinationType is s3.")
	case f.To == flowToBucket && !strings.HasPrefix(f.Destination, "arn:aws:s3:::"):
		return wire.Errorf("InvalidParameter", "LogDestination: %s is not a valid ARN of a bucket", f.Destination)
	case f.To == flowToBucket:
		return nil
	case f.To != flowToGroup:
		return listing.Unsimulated("flow logs to other destinations than CloudWatch Logs and S3")
	case f.Group != "" && f.Destination != "":
		return wire.Errorf("InvalidParameter", "Please only provide LogGroupName or only provide LogDestination.")
	case f.Group == "" && !isGroup:
		return wire.Errorf("InvalidParameter", "LogGroupName can't be empty.")
	case f.Group == "":
		_, f.Group, _ = strings.Cut(name, ":log-group:")
		f.Group = strings.TrimSuffix(f.Group, ":*")
	}
	return nil
}

// flowRole wants a role that flow logs can take on, where they write to a log group.
func flowRole(c *world.Call, _ *ec2.CreateFlowLogsInput, f *world.FlowLog) error {
	if f.To != flowToGroup {
		return nil
	}
	if f.Role == "" {
		return wire.Errorf("InvalidParameter", "DeliverLogsPermissionArn can't be empty if LogDestinationType is cloud-watch-logs.")
	}
	role := roleOf(c.World, f.Role)
	if role == nil || role.Created.Add(roleDelay).After(c.Now()) || !lends(c.Region, role, f) {
		return wire.Errorf("InvalidParameter", "Unable to assume given IAM role: '%s'", f.Role)
	}
	return nil
}

// flowPossible tells why a resource cannot have a flow log.
func flowPossible(c *world.Call, kind types.FlowLogsResourceType, f *world.FlowLog) error {
	var err error
	switch kind {
	case types.FlowLogsResourceTypeVpc:
		_, err = vpcKind().Find(c.Region, f.Resource)
	case types.FlowLogsResourceTypeSubnet:
		_, err = Subnets().Find(c.Region, f.Resource)
	default:
		_, err = interfaceKind().Find(c.Region, f.Resource)
	}
	if err != nil {
		return err
	}
	of := func(o *world.FlowLog) bool { return o.Resource == f.Resource }
	same := func(o *world.FlowLog) bool {
		return of(o) && o.To == f.To && o.Destination == f.Destination && o.Group == f.Group && o.Traffic == f.Traffic
	}
	switch {
	case listing.Holds(&c.Region.EC2.FlowLogs, same):
		return wire.Errorf("FlowLogAlreadyExists", "Error. There is an existing Flow Log with the same configuration and log destination.")
	case listing.Count(&c.Region.EC2.FlowLogs, of) >= flowLogsOfOne:
		return wire.Errorf("FlowLogsLimitExceeded", "The maximum number of flow logs for this resource has been reached.")
	}
	if bucket, _, _ := strings.Cut(strings.TrimPrefix(f.Destination, "arn:aws:s3:::"), "/"); f.To == flowToBucket {
		if _, ok := c.World.S3.Buckets.Get(bucket); !ok {
			return wire.Errorf("400", "LogDestination: %s does not exist", bucket)
		}
	}
	return nil
}

// DescribeFlowLogs lists flow logs.
func DescribeFlowLogs(c *world.Call, in *ec2.DescribeFlowLogsInput) (*ec2.DescribeFlowLogsOutput, error) {
	known := listing.Fields[world.FlowLog]{
		"deliver-log-status":   func(f *world.FlowLog) []string { status, _ := delivery(c, f); return listing.One(status) },
		"flow-log-id":          func(f *world.FlowLog) []string { return listing.One(f.ID) },
		"log-destination-type": func(f *world.FlowLog) []string { return listing.One(f.To) },
		"log-group-name":       func(f *world.FlowLog) []string { return listing.One(f.Group) },
		"resource-id":          func(f *world.FlowLog) []string { return listing.One(f.Resource) },
		"traffic-type":         func(f *world.FlowLog) []string { return listing.One(f.Traffic) },
	}
	rows, next, err := flowLogKind().List(c.Region, listing.Query[world.FlowLog]{
		IDs: in.FlowLogIds, Filters: in.Filter, Known: known, Page: listing.Paging{Max: in.MaxResults, Token: in.NextToken, Least: 1},
	})
	if err != nil {
		return nil, err
	}
	out := listing.Each(rows, func(f *world.FlowLog) types.FlowLog { return flowLogOut(c, f) })
	return &ec2.DescribeFlowLogsOutput{FlowLogs: out, NextToken: next}, nil
}

func flowLogOut(c *world.Call, f *world.FlowLog) types.FlowLog {
	status, trouble := delivery(c, f)
	return types.FlowLog{
		FlowLogId: aws.String(f.ID), ResourceId: aws.String(f.Resource), FlowLogStatus: aws.String("ACTIVE"), CreationTime: aws.Time(f.Created),
		TrafficType: types.TrafficType(f.Traffic), LogDestinationType: types.LogDestinationType(f.To), LogDestination: listing.Filled(f.Destination),
		LogGroupName: listing.Filled(f.Group), DeliverLogsPermissionArn: listing.Filled(f.Role), LogFormat: aws.String(f.Format),
		MaxAggregationInterval: aws.Int32(f.Seconds), DeliverLogsStatus: aws.String(status), DeliverLogsErrorMessage: listing.Filled(trouble),
		Tags: listing.ToTags(f.Tags),
	}
}

// DeleteFlowLogs takes flow logs away; unknown ones are told in the answer, not refused. What was written stays.
func DeleteFlowLogs(c *world.Call, in *ec2.DeleteFlowLogsInput) (*ec2.DeleteFlowLogsOutput, error) {
	if len(in.FlowLogIds) == 0 {
		return nil, listing.Missing("FlowLogId")
	}
	out := &ec2.DeleteFlowLogsOutput{Unsuccessful: []types.UnsuccessfulItem{}}
	for _, id := range in.FlowLogIds {
		if _, err := flowLogKind().Find(c.Region, id); err != nil {
			out.Unsuccessful = append(out.Unsuccessful, unsuccessful(id, err))
			continue
		}
		c.Region.EC2.FlowLogs.Delete(id)
	}
	return out, nil
}
