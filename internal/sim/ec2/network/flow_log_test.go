package network

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

const (
	flowTrust = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":{"Service":"vpc-flow-logs.amazonaws.com"},"Action":"sts:AssumeRole","Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}}}`
	flowWrite = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"logs:PutLogEvents","Resource":"arn:aws:logs:eu-west-1:123456789012:log-group:flows:*"}]}`
)

// scribe makes a role that may write into the log group "flows", and the group.
func (s *site) scribe() *world.Role {
	r := &world.Role{Name: "flows", ARN: "arn:aws:iam::123456789012:role/flows", Trust: flowTrust, Created: s.Now()}
	r.Inline.Put("write", &world.InlinePolicy{Name: "write", Document: flowWrite})
	s.World.IAM.Roles.Put(r.Name, r)
	s.Region.Logs.Groups.Put("flows", &world.LogGroup{Name: "flows", ARN: "arn:aws:logs:eu-west-1:123456789012:log-group:flows"})
	return r
}

// record asks for a flow log of the VPC in the log group.
func record(vpc string) *ec2.CreateFlowLogsInput {
	return &ec2.CreateFlowLogsInput{
		ResourceIds: []string{vpc}, ResourceType: types.FlowLogsResourceTypeVpc, TrafficType: types.TrafficTypeAll, LogGroupName: aws.String("flows"),
		DeliverLogsPermissionArn: aws.String("arn:aws:iam::123456789012:role/flows"), MaxAggregationInterval: aws.Int32(60),
		TagSpecifications: tagged(types.ResourceTypeVpcFlowLog, "team", "a"), ClientToken: aws.String("t"),
	}
}

func (s *site) flowLog(id string) types.FlowLog {
	s.t.Helper()
	return ok(s, DescribeFlowLogs, &ec2.DescribeFlowLogsInput{FlowLogIds: []string{id}}).FlowLogs[0]
}

func TestAFlowLogIsMadeOnceAndDescribed(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	s.scribe()
	refused(s, CreateFlowLogs, record(vpc), "InvalidParameter", "Unable to assume given IAM role: 'arn:aws:iam::123456789012:role/flows'")
	s.Advance(time.Minute)
	out := ok(s, CreateFlowLogs, record(vpc))
	if len(out.FlowLogIds) != 1 || len(out.Unsuccessful) != 0 {
		t.Fatalf("made %+v", out)
	}
	id := out.FlowLogIds[0]
	if again := ok(s, CreateFlowLogs, record(vpc)); again.FlowLogIds[0] != id {
		t.Error("the repeat made another one")
	}
	twin := record(vpc)
	twin.ClientToken = nil
	if u := ok(s, CreateFlowLogs, twin).Unsuccessful; len(u) != 1 || *u[0].ResourceId != vpc || *u[0].Error.Code != "FlowLogAlreadyExists" {
		t.Errorf("a twin: %+v", u)
	}
	f := s.flowLog(id)
	if *f.ResourceId != vpc || *f.FlowLogStatus != "ACTIVE" || *f.DeliverLogsStatus != "SUCCESS" || f.LogDestinationType != "cloud-watch-logs" ||
		*f.LogGroupName != "flows" || *f.MaxAggregationInterval != 60 || *f.LogFormat == "" || len(f.Tags) != 1 || f.TrafficType != "ALL" {
		t.Errorf("described as %+v", f)
	}
	for _, x := range []struct {
		name, value string
		n           int
	}{{"resource-id", vpc, 1}, {"resource-id", "vpc-none", 0}, {"deliver-log-status", "FAILED", 0}, {"tag:team", "a", 1}} {
		if got := ok(s, DescribeFlowLogs, &ec2.DescribeFlowLogsInput{Filter: filters(x.name, x.value)}).FlowLogs; len(got) != x.n {
			t.Errorf("%s %s finds %d", x.name, x.value, len(got))
		}
	}
	gone := ok(s, DeleteFlowLogs, &ec2.DeleteFlowLogsInput{FlowLogIds: []string{id, "fl-0123456789abcdef0"}})
	if len(gone.Unsuccessful) != 1 || *gone.Unsuccessful[0].Error.Code != "InvalidFlowLogId.NotFound" {
		t.Errorf("unsuccessful: %+v", gone.Unsuccessful)
	}
	refused(s, DescribeFlowLogs, &ec2.DescribeFlowLogsInput{FlowLogIds: []string{id}}, "InvalidFlowLogId.NotFound", id)
}

