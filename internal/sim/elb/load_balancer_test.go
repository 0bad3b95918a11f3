package elb

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2/types"

	"berth/internal/sim/world"
)

func TestLoadBalancerHasNamesInAWSsForm(t *testing.T) {
	s := newStage(t)
	public := s.balancer("web")
	in := balancerInput("inner")
	in.Scheme = types.LoadBalancerSchemeEnumInternal
	internal := ok(s, CreateLoadBalancer, in).LoadBalancers[0]
	net := ok(s, CreateLoadBalancer, &elbv2.CreateLoadBalancerInput{
		Name: aws.String("net"), Type: types.LoadBalancerTypeEnumNetwork, Subnets: []string{subnetA},
	}).LoadBalancers[0]
	for _, c := range []struct{ got, want string }{
		{*public.LoadBalancerArn, `^arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/web/[0-9a-f]{16}$`},
		{*public.DNSName, `^web-\d{9}\.eu-west-1\.elb\.amazonaws\.com$`},
		{*internal.DNSName, `^internal-inner-\d{9}\.eu-west-1\.elb\.amazonaws\.com$`},
		{*net.LoadBalancerArn, `:loadbalancer/net/net/[0-9a-f]{16}$`},
		{*net.DNSName, `^net-[0-9a-f]{16}\.elb\.eu-west-1\.amazonaws\.com$`},
		{*public.CanonicalHostedZoneId, `^Z32O12XQLNTSW2$`},
		{*net.CanonicalHostedZoneId, `^Z2IFOLAFXWLO4F$`},
		{*public.VpcId, "^" + vpc + "$"},
	} {
		if !regexp.MustCompile(c.want).MatchString(c.got) {
			t.Errorf("%s does not match %s", c.got, c.want)
		}
	}
	if len(net.SecurityGroups) != 0 || !slices.Equal(public.SecurityGroups, []string{group}) {
		t.Errorf("security groups: %v and %v", net.SecurityGroups, public.SecurityGroups)
	}
}

func TestLoadBalancerBecomesActiveMinutesLater(t *testing.T) {
	s := newStage(t)
	lb := s.balancer("web")
	state := func() types.LoadBalancerStateEnum {
		out := ok(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{*lb.LoadBalancerArn}})
		return out.LoadBalancers[0].State.Code
	}
	s.Advance(119 * time.Second)
	if got := state(); got != types.LoadBalancerStateEnumProvisioning {
		t.Errorf("after 119 s it is %s", got)
	}
	s.Advance(2 * time.Minute)
	if got := state(); got != types.LoadBalancerStateEnumActive {
		t.Errorf("after 239 s it is %s", got)
	}
}

func TestRepeatedCreateMakesOneLoadBalancer(t *testing.T) {
	s := newStage(t)
	first := s.balancer("web")
	again := balancerInput("web")
	again.Subnets = []string{subnetB, subnetA}
	again.Scheme, again.Type = types.LoadBalancerSchemeEnumInternetFacing, types.LoadBalancerTypeEnumApplication
	if got := ok(s, CreateLoadBalancer, again).LoadBalancers[0]; *got.LoadBalancerArn != *first.LoadBalancerArn {
		t.Errorf("the repeat made %s", *got.LoadBalancerArn)
	}
	if n := s.Region.EC2.Interfaces.Len(); n != 4 {
		t.Errorf("%d interfaces, want two of instances and two of the load balancer", n)
	}
	again.Tags = []types.Tag{{Key: aws.String("team"), Value: aws.String("b")}}
	isCode(t, refusal(s, CreateLoadBalancer, again), "DuplicateLoadBalancerName")
	net := &elbv2.CreateLoadBalancerInput{Name: aws.String("web"), Type: types.LoadBalancerTypeEnumNetwork, Subnets: []string{subnetA}}
	isCode(t, refusal(s, CreateLoadBalancer, net), "DuplicateLoadBalancerName")
}

