package model_test

import (
	"encoding/json"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/model"
)

func settings(r model.Resource) map[string]string {
	out := map[string]string{}
	for _, a := range r.Attrs() {
		out[a.Name] = a.Value
	}
	return out
}

func TestSettingsReadAsText(t *testing.T) {
	got := settings(model.Group{
		Name: "prod_shop_default", InstanceTypes: []string{"m7i.large", "m6i.large"}, Spot: true, Max: 4,
		Subnets: []model.Key{model.SubnetKey(model.Private, "b"), model.SubnetKey(model.Private, "a")},
		Metrics: []string{"GroupMinSize", "GroupMaxSize"}, Tags: model.NewTags(model.Tag{Key: "team.x", Value: "platform"}),
	})
	for name, want := range map[string]string{
		"instance_types": "m7i.large, m6i.large", // in order of preference
		"subnets":        "subnet.private/a, subnet.private/b",
		"metrics":        "GroupMaxSize, GroupMinSize",
		"spot":           "true", "capacity_rebalance": "false", "max_size": "4", "classic_load_balancers": "", "tags.team.x": "platform",
	} {
		if v, there := got[name]; v != want || !there {
			t.Errorf("%s is %q, want %q", name, v, want)
		}
	}
}

func TestTheOrderOfASetOnAWSMeansNothing(t *testing.T) {
	a, b := model.SubnetKey(model.Public, "a"), model.SubnetKey(model.Public, "b")
	x, y := model.BalancerGroupKey("x"), model.BalancerGroupKey("y")
	first, second := model.Rule{Protocol: "tcp", From: 80, To: 80, CIDR: "10.0.0.0/8"}, model.Rule{Protocol: "-1", Group: x}
	for _, pair := range [][2]model.Resource{
		{model.Group{Subnets: []model.Key{a, b}, Classic: []model.Key{x, y}}, model.Group{Subnets: []model.Key{b, a}, Classic: []model.Key{y, x}}},
		{model.LoadBalancer{Subnets: []model.Key{a, b}, Groups: []model.Key{x, y}}, model.LoadBalancer{Subnets: []model.Key{b, a}, Groups: []model.Key{y, x}}},
		{model.ClassicLoadBalancer{Subnets: []model.Key{a, b}}, model.ClassicLoadBalancer{Subnets: []model.Key{b, a}}},
		{model.Endpoint{RouteTables: []model.Key{a, b}}, model.Endpoint{RouteTables: []model.Key{b, a}}},
		{model.SecurityGroup{Ingress: []model.Rule{first, second}}, model.SecurityGroup{Ingress: []model.Rule{second, first}}},
		{model.DefaultGroup{Egress: []model.Rule{first, second}}, model.DefaultGroup{Egress: []model.Rule{second, first}}},
		{model.Role{Managed: []string{"a", "b"}}, model.Role{Managed: []string{"b", "a"}}},
		{
			model.ClusterProviders{Providers: []model.Key{x, y}, Strategy: []model.StrategyItem{{Provider: x}, {Provider: y, Weight: 1}}},
			model.ClusterProviders{Providers: []model.Key{y, x}, Strategy: []model.StrategyItem{{Provider: y, Weight: 1}, {Provider: x}}},
		},
	} {
		if !reflect.DeepEqual(pair[0].Attrs(), pair[1].Attrs()) {
			t.Errorf("%T: %v is not %v", pair[0], pair[0].Attrs(), pair[1].Attrs())
		}
	}
}

func TestAskingForSettingsChangesNothing(t *testing.T) {
	for _, r := range everyKind() {
		full, again := filled(r), filled(r)
		full.Attrs()
		full.Refs()
		if !reflect.DeepEqual(full, again) {
			t.Errorf("%T is another one afterwards", r)
		}
	}
}

