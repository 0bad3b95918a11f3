package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/model"
)

func opens(port, instancePort int32, front, back string) types.ListenerDescription {
	return types.ListenerDescription{Listener: &types.Listener{
		LoadBalancerPort: port, InstancePort: aws.Int32(instancePort), Protocol: aws.String(front), InstanceProtocol: aws.String(back),
	}}
}

func (l *look) standsClassic(name, vpc string, tags model.Tags) {
	if l.classicTags == nil {
		l.classicTags, l.classicAttributes = map[string]model.Tags{}, map[string]*types.LoadBalancerAttributes{}
	}
	l.classics = append(l.classics, types.LoadBalancerDescription{
		LoadBalancerName: aws.String(name), VPCId: aws.String(vpc), Scheme: aws.String("internal"), DNSName: aws.String(name + ".elb"),
		Subnets: []string{"subnet-a"}, SecurityGroups: []string{"sg-1"}, ListenerDescriptions: []types.ListenerDescription{opens(80, 8080, "HTTP", "HTTP")},
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

func TestListenersOfOthersBesideOursAreTheirs(t *testing.T) {
	for _, c := range []struct {
		listeners          []types.ListenerDescription
		port, instancePort int
		protocol           string
	}{
		{nil, 0, 0, ""},
		{[]types.ListenerDescription{opens(22, 22, "TCP", "TCP"), opens(80, 8080, "http", "http")}, 80, 8080, "HTTP"},
		{[]types.ListenerDescription{opens(80, 8080, "HTTP", "HTTP"), opens(22, 22, "TCP", "TCP")}, 80, 8080, "HTTP"},
		{[]types.ListenerDescription{opens(443, 8080, "HTTPS", "HTTP"), opens(8443, 1, "SSL", "TCP")}, 8443, 1, "SSL to TCP"},
		{[]types.ListenerDescription{opens(443, 8080, "HTTPS", "HTTP")}, 0, 0, ""},
	} {
		port, instancePort, protocol := classicListener(c.listeners)
		if port != c.port || instancePort != c.instancePort || protocol != c.protocol {
			t.Errorf("got %d %d %q, want %d %d %q", port, instancePort, protocol, c.port, c.instancePort, c.protocol)
		}
	}
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
		want := leaving("prod-shop-" + b)
		if h := l.inv.Handle(model.ClassicKey(b)); h != want || h.Status != model.Leaving {
			t.Errorf("handle of %s: %+v", b, h)
		}
	}
	if n := l.inv.Len(); n != 3 {
		t.Errorf("%d resources, want the VPC and two load balancers: %+v", n, l.inv.Set)
	}
}

func TestWhatListensOn443IsTheEncryptedListener(t *testing.T) {
	secure := opens(443, 8080, "https", "http")
	secure.Listener.SSLCertificateId, secure.PolicyNames = aws.String("arn:a"), []string{"berth-ELBSecurityPolicy-TLS-1-2-2017-01"}
	got := classicTLS([]types.ListenerDescription{opens(80, 8080, "HTTP", "HTTP"), secure})
	want := model.ClassicTLS{
		Port: 443, InstancePort: 8080, Protocol: "HTTPS to HTTP", Certificate: "arn:a", Policy: "ELBSecurityPolicy-TLS-1-2-2017-01",
	}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if got := classicTLS([]types.ListenerDescription{opens(80, 8080, "HTTP", "HTTP"), opens(8443, 1, "SSL", "TCP")}); got != (model.ClassicTLS{}) {
		t.Errorf("another port is taken for ours: %+v", got)
	}
}
