package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/observe/shape"
)

// privately is a look in a region at a VPC with a private subnet and the endpoints' security group.
func privately(region string) *look {
	l := lookFor()
	l.c, l.scope.Region = &cloud.Cloud{Region: region}, region
	vpc := types.Vpc{VpcId: aws.String("vpc-1")}
	for _, t := range l.ours(model.VPCKey()) {
		vpc.Tags = append(vpc.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	l.vpcs = []types.Vpc{vpc}
	l.bind(model.SubnetKey(model.Private, "a"), "subnet-p")
	l.bind(model.RouteTableKey(model.Private, "a"), "rtb-p")
	l.bind(model.EndpointsGroupKey(), "sg-e")
	return l
}

func link(id, service string) types.VpcEndpoint {
	return types.VpcEndpoint{
		VpcEndpointId: aws.String(id), VpcId: aws.String("vpc-1"), ServiceName: aws.String("com.amazonaws.eu-west-1." + service), VpcEndpointType: "Interface", State: "available",
		SubnetIds: []string{"subnet-p"}, Groups: []types.SecurityGroupIdentifier{{GroupId: aws.String("sg-e")}}, PrivateDnsEnabled: aws.Bool(true),
	}
}

func (l *look) tagged(e types.VpcEndpoint, k model.Key) types.VpcEndpoint {
	for _, t := range l.ours(k) {
		e.Tags = append(e.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	return e
}

func TestAnEndpointIsReadWithItsWholeName(t *testing.T) {
	l := privately("eu-west-1")
	l.endpointsFound = []types.VpcEndpoint{l.tagged(link("vpce-1", "ecr.api"), model.EndpointKey("ecr.api"))}
	foldEndpoints(l)
	e, ok := model.Find[model.Endpoint](&l.inv.Set, model.EndpointKey("ecr.api"))
	if !ok || e.Name != "com.amazonaws.eu-west-1.ecr.api" || e.Type != model.InterfaceEndpoint || !e.PrivateDNS || e.Policy != "" ||
		e.Subnets[0] != model.SubnetKey(model.Private, "a") || e.Groups[0] != model.EndpointsGroupKey() {
		t.Errorf("%v: %+v", ok, e)
	}
}

func TestAnEndpointThatIsBeingDeletedGivesWayToOneThatLives(t *testing.T) {
	for _, order := range [][2]string{{"vpce-1", "vpce-2"}, {"vpce-2", "vpce-1"}} {
		l := privately("eu-west-1")
		for _, id := range order {
			e := l.tagged(link(id, "sqs"), model.EndpointKey("sqs"))
			if id == "vpce-1" {
				e.State = "deleting"
			}
			l.endpointsFound = append(l.endpointsFound, e)
		}
		foldEndpoints(l)
		if h := l.inv.Handle(model.EndpointKey("sqs")); h.ID != "vpce-2" || h.Status != model.Ready {
			t.Errorf("in the order %v: %+v", order, h)
		}
		if l.inv.Len() != 3 { // with the VPC and the one that goes
			t.Errorf("in the order %v there are %d", order, l.inv.Len())
		}
	}
}

// AWS PrivateLink guide, "Private DNS": one endpoint of a VPC has a service's own name.
func TestAnEndpointOfOthersIsInTheWayWhereItTakesTheNameOrTheRoute(t *testing.T) {
	free, gateway, elsewhere := link("vpce-2", "sns"), link("vpce-3", "dynamodb"), link("vpce-4", "s3")
	free.PrivateDnsEnabled = aws.Bool(false)
	gateway.VpcEndpointType, gateway.PrivateDnsEnabled, gateway.RouteTableIds = "Gateway", nil, []string{"rtb-p"}
	elsewhere.VpcEndpointType, elsewhere.PrivateDnsEnabled, elsewhere.RouteTableIds = "Gateway", nil, []string{"rtb-other"}
	l := privately("eu-west-1")
	l.endpointsFound = []types.VpcEndpoint{link("vpce-1", "sqs"), free, gateway, elsewhere}
	foldEndpoints(l)
	want := []model.Key{model.EndpointKey("sqs"), {}, model.EndpointKey("dynamodb"), {}}
	for i, s := range l.inv.Strays {
		if s.Key != want[i] {
			t.Errorf("%s is in the place of %v, want %v", s.ID, s.Key, want[i])
		}
	}
	if len(l.inv.Strays) != len(want) {
		t.Errorf("%d strays", len(l.inv.Strays))
	}
}

func TestServicesAreKnownByTheirShortNames(t *testing.T) {
	l := privately("cn-north-1")
	l.ask.Services = []string{"ecs-agent", "s3tables"}
	l.endpointServices = []types.ServiceDetail{
		{
			ServiceName: aws.String("cn.com.amazonaws.cn-north-1.ecs-agent"), PrivateDnsName: aws.String("ecs-a.cn-north-1.amazonaws.com.cn"),
			ServiceType: []types.ServiceTypeDetail{{ServiceType: "Interface"}}, AvailabilityZones: []string{"cn-north-1b", "cn-north-1a"},
			VpcEndpointPolicySupported: aws.Bool(true),
		},
	}
	got := l.services()
	e := got["ecs-agent"]
	if len(got) != 1 || e.Name != "cn.com.amazonaws.cn-north-1.ecs-agent" || !e.PrivateDNS || !e.Policies || e.Types[0] != "interface" || e.Zones[0] != "cn-north-1a" {
		t.Errorf("%+v", got)
	}
	if names := shape.ServiceNames("cn-north-1", "ecs"); len(names) != 2 {
		t.Errorf("asked for %v", names)
	}
	l.ask.Services = nil
	if l.services() != nil || serviceCalls(l) != nil {
		t.Error("it asks though nobody wants to know")
	}
}

func TestAFlowLogStaysTiedToWhatItFindsByName(t *testing.T) {
	l := privately("eu-west-1")
	var tags []types.Tag
	for _, x := range l.ours(model.FlowLogKey()) {
		tags = append(tags, types.Tag{Key: aws.String(x.Key), Value: aws.String(x.Value)})
	}
	l.flowLogsFound = []types.FlowLog{
		{FlowLogId: aws.String("fl-other"), LogDestinationType: "s3"},
		{
			FlowLogId: aws.String("fl-1"), ResourceId: aws.String("vpc-1"), LogDestinationType: "cloud-watch-logs", TrafficType: "ALL", MaxAggregationInterval: aws.Int32(60), Tags: tags,
			LogGroupName: aws.String("/berth/prod_shop/vpc-flow-logs"), DeliverLogsPermissionArn: aws.String("arn:aws:iam::123456789012:role/ecs/prod_shop_eu-west-1_flow_logs"),
			DeliverLogsStatus: aws.String("FAILED"), DeliverLogsErrorMessage: aws.String("Access error"),
		},
	}
	foldFlowLogs(l) // neither the group nor the role stands
	f, ok := model.Find[model.FlowLog](&l.inv.Set, model.FlowLogKey())
	if !ok || f.LogGroup != model.LogGroupKey(model.FlowLogGroup) || f.Role != model.RoleKey(model.FlowLogRole) || f.Seconds != 60 {
		t.Errorf("%v: %+v", ok, f)
	}
	if h := l.inv.Handle(f.Key()); h.ID != "fl-1" || h.Reason != "Access error" {
		t.Errorf("%+v", h)
	}
	if len(l.inv.Strays) != 0 {
		t.Errorf("flow logs of others are in nobody's way: %v", l.inv.Strays)
	}
}