func TestRulesReadAsPeopleWriteThem(t *testing.T) {
	for want, r := range map[string]model.Rule{
		"tcp 80 0.0.0.0/0 (clients)":            {Protocol: "tcp", From: 80, To: 80, CIDR: "0.0.0.0/0", Description: "clients"},
		"tcp 32768-65535 security_group.lb/any": {Protocol: "tcp", From: 32768, To: 65535, Group: model.BalancerGroupKey("any")},
		"all 10.0.0.0/8":                        {Protocol: "-1", CIDR: "10.0.0.0/8"},
		"udp 53 foreign.sg-0abc (dns)":          {Protocol: "udp", From: 53, To: 53, Group: model.Foreign("sg-0abc"), Description: "dns"},
		"icmp -1 ::/0":                          {Protocol: "icmp", From: -1, To: -1, CIDR: "::/0"},
	} {
		if got := r.String(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestReferencesDependOnWhatAResourceIs(t *testing.T) {
	gateway, spot := model.InternetGatewayKey(), model.ServiceRoleKey("spot")
	for _, c := range []struct {
		what string
		r    model.Resource
		key  model.Key
		want bool
	}{
		{"an external load balancer needs the gateway", model.LoadBalancer{Scheme: "internet-facing"}, gateway, true},
		{"an internal one does not", model.LoadBalancer{Scheme: "internal"}, gateway, false},
		{"an external classic one does", model.ClassicLoadBalancer{Scheme: "internet-facing"}, gateway, true},
		{"an internal classic one does not", model.ClassicLoadBalancer{Scheme: "internal"}, gateway, false},
		{"a NAT gateway does", model.NATGateway{}, gateway, true},
		{"a spot group needs the role", model.Group{Spot: true}, spot, true},
		{"another group does not", model.Group{}, spot, false},
		{"a group needs its template", model.Group{Group: "a"}, model.TemplateKey("a"), true},
		{"a group stands on nobody else's classic", model.Group{Classic: []model.Key{model.Foreign("theirs")}}, model.Foreign("theirs"), false},
		{"a cluster has no providers of others", model.ClusterProviders{Providers: []model.Key{model.Foreign("FARGATE")}}, model.Foreign("FARGATE"), false},
		{"a template has no profile of others", model.LaunchTemplate{Content: model.Launch{Profile: model.Foreign("p")}}, model.Foreign("p"), false},
		{"a template without a profile needs none", model.LaunchTemplate{}, model.Key{}, false},
		{
			"a security group does not stand on itself",
			model.SecurityGroup{Role: "lb/a", Ingress: []model.Rule{{Group: model.BalancerGroupKey("a")}}},
			model.BalancerGroupKey("a"), false,
		},
		{
			"nor on somebody else's",
			model.SecurityGroup{Role: "lb/a", Egress: []model.Rule{{Group: model.Foreign("sg-1")}}},
			model.Foreign("sg-1"), false,
		},
		{"a capacity waits for its routes", model.Capacity{Routes: []model.Key{model.RouteKey(model.Private, "a")}}, model.RouteKey(model.Private, "a"), true},
		{"and for its provider", model.Capacity{}, model.ClusterProvidersKey(), true},
	} {
		got := false
		for _, ref := range c.r.Refs() {
			got = got || ref == c.key
		}
		if got != c.want {
			t.Errorf("%s: it refers to %v", c.what, c.r.Refs())
		}
	}
}

func TestCanonicalJSONHasOneTextForOneDocument(t *testing.T) {
	for in, want := range map[string]string{
		`{ "b": 1, "a": [ "x", {"d":true,"c":null} ] }`: `{"a":["x",{"c":null,"d":true}],"b":1}`,
		`"text"`:    `"text"`,
		``:          ``,
		`{"a":`:     `{"a":`,
		`not json`:  `not json`,
		`{"a":1} x`: `{"a":1} x`,
	} {
		if got := model.CanonicalJSON(in); got != want {
			t.Errorf("%s becomes %s, want %s", in, got, want)
		}
	}
}

func TestSafetyCanonicalJSONIsStableAndSaysTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		document := map[string][]string{}
		for _, k := range rapid.SliceOfN(rapid.String(), 0, 5).Draw(t, "names") {
			document[k] = rapid.SliceOfN(rapid.String(), 0, 3).Draw(t, "values")
		}
		b, err := json.MarshalIndent(document, " ", "\t")
		if err != nil {
			t.Fatal(err)
		}
		once := model.CanonicalJSON(string(b))
		var back map[string][]string
		if err := json.Unmarshal([]byte(once), &back); err != nil || !reflect.DeepEqual(back, document) {
			t.Fatal(once, err)
		}
		if model.CanonicalJSON(once) != once {
			t.Fatal("the second time it is another text")
		}
	})
}
