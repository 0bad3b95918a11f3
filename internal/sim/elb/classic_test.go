package elb

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	elbv1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	types1 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing/types"

	"berth/internal/sim/elb/cipher"
	"berth/internal/sim/world"
)

func (s *stage) classic() types1.LoadBalancerDescription {
	s.t.Helper()
	return ok(s, DescribeClassicLoadBalancers, &elbv1.DescribeLoadBalancersInput{LoadBalancerNames: []string{"old"}}).LoadBalancerDescriptions[0]
}

func TestClassicLoadBalancerWorksAtOnce(t *testing.T) {
	s := newStage(t)
	dns := *ok(s, CreateClassicLoadBalancer, classicInput("old")).DNSName
	if want := `^old-\d{9}\.eu-west-1\.elb\.amazonaws\.com$`; !regexp.MustCompile(want).MatchString(dns) {
		t.Errorf("%s does not match %s", dns, want)
	}
	d := s.classic()
	if *d.DNSName != dns || *d.Scheme != "internet-facing" || *d.VPCId != vpc || *d.CanonicalHostedZoneNameID != "Z32O12XQLNTSW2" ||
		*d.SourceSecurityGroup.GroupName != "web" || *d.SourceSecurityGroup.OwnerAlias != world.Account ||
		!slices.Equal(d.AvailabilityZones, []string{"eu-west-1a", "eu-west-1b"}) || !slices.Equal(d.Subnets, []string{subnetA, subnetB}) {
		t.Errorf("described %+v", d)
	}
	l := d.ListenerDescriptions[0].Listener
	if *l.InstanceProtocol != "HTTP" || l.LoadBalancerPort != 80 || *l.InstancePort != 8080 {
		t.Errorf("listener %+v", l)
	}
}

func TestClassicLoadBalancerHasAHealthCheckAndInterfaces(t *testing.T) {
	s := newStage(t)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	if h := s.classic().HealthCheck; *h.Target != "TCP:8080" || *h.Interval != 30 || *h.Timeout != 5 || *h.HealthyThreshold != 10 || *h.UnhealthyThreshold != 2 {
		t.Errorf("health check %+v", h)
	}
	n := 0
	for i := range s.Region.EC2.Interfaces.Rows() {
		if i.Description == "ELB old" && i.PublicIP != "" && i.RequesterID == "amazon-elb" {
			n++
		}
	}
	if n != 2 {
		t.Errorf("%d interfaces, want 2", n)
	}
}

func TestCreateClassicRefusals(t *testing.T) {
	for _, c := range []struct {
		name, code string
		change     func(*stage, *elbv1.CreateLoadBalancerInput)
	}{
		{"no name", "ValidationError", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.LoadBalancerName = nil }},
		{"long name", "ValidationError", func(_ *stage, in *elbv1.CreateLoadBalancerInput) {
			in.LoadBalancerName = aws.String(strings.Repeat("a", 33))
		}},
		{"no listener", "ValidationError", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.Listeners = nil }},
		{"no place", "ValidationError", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.Subnets = nil }},
		{"zones", "ValidationError", func(_ *stage, in *elbv1.CreateLoadBalancerInput) {
			in.Subnets, in.AvailabilityZones = nil, []string{"eu-west-1a"}
		}},
		{"both", "ValidationError", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.AvailabilityZones = []string{"eu-west-1a"} }},
		{"scheme", "InvalidScheme", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.Scheme = aws.String("private") }},
		{"unknown subnet", "SubnetNotFound", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.Subnets = []string{"subnet-none"} }},
		{"same zone", "InvalidConfigurationRequest", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.Subnets = []string{subnetC, tiny} }},
		{"small subnet", "InvalidSubnet", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.Subnets = []string{tiny} }},
		{"no gateway", "InvalidSubnet", func(s *stage, _ *elbv1.CreateLoadBalancerInput) { s.Region.EC2.InternetGateways.Delete(gateway) }},
		{"unknown group", "InvalidSecurityGroup", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.SecurityGroups = []string{"sg-none"} }},
		{"protocol", "UnsupportedProtocol", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.Listeners[0].Protocol = aws.String("UDP") }},
		{"layers", "InvalidConfigurationRequest", func(_ *stage, in *elbv1.CreateLoadBalancerInput) {
			in.Listeners[0].InstanceProtocol = aws.String("TCP")
		}},
		{"HTTPS without certificate", "ValidationError", func(_ *stage, in *elbv1.CreateLoadBalancerInput) { in.Listeners[0].Protocol = aws.String("https") }},
		{"unknown certificate", "CertificateNotFound", func(_ *stage, in *elbv1.CreateLoadBalancerInput) {
			in.Listeners[0].Protocol, in.Listeners[0].SSLCertificateId = aws.String("HTTPS"), aws.String("mine")
		}},
		{"two listeners on a port", "DuplicateListener", func(_ *stage, in *elbv1.CreateLoadBalancerInput) {
			in.Listeners = append(in.Listeners, types1.Listener{Protocol: aws.String("HTTP"), LoadBalancerPort: 80, InstancePort: aws.Int32(81)})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := newStage(t)
			in := classicInput("old")
			c.change(s, in)
			isCode(t, refusal(s, CreateClassicLoadBalancer, in), c.code)
			if s.Region.Balancing.Classics.Len() != 0 || s.Region.EC2.Interfaces.Len() != 2 {
				t.Error("a refused call left something behind")
			}
		})
	}
}

