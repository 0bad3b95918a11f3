package model_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/model"
)

func shop() model.Scope {
	return model.Scope{Account: "123456789012", Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"}
}

func TestNamesOnAWSFollowFromEnvironmentAndCluster(t *testing.T) {
	s := shop()
	for _, c := range []struct{ what, got, want string }{
		{"mark", s.Mark(), "prod_shop"},
		{"cluster", s.ClusterName(), "shop"},
		{"group", s.GroupName("default"), "prod_shop_default"},
		{"provider", s.ProviderName("default"), "prod_shop_default"},
		{"default load balancer", s.BalancerName(""), "prod-shop"},
		{"load balancer", s.BalancerName("internal"), "prod-shop-internal"},
		{"default target group", s.TargetGroupName(""), "prod-shop-default"},
		{"target group", s.TargetGroupName("internal"), "prod-shop-internal-default"},
		{"path", s.RolePath(), "/ecs/"},
		{"role", s.RoleName("instance"), "prod_shop_eu-west-1_instance"},
		{"bucket", s.BucketName(), "berth-123456789012-eu-west-1-prod-shop"},
		{"load balancer's guard", s.SecurityGroupName(model.BalancerGroupKey("")), "prod-shop_alb"},
		{"named load balancer's guard", s.SecurityGroupName(model.BalancerGroupKey("internal")), "prod-shop-internal_alb"},
		{"instances' guard", s.SecurityGroupName(model.InstanceGroupKey("a/b")), "prod_shop_a/b"},
	} {
		if c.got != c.want {
			t.Errorf("%s: %q, want %q", c.what, c.got, c.want)
		}
	}
}

func TestBucketNamesAreInLowerCase(t *testing.T) {
	s := shop()
	s.Environment, s.Cluster = "Prod", "ShopWest"
	if got := s.BucketName(); got != "berth-123456789012-eu-west-1-prod-shopwest" {
		t.Error(got)
	}
}

func TestANameThatIsTooLongIsCutAndKeepsTheHashOfTheWhole(t *testing.T) {
	s := shop()
	s.Environment, s.Cluster = "production", "shop-in-the-west"
	for _, c := range []struct {
		got, want string
		limit     int
	}{
		{s.BalancerName("four"), "production-shop-in-the-west-four", 32}, // it just fits
		{s.BalancerName("seven"), "production-shop-in-the--f5cdc06c", 32},
		{s.TargetGroupName(""), "production-shop-in-the--136677cc", 32},
		{s.RoleName("execution-of-many-tasks"), "production_shop-in-the-west_eu-west-1_execution-of-many-tasks", 64},
		{s.RoleName("execution-of-very-many-tasks"), "production_shop-in-the-west_eu-west-1_execution-of-very-a6a25741", 64},
		{s.BucketName(), "berth-123456789012-eu-west-1-production-shop-in-the-west", 63},
		{s.GroupName(strings.Repeat("x", 229)), "production_shop-in-the-west_" + strings.Repeat("x", 227-9) + "-38ec8b10", 255},
	} {
		if c.got != c.want || len(c.got) > c.limit {
			t.Errorf("%q (%d), want %q", c.got, len(c.got), c.want)
		}
	}
}

func TestProviderNamesKeepOffWhatAWSReserves(t *testing.T) {
	for environment, want := range map[string]string{
		"aws": "cp_aws_shop_default", "AWSome": "cp_AWSome_shop_default", "ecs-prod": "cp_ecs-prod_shop_default",
		"Fargate": "cp_Fargate_shop_default", "prod": "prod_shop_default", "paws": "paws_shop_default",
	} {
		s := shop()
		s.Environment = environment
		if got := s.ProviderName("default"); got != want {
			t.Errorf("%s: %q", environment, got)
		}
	}
	s := shop()
	s.Environment = "aws"
	if got := s.ProviderName(strings.Repeat("x", 300)); len(got) > 255 {
		t.Errorf("%d characters", len(got))
	}
}

func TestSecurityGroupNamesDoNotLookLikeIDs(t *testing.T) {
	for environment, want := range map[string][2]string{
		"sg":      {"guard_sg-shop_alb", "sg_shop_default"},
		"sg-west": {"guard_sg-west-shop_alb", "guard_sg-west_shop_default"},
		"SG-west": {"guard_SG-west-shop_alb", "guard_SG-west_shop_default"},
		"asg-x":   {"asg-x-shop_alb", "asg-x_shop_default"},
	} {
		s := shop()
		s.Environment = environment
		got := [2]string{s.SecurityGroupName(model.BalancerGroupKey("")), s.SecurityGroupName(model.InstanceGroupKey("default"))}
		if got != want {
			t.Errorf("%s: %q", environment, got)
		}
		if name := s.Tags(model.InstanceGroupKey("default")).Get(model.TagName); name != want[1] {
			t.Errorf("%s: the name tag says %q", environment, name)
		}
	}
}

// scopes draws what the file lets through.
func scopes() *rapid.Generator[model.Scope] {
	return rapid.Custom(func(t *rapid.T) model.Scope {
		word := rapid.StringMatching(`[a-zA-Z]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?`)
		return model.Scope{
			Account: "123456789012", Region: rapid.SampledFrom([]string{"eu-west-1", "ap-southeast-2", "us-gov-east-1"}).Draw(t, "region"),
			Partition: "aws", Environment: word.Draw(t, "environment"), Cluster: word.Draw(t, "cluster"),
		}
	})
}

func TestSafetyAWSTakesEveryName(t *testing.T) {
	group := rapid.StringMatching(`[a-zA-Z][a-zA-Z0-9_-]{0,31}`)
	balancer := rapid.StringMatching(`([a-z]([a-z0-9-]{0,30}[a-z0-9])?)?`)
	var (
		balancers = regexp.MustCompile(`^[a-zA-Z0-9]([a-zA-Z0-9-]{0,30}[a-zA-Z0-9])?$`)
		buckets   = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$`)
		roles     = regexp.MustCompile(`^[\w+=,.@-]{1,64}$`)
		templates = regexp.MustCompile(`^[a-zA-Z0-9().\-/_]{3,128}$`)
		providers = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)
		reserved  = regexp.MustCompile(`(?i)^(aws|ecs|fargate)`)
		guards    = regexp.MustCompile(`^[a-zA-Z0-9 ._\-:/()#,@\[\]+=&;{}!$*]{1,255}$`)
	)
	rapid.Check(t, func(t *rapid.T) {
		s, g, b := scopes().Draw(t, "scope"), group.Draw(t, "group"), balancer.Draw(t, "balancer")
		for name, legal := range map[string]*regexp.Regexp{
			s.BalancerName(b): balancers, s.TargetGroupName(b): balancers, s.BucketName(): buckets, s.RoleName("execution"): roles,
			s.GroupName(g): templates, s.ProviderName(g): providers,
			s.SecurityGroupName(model.InstanceGroupKey(g)): guards, s.SecurityGroupName(model.BalancerGroupKey(b)): guards,
		} {
			if !legal.MatchString(name) {
				t.Fatalf("AWS refuses %q: %s", name, legal)
			}
		}
		if name := s.ProviderName(g); reserved.MatchString(name) {
			t.Fatalf("AWS reserves %q", name)
		}
	})
}

func TestSafetyDifferentGroupsAndLoadBalancersHaveDifferentNames(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := scopes().Draw(t, "scope")
		name := rapid.StringMatching(`[a-z]([a-z0-9-]{0,30}[a-z0-9])?`)
		a, b := name.Draw(t, "a"), name.Draw(t, "b")
		if a == b {
			return
		}
		if s.GroupName(a) == s.GroupName(b) || s.BalancerName(a) == s.BalancerName(b) || s.TargetGroupName(a) == s.TargetGroupName(b) {
			t.Fatalf("%q and %q have one name", a, b)
		}
	})
}

