package model_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/model"
)

func TestAResourceHasTheKeyThatItsKindGivesOut(t *testing.T) {
	const zone, name = "eu-west-1a", "batch"
	for _, c := range []struct {
		r    model.Resource
		want model.Key
	}{
		{model.Bucket{Name: "x"}, model.BucketKey()},
		{model.VPC{CIDR: "x"}, model.VPCKey()},
		{model.DefaultGroup{}, model.DefaultGroupKey()},
		{model.InternetGateway{}, model.InternetGatewayKey()},
		{model.Subnet{Tier: model.Private, Zone: zone}, model.SubnetKey(model.Private, zone)},
		{model.RouteTable{Tier: model.Public, Zone: zone}, model.RouteTableKey(model.Public, zone)},
		{model.ElasticIP{Zone: zone}, model.ElasticIPKey(zone)},
		{model.NATGateway{Zone: zone}, model.NATGatewayKey(zone)},
		{model.Route{Tier: model.Private, Zone: zone}, model.RouteKey(model.Private, zone)},
		{model.Endpoint{Service: "s3"}, model.EndpointKey("s3")},
		{model.SecurityGroup{Role: "lb/default"}, model.BalancerGroupKey("")},
		{model.SecurityGroup{Role: "lb/" + name}, model.BalancerGroupKey(name)},
		{model.SecurityGroup{Role: "instances/" + name}, model.InstanceGroupKey(name)},
		{model.LoadBalancer{}, model.LoadBalancerKey("")},
		{model.LoadBalancer{Balancer: name}, model.LoadBalancerKey(name)},
		{model.TargetGroup{Balancer: name}, model.TargetGroupKey(name)},
		{model.Listener{Balancer: name, Port: 80}, model.ListenerKey(name, 80)},
		{model.ClassicLoadBalancer{Balancer: name}, model.ClassicKey(name)},
		{model.ServiceRole{Service: "ecs"}, model.ServiceRoleKey("ecs")},
		{model.Role{What: "task"}, model.RoleKey("task")},
		{model.Profile{Name: "x"}, model.ProfileKey()},
		{model.FlowLog{To: "s3"}, model.FlowLogKey()},
		{model.SecurityGroup{Role: "endpoints"}, model.EndpointsGroupKey()},
		{model.LogGroup{File: "/var/log/x", Name: "y"}, model.LogGroupKey("/var/log/x")},
		{model.Cluster{Name: "x"}, model.ClusterKey()},
		{model.LaunchTemplate{Group: name, Name: "x"}, model.TemplateKey(name)},
		{model.Group{Group: name, Name: "x"}, model.GroupKey(name)},
		{model.Provider{Group: name, Name: "x"}, model.ProviderKey(name)},
		{model.ClusterProviders{}, model.ClusterProvidersKey()},
		{model.Capacity{Group: name}, model.CapacityKey(name)},
		{model.TaskDefinition{Container: name}, model.TaskDefinitionKey(name, model.ContainerDefinition{})},
		{model.DaemonService{Container: name}, model.DaemonServiceKey(name)},
	} {
		if c.r.Key() != c.want {
			t.Errorf("%T has the key %s, want %s", c.r, c.r.Key(), c.want)
		}
	}
}

// rules draws rules of security groups as EC2 has them: exactly one of range and group.
func rules() *rapid.Generator[model.Rule] {
	return rapid.Custom(func(t *rapid.T) model.Rule {
		r := model.Rule{Protocol: rapid.SampledFrom([]string{"tcp", "udp", "icmp"}).Draw(t, "protocol"), From: rapid.IntRange(-1, 3).Draw(t, "from")}
		r.To = r.From + rapid.IntRange(0, 2).Draw(t, "ports")
		r.Description = rapid.SampledFrom([]string{"", "clients", "dns"}).Draw(t, "description")
		if rapid.Bool().Draw(t, "a group") {
			r.Group = rapid.SampledFrom([]model.Key{model.BalancerGroupKey(""), model.InstanceGroupKey("a"), model.Foreign("sg-1")}).Draw(t, "group")
		} else {
			r.CIDR = rapid.SampledFrom([]string{"0.0.0.0/0", "10.0.0.0/8", "::/0", "pl-1"}).Draw(t, "range")
		}
		return r
	})
}