func TestCreateLoadBalancerRefusals(t *testing.T) {
	for _, c := range []struct {
		name, code string
		change     func(*stage, *elbv2.CreateLoadBalancerInput)
	}{
		{"no name", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Name = nil }},
		{"long name", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Name = aws.String(strings.Repeat("a", 33)) }},
		{"underscore", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Name = aws.String("a_b") }},
		{"hyphen at the end", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Name = aws.String("a-") }},
		{"reserved prefix", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Name = aws.String("internal-a") }},
		{"unknown scheme", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Scheme = "public" }},
		{"unknown type", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Type = "gateway" }},
		{"one zone", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Subnets = []string{subnetA} }},
		{"no subnet", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Subnets = nil }},
		{"both lists", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) {
			in.SubnetMappings = []types.SubnetMapping{{SubnetId: aws.String(subnetC)}}
		}},
		{"unknown subnet", "SubnetNotFound", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Subnets = []string{subnetA, "subnet-none"} }},
		{"same zone", "InvalidConfigurationRequest", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Subnets = []string{subnetC, tiny} }},
		{"two networks", "InvalidConfigurationRequest", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Subnets = []string{subnetA, elsewhereNet} }},
		{"subnet too small", "InvalidSubnet", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Subnets = []string{subnetA, tiny} }},
		{"subnet too full", "InvalidSubnet", func(s *stage, _ *elbv2.CreateLoadBalancerInput) {
			n, _ := s.Region.EC2.Subnets.Get(subnetB)
			for at := 10; at < 253; at++ {
				n.Taken[at] = true
			}
		}},
		{"no gateway", "InvalidSubnet", func(s *stage, _ *elbv2.CreateLoadBalancerInput) { s.Region.EC2.InternetGateways.Delete(gateway) }},
		{"unknown group", "InvalidSecurityGroup", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.SecurityGroups = []string{"sg-none"} }},
		{"group elsewhere", "InvalidSecurityGroup", func(_ *stage, in *elbv2.CreateLoadBalancerInput) {
			in.SecurityGroups = []string{"sg-default-" + elsewhere}
		}},
		{"tag twice", "DuplicateTagKeys", func(_ *stage, in *elbv2.CreateLoadBalancerInput) {
			in.Tags = []types.Tag{{Key: aws.String("a")}, {Key: aws.String("a")}}
		}},
		{"reserved tag", "ValidationError", func(_ *stage, in *elbv2.CreateLoadBalancerInput) { in.Tags = []types.Tag{{Key: aws.String("aws:a")}} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			in := balancerInput("web")
			c.change(s, in)
			isCode(t, refusal(s, CreateLoadBalancer, in), c.code)
			if s.Region.Balancing.LoadBalancers.Len() != 0 || s.Region.EC2.Interfaces.Len() != 2 {
				t.Error("a refused call left something behind")
			}
		})
	}
}

func TestSubnetWithExactlyEightFreeAddressesIsEnough(t *testing.T) {
	s := newStage(t)
	n, _ := s.Region.EC2.Subnets.Get(subnetC)
	n.CIDR = "10.0.2.0/27" // 27 usable
	n.Taken = map[int]bool{}
	for at := 4; at < 4+19; at++ {
		n.Taken[at] = true
	}
	in := balancerInput("web")
	in.Subnets = []string{subnetA, subnetC}
	ok(s, CreateLoadBalancer, in)
}

func TestInternetFacingLoadBalancerHoldsAPublicAddressPerSubnet(t *testing.T) {
	s := newStage(t)
	lb := s.balancer("web")
	id := (*lb.LoadBalancerArn)[strings.LastIndex(*lb.LoadBalancerArn, "/")+1:]
	in := balancerInput("inner")
	in.Scheme = types.LoadBalancerSchemeEnumInternal
	ok(s, CreateLoadBalancer, in)
	var zones []string
	for n := range s.Region.EC2.Interfaces.Rows() {
		switch {
		case n.InstanceID != "":
		case n.Description == "ELB app/web/"+id:
			zones = append(zones, n.Zone)
			if n.PublicIP == "" || n.RequesterID != "amazon-elb" || !n.RequesterManaged || n.Status != "in-use" || !slices.Equal(n.Groups, []string{group}) {
				t.Errorf("interface of the public one: %+v", n)
			}
		case n.PublicIP != "":
			t.Errorf("an internal load balancer has the public address %s", n.PublicIP)
		}
	}
	if !slices.Equal(zones, []string{"eu-west-1a", "eu-west-1b"}) {
		t.Errorf("interfaces in %v", zones)
	}
}