func TestRepeatedCreateMakesOneClassicLoadBalancer(t *testing.T) {
	s := newStage(t)
	a := *ok(s, CreateClassicLoadBalancer, classicInput("old")).DNSName
	if b := *ok(s, CreateClassicLoadBalancer, classicInput("old")).DNSName; a != b {
		t.Errorf("the repeat made %s", b)
	}
	in := classicInput("old")
	in.Scheme = aws.String("internal")
	isCode(t, refusal(s, CreateClassicLoadBalancer, in), "DuplicateLoadBalancerName")
}

func TestTwentyClassicLoadBalancersAreEnough(t *testing.T) {
	s := newStage(t)
	for i := range 20 {
		ok(s, CreateClassicLoadBalancer, classicInput(fmt.Sprintf("old-%d", i)))
	}
	isCode(t, refusal(s, CreateClassicLoadBalancer, classicInput("one-more")), "TooManyLoadBalancers")
}

func TestDeletedClassicLoadBalancerLeavesInterfacesForAWhile(t *testing.T) {
	s := newStage(t)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	for range 2 {
		ok(s, DeleteClassicLoadBalancer, &elbv1.DeleteLoadBalancerInput{LoadBalancerName: aws.String("old")})
	}
	isCode(t, refusal(s, DescribeClassicLoadBalancers, &elbv1.DescribeLoadBalancersInput{LoadBalancerNames: []string{"old"}}), "LoadBalancerNotFound")
	if n := s.Region.EC2.Interfaces.Len(); n != 4 {
		t.Errorf("%d interfaces, want 4", n)
	}
	s.Advance(3 * time.Minute)
	if n := s.Region.EC2.Interfaces.Len(); n != 2 {
		t.Errorf("%d interfaces, want 2", n)
	}
}

