package apply_test

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/model"
	"berth/internal/plan"
)

const legacy = "prod-shop-legacy"

func (b *balancing) reopen(listeners ...types.Listener) {
	called(b, b.cloud.Classic.DeleteLoadBalancerListeners, &elbv1.DeleteLoadBalancerListenersInput{
		LoadBalancerName: aws.String(legacy), LoadBalancerPorts: []int32{80},
	})
	if len(listeners) > 0 {
		called(b, b.cloud.Classic.CreateLoadBalancerListeners, &elbv1.CreateLoadBalancerListenersInput{
			LoadBalancerName: aws.String(legacy), Listeners: listeners,
		})
	}
}

func classicListener(port, instancePort int32, protocol string) types.Listener {
	return types.Listener{LoadBalancerPort: port, Protocol: aws.String(protocol), InstancePort: aws.Int32(instancePort), InstanceProtocol: aws.String(protocol)}
}

func TestClassicListenerIsMended(t *testing.T) {
	b := newBalancing(t)
	k := model.ClassicKey("legacy")
	b.mends(k, func() { b.reopen(classicListener(80, 9090, "HTTP")) }, "instance_port")
	b.mends(k, func() { b.reopen(classicListener(80, 8080, "TCP")) }, "protocol")
	b.mends(k, func() { b.reopen(classicListener(8080, 8080, "HTTP")) }, "port")
	b.mends(k, func() { b.reopen() }, "port", "instance_port", "protocol")
}

func TestClassicHealthCheckIsMended(t *testing.T) {
	b := newBalancing(t)
	for name, check := range map[string]types.HealthCheck{ // unordered: each is mended before the next
		"target":              {Target: aws.String("HTTP:8080/health"), Interval: aws.Int32(15), Timeout: aws.Int32(5), HealthyThreshold: aws.Int32(2), UnhealthyThreshold: aws.Int32(2)},
		"interval":            {Target: aws.String("TCP:8080"), Interval: aws.Int32(30), Timeout: aws.Int32(5), HealthyThreshold: aws.Int32(2), UnhealthyThreshold: aws.Int32(2)},
		"timeout":             {Target: aws.String("TCP:8080"), Interval: aws.Int32(15), Timeout: aws.Int32(9), HealthyThreshold: aws.Int32(2), UnhealthyThreshold: aws.Int32(2)},
		"healthy_threshold":   {Target: aws.String("TCP:8080"), Interval: aws.Int32(15), Timeout: aws.Int32(5), HealthyThreshold: aws.Int32(9), UnhealthyThreshold: aws.Int32(2)},
		"unhealthy_threshold": {Target: aws.String("TCP:8080"), Interval: aws.Int32(15), Timeout: aws.Int32(5), HealthyThreshold: aws.Int32(2), UnhealthyThreshold: aws.Int32(9)},
	} {
		b.mends(model.ClassicKey("legacy"), func() {
			called(b, b.cloud.Classic.ConfigureHealthCheck, &elbv1.ConfigureHealthCheckInput{LoadBalancerName: aws.String(legacy), HealthCheck: &check})
		}, "health_check."+name)
	}
}

func TestClassicAttributesAreMended(t *testing.T) {
	b := newBalancing(t)
	for _, s := range []struct {
		name string
		set  types.LoadBalancerAttributes
	}{
		{"cross_zone", types.LoadBalancerAttributes{CrossZoneLoadBalancing: &types.CrossZoneLoadBalancing{}}},
		{"connection_draining_seconds", types.LoadBalancerAttributes{ConnectionDraining: &types.ConnectionDraining{}}},
		{"connection_draining_seconds", types.LoadBalancerAttributes{ConnectionDraining: &types.ConnectionDraining{Enabled: true, Timeout: aws.Int32(300)}}},
		{"idle_timeout_seconds", types.LoadBalancerAttributes{ConnectionSettings: &types.ConnectionSettings{IdleTimeout: aws.Int32(300)}}},
	} {
		b.mends(model.ClassicKey("legacy"), func() {
			called(b, b.cloud.Classic.ModifyLoadBalancerAttributes, &elbv1.ModifyLoadBalancerAttributesInput{
				LoadBalancerName: aws.String(legacy), LoadBalancerAttributes: &s.set,
			})
		}, s.name)
	}
}

func TestClassicPlaceAndTagsAreMended(t *testing.T) {
	b := newBalancing(t)
	k := model.ClassicKey("legacy")
	a, other := b.id(model.SubnetKey(model.Public, "eu-west-1a")), b.id(model.SubnetKey(model.Private, "eu-west-1a"))
	leave := func(id string) {
		called(b, b.cloud.Classic.DetachLoadBalancerFromSubnets, &elbv1.DetachLoadBalancerFromSubnetsInput{LoadBalancerName: aws.String(legacy), Subnets: []string{id}})
	}
	b.mends(k, func() { leave(a) }, "subnets")
	b.mends(k, func() { // another subnet of the same zone, which must be left before ours can be entered
		leave(a)
		called(b, b.cloud.Classic.AttachLoadBalancerToSubnets, &elbv1.AttachLoadBalancerToSubnetsInput{LoadBalancerName: aws.String(legacy), Subnets: []string{other}})
	}, "subnets")
	b.mends(k, func() {
		called(b, b.cloud.Classic.ApplySecurityGroupsToLoadBalancer, &elbv1.ApplySecurityGroupsToLoadBalancerInput{
			LoadBalancerName: aws.String(legacy), SecurityGroups: []string{b.id(model.BalancerGroupKey("back"))},
		})
	}, "security_groups")
	for _, tag := range []string{model.TagKey, model.TagEnvironment, model.TagCluster, "team"} {
		b.mends(k, func() {
			called(b, b.cloud.Classic.RemoveTags, &elbv1.RemoveTagsInput{LoadBalancerNames: []string{legacy}, Tags: []types.TagKeyOnly{{Key: aws.String(tag)}}})
		}, "tags."+tag)
	}
}

func TestDeletedClassicLoadBalancerIsLeavingUntilItsInterfacesAreGone(t *testing.T) {
	b := newBalancing(t)
	k := model.ClassicKey("legacy")
	for range 2 { // the second time it is gone
		h, err := b.do(plan.Delete, k)
		b.must(err)
		if h.Status != model.Leaving {
			t.Fatalf("the deletion answers %+v", h)
		}
	}
	b.look(model.KindClassic)
	left, _ := model.Find[model.ClassicLoadBalancer](&b.have.Set, k)
	if h := b.have.Handle(k); h.Status != model.Leaving || len(left.Subnets) != 2 || len(left.Groups) != 1 || left.Scheme != "internet-facing" {
		t.Fatalf("seen right after: %+v %+v", h, left)
	}
	b.must(b.sim.Sleep(t.Context(), 3*time.Minute))
	b.look(model.KindClassic)
	if b.have.Has(k) {
		t.Fatalf("after three minutes: %+v", b.have.Handle(k))
	}
}