func TestInterfacesOutliveTheirLoadBalancer(t *testing.T) {
	s := newStage(t)
	lb := s.balancer("web")
	g := s.group("web")
	s.listener(*lb.LoadBalancerArn, 80, g)
	s.Advance(5 * time.Minute)
	ok(s, DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: lb.LoadBalancerArn})
	isCode(t, refusal(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{*lb.LoadBalancerArn}}), "LoadBalancerNotFound")
	isCode(t, refusal(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{Names: []string{"web"}}), "LoadBalancerNotFound")
	if n := s.Region.Balancing.Listeners.Len() + s.Region.Balancing.Rules.Len(); n != 0 {
		t.Errorf("%d listeners and rules are left", n)
	}
	ok(s, DeleteTargetGroup, &elbv2.DeleteTargetGroupInput{TargetGroupArn: &g})
	s.Advance(19 * time.Second)
	if n := s.Region.EC2.Interfaces.Len(); n != 4 {
		t.Errorf("after 19 s there are %d interfaces, want 4", n)
	}
	s.Advance(2 * time.Minute)
	if n := s.Region.EC2.Interfaces.Len(); n != 2 {
		t.Errorf("after 139 s there are %d interfaces, want those of the instances", n)
	}
	ok(s, DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: lb.LoadBalancerArn}) // once more
}

func TestLoadBalancerDeletedWhileProvisioningStaysGone(t *testing.T) {
	s := newStage(t)
	lb := s.balancer("web")
	ok(s, DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: lb.LoadBalancerArn})
	s.Advance(10 * time.Minute)
	if n := s.Region.Balancing.LoadBalancers.Len(); n != 0 {
		t.Errorf("%d load balancers", n)
	}
}

func TestDeletionProtectionKeepsALoadBalancer(t *testing.T) {
	s := newStage(t)
	arn := s.balancer("web").LoadBalancerArn
	set := func(v string) {
		ok(s, ModifyLoadBalancerAttributes, &elbv2.ModifyLoadBalancerAttributesInput{
			LoadBalancerArn: arn, Attributes: []types.LoadBalancerAttribute{{Key: aws.String(protection), Value: &v}},
		})
	}
	set("true")
	isCode(t, refusal(s, DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: arn}), "OperationNotPermitted")
	set("false")
	ok(s, DeleteLoadBalancer, &elbv2.DeleteLoadBalancerInput{LoadBalancerArn: arn})
}

func TestFiftyApplicationLoadBalancersAreEnough(t *testing.T) {
	s := newStage(t)
	for i := range 50 {
		s.balancer(fmt.Sprintf("web-%d", i))
	}
	isCode(t, refusal(s, CreateLoadBalancer, balancerInput("one-more")), "TooManyLoadBalancers")
	s.Region.Quotas = map[string]int{"L-53DA6B97": 51}
	s.balancer("one-more")
	ok(s, CreateLoadBalancer, &elbv2.CreateLoadBalancerInput{ // network ones are counted apart
		Name: aws.String("net"), Type: types.LoadBalancerTypeEnumNetwork, Subnets: []string{subnetA},
	})
}

func TestLoadBalancersComeInPages(t *testing.T) {
	s := newStage(t)
	for i := range 5 {
		s.balancer(fmt.Sprintf("web-%d", i))
	}
	var names []string
	for marker := (*string)(nil); ; {
		out := ok(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{PageSize: aws.Int32(2), Marker: marker})
		for _, lb := range out.LoadBalancers {
			names = append(names, *lb.LoadBalancerName)
		}
		if marker = out.NextMarker; marker == nil {
			break
		}
	}
	if want := []string{"web-0", "web-1", "web-2", "web-3", "web-4"}; !slices.Equal(names, want) {
		t.Errorf("pages gave %v", names)
	}
	isCode(t, refusal(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{Marker: aws.String("?")}), "ValidationError")
	isCode(t, refusal(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{PageSize: aws.Int32(401)}), "ValidationError")
	isCode(t, refusal(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{Names: []string{"web-0"}, LoadBalancerArns: []string{"x"}}), "ValidationError")
	isCode(t, refusal(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{Names: slices.Repeat([]string{"web-0"}, 21)}), "ValidationError")
	isCode(t, refusal(s, DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{LoadBalancerArns: []string{"web-0"}}), "ValidationError")
}