// EC2 API reference, FlowLog: nobody learns that a record does not arrive but from its status.
func TestAFlowLogThatCannotBeWrittenSaysSo(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	role := s.scribe()
	s.Advance(time.Minute)
	id := ok(s, CreateFlowLogs, record(vpc)).FlowLogIds[0]
	failed := func(want bool, when string) {
		t.Helper()
		f := s.flowLog(id)
		if (*f.DeliverLogsStatus == "FAILED") != want || want && aws.ToString(f.DeliverLogsErrorMessage) != "Access error" {
			t.Errorf("%s: %s, %s", when, *f.DeliverLogsStatus, aws.ToString(f.DeliverLogsErrorMessage))
		}
	}
	failed(false, "to begin with")
	role.Inline.Delete("write")
	failed(true, "without a policy")
	role.Attached = []string{"arn:aws:iam::aws:policy/CloudWatchLogsFullAccess"}
	failed(false, "with one of AWS's own")
	role.Trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}]}`
	failed(true, "when somebody else is trusted")
	role.Trust = flowTrust
	s.Region.Logs.Groups.Delete("flows")
	failed(true, "without the log group")
}

func TestWhatEC2DoesNotTakeForAFlowLogIsRefused(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	s.scribe()
	s.Advance(time.Minute)
	bucket := func(in *ec2.CreateFlowLogsInput) {
		in.LogDestinationType, in.LogDestination = types.LogDestinationTypeS3, aws.String("arn:aws:s3:::archive/flows/")
		in.LogGroupName, in.DeliverLogsPermissionArn = nil, nil
	}
	for _, x := range []struct {
		change      func(*ec2.CreateFlowLogsInput)
		code, words string
	}{
		{func(in *ec2.CreateFlowLogsInput) { in.ResourceIds = nil }, "MissingParameter", "ResourceId"},
		{func(in *ec2.CreateFlowLogsInput) { in.ResourceType = "" }, "MissingParameter", "ResourceType"},
		{func(in *ec2.CreateFlowLogsInput) { in.ResourceType = "TransitGateway" }, "UnsupportedOperation", "flow logs"},
		{func(in *ec2.CreateFlowLogsInput) { in.TrafficType = "" }, "MissingParameter", "TrafficType"},
		{func(in *ec2.CreateFlowLogsInput) { in.TrafficType = "SOME" }, "InvalidParameterValue", "SOME"},
		{func(in *ec2.CreateFlowLogsInput) { in.MaxAggregationInterval = aws.Int32(120) }, "InvalidParameter", "Interval"},
		{func(in *ec2.CreateFlowLogsInput) { in.LogGroupName = nil }, "InvalidParameter", "LogGroupName"},
		{func(in *ec2.CreateFlowLogsInput) {
			in.LogDestination = aws.String("arn:aws:logs:eu-west-1:123456789012:log-group:flows")
		}, "InvalidParameter", "only provide"},
		{func(in *ec2.CreateFlowLogsInput) { in.DeliverLogsPermissionArn = nil }, "InvalidParameter", "DeliverLogsPermissionArn can't be empty"},
		{func(in *ec2.CreateFlowLogsInput) { bucket(in); in.DeliverLogsPermissionArn = aws.String("x") }, "InvalidParameter", "not applicable for s3"},
		{func(in *ec2.CreateFlowLogsInput) { bucket(in); in.LogGroupName = aws.String("x") }, "InvalidParameter", "not applicable for s3"},
		{func(in *ec2.CreateFlowLogsInput) { bucket(in); in.LogDestination = nil }, "InvalidParameter", "LogDestination"},
		{func(in *ec2.CreateFlowLogsInput) { bucket(in); in.LogDestination = aws.String("archive") }, "InvalidParameter", "archive"},
		{func(in *ec2.CreateFlowLogsInput) { in.LogDestinationType = "kinesis-data-firehose" }, "UnsupportedOperation", "destinations"},
		{func(in *ec2.CreateFlowLogsInput) { in.TagSpecifications = tagged("vpc", "a", "b") }, "InvalidParameterValue", "vpc"},
	} {
		in := record(vpc)
		x.change(in)
		refused(s, CreateFlowLogs, in, x.code, x.words)
	}
	in := record("vpc-0123456789abcdef0")
	if u := ok(s, CreateFlowLogs, in).Unsuccessful; len(u) != 1 || *u[0].Error.Code != "InvalidVpcID.NotFound" {
		t.Errorf("no such VPC: %+v", u)
	}
	in = record(vpc)
	bucket(in)
	if u := ok(s, CreateFlowLogs, in).Unsuccessful; len(u) != 1 || *u[0].Error.Message != "LogDestination: archive does not exist" {
		t.Errorf("no such bucket: %+v", u)
	}
	s.World.S3.Buckets.Put("archive", &world.StorageBucket{Name: "archive"})
	f := s.flowLog(ok(s, CreateFlowLogs, in).FlowLogIds[0])
	if *f.LogDestination != "arn:aws:s3:::archive/flows/" || f.LogGroupName != nil || *f.DeliverLogsStatus != "SUCCESS" {
		t.Errorf("to a bucket: %+v", f)
	}
}
