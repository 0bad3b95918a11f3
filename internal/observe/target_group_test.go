package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func targets(name, vpc string) types.TargetGroup {
	return types.TargetGroup{
		TargetGroupArn: aws.String(arnPrefix + "targetgroup/" + name + "/1f"), TargetGroupName: aws.String(name), VpcId: aws.String(vpc),
		Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), HealthCheckProtocol: types.ProtocolEnumHttp, HealthCheckPort: aws.String("traffic-port"),
		HealthCheckPath: aws.String("/"), HealthCheckIntervalSeconds: aws.Int32(15), HealthCheckTimeoutSeconds: aws.Int32(5),
		HealthyThresholdCount: aws.Int32(2), UnhealthyThresholdCount: aws.Int32(3), Matcher: &types.Matcher{HttpCode: aws.String("200")},
	}
}

func (l *look) receives(g types.TargetGroup, tags model.Tags) {
	if l.targetSettings == nil {
		l.targetSettings = map[string]model.Settings{}
	}
	if l.balanceTags == nil {
		l.balanceTags = map[string]model.Tags{}
	}
	l.targetGroups = append(l.targetGroups, g)
	l.balanceTags[*g.TargetGroupArn] = tags
	l.targetSettings[*g.TargetGroupArn] = model.NewSettings(model.Setting{Name: "stickiness.enabled", Value: "false"})
}

func TestTargetGroupIsReadIntoOurWords(t *testing.T) {
	l := lookFor("back")
	k := model.TargetGroupKey("back")
	l.receives(targets("prod-shop-back-default", ourVPC), l.ours(k))
	foldTargetGroups(l)
	got, ok := model.Find[model.TargetGroup](&l.inv.Set, k)
	want := model.HealthCheck{Protocol: "HTTP", Path: "/", Port: "traffic-port", Codes: "200", Interval: 15, Timeout: 5, Healthy: 2, Unhealthy: 3}
	if !ok || got.Balancer != "back" || got.Protocol != "HTTP" || got.Port != 80 || got.Check != want || got.Settings.Get("stickiness.enabled") != "false" {
		t.Fatalf("target group: %v %+v", ok, got)
	}
	if h := l.inv.Handle(k); h.Status != model.Ready || h.ID != h.ARN || h.ID == "" {
		t.Errorf("handle: %+v", h)
	}
}

func TestTargetGroupInAnotherVPCSaysSo(t *testing.T) {
	l := lookFor("")
	k := model.TargetGroupKey("")
	l.receives(targets("prod-shop-default", "vpc-0"), l.ours(k))
	foldTargetGroups(l)
	if g, ok := model.Find[model.TargetGroup](&l.inv.Set, k); !ok || g.VPC != model.Foreign("vpc-0") {
		t.Errorf("found: %v %+v", ok, g)
	}
}

func TestTargetGroupsOfOthersAreInTheWayByNameOnly(t *testing.T) {
	l := lookFor("", "back")
	mark := l.ours(model.TargetGroupKey("any")).Without(model.TagKey)
	l.receives(targets("prod-shop-back-default", "vpc-2"), nil)
	l.receives(targets("somebodys", ourVPC), nil)
	l.receives(targets("prod-shop-api", ourVPC), mark.With("berth:service", "api"))
	l.receives(targets("prod-shop-default", ourVPC), mark)
	foldTargetGroups(l)
	expect(t, "strays", l.strays(), []string{
		"target_group.back|" + arnPrefix + "targetgroup/prod-shop-back-default/1f|target group prod-shop-back-default",
	})
	if l.inv.Len() != 2 || !l.inv.Has(model.TargetGroupKey("")) {
		t.Errorf("inventory: %+v", l.inv.Set)
	}
}

func TestTargetGroupWithoutItsKeyIsFoundByTheLoadBalancerThatTheFileDropped(t *testing.T) {
	l := lookFor("")
	l.inv.Add(model.LoadBalancer{Balancer: "old"}, model.Handle{})
	l.receives(targets("prod-shop-old-default", ourVPC), l.ours(model.TargetGroupKey("old")).Without(model.TagKey))
	foldTargetGroups(l)
	if !l.inv.Has(model.TargetGroupKey("old")) {
		t.Errorf("inventory: %+v", l.inv.Set)
	}
}

// The groups of services share the VPC with ours and may be many.
func TestOnlyOurOwnTargetGroupsAreAskedForTheirAttributes(t *testing.T) {
	l := lookFor("")
	l.c = &cloud.Cloud{}
	for range 50 {
		l.receives(targets("somebodys", ourVPC), nil)
	}
	l.receives(targets("prod-shop-default", ourVPC), l.ours(model.TargetGroupKey("")))
	if n := len(targetGroupDetailCalls(l)); n != 1 {
		t.Errorf("%d calls", n)
	}
}