func TestSafetyDifferentRulesReadDifferently(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rules().Draw(t, "a"), rules().Draw(t, "b")
		if (a == b) != (a.String() == b.String()) {
			t.Fatalf("%#v and %#v both read %s", a, b, a)
		}
	})
}

func TestSafetySecurityGroupsDifferExactlyWhenTheirRulesDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(rules(), 0, 3)
		a, b := list.Draw(t, "a"), list.Draw(t, "b")
		count := func(rules []model.Rule) map[model.Rule]int {
			out := map[model.Rule]int{}
			for _, r := range rules {
				out[r]++
			}
			return out
		}
		same := maps.Equal(count(a), count(b))
		x, y := model.SecurityGroup{Ingress: a}, model.SecurityGroup{Ingress: b}
		if same != reflect.DeepEqual(x.Attrs(), y.Attrs()) {
			t.Fatalf("%v and %v: the same: %v", x.Attrs(), y.Attrs(), same)
		}
		if swapped := (model.SecurityGroup{Egress: a}); len(a) > 0 && reflect.DeepEqual(swapped.Attrs(), x.Attrs()) {
			t.Fatal("in and out are the same")
		}
	})
}

func TestSafetyNoJSONMakesASetPanicAndWhatIsReadIsWrittenAlike(t *testing.T) {
	var whole model.Set
	for _, r := range everyKind() {
		whole.Put(filled(r))
	}
	b, err := json.Marshal(whole)
	if err != nil {
		t.Fatal(err)
	}
	text := string(b)
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(0, len(text)-1).Draw(t, "at")
		n := rapid.IntRange(0, 40).Draw(t, "cut")
		put := rapid.SampledFrom([]string{"", "null", "{}", "[]", `"x"`, "1", ",", `"kind":"vpc",`}).Draw(t, "put")
		broken := text[:at] + put + text[min(len(text), at+n):]
		var s model.Set
		if err := json.Unmarshal([]byte(broken), &s); err != nil {
			return
		}
		once, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		var again model.Set
		if err := json.Unmarshal(once, &again); err != nil || !reflect.DeepEqual(again, s) {
			t.Fatalf("%v: %s", err, once)
		}
	})
}

func TestSafetyAnInventoryKeepsHandlesAndResourcesTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var inv model.Inventory
		ids := map[model.Key]string{}
		for i := range rapid.IntRange(0, 30).Draw(t, "steps") {
			r := things().Draw(t, "resource")
			if rapid.Bool().Draw(t, "removed") {
				inv.Remove(r.Key())
				delete(ids, r.Key())
				continue
			}
			inv.Add(r, model.Handle{ID: fmt.Sprint(i)})
			ids[r.Key()] = fmt.Sprint(i)
		}
		if inv.Len() != len(ids) {
			t.Fatal(inv.Len(), ids)
		}
		for r := range inv.All() {
			if id, ok := ids[r.Key()]; !ok || inv.ID(r.Key()) != id {
				t.Fatal(r.Key(), inv.ID(r.Key()))
			}
		}
	})
}

func TestSafetyUserTagsAreToldApartByWholeHashes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		keys := rapid.SliceOfNDistinct(rapid.StringMatching(`[a-z ]{1,8}`), 0, 40, rapid.ID).Draw(t, "keys")
		text := model.UserTags(keys...)
		if len(text) != 6*len(keys) || strings.Trim(text, "0123456789abcdef") != "" {
			t.Fatal(text)
		}
		var parts string
		for _, k := range keys {
			parts += model.UserTags(k)
		}
		if parts != text {
			t.Fatalf("%s is not %s", parts, text)
		}
	})
}