func TestClassicListenersComeAndGo(t *testing.T) {
	s := newStage(t)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	add := &elbv1.CreateLoadBalancerListenersInput{LoadBalancerName: aws.String("old"), Listeners: []types1.Listener{
		{Protocol: aws.String("TCP"), LoadBalancerPort: 22, InstancePort: aws.Int32(22)},
		{Protocol: aws.String("HTTPS"), LoadBalancerPort: 443, InstancePort: aws.Int32(8080), SSLCertificateId: aws.String(certificate)},
	}}
	for range 2 { // the same again is fine
		ok(s, CreateClassicListeners, add)
	}
	d := s.classic()
	if len(d.ListenerDescriptions) != 3 || !slices.Equal(d.Policies.OtherPolicies, []string{cipher.Usual}) {
		t.Errorf("listeners %+v, policies %+v", d.ListenerDescriptions, d.Policies)
	}
	policies := ok(s, cipher.Describe, &elbv1.DescribeLoadBalancerPoliciesInput{LoadBalancerName: aws.String("old")}).PolicyDescriptions
	if len(policies) != 1 || *policies[0].PolicyName != cipher.Usual {
		t.Errorf("policies %+v", policies)
	}
	ok(s, SetClassicCertificate, &elbv1.SetLoadBalancerListenerSSLCertificateInput{
		LoadBalancerName: aws.String("old"), LoadBalancerPort: 443, SSLCertificateId: aws.String(another),
	})
	if got := *s.classic().ListenerDescriptions[2].Listener.SSLCertificateId; got != another {
		t.Errorf("certificate %s", got)
	}
	bad := *add
	bad.Listeners = []types1.Listener{
		{Protocol: aws.String("TCP"), LoadBalancerPort: 23, InstancePort: aws.Int32(23)},
		{Protocol: aws.String("TCP"), LoadBalancerPort: 22, InstancePort: aws.Int32(23)},
	}
	isCode(t, refusal(s, CreateClassicListeners, &bad), "DuplicateListener")
	ok(s, DeleteClassicListeners, &elbv1.DeleteLoadBalancerListenersInput{LoadBalancerName: aws.String("old"), LoadBalancerPorts: []int32{22, 443, 99}})
	if n := len(s.classic().ListenerDescriptions); n != 1 {
		t.Errorf("%d listeners, want 1", n)
	}
}

func TestClassicSubnetsAndGroupsChange(t *testing.T) {
	s := newStage(t)
	s.addGroup("sg-other", "other", vpc)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	name := aws.String("old")
	if got := ok(s, AttachSubnets, &elbv1.AttachLoadBalancerToSubnetsInput{LoadBalancerName: name, Subnets: []string{subnetC, subnetA}}).Subnets; len(got) != 3 {
		t.Errorf("subnets %v", got)
	}
	isCode(t, refusal(s, AttachSubnets, &elbv1.AttachLoadBalancerToSubnetsInput{LoadBalancerName: name, Subnets: []string{tiny}}), "InvalidConfigurationRequest")
	if got := ok(s, DetachSubnets, &elbv1.DetachLoadBalancerFromSubnetsInput{LoadBalancerName: name, Subnets: []string{subnetA, subnetB}}).Subnets; !slices.Equal(got, []string{subnetC}) {
		t.Errorf("subnets %v", got)
	}
	isCode(t, refusal(s, DetachSubnets, &elbv1.DetachLoadBalancerFromSubnetsInput{LoadBalancerName: name, Subnets: []string{subnetC}}), "InvalidConfigurationRequest")
	ok(s, ApplySecurityGroups, &elbv1.ApplySecurityGroupsToLoadBalancerInput{LoadBalancerName: name, SecurityGroups: []string{"sg-other"}})
	s.Advance(3 * time.Minute)
	for i := range s.Region.EC2.Interfaces.Rows() {
		if i.InstanceID == "" && (i.SubnetID != subnetC || !slices.Equal(i.Groups, []string{"sg-other"})) {
			t.Errorf("interface in %s with %v", i.SubnetID, i.Groups)
		}
	}
}