// tagged are keys of all kinds that carry tags, with the name tags that the console shows.
func tagged() map[model.Key]string {
	return map[model.Key]string{
		model.VPCKey():                                  "prod",
		model.InternetGatewayKey():                      "prod",
		model.SubnetKey(model.Private, "eu-west-1a"):    "prod_private_subnet_eu-west-1a",
		model.SubnetKey(model.Public, "eu-west-1b"):     "prod_public_subnet_eu-west-1b",
		model.RouteTableKey(model.Public, "eu-west-1a"): "prod_public_subnet_eu-west-1a",
		model.ElasticIPKey("eu-west-1a"):                "prod_nat_eu-west-1a",
		model.NATGatewayKey("eu-west-1b"):               "prod_nat_eu-west-1b",
		model.EndpointKey("s3"):                         "prod_s3_endpoint",
		model.EndpointKey("ecr.api"):                    "prod_ecr.api_endpoint",
		model.FlowLogKey():                              "prod_flow_log",
		model.EndpointsGroupKey():                       "prod-shop_endpoints",
		model.InstanceGroupKey("default"):               "prod_shop_default",
		model.BalancerGroupKey(""):                      "prod-shop_alb",
		model.BucketKey():                               "", model.LoadBalancerKey(""): "", model.TargetGroupKey("x"): "",
		model.ListenerKey("", 80): "", model.ClassicKey("legacy"): "", model.RoleKey("task"): "", model.ProfileKey(): "",
		model.LogGroupKey("/var/log/messages"): "", model.ClusterKey(): "", model.TemplateKey("default"): "", model.ProviderKey("a"): "",
		model.DaemonServiceKey("a"): "",
	}
}

