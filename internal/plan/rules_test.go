package plan

import (
	"os"
	"slices"
	"strings"
	"testing"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

// whole is a set with every kind and every setting that there is: a file that says all that a file can say.
func whole(t *testing.T) model.Set {
	t.Helper()
	const path = "../desired/testdata/everything.tfvars"
	if _, err := os.Stat(path); err != nil {
		t.Fatal(err)
	}
	c, faults := config.Load(config.Sources{Files: []string{path}})
	if c == nil {
		t.Fatal(faults)
	}
	return desired.Build(c, model.Facts{
		Scope:  model.Scope{Environment: c.Environment, Cluster: c.Cluster, Region: c.Region},
		Images: map[string]model.Image{"web": {ID: "ami-1", Origin: "al2023/x86_64"}, "rocket": {ID: "ami-2", Device: "/dev/xvdb", System: "/dev/xvda"}},
	})
}

// match is the name under which the table holds a setting.
func match(k model.Kind, name string) string {
	if _, exact := rules[k][name]; exact {
		return name
	}
	first, _, _ := strings.Cut(name, ".")
	return first + ".*"
}

func TestEverySettingOfEveryKindHasARule(t *testing.T) {
	set := whole(t)
	seen := map[model.Kind]bool{}
	for r := range set.All() {
		seen[r.Key().Kind] = true
		for _, a := range r.Attrs() {
			if rule, ok := RuleOf(r.Key().Kind, a.Name); !ok || rule.Why == "" {
				t.Errorf("%s: nothing is known about changing %s", r.Key(), a.Name)
			}
		}
	}
	for _, k := range model.Kinds() {
		if _, known := rules[k]; !known || !seen[k] {
			t.Errorf("%s: in the table: %v, in the set: %v", k, known, seen[k])
		}
	}
}

func TestEveryRuleIsAboutASetting(t *testing.T) {
	used := map[model.Kind][]string{
		model.KindGroup: {"classic_load_balancer"}, // what a plan itself writes when a group is tied to a new one
	}
	set := whole(t)
	for r := range set.All() {
		for _, a := range r.Attrs() {
			used[r.Key().Kind] = append(used[r.Key().Kind], match(r.Key().Kind, a.Name))
		}
	}
	for k, table := range rules {
		for name := range table {
			if !slices.Contains(used[k], name) {
				t.Errorf("%s has no setting %s", k, name)
			}
		}
	}
	if len(rules) != len(model.Kinds()) {
		t.Errorf("%d tables for %d kinds", len(rules), len(model.Kinds()))
	}
}

func TestARuleWithAStarIsForNamesThatAreData(t *testing.T) {
	for _, c := range []struct {
		kind  model.Kind
		name  string
		found bool
	}{
		{model.KindVPC, "tags.team", true},
		{model.KindVPC, "tags.a.b.c", true},
		{model.KindVPC, "tags", false},
		{model.KindVPC, "tag.team", false},
		{model.KindVPC, ".x", false},
		{model.KindVPC, "", false},
		{model.KindRoute, "tags.team", false},
		{model.KindRole, "policies.logs", true},
		{model.KindTargetGroup, "health_check.path", true},
		{model.KindTargetGroup, "stickiness.enabled", true},
		{model.KindTargetGroup, "stickiness.type", false},
		{model.KindTemplate, "instance_tags.Name", true},
		{"spaceship", "tags.team", false},
	} {
		if _, ok := RuleOf(c.kind, c.name); ok != c.found {
			t.Errorf("%s %q: %v", c.kind, c.name, ok)
		}
	}
}

func TestNamesOnAWSAreForEver(t *testing.T) {
	for k, table := range rules {
		if r, ok := table["name"]; ok && !r.Replace {
			t.Errorf("the name of a %s can be changed in place", k)
		}
	}
}

func TestWhatReplacesIsAnOutageAndTagsAreNothing(t *testing.T) {
	for k, table := range rules {
		for name, r := range table {
			if r.Replace && r.Impact != Outage || strings.HasPrefix(name, "tags.") && r != update("tags say whose it is") {
				t.Errorf("%s %s: %+v", k, name, r)
			}
		}
	}
}

func TestEveryKindHasAPurpose(t *testing.T) {
	for _, k := range model.Kinds() {
		if purpose(k) == "" {
			t.Errorf("why there is a %s is not said", k)
		}
	}
}

func TestOnlyOrdersOfMagnitudeSeparateTheImpacts(t *testing.T) {
	fields := func(names ...string) (out []Field) {
		for _, n := range names {
			out = append(out, Field{Name: n})
		}
		return out
	}
	for _, c := range []struct {
		kind   model.Kind
		fields []Field
		want   Impact
	}{
		{model.KindGroup, fields("launch_template"), None},
		{model.KindGroup, fields("launch_template", "subnets"), Rolling},
		{model.KindGroup, fields("subnets", "classic_load_balancers"), Brief},
		{model.KindGroup, fields("unheard of"), None},
		{model.KindRoute, fields("target"), Brief},
		{model.KindCapacity, []Field{{Name: "desired_capacity", From: "1", To: "2"}}, None},
		{model.KindCapacity, []Field{{Name: "desired_capacity", From: "2", To: "1"}}, Rolling},
		{model.KindVPC, nil, None},
	} {
		if got := impactOf(c.kind, c.fields); got != c.want {
			t.Errorf("%s %v: %s", c.kind, c.fields, got)
		}
	}
}

func TestDeletingWhatCarriesTrafficIsAnOutage(t *testing.T) {
	for k, want := range map[model.Kind][2]Impact{
		model.KindVPC: {Outage, Outage}, model.KindLoadBalancer: {Outage, Outage}, model.KindGroup: {Outage, Outage}, model.KindCapacity: {Outage, Outage},
		model.KindRoute: {None, Outage}, model.KindNATGateway: {None, Outage}, model.KindEndpoint: {Brief, Outage}, model.KindSubnet: {None, None}, model.KindRole: {None, None},
	} {
		if got := [2]Impact{deleteImpact(k, false), deleteImpact(k, true)}; got != want {
			t.Errorf("%s: %v", k, got)
		}
	}
}