func TestClassicAttributes(t *testing.T) {
	s := newStage(t)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	name := aws.String("old")
	a := ok(s, DescribeClassicAttributes, &elbv1.DescribeLoadBalancerAttributesInput{LoadBalancerName: name}).LoadBalancerAttributes
	if a.CrossZoneLoadBalancing.Enabled || a.ConnectionDraining.Enabled || *a.ConnectionDraining.Timeout != 300 || *a.ConnectionSettings.IdleTimeout != 60 ||
		a.AccessLog.Enabled || *a.AdditionalAttributes[0].Value != "defensive" {
		t.Errorf("defaults %+v", a)
	}
	set := func(a types1.LoadBalancerAttributes) *elbv1.ModifyLoadBalancerAttributesInput {
		return &elbv1.ModifyLoadBalancerAttributesInput{LoadBalancerName: name, LoadBalancerAttributes: &a}
	}
	ok(s, ModifyClassicAttributes, set(types1.LoadBalancerAttributes{CrossZoneLoadBalancing: &types1.CrossZoneLoadBalancing{Enabled: true}}))
	a = ok(s, ModifyClassicAttributes, set(types1.LoadBalancerAttributes{
		ConnectionDraining:   &types1.ConnectionDraining{Enabled: true, Timeout: aws.Int32(60)},
		AccessLog:            &types1.AccessLog{Enabled: true, S3BucketName: aws.String("logs"), EmitInterval: aws.Int32(5)},
		AdditionalAttributes: []types1.AdditionalAttribute{{Key: aws.String(desyncMode), Value: aws.String("strictest")}},
	})).LoadBalancerAttributes
	if !a.CrossZoneLoadBalancing.Enabled || *a.ConnectionDraining.Timeout != 60 || *a.AccessLog.EmitInterval != 5 || *a.AdditionalAttributes[0].Value != "strictest" {
		t.Errorf("set %+v", a)
	}
	// unordered: refused calls change nothing
	for code, bad := range map[string]types1.LoadBalancerAttributes{
		"ValidationError":               {ConnectionDraining: &types1.ConnectionDraining{Enabled: true, Timeout: aws.Int32(0)}},
		"InvalidConfigurationRequest":   {AccessLog: &types1.AccessLog{Enabled: true}},
		"LoadBalancerAttributeNotFound": {AdditionalAttributes: []types1.AdditionalAttribute{{Key: aws.String("a"), Value: aws.String("b")}}},
	} {
		isCode(t, refusal(s, ModifyClassicAttributes, set(bad)), code)
	}
}

func TestClassicHealthCheckIsChecked(t *testing.T) {
	s := newStage(t)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	check := func(target string, interval, timeout, healthy int32) *elbv1.ConfigureHealthCheckInput {
		return &elbv1.ConfigureHealthCheckInput{LoadBalancerName: aws.String("old"), HealthCheck: &types1.HealthCheck{
			Target: &target, Interval: &interval, Timeout: &timeout, HealthyThreshold: &healthy, UnhealthyThreshold: aws.Int32(2),
		}}
	}
	for _, target := range []string{"TCP:80", "SSL:443", "HTTP:8080/up", "HTTPS:8443/"} {
		if got := *ok(s, ConfigureClassicHealthCheck, check(target, 10, 5, 2)).HealthCheck.Target; got != target {
			t.Errorf("target %s", got)
		}
	}
	for _, in := range []*elbv1.ConfigureHealthCheckInput{
		check("HTTP:80", 10, 5, 2), check("TCP:80/up", 10, 5, 2), check("UDP:80", 10, 5, 2), check("TCP:0", 10, 5, 2), check("TCP:70000", 10, 5, 2),
		check("TCP:80", 5, 5, 2), check("TCP:80", 4, 2, 2), check("TCP:80", 10, 5, 1),
		{LoadBalancerName: aws.String("old")},
	} {
		isCode(t, refusal(s, ConfigureClassicHealthCheck, in), "ValidationError")
	}
}

func (s *stage) isClassicHealth(id, state, reason, text string) {
	s.t.Helper()
	got := ok(s, DescribeInstanceHealth, &elbv1.DescribeInstanceHealthInput{
		LoadBalancerName: aws.String("old"), Instances: []types1.Instance{{InstanceId: &id}},
	}).InstanceStates[0]
	if *got.State != state || *got.ReasonCode != reason || !strings.HasPrefix(*got.Description, text) {
		s.t.Errorf("%s: %s %s %q, want %s %s %q", id, *got.State, *got.ReasonCode, *got.Description, state, reason, text)
	}
}

