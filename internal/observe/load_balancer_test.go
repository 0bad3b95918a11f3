package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/model"
)

const arnPrefix = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:"

func balancer(name, vpc string) types.LoadBalancer {
	return types.LoadBalancer{
		LoadBalancerArn: aws.String(arnPrefix + "loadbalancer/app/" + name + "/1f"), LoadBalancerName: aws.String(name), VpcId: aws.String(vpc),
		Type: types.LoadBalancerTypeEnumApplication, Scheme: types.LoadBalancerSchemeEnumInternetFacing, DNSName: aws.String(name + ".elb"),
		SecurityGroups: []string{"sg-1", "sg-x"}, State: &types.LoadBalancerState{Code: types.LoadBalancerStateEnumActive},
		AvailabilityZones: []types.AvailabilityZone{
			{ZoneName: aws.String("b"), SubnetId: aws.String("subnet-b")}, {ZoneName: aws.String("a"), SubnetId: aws.String("subnet-a")},
		},
	}
}

// stands puts a load balancer with its tags and attributes among the answers.
func (l *look) stands(b types.LoadBalancer, tags model.Tags) {
	if l.balancerSettings == nil {
		l.balancersAsked, l.balanceTags, l.balancerSettings = true, map[string]model.Tags{}, map[string]model.Settings{}
	}
	l.balancers = append(l.balancers, b)
	l.balanceTags[*b.LoadBalancerArn] = tags
	l.balancerSettings[*b.LoadBalancerArn] = model.NewSettings(model.Setting{Name: "routing.http2.enabled", Value: "true"})
}

func TestLoadBalancerIsReadIntoOurWords(t *testing.T) {
	l := lookFor("")
	k := model.LoadBalancerKey("")
	l.stands(balancer("prod-shop", ourVPC), l.ours(k).With("cost", "42"))
	foldLoadBalancers(l)
	got, ok := model.Find[model.LoadBalancer](&l.inv.Set, k)
	if !ok || got.Name != "prod-shop" || got.Balancer != "" || got.Scheme != "internet-facing" || got.Settings.Get("routing.http2.enabled") != "true" {
		t.Fatalf("load balancer: %v %+v", ok, got)
	}
	expect(t, "subnets by zone", got.Subnets, []model.Key{model.SubnetKey(model.Public, "a"), model.SubnetKey(model.Public, "b")})
	expect(t, "groups", got.Groups, []model.Key{model.BalancerGroupKey(""), model.Foreign("sg-x")})
	expect(t, "tags", got.Tags, l.ours(k))
	arn := arnPrefix + "loadbalancer/app/prod-shop/1f"
	if h := l.inv.Handle(k); h != (model.Handle{ID: arn, ARN: arn, Address: "prod-shop.elb"}) {
		t.Errorf("handle: %+v", h)
	}
}

func TestWhatIsNotOursIsAStrayWhereItIsInTheWay(t *testing.T) {
	l := lookFor("", "back")
	other := model.NewTags(model.Tag{Key: model.TagEnvironment, Value: "prod"}, model.Tag{Key: model.TagCluster, Value: "other"})
	network := balancer("prod-shop-net", ourVPC)
	network.Type = types.LoadBalancerTypeEnumNetwork
	l.stands(balancer("theirs", ourVPC), other)
	l.stands(balancer("far-away", "vpc-2"), nil)
	l.stands(balancer("prod-shop", "vpc-2"), nil)
	l.stands(network, l.ours(model.LoadBalancerKey("net")))
	foldLoadBalancers(l)
	expect(t, "strays", l.strays(), []string{
		"load_balancer.default|" + arnPrefix + "loadbalancer/app/prod-shop/1f|load balancer prod-shop",
		"|" + arnPrefix + "loadbalancer/app/prod-shop-net/1f|load balancer prod-shop-net",
		"|" + arnPrefix + "loadbalancer/app/theirs/1f|load balancer theirs",
	})
	if l.inv.Len() != 1 {
		t.Errorf("taken for ours: %+v", l.inv.Set)
	}
}