func TestResourcesWithoutANameOfTheirOwnGetANameTag(t *testing.T) {
	for k, want := range tagged() {
		if got, there := shop().Tags(k).Lookup(model.TagName); got != want || there != (want != "") {
			t.Errorf("%s is called %q", k, got)
		}
	}
}

func TestTagsSayWhoseAResourceIs(t *testing.T) {
	got := shop().Tags(model.SubnetKey(model.Private, "eu-west-1a"))
	want := model.NewTags(
		model.Tag{Key: "Environment", Value: "prod"}, model.Tag{Key: "Cluster", Value: "shop"},
		model.Tag{Key: "Name", Value: "prod_private_subnet_eu-west-1a"}, model.Tag{Key: "berth:key", Value: "prod_shop:subnet.private/eu-west-1a"},
	)
	if len(got) != len(want) {
		t.Fatal(got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Error(got[i])
		}
	}
}

func TestAResourceIsFoundWithAnyOneOfItsTagsLost(t *testing.T) {
	for k, name := range tagged() {
		all := shop().Tags(k)
		if got, ok := shop().Owns(k.Kind, all); got != k || !ok {
			t.Errorf("%s is read as %s, %v", k, got, ok)
		}
		for _, lost := range all {
			want := k
			if lost.Key == model.TagKey && (name == "" || k.Kind == model.KindSecurityGroup) {
				want = model.Key{} // AWS's own name tells
			}
			if got, ok := shop().Owns(k.Kind, all.Without(lost.Key)); got != want || !ok {
				t.Errorf("%s without %s is read as %s, %v", k, lost.Key, got, ok)
			}
		}
	}
}

func TestTheKeyTagAloneIsEnough(t *testing.T) {
	for k := range tagged() {
		tags := model.NewTags(model.Tag{Key: model.TagKey, Value: "prod_shop:" + k.String()})
		if got, ok := shop().Owns(k.Kind, tags); got != k || !ok {
			t.Errorf("%s is read as %s, %v", k, got, ok)
		}
	}
}