func TestLifeOfAClassicInstance(t *testing.T) {
	s := newStage(t)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	name, both := aws.String("old"), []types1.Instance{{InstanceId: aws.String(instanceA)}, {InstanceId: aws.String(instanceB)}}
	ok(s, ConfigureClassicHealthCheck, &elbv1.ConfigureHealthCheckInput{LoadBalancerName: name, HealthCheck: &types1.HealthCheck{
		Target: aws.String("HTTP:8080/"), Interval: aws.Int32(10), Timeout: aws.Int32(5), HealthyThreshold: aws.Int32(3), UnhealthyThreshold: aws.Int32(2),
	}})
	ok(s, ModifyClassicAttributes, &elbv1.ModifyLoadBalancerAttributesInput{LoadBalancerName: name, LoadBalancerAttributes: &types1.LoadBalancerAttributes{
		ConnectionDraining: &types1.ConnectionDraining{Enabled: true, Timeout: aws.Int32(60)},
	}})
	s.isClassicHealth(instanceA, "OutOfService", "Instance", "Instance is not currently registered")
	Open(s.World, s.Region, instanceA, 8080, world.Answer{})
	if got := ok(s, RegisterClassicInstances, &elbv1.RegisterInstancesWithLoadBalancerInput{LoadBalancerName: name, Instances: both}).Instances; len(got) != 2 {
		t.Errorf("registered %v", got)
	}
	s.isClassicHealth(instanceA, "OutOfService", "ELB", "Instance registration is still in progress.")
	s.Advance(80 * time.Second)
	s.isClassicHealth(instanceA, "InService", "N/A", "N/A")
	s.isClassicHealth(instanceB, "OutOfService", "Instance", "Instance has failed at least the UnhealthyThreshold")
	Open(s.World, s.Region, instanceB, 8080, world.Answer{})
	s.Advance(15 * time.Second)
	s.isClassicHealth(instanceB, "OutOfService", "Instance", "Instance has not passed the configured HealthyThreshold")
	s.Advance(15 * time.Second)
	s.isClassicHealth(instanceB, "InService", "N/A", "N/A")

	left := ok(s, DeregisterClassicInstances, &elbv1.DeregisterInstancesFromLoadBalancerInput{LoadBalancerName: name, Instances: both[:1]}).Instances
	if len(left) != 1 || *left[0].InstanceId != instanceB {
		t.Errorf("left %v", left)
	}
	s.isClassicHealth(instanceA, "InService", "N/A", "Instance deregistration currently in progress.")
	s.Advance(time.Minute)
	s.isClassicHealth(instanceA, "OutOfService", "Instance", "Instance is not currently registered")
	if InstanceHealth(s.World, s.Region, "old", instanceA) || !InstanceHealth(s.World, s.Region, "old", instanceB) {
		t.Error("in service: the wrong ones")
	}
}

func TestClassicInstanceWithoutDrainingIsGoneAtOnce(t *testing.T) {
	s := newStage(t)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	if err := RegisterInstances(s.World, s.Region, "old", instanceA); err != nil {
		t.Fatal(err)
	}
	Open(s.World, s.Region, instanceA, 8080, world.Answer{})
	s.Advance(20 * time.Minute)
	s.isClassicHealth(instanceA, "InService", "N/A", "N/A")
	DeregisterInstances(s.World, s.Region, "old", instanceA)
	if n := classicTargets(s); n != 0 {
		t.Errorf("%d instances", n)
	}
}

func TestClassicInstanceRefusals(t *testing.T) {
	s := newStage(t)
	ok(s, CreateClassicLoadBalancer, classicInput("old"))
	s.addInstance("i-far", elsewhereNet)
	for _, id := range []string{"i-none", "i-far"} {
		isCode(t, refusal(s, RegisterClassicInstances, &elbv1.RegisterInstancesWithLoadBalancerInput{
			LoadBalancerName: aws.String("old"), Instances: []types1.Instance{{InstanceId: aws.String(instanceA)}, {InstanceId: &id}},
		}), "InvalidInstance")
	}
	if n := classicTargets(s); n != 0 {
		t.Errorf("a refused call registered %d", n)
	}
	isCode(t, refusal(s, DescribeInstanceHealth, &elbv1.DescribeInstanceHealthInput{
		LoadBalancerName: aws.String("old"), Instances: []types1.Instance{{InstanceId: aws.String("i-none")}},
	}), "InvalidInstance")
	isCode(t, refusal(s, DeregisterClassicInstances, &elbv1.DeregisterInstancesFromLoadBalancerInput{
		LoadBalancerName: aws.String("none"), Instances: []types1.Instance{{InstanceId: aws.String(instanceA)}},
	}), "LoadBalancerNotFound")
	s.addInstance("i-c", subnetC)
	if err := RegisterInstances(s.World, s.Region, "old", "i-c"); err != nil {
		t.Fatal(err)
	}
	s.isClassicHealth("i-c", "OutOfService", "ELB", "Instance is in the EC2 Availability Zone for which LoadBalancer is not configured")
}
