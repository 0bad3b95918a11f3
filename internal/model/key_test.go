package model_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/model"
)

// keys draws keys of every kind: the real names' letters, and none.
func keys() *rapid.Generator[model.Key] {
	return rapid.Custom(func(t *rapid.T) model.Key {
		return model.Key{
			Kind: rapid.SampledFrom(model.Kinds()).Draw(t, "kind"),
			Name: rapid.StringMatching(`[a-zA-Z0-9_./#-]{0,12}`).Draw(t, "name"),
		}
	})
}

func TestKeysReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		key  model.Key
		text string
	}{
		{model.VPCKey(), "vpc"},
		{model.ClusterKey(), "cluster"},
		{model.ClusterProvidersKey(), "cluster_capacity_providers"},
		{model.SubnetKey(model.Private, "eu-west-1a"), "subnet.private/eu-west-1a"},
		{model.RouteTableKey(model.Public, "eu-west-1b"), "route_table.public/eu-west-1b"},
		{model.RouteKey(model.Public, "eu-west-1b"), "route.public/eu-west-1b"},
		{model.ElasticIPKey("eu-west-1a"), "elastic_ip.eu-west-1a"},
		{model.NATGatewayKey("eu-west-1a"), "nat_gateway.eu-west-1a"},
		{model.EndpointKey("s3"), "vpc_endpoint.s3"},
		{model.EndpointKey("ecr.api"), "vpc_endpoint.ecr.api"},
		{model.EndpointsGroupKey(), "security_group.endpoints"},
		{model.FlowLogKey(), "flow_log"},
		{model.BalancerGroupKey(""), "security_group.lb/default"},
		{model.BalancerGroupKey("internal"), "security_group.lb/internal"},
		{model.InstanceGroupKey("batch"), "security_group.instances/batch"},
		{model.LoadBalancerKey(""), "load_balancer.default"},
		{model.TargetGroupKey("internal"), "target_group.internal"},
		{model.ListenerKey("", 80), "listener.default/80"},
		{model.ClassicKey("legacy"), "classic_load_balancer.legacy"},
		{model.ServiceRoleKey("ecs"), "service_linked_role.ecs"},
		{model.RoleKey("task"), "role.task"},
		{model.LogGroupKey("/var/log/messages"), "log_group./var/log/messages"},
		{model.DaemonServiceKey("datadog"), "daemon_service.datadog"},
		{model.TemplateKey("a.b"), "launch_template.a.b"},
		{model.GroupKey("default"), "auto_scaling_group.default"},
		{model.ProviderKey("default"), "capacity_provider.default"},
		{model.CapacityKey("default"), "capacity.default"},
		{model.Foreign("vpc-0abc"), "foreign.vpc-0abc"},
	} {
		if got := c.key.String(); got != c.text {
			t.Errorf("%q, want %q", got, c.text)
		}
		if want := c.key; want.Kind != model.KindForeign && model.ParseKey(c.text) != want {
			t.Errorf("%q is read as %v", c.text, model.ParseKey(c.text))
		}
	}
}

func TestWhatIsNoKeyIsReadAsTheZeroKey(t *testing.T) {
	for _, text := range []string{"", ".", "vpcs", "subnets.private/a", "Subnet.private/a", "foreign.vpc-0abc", " vpc", "private/a"} {
		if k := model.ParseKey(text); !k.IsZero() {
			t.Errorf("%q is read as %v", text, k)
		}
	}
}

func TestSafetyEveryKeyIsReadBackAsItself(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		k := keys().Draw(t, "key")
		if got := model.ParseKey(k.String()); got != k {
			t.Fatalf("%v is read back as %v", k, got)
		}
	})
}

func TestSafetyTwoKeysNeverReadAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := keys().Draw(t, "a"), keys().Draw(t, "b")
		if (a == b) != (a.String() == b.String()) {
			t.Fatalf("%#v and %#v both read %s", a, b, a)
		}
	})
}

func TestKindsAreAllDifferentAndTheListIsTheCallersOwn(t *testing.T) {
	all := model.Kinds()
	sorted := slices.Sorted(slices.Values(all))
	if len(slices.Compact(sorted)) != len(all) {
		t.Errorf("a kind is named twice: %v", all)
	}
	for _, k := range all {
		if k == model.KindForeign || k == "" || strings.ContainsAny(string(k), ". /") {
			t.Errorf("%q cannot be a kind", k)
		}
	}
	all[0] = "spoilt"
	if model.Kinds()[0] != model.KindBucket {
		t.Error("a caller can change the table")
	}
}

func TestKeysAreOrderedByKindFromTheGroundUpAndThenByName(t *testing.T) {
	ordered := []model.Key{
		{Kind: "zebra", Name: "b"}, // no kind of ours
		model.BucketKey(),
		model.VPCKey(),
		model.SubnetKey(model.Private, "a"),
		model.SubnetKey(model.Private, "b"),
		model.SubnetKey(model.Public, "a"),
		model.RouteTableKey(model.Private, "a"),
		model.ClusterKey(),
		model.CapacityKey("a"),
	}
	for i, a := range ordered {
		for j, b := range ordered {
			if got := model.CompareKeys(a, b); (got < 0) != (i < j) || (got == 0) != (i == j) {
				t.Errorf("%s against %s gives %d", a, b, got)
			}
		}
	}
	if a, b := (model.Key{Kind: "a", Name: "x"}), (model.Key{Kind: "b", Name: "x"}); model.CompareKeys(a, b) >= 0 || model.CompareKeys(b, a) <= 0 {
		t.Error("two kinds that are not ours count as one")
	}
}

func TestSafetyTheOrderOfKeysIsAnOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := keys().Draw(t, "a"), keys().Draw(t, "b"), keys().Draw(t, "c")
		ab, bc := model.CompareKeys(a, b), model.CompareKeys(b, c)
		if (ab == 0) != (a == b) || (ab < 0) != (model.CompareKeys(b, a) > 0) {
			t.Fatal(a, b, ab)
		}
		if ab <= 0 && bc <= 0 && model.CompareKeys(a, c) > 0 {
			t.Fatal(a, b, c, "is no order")
		}
	})
}

func TestComparingKeysMakesNothing(t *testing.T) {
	a, b := model.SubnetKey(model.Public, "a"), model.CapacityKey("a")
	if n := testing.AllocsPerRun(100, func() { model.CompareKeys(a, b) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
