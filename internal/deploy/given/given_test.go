package given

import (
	"errors"
	"strings"
	"testing"

	"berth/internal/deploy"
	"berth/internal/document"
	"berth/internal/model"
)

func shop() Table {
	return Table{
		Cluster: Cluster{
			Scope:     model.Scope{Account: "123456789012", Region: "eu-west-1", Partition: "aws", Environment: "prod", Cluster: "shop"},
			LogPrefix: "prod_shop", RetentionDays: 30, Tags: model.NewTags(model.Tag{Key: "team", Value: "platform"}),
			Balancers: []Balancer{{}, {Key: "public"}, {Key: "legacy", Classic: true}, {Key: "coming"}},
			Groups:    []string{"default", "batch"},
			Registries: []Registry{
				{Host: "docker.io"}, {Host: "ghcr.io", SecretARN: "arn:ghcr"}, {Host: "localhost:5000"}, {Host: "quay.io", InBucket: true},
			},
		},
		Standing: Standing{
			Cluster: true,
			Fronts: map[string]Front{
				"default": {ARN: "arn:lb", VPC: "vpc-1", TargetGroup: "arn:tg", Listeners: []Listener{{"arn:l80", 80, true}}},
				"public":  {ARN: "arn:lb2", VPC: "vpc-1", TargetGroup: "arn:tg2", Listeners: []Listener{{"arn:p80", 80, false}, {"arn:p443", 443, true}}},
			},
			Classic: map[string]bool{"legacy": true}, Secrets: map[string]string{"docker.io": "arn:hub"},
			SecurityGroups: map[string]string{"default": "sg-1"}, PrivateSubnets: []string{"subnet-a", "subnet-b"},
		},
	}
}

func TestEveryNameHasAValueOfThisCluster(t *testing.T) {
	for name, want := range map[string]string{
		"cluster": `"shop"`, "environment": `"prod"`, "region": `"eu-west-1"`, "account": `"123456789012"`, "log_prefix": `"prod_shop"`,
		"role.execution":          `"arn:aws:iam::123456789012:role/ecs/prod_shop_eu-west-1_execution"`,
		"role.task":               `"arn:aws:iam::123456789012:role/ecs/prod_shop_eu-west-1_task"`,
		"load_balancer.legacy":    `"prod-shop-legacy"`,
		"target_group.default":    `"arn:tg"`,
		"target_group.public":     `"arn:tg2"`,
		"registry.docker.io":      `"arn:hub"`,
		"registry.ghcr.io":        `"arn:ghcr"`,
		"capacity_provider.batch": `"prod_shop_batch"`,
		"security_group.default":  `"sg-1"`,
		"subnets.private":         `["subnet-a","subnet-b"]`,
	} {
		if v, err := shop().Lookup(name); err != nil || v.JSON() != want {
			t.Errorf("%s is %s, %v; want %s", name, v.JSON(), err, want)
		}
	}
}

func TestWhatDoesNotStandIsToldApartFromWhatNobodyKnows(t *testing.T) {
	empty := shop()
	empty.Standing = Standing{}
	for _, c := range []struct {
		of         Table
		name, want string
	}{
		{shop(), "target_group.coming", "load balancer coming does not stand yet"},
		{shop(), "security_group.batch", "the security group of instance group batch does not stand yet"},
		{shop(), "registry.localhost:5000", "the secret of registry localhost:5000 does not stand yet"},
		{empty, "load_balancer.legacy", "cluster shop does not stand yet"},
		{empty, "subnets.private", "cluster shop does not stand yet"},
	} {
		var absent *Absent
		if _, err := c.of.Lookup(c.name); !errors.As(err, &absent) || err.Error() != c.want || absent.Fix != "berth apply" {
			t.Errorf("%s: %v, want %s", c.name, err, c.want)
		}
	}
	for name, like := range map[string]string{
		"target_group.pubic": "target_group.public", "load_balancer.public": "load_balancer.legacy", "clutser": "cluster", "registry.quay.io": "registry.ghcr.io",
		"role": "role.task", "": "account", "target_group.nope?path=/": "target_group.public",
	} {
		var unknown *Unknown
		if _, err := shop().Lookup(name); !errors.As(err, &unknown) || !strings.Contains(strings.Join(unknown.Known, " "), like) {
			t.Errorf("%s: %v, want %s among the known", name, err, like)
		}
	}
	for _, name := range []string{"cluster?path=/", "target_group.public?path=api"} {
		if v, err := shop().Lookup(name); err == nil {
			t.Errorf("%s is taken as %s", name, v.JSON())
		}
	}
}