func TestNothingIsOursThatContradicts(t *testing.T) {
	k := model.SubnetKey(model.Private, "eu-west-1a")
	ours := shop().Tags(k)
	for what, tags := range map[string]model.Tags{
		"no tags":                     nil,
		"environment alone":           ours.Without(model.TagCluster).Without(model.TagKey),
		"cluster alone":               ours.Without(model.TagEnvironment).Without(model.TagKey),
		"another environment":         ours.With(model.TagEnvironment, "acc"),
		"an empty environment":        ours.With(model.TagEnvironment, ""),
		"another cluster":             ours.With(model.TagCluster, "Shop"),
		"another cluster's key":       ours.With(model.TagKey, "prod_store:"+k.String()),
		"a key without its owner":     ours.With(model.TagKey, k.String()),
		"a key of no kind":            ours.With(model.TagKey, "prod_shop:hello"),
		"an empty key":                ours.With(model.TagKey, ""),
		"another kind's key":          ours.With(model.TagKey, "prod_shop:vpc"),
		"no key and somebody's name":  ours.Without(model.TagKey).With(model.TagName, "database subnet"),
		"no key and a name like ours": ours.Without(model.TagKey).With(model.TagName, "prod_private_eu-west-1a"),
		"no key and acc's name":       ours.Without(model.TagKey).With(model.TagName, "acc_private_subnet_eu-west-1a"),
		"no key and no name":          ours.Without(model.TagKey).Without(model.TagName),
	} {
		if got, ok := shop().Owns(model.KindSubnet, tags); ok || !got.IsZero() {
			t.Errorf("%s: it is taken for %s", what, got)
		}
	}
}

func TestAVPCOfTheSameProjectIsNotOursByItsTagsAlone(t *testing.T) {
	tags := shop().Tags(model.VPCKey()).Without(model.TagKey)
	for _, kind := range []model.Kind{model.KindVPC, model.KindInternetGateway} {
		if _, ok := shop().Owns(kind, tags.With(model.TagName, "databases")); ok {
			t.Errorf("somebody's %s is taken for ours", kind)
		}
	}
}

func TestAGroupThatTerraformTaggedIsNotOurs(t *testing.T) {
	theirs := model.NewTags(
		model.Tag{Key: model.TagEnvironment, Value: "prod"}, model.Tag{Key: model.TagCluster, Value: "shop"},
		model.Tag{Key: model.TagGroup, Value: "default"}, model.Tag{Key: model.TagName, Value: "prod_ecs_shop_default"},
	)
	if _, ok := shop().Owns(model.KindGroup, theirs); ok {
		t.Error("it is taken for ours")
	}
	if k, ok := shop().Owns(model.KindGroup, theirs.With(model.TagDesired, "2")); !ok || !k.IsZero() {
		t.Error("a group that lost its key is not found:", k, ok)
	}
}

func TestSafetyNoClusterTakesAnothersResourceEvenWithLostTags(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := scopes().Draw(t, "a"), scopes().Draw(t, "b")
		if rapid.Bool().Draw(t, "same environment") {
			b.Environment = a.Environment
		}
		if rapid.Bool().Draw(t, "same cluster") {
			b.Cluster = a.Cluster
		}
		k := rapid.SampledFrom(slices.SortedFunc(maps.Keys(tagged()), model.CompareKeys)).Draw(t, "key")
		tags := a.Tags(k)
		all := []string{model.TagEnvironment, model.TagCluster, model.TagKey, model.TagName}
		for _, lost := range rapid.SliceOfNDistinct(rapid.SampledFrom(all), 0, len(all), rapid.ID).Draw(t, "lost") {
			tags = tags.Without(lost)
		}
		got, ok := b.Owns(k.Kind, tags)
		if ok && (a.Environment != b.Environment || a.Cluster != b.Cluster) {
			t.Fatalf("%s of %s is taken for %s of %s: %v", k, a.Mark(), got, b.Mark(), tags)
		}
		if ok && !got.IsZero() && got != k {
			t.Fatalf("%s is taken for %s: %v", k, got, tags)
		}
	})
}