func TestSetSubnetsMovesInterfaces(t *testing.T) {
	s := newStage(t)
	arn := s.balancer("web").LoadBalancerArn
	out := ok(s, SetSubnets, &elbv2.SetSubnetsInput{LoadBalancerArn: arn, Subnets: []string{subnetB, subnetC}})
	if len(out.AvailabilityZones) != 2 || *out.AvailabilityZones[1].ZoneName != "eu-west-1c" {
		t.Errorf("zones %+v", out.AvailabilityZones)
	}
	s.Advance(5 * time.Minute)
	var subnets []string
	for n := range s.Region.EC2.Interfaces.Rows() {
		if n.InstanceID == "" {
			subnets = append(subnets, n.SubnetID)
		}
	}
	if !slices.Equal(subnets, []string{subnetB, subnetC}) {
		t.Errorf("interfaces in %v", subnets)
	}
	isCode(t, refusal(s, SetSubnets, &elbv2.SetSubnetsInput{LoadBalancerArn: arn, Subnets: []string{subnetB}}), "ValidationError")
}

func TestSetSecurityGroupsChangesInterfaces(t *testing.T) {
	s := newStage(t)
	s.addGroup("sg-other", "other", vpc)
	lb := s.balancer("web")
	ok(s, SetSecurityGroups, &elbv2.SetSecurityGroupsInput{LoadBalancerArn: lb.LoadBalancerArn, SecurityGroups: []string{"sg-other"}})
	for n := range s.Region.EC2.Interfaces.Rows() {
		if n.InstanceID == "" && !slices.Equal(n.Groups, []string{"sg-other"}) {
			t.Errorf("%s has %v", n.ID, n.Groups)
		}
	}
	isCode(t, refusal(s, SetSecurityGroups, &elbv2.SetSecurityGroupsInput{LoadBalancerArn: lb.LoadBalancerArn}), "ValidationError")
	isCode(t, refusal(s, SetSecurityGroups, &elbv2.SetSecurityGroupsInput{LoadBalancerArn: lb.LoadBalancerArn, SecurityGroups: []string{"sg-none"}}), "InvalidSecurityGroup")
}

func TestLoadBalancerWithoutGroupsGetsTheDefaultOne(t *testing.T) {
	s := newStage(t)
	in := balancerInput("web")
	in.SecurityGroups = nil
	if got := ok(s, CreateLoadBalancer, in).LoadBalancers[0].SecurityGroups; !slices.Equal(got, []string{"sg-default-" + vpc}) {
		t.Errorf("groups %v", got)
	}
}

func TestAddressTypeIsIPv4(t *testing.T) {
	s := newStage(t)
	arn := s.balancer("web").LoadBalancerArn
	ok(s, SetIPAddressType, &elbv2.SetIpAddressTypeInput{LoadBalancerArn: arn, IpAddressType: types.IpAddressTypeIpv4})
	isCode(t, refusal(s, SetIPAddressType, &elbv2.SetIpAddressTypeInput{LoadBalancerArn: arn, IpAddressType: types.IpAddressTypeDualstack}), "InvalidSubnet")
	isCode(t, refusal(s, SetIPAddressType, &elbv2.SetIpAddressTypeInput{LoadBalancerArn: arn, IpAddressType: "v5"}), "ValidationError")
}

func TestInterfacesOfARefusedPlacementAreTakenBack(t *testing.T) {
	s := newStage(t)
	s.Region.Quotas = map[string]int{"L-DF5E4CA3": 3} // two are the instances'
	if _, err := CreateLoadBalancer(s.Call, balancerInput("web")); err == nil {
		t.Fatal("three interfaces held four")
	}
	if n := s.Region.EC2.Interfaces.Len(); n != 2 {
		t.Errorf("%d interfaces, want 2", n)
	}
}

func TestWorldWithLoadBalancersSurvivesSaving(t *testing.T) {
	s := newStage(t)
	g := s.served()
	s.register(g, instanceA)
	Open(s.World, s.Region, instanceA, 80, world.Answer{})
	fork, err := s.Fork()
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range []*world.World{s.World, fork} {
		w.Advance(time.Minute)
		if state, _ := Health(w, w.Region("eu-west-1"), g, TargetAddress{ID: instanceA}); state != "healthy" {
			t.Errorf("the target is %s", state)
		}
	}
	a, err1 := s.Save()
	b, err2 := fork.Save()
	if err1 != nil || err2 != nil || string(a) != string(b) {
		t.Error("the world and its fork went apart")
	}
}