func parse(t *testing.T, text string) document.Value {
	t.Helper()
	v, err := document.Parse("taskdef.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

const (
	logging = `"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"prod_shop/web"}}`
	webDef  = `{"networkMode":"bridge","containerDefinitions":[{"name":"web",` + logging + `},{"name":"side",` + logging + `},
		{"name":"far","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"x","awslogs-region":"eu-central-1"}}},
		{"name":"self","logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"y","awslogs-create-group":"true"}}},
		{"name":"json","logConfiguration":{"logDriver":"json-file"}}]}`
)

func provided(t *testing.T, def, routes string) (document.Value, []deploy.Need, error) {
	t.Helper()
	spec := parse(t, `{"loadBalancers":[`+routes+`]}`).Map(func(v document.Value) document.Value {
		if name, is := strings.CutPrefix(v.Text, "${berth."); is {
			found, err := shop().Lookup(strings.TrimSuffix(name, "}"))
			if err != nil {
				t.Fatal(err)
			}
			found.At = v.At
			return found
		}
		return v
	})
	return shop().Provide("web", parse(t, def), spec)
}

func TestRouteBecomesATargetGroupAndARuleOnEveryPortThatForwards(t *testing.T) {
	spec, needs, err := provided(t, webDef, `{"targetGroupArn":"${berth.target_group.public?path=/b,/a&host=a.com&deregistration_delay=5}","containerName":"web","containerPort":8080}`)
	if err != nil || len(needs) != 3 {
		t.Fatal(needs, err)
	}
	name := needs[1].Name
	tags := `"Tags":[{"Key":"Cluster","Value":"shop"},{"Key":"Environment","Value":"prod"},{"Key":"berth:service","Value":"web"},{"Key":"team","Value":"platform"}]`
	for i, want := range []string{
		`{"logGroupName":"prod_shop/web","tags":{"Cluster":"shop","Environment":"prod","berth:service":"web","team":"platform"},"retentionInDays":30}`,
		`{"Name":"` + name + `","Protocol":"HTTP","Port":8080,"VpcId":"vpc-1","TargetType":"instance","HealthCheckProtocol":"HTTP","HealthCheckPath":"/",` +
			`"HealthCheckIntervalSeconds":10,"HealthCheckTimeoutSeconds":5,"HealthyThresholdCount":2,"UnhealthyThresholdCount":2,"Matcher":{"HttpCode":"200-399"},` +
			`"Attributes":[{"Key":"deregistration_delay.timeout_seconds","Value":"5"},{"Key":"stickiness.enabled","Value":"false"}],` + tags + `}`,
		`{"ListenerArn":"arn:p443","Conditions":[{"Field":"host-header","HostHeaderConfig":{"Values":["a.com"]}},` +
			`{"Field":"path-pattern","PathPatternConfig":{"Values":["/a","/b"]}}],"Actions":[{"Type":"forward","TargetGroupArn":"berth:need:target group:` + name + `"}],` + tags + `}`,
	} {
		if got := needs[i].Spec.JSON(); got != want {
			t.Errorf("%s\n%s\nwant\n%s", needs[i].Kind, got, want)
		}
	}
	if needs[2].Name != name+":443" || spec.Get("loadBalancers", "0", "targetGroupArn").Text != deploy.Reference(TargetGroup, name) {
		t.Error(needs[2].Name, spec.JSON())
	}
}

func TestNamesOfTargetGroupsTellApartWhatAWSKeepsForLife(t *testing.T) {
	one := func(def, text string) string {
		_, needs, err := provided(t, def, text)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, n := range needs {
			if n.Kind == TargetGroup {
				names = append(names, n.Name)
			}
		}
		return strings.Join(names, " ")
	}
	line := func(query, container, port string) string {
		return `{"targetGroupArn":"${berth.target_group.` + query + `}","containerName":"` + container + `","containerPort":` + port + `}`
	}
	bridge, own := `{"containerDefinitions":[]}`, `{"networkMode":"awsvpc","containerDefinitions":[]}`
	base := one(bridge, line("public?path=/a", "web", "80"))
	if base != one(bridge, line("public?path=/b&health_check=/up&priority=9", "api", "81")) {
		t.Error("a change that AWS takes makes another target group")
	}
	for what, other := range map[string]string{
		"network mode": one(own, line("public?path=/a", "web", "80")), "protocol": one(bridge, line("public?path=/a&protocol=HTTPS", "web", "80")),
		"load balancer": one(bridge, line("default?path=/a", "web", "80")),
	} {
		if other == base {
			t.Errorf("another %s is the same target group", what)
		}
	}
	two := strings.Fields(one(bridge, line("public?path=/a", "web", "80")+","+line("public?path=/admin", "web", "81")))
	if len(two) != 2 || two[0] != base || two[1] == base {
		t.Errorf("two routes get %s", two)
	}
}

func TestRoutesThatCannotBeCarriedOutAreRefusedWithTheirPlace(t *testing.T) {
	route := "berth:route:public?path=/a"
	for want, c := range map[string][2]string{
		"containerName":                {`{}`, `{"loadBalancers":[{"targetGroupArn":"` + route + `"}]}`},
		"only as targetGroupArn":       {`{"family":"` + route + `"}`, `{}`},
		"only as targetGroupArn in":    {`{}`, `{"serviceRegistries":["` + route + `"]}`},
		"load balancer coming does no": {`{}`, `{"loadBalancers":[{"targetGroupArn":"berth:route:coming?path=/a","containerName":"x","containerPort":1}]}`},
	} {
		_, needs, err := shop().Provide("web", parse(t, c[0]), parse(t, c[1]))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, %v; want %s", needs, err, want)
		}
		var m *Misplaced
		if errors.As(err, &m) && m.At.Line == 0 {
			t.Errorf("%v stands nowhere", err)
		}
	}
	deaf := shop()
	deaf.Fronts["public"] = Front{Listeners: []Listener{{"arn", 80, false}}}
	_, _, err := deaf.Provide("web", parse(t, `{}`), parse(t, `{"loadBalancers":[{"targetGroupArn":"`+route+`","containerName":"x","containerPort":1}]}`))
	if err == nil || !strings.Contains(err.Error(), "no listener") {
		t.Error(err)
	}
}