func TestLostKeyIsReadFromTheNameAlsoOfWhatTheFileDropped(t *testing.T) {
	l := lookFor("")
	for _, name := range []string{"prod-shop", "prod-shop-old"} {
		l.stands(balancer(name, ourVPC), l.ours(model.LoadBalancerKey("any")).Without(model.TagKey))
	}
	foldLoadBalancers(l)
	if !l.inv.Has(model.LoadBalancerKey("")) || !l.inv.Has(model.LoadBalancerKey("old")) || len(l.inv.Strays) > 0 {
		t.Errorf("inventory %+v, strays %v", l.inv.Set, l.strays())
	}
}

func TestOurNameKeepsTheKeyAgainstACopyOfTheTags(t *testing.T) {
	l := lookFor("")
	k := model.LoadBalancerKey("")
	l.stands(balancer("copy", ourVPC), l.ours(k))
	l.stands(balancer("prod-shop", ourVPC), l.ours(k))
	foldLoadBalancers(l)
	if got, _ := model.Find[model.LoadBalancer](&l.inv.Set, k); got.Name != "prod-shop" {
		t.Errorf("the key is held by %q", got.Name)
	}
	if n := l.inv.Len(); n != 3 {
		t.Errorf("%d resources, want the VPC, ours and a duplicate", n)
	}
}

func TestLoadBalancerThatWentWhileWeLookedIsNotThere(t *testing.T) {
	l := lookFor("")
	b := balancer("prod-shop", ourVPC)
	l.stands(b, l.ours(model.LoadBalancerKey("")))
	delete(l.balanceTags, *b.LoadBalancerArn)
	foldLoadBalancers(l)
	if l.inv.Has(model.LoadBalancerKey("")) || len(l.inv.Strays) > 0 {
		t.Errorf("inventory %+v, strays %v", l.inv.Set, l.strays())
	}
}

func TestInterfacesOfAStandingLoadBalancerDoNotMakeItLeave(t *testing.T) {
	l := lookFor("")
	l.stands(balancer("prod-shop", ourVPC), l.ours(model.LoadBalancerKey("")))
	l.interfaces = []ec2types.NetworkInterface{node("ELB app/prod-shop/1f", "eni-1", "subnet-a")}
	foldLoadBalancers(l)
	if h := l.inv.Handle(model.LoadBalancerKey("")); h.Status != model.Ready || l.inv.Len() != 2 {
		t.Errorf("handle %+v in %+v", h, l.inv.Set)
	}
}

func TestInterfacesWithoutALoadBalancerShowThatItIsLeaving(t *testing.T) {
	l := lookFor("")
	old := arnPrefix + "loadbalancer/app/prod-shop-old/2f"
	l.bind(model.LoadBalancerKey("old"), old) // known before, no longer in the file
	l.interfaces = []ec2types.NetworkInterface{
		node("ELB app/prod-shop/1f", "eni-1", "subnet-a"), node("ELB app/prod-shop/1f", "eni-2", "subnet-b"),
		node("ELB app/prod-shop-old/2f", "eni-3", "subnet-a"), node("ELB app/theirs/3f", "eni-4", "subnet-a"),
		node("ELB net/prod-shop/4f", "eni-5", "subnet-a"), node("ELB prod-shop", "eni-6", "subnet-a"),
	}
	foldLoadBalancers(l)
	got, _ := model.Find[model.LoadBalancer](&l.inv.Set, model.LoadBalancerKey(""))
	expect(t, "subnets", got.Subnets, []model.Key{model.SubnetKey(model.Public, "a"), model.SubnetKey(model.Public, "b")})
	expect(t, "groups", got.Groups, []model.Key{model.BalancerGroupKey("")})
	arn := arnPrefix + "loadbalancer/app/prod-shop/1f"
	if h := l.inv.Handle(got.Key()); h != (model.Handle{ID: arn, ARN: arn, Status: model.Leaving, Reason: "its network interfaces are still there"}) {
		t.Errorf("handle: %+v", h)
	}
	if h := l.inv.Handle(model.LoadBalancerKey("old")); h.Status != model.Leaving || h.ARN != old {
		t.Errorf("handle of the one known before: %+v", h)
	}
	if n := l.inv.Len(); n != 3 {
		t.Errorf("%d resources, want the VPC and two load balancers: %+v", n, l.inv.Set)
	}
}
