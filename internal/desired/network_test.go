package desired_test

import (
	"slices"
	"strings"
	"testing"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

func TestWithoutNATGatewaysNothingLeadsOutOfThePrivateSubnets(t *testing.T) {
	set := build(t, original, "nat=none")
	for r := range set.All() {
		if k := r.Key(); k.Kind == model.KindNATGateway || k.Kind == model.KindElasticIP || k.Kind == model.KindRoute && strings.HasPrefix(k.Name, "private/") {
			t.Errorf("there is %s", k)
		}
	}
	for _, z := range []string{"eu-west-1a", "eu-west-1b"} { // load balancers still face the internet
		get[model.Route](t, set, model.RouteKey(model.Public, z))
	}
}

func TestWithoutNATGatewaysInstancesWaitForEveryEndpointThatTheyNeed(t *testing.T) {
	set := build(t, original, "nat=none", `vpc_endpoints=["sqs"]`)
	capacity := get[model.Capacity](t, set, model.CapacityKey("default"))
	for _, s := range append(config.InstanceServices(), "s3", "sqs") {
		get[model.Endpoint](t, set, model.EndpointKey(s))
		if !slices.Contains(capacity.Refs(), model.EndpointKey(s)) {
			t.Errorf("they do not wait for %s", s)
		}
	}
	for _, k := range capacity.Routes {
		if k.Kind != model.KindEndpoint {
			t.Errorf("they wait for %s", k)
		}
	}
}

// An agent that is told to take its instance's tags along asks EC2 for them, and does not register without an answer (ECS
// agent, "registerContainerInstance").
func TestTheAgentOfAClosedNetworkReachesWhatItsSettingsMakeItAsk(t *testing.T) {
	set := build(t, original, "nat=none")
	for l := range model.Every[model.LaunchTemplate](&set) {
		if strings.Contains(l.Content.UserData, "ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance") && !set.Has(model.EndpointKey("ec2")) {
			t.Error("it asks EC2, and there is no way to it")
		}
	}
}

func TestInterfaceEndpointsStandInEveryZoneBehindAGroupOfTheirOwn(t *testing.T) {
	set := build(t, everything, "nat=none")
	group := get[model.SecurityGroup](t, set, model.EndpointsGroupKey())
	if len(group.Ingress) != 1 || group.Ingress[0].From != 443 || group.Ingress[0].To != 443 || group.Ingress[0].CIDR != "10.20.0.0/16" || len(group.Egress) != 0 {
		t.Errorf("the group lets in %v and out %v", group.Ingress, group.Egress)
	}
	n := 0
	for e := range model.Every[model.Endpoint](&set) {
		if e.Type == model.GatewayEndpoint {
			if len(e.RouteTables) != 3 || len(e.Subnets)+len(e.Groups) != 0 || e.PrivateDNS {
				t.Error(e)
			}
			continue
		}
		n++
		if len(e.Subnets) != 3 || !slices.Equal(e.Groups, []model.Key{group.Key()}) || !e.PrivateDNS || len(e.RouteTables) != 0 {
			t.Error(e)
		}
		for _, s := range e.Subnets {
			if !strings.HasPrefix(s.Name, "private/") {
				t.Errorf("%s stands in %s", e.Key(), s)
			}
		}
	}
	if n != len(config.InstanceServices()) {
		t.Errorf("%d interface endpoints", n)
	}
}

func TestEndpointsFollowWhatTheRegionSaysOfTheService(t *testing.T) {
	c := load(t, original, `vpc_endpoints=["ecs-agent", "sqs"]`)
	facts := factsOf(c)
	facts.Services = map[string]model.EndpointService{
		"ecs-agent": {Name: "cn.com.amazonaws.cn-north-1.ecs-agent", PrivateDNS: true},
		"sqs":       {Name: "com.amazonaws.eu-west-1.sqs", Policies: true},
	}
	set := desired.Build(c, facts)
	if e := get[model.Endpoint](t, set, model.EndpointKey("ecs-agent")); e.Name != "cn.com.amazonaws.cn-north-1.ecs-agent" || e.Policy != "" || !e.PrivateDNS {
		t.Errorf("a service without policies: %+v", e)
	}
	if e := get[model.Endpoint](t, set, model.EndpointKey("sqs")); e.PrivateDNS || e.Policy != "" {
		t.Errorf("a service without a private name: %+v", e)
	}
}

func TestWhatOnlyAgentsTalkToServesNoOtherAccount(t *testing.T) {
	set := build(t, original, "nat=none")
	for e := range model.Every[model.Endpoint](&set) {
		own := slices.Contains([]string{"ecs-agent", "ecs-telemetry", "ssmmessages", "ec2messages"}, e.Service)
		if own != (e.Policy != "") {
			t.Errorf("%s has the policy %q", e.Key(), e.Policy)
		}
		if own && statements(t, e.Policy)[0].Condition["StringEquals"]["aws:PrincipalAccount"] != "123456789012" {
			t.Errorf("%s lets through %s", e.Key(), e.Policy)
		}
	}
}

func TestFlowLogsRecordAllTrafficAndMayWriteNowhereElse(t *testing.T) {
	set := build(t, original, "flow_logs=cloudwatch", "log_retention_days=90")
	f, group := get[model.FlowLog](t, set, model.FlowLogKey()), get[model.LogGroup](t, set, model.LogGroupKey(model.FlowLogGroup))
	if f.To != model.ToLogGroup || f.LogGroup != group.Key() || f.Traffic != "ALL" || f.Seconds != 600 || f.Bucket != "" {
		t.Error(f)
	}
	if group.Name != "/berth/acc_acc/vpc-flow-logs" || group.Days != 90 {
		t.Error(group)
	}
	r := get[model.Role](t, set, f.Role)
	for _, s := range statements(t, r.Inline[0].Document) {
		for _, arn := range s.Resource {
			if !slices.Contains(s.Action, "logs:DescribeLogGroups") && arn != "arn:aws:logs:eu-west-1:123456789012:log-group:/berth/acc_acc/vpc-flow-logs:*" {
				t.Errorf("it may %v on %s", s.Action, arn)
			}
		}
	}
	if len(r.Managed) != 0 || len(r.Inline) != 1 {
		t.Error(r)
	}
	instance := get[model.Role](t, set, model.RoleKey("instance"))
	for _, p := range instance.Inline {
		if strings.Contains(p.Document, "berth") {
			t.Errorf("instances may write the record themselves: %s", p.Document)
		}
	}
}

func TestFlowLogsInABucketNeedNoRoleOfOurs(t *testing.T) {
	set := build(t, original, "flow_logs=arn:aws:s3:::archive/acc/", "flow_log_interval=60")
	f := get[model.FlowLog](t, set, model.FlowLogKey())
	if f.To != model.ToBucket || f.Bucket != "arn:aws:s3:::archive/acc/" || !f.Role.IsZero() || !f.LogGroup.IsZero() || f.Seconds != 60 {
		t.Error(f)
	}
	if set.Has(model.RoleKey(model.FlowLogRole)) || set.Has(model.LogGroupKey(model.FlowLogGroup)) {
		t.Error("and there is one")
	}
}
