package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/model"
	"berth/internal/observe/shape"
)

func (l *look) standsClassic(name, vpc string, tags model.Tags) {
	if l.classicTags == nil {
		l.classicTags, l.classicAttributes = map[string]model.Tags{}, map[string]*types.LoadBalancerAttributes{}
	}
	l.classics = append(l.classics, types.LoadBalancerDescription{
		LoadBalancerName: aws.String(name), VPCId: aws.String(vpc), Scheme: aws.String("internal"), DNSName: aws.String(name + ".elb"),
		Subnets: []string{"subnet-a"}, SecurityGroups: []string{"sg-1"}, ListenerDescriptions: []types.ListenerDescription{{Listener: &types.Listener{
			LoadBalancerPort: 80, InstancePort: aws.Int32(8080), Protocol: aws.String("HTTP"), InstanceProtocol: aws.String("HTTP"),
		}}},
		HealthCheck: &types.HealthCheck{
			Target: aws.String("TCP:8080"), Interval: aws.Int32(15), Timeout: aws.Int32(5), HealthyThreshold: aws.Int32(2), UnhealthyThreshold: aws.Int32(3),
		},
	})
	l.classicTags[name] = tags
	l.classicAttributes[name] = &types.LoadBalancerAttributes{
		CrossZoneLoadBalancing: &types.CrossZoneLoadBalancing{Enabled: true}, ConnectionSettings: &types.ConnectionSettings{IdleTimeout: aws.Int32(60)},
		ConnectionDraining: &types.ConnectionDraining{Enabled: true, Timeout: aws.Int32(30)},
	}
}

func TestClassicLoadBalancerIsReadIntoOurWords(t *testing.T) {
	l := lookFor("legacy")
	k := model.ClassicKey("legacy")
	l.standsClassic("prod-shop-legacy", ourVPC, l.ours(k).Without(model.TagKey))
	foldClassics(l)
	got, ok := model.Find[model.ClassicLoadBalancer](&l.inv.Set, k)
	want := model.ClassicCheck{Target: "TCP:8080", Interval: 15, Timeout: 5, Healthy: 2, Unhealthy: 3}
	if !ok || got.Scheme != "internal" || got.Port != 80 || got.InstancePort != 8080 || got.Protocol != "HTTP" || got.Check != want {
		t.Fatalf("load balancer: %v %+v", ok, got)
	}
	if !got.CrossZone || got.DrainSeconds != 30 || got.IdleSeconds != 60 {
		t.Errorf("attributes: %+v", got)
	}
	if h := l.inv.Handle(k); h != (model.Handle{ID: "prod-shop-legacy", Address: "prod-shop-legacy.elb"}) {
		t.Errorf("handle: %+v", h)
	}
}

func TestDrainingThatIsOffTakesNoTime(t *testing.T) {
	l := lookFor("legacy")
	l.standsClassic("prod-shop-legacy", ourVPC, l.ours(model.ClassicKey("legacy")))
	l.classicAttributes["prod-shop-legacy"].ConnectionDraining.Enabled = false
	foldClassics(l)
	if got, _ := model.Find[model.ClassicLoadBalancer](&l.inv.Set, model.ClassicKey("legacy")); got.DrainSeconds != 0 {
		t.Errorf("%d seconds", got.DrainSeconds)
	}
}

func TestClassicLoadBalancersOfOthersAreStrays(t *testing.T) {
	l := lookFor("legacy")
	l.standsClassic("theirs", ourVPC, nil)
	l.standsClassic("prod-shop-legacy", "vpc-2", nil)
	l.standsClassic("far-away", "vpc-2", nil)
	foldClassics(l)
	expect(t, "strays", l.strays(), []string{
		"classic_load_balancer.legacy|prod-shop-legacy|classic load balancer prod-shop-legacy", "|theirs|classic load balancer theirs",
	})
}

func TestInterfacesWithoutAClassicLoadBalancerShowThatItIsLeaving(t *testing.T) {
	l := lookFor("legacy")
	l.bind(model.ClassicKey("old"), "prod-shop-old")
	l.interfaces = []ec2types.NetworkInterface{
		node("ELB prod-shop-legacy", "eni-1", "subnet-a"), node("ELB prod-shop-old", "eni-2", "subnet-b"), node("ELB theirs", "eni-3", "subnet-a"),
		node("ELB app/prod-shop-legacy/1f", "eni-4", "subnet-a"),
	}
	foldClassics(l)
	for _, b := range []string{"legacy", "old"} {
		want := shape.Leaving("prod-shop-" + b)
		if h := l.inv.Handle(model.ClassicKey(b)); h != want || h.Status != model.Leaving {
			t.Errorf("handle of %s: %+v", b, h)
		}
	}
	if n := l.inv.Len(); n != 3 {
		t.Errorf("%d resources, want the VPC and two load balancers: %+v", n, l.inv.Set)
	}
}
