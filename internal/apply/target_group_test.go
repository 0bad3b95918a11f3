package apply_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/cloud"
	"berth/internal/model"
	"berth/internal/plan"
)

func TestTargetGroupIsMendedWhereItWasChangedBehindOurBack(t *testing.T) {
	b := newBalancing(t)
	k := model.TargetGroupKey("")
	for _, s := range []struct {
		name string
		in   elbv2.ModifyTargetGroupInput
	}{
		{"health_check.path", elbv2.ModifyTargetGroupInput{HealthCheckPath: aws.String("/health")}},
		{"health_check.protocol", elbv2.ModifyTargetGroupInput{HealthCheckProtocol: types.ProtocolEnumHttps}},
		{"health_check.port", elbv2.ModifyTargetGroupInput{HealthCheckPort: aws.String("8080")}},
		{"health_check.codes", elbv2.ModifyTargetGroupInput{Matcher: &types.Matcher{HttpCode: aws.String("200-299")}}},
		{"health_check.interval", elbv2.ModifyTargetGroupInput{HealthCheckIntervalSeconds: aws.Int32(60)}},
		{"health_check.timeout", elbv2.ModifyTargetGroupInput{HealthCheckTimeoutSeconds: aws.Int32(9)}},
		{"health_check.healthy_threshold", elbv2.ModifyTargetGroupInput{HealthyThresholdCount: aws.Int32(9)}},
		{"health_check.unhealthy_threshold", elbv2.ModifyTargetGroupInput{UnhealthyThresholdCount: aws.Int32(9)}},
	} {
		b.mends(k, func() {
			s.in.TargetGroupArn = aws.String(b.id(k))
			called(b, b.cloud.Balance.ModifyTargetGroup, &s.in)
		}, s.name)
	}
	for _, s := range []struct{ name, value string }{
		{"deregistration_delay.timeout_seconds", "300"},
		{"load_balancing.algorithm.type", "least_outstanding_requests"},
		{"slow_start.duration_seconds", "60"},
		{"stickiness.enabled", "true"},
	} {
		b.mends(k, func() {
			called(b, b.cloud.Balance.ModifyTargetGroupAttributes, &elbv2.ModifyTargetGroupAttributesInput{
				TargetGroupArn: aws.String(b.id(k)), Attributes: []types.TargetGroupAttribute{{Key: aws.String(s.name), Value: aws.String(s.value)}},
			})
		}, s.name)
	}
}

func TestTargetGroupInUseIsBusyAndAFreeOneGoes(t *testing.T) {
	b := newBalancing(t)
	k := model.TargetGroupKey("back")
	if _, err := b.do(plan.Delete, k); !cloud.Busy(err) {
		t.Fatalf("a target group in use: %v", err)
	}
	_, err := b.do(plan.Delete, model.ListenerKey("back", 80))
	b.must(err)
	for range 2 { // the second time it is gone
		h, err := b.do(plan.Delete, k)
		b.must(err)
		if h != (model.Handle{}) {
			t.Fatalf("the deletion answers %+v", h)
		}
	}
	b.look(model.KindTargetGroup, model.KindListener)
	if b.have.Has(k) || b.have.Has(model.ListenerKey("back", 80)) {
		t.Fatal("they are still there")
	}
	b.settle()
}

func TestTargetGroupsOfServicesAreNotOurConcern(t *testing.T) {
	b := newBalancing(t)
	called(b, b.cloud.Balance.CreateTargetGroup, &elbv2.CreateTargetGroupInput{
		Name: aws.String("prod-shop-api"), Protocol: types.ProtocolEnumHttp, Port: aws.Int32(80), VpcId: aws.String(b.id(model.VPCKey())),
		Tags: []types.Tag{
			{Key: aws.String(model.TagEnvironment), Value: aws.String("prod")},
			{Key: aws.String(model.TagCluster), Value: aws.String("shop")},
			{Key: aws.String("berth:service"), Value: aws.String("api")},
		},
	})
	b.settle()
}
