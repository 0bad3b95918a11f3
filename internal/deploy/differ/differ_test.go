package differ

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/document"
)

func parse(t *testing.T, text string) document.Value {
	t.Helper()
	v, err := document.Parse("f", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func said(fields []Field) string {
	var out []string
	for _, f := range fields {
		text := f.Path + ": " + f.Was.JSON() + " to " + f.Want.JSON()
		if f.Hidden {
			text = f.Path + ": hidden"
		}
		out = append(out, text)
	}
	return strings.Join(out, "\n")
}

func TestWhatAWSMakesOfADefinitionIsNoDifference(t *testing.T) {
	for name, c := range map[string]struct{ want, have string }{
		"defaults": {
			`{"family": "web", "cpu": 256, "memory": "0.5 GB", "containerDefinitions": [{"name": "a", "image": "i", "portMappings": [{"containerPort": 80}],
				"healthCheck": {"command": ["CMD", "x"]}, "mountPoints": []}]}`,
			`{"family": "web", "revision": 3, "status": "ACTIVE", "taskDefinitionArn": "arn", "requiresAttributes": [{"name": "x"}], "compatibilities": ["EC2"],
				"networkMode": "bridge", "cpu": "256", "memory": "512", "volumes": [], "placementConstraints": [],
				"containerDefinitions": [{"name": "a", "image": "i", "cpu": 0, "essential": true, "environment": [], "volumesFrom": [], "mountPoints": [],
				"portMappings": [{"containerPort": 80, "hostPort": 0, "protocol": "tcp"}],
				"healthCheck": {"command": ["CMD", "x"], "interval": 30, "timeout": 5, "retries": 3}}]}`,
		},
		"the host's port of a task with an interface": {
			`{"networkMode": "awsvpc", "containerDefinitions": [{"name": "a", "portMappings": [{"containerPort": 80}]}]}`,
			`{"networkMode": "awsvpc", "containerDefinitions": [{"name": "a", "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}]}]}`,
		},
		"order": {
			`{"containerDefinitions": [{"name": "b", "environment": [{"name": "X", "value": "1"}, {"name": "Y", "value": "2"}]}, {"name": "a"}]}`,
			`{"containerDefinitions": [{"name": "a"}, {"name": "b", "environment": [{"value": "2", "name": "Y"}, {"value": "1", "name": "X"}]}]}`,
		},
		"tags of others": {`{"tags": [{"key": "a", "value": "1"}]}`, `{"tags": [{"key": "aws:x", "value": "2"}, {"key": "a", "value": "1"}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			if got := Definition(parse(t, c.want), parse(t, c.have)); len(got) > 0 {
				t.Error(said(got))
			}
		})
	}
}

func TestDifferencesOfADefinitionAreToldByTheirPaths(t *testing.T) {
	for name, c := range map[string]struct{ want, have, says string }{
		"an image": {
			`{"containerDefinitions": [{"name": "a", "image": "i:2"}]}`, `{"containerDefinitions": [{"name": "a", "image": "i:1"}]}`,
			`containerDefinitions.a.image: "i:1" to "i:2"`,
		},
		"an environment, which is nobody's business": {
			`{"containerDefinitions": [{"name": "a", "environment": [{"name": "P", "value": "hunter2"}]}]}`,
			`{"containerDefinitions": [{"name": "a", "environment": [{"name": "P", "value": "hunter1"}]}]}`, `containerDefinitions.a.environment.P.value: hidden`,
		},
		"a variable that comes": {
			`{"containerDefinitions": [{"name": "a", "environment": [{"name": "P", "value": "hunter2"}]}]}`,
			`{"containerDefinitions": [{"name": "a"}]}`, `containerDefinitions.a.environment.P.value: hidden`,
		},
		"a container that comes": {
			`{"containerDefinitions": [{"name": "a", "image": "x"}, {"name": "b", "image": "y", "environment": [{"name": "P", "value": "hunter2"}]}]}`,
			`{"containerDefinitions": [{"name": "a", "image": "x"}]}`,
			"containerDefinitions.b.image: null to \"y\"\ncontainerDefinitions.b.environment.P.value: hidden",
		},
		"the login of a log driver": {
			`{"containerDefinitions": [{"name": "a", "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": "s3cret"}}}]}`,
			`{"containerDefinitions": [{"name": "a", "logConfiguration": {"logDriver": "splunk", "options": {"splunk-token": "other"}}}]}`,
			`containerDefinitions.a.logConfiguration.options.splunk-token: hidden`,
		},
		"the order of a command": {
			`{"containerDefinitions": [{"name": "a", "command": ["x", "y"]}]}`, `{"containerDefinitions": [{"name": "a", "command": ["y", "x"]}]}`,
			`containerDefinitions.a.command: ["y","x"] to ["x","y"]`,
		},
		"a port": {
			`{"containerDefinitions": [{"name": "a", "portMappings": [{"containerPort": 81}]}]}`,
			`{"containerDefinitions": [{"name": "a", "portMappings": [{"containerPort": 80, "hostPort": 0, "protocol": "tcp"}]}]}`,
			"containerDefinitions.a.portMappings.81: null to {}\ncontainerDefinitions.a.portMappings.80: {} to null",
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := said(Definition(parse(t, c.want), parse(t, c.have))); got != c.says {
				t.Errorf("%s\nwant: %s", got, c.says)
			}
		})
	}
}

func TestServicesAreComparedByWhatTheirFileOwns(t *testing.T) {
	const stands = `{"schedulingStrategy": "REPLICA", "desiredCount": 7, "launchType": "", "propagateTags": "SERVICE", "enableECSManagedTags": false,
		"capacityProviderStrategy": [{"capacityProvider": "p", "weight": 1, "base": 0}], "availabilityZoneRebalancing": "ENABLED",
		"deploymentConfiguration": {"strategy": "ROLLING", "bakeTimeInMinutes": 0, "maximumPercent": 200, "minimumHealthyPercent": 100,
		"deploymentCircuitBreaker": {"enable": true, "rollback": true}}, "deploymentController": {"type": "ECS"}, "serviceRegistries": [],
		"placementStrategy": [{"type": "spread", "field": "instanceId"}], "placementConstraints": [{"expression": "e", "type": "memberOf"}]}`
	for name, c := range map[string]struct{ want, says string }{
		"what others own": {
			`{"propagateTags": "SERVICE", "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true}},
			"placementStrategy": [{"type": "spread", "field": "instanceId"}], "placementConstraints": [{"type": "memberOf", "expression": "e"}]}`, "",
		},
		"a number that the file gives": {
			`{"desiredCount": 3, "propagateTags": "SERVICE", "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true}},
			"placementStrategy": [{"type": "spread", "field": "instanceId"}], "placementConstraints": [{"type": "memberOf", "expression": "e"}]}`, `desiredCount: "7" to "3"`,
		},
		"what the file no longer says": {
			`{"propagateTags": "SERVICE", "deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true}},
			"placementStrategy": [{"type": "spread", "field": "instanceId"}]}`, `placementConstraints.{"expression":"e","type":"memberOf"}: {} to null`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			if got := said(Service(parse(t, c.want), parse(t, stands))); got != c.says {
				t.Errorf("%s\nwant: %s", got, c.says)
			}
		})
	}
}

// definitions are task definitions with what berth's users write into them.
func definitions() *rapid.Generator[document.Value] {
	word := rapid.StringMatching(`[a-z]{1,6}`)
	return rapid.Custom(func(t *rapid.T) document.Value {
		mode := rapid.SampledFrom([]string{"", "bridge", "awsvpc", "host"}).Draw(t, "mode")
		var containers []document.Value
		for _, name := range rapid.SliceOfNDistinct(word, 1, 3, rapid.ID).Draw(t, "names") {
			c := document.New("name", document.Of(name), "image", document.Of(word.Draw(t, "image")))
			if rapid.Bool().Draw(t, "cpu") {
				c = c.With("cpu", document.Int(rapid.IntRange(0, 2).Draw(t, "units")))
			}
			if rapid.Bool().Draw(t, "essential") {
				c = c.With("essential", document.Flag(rapid.Bool().Draw(t, "flag")))
			}
			var vars, ports []document.Value
			for _, v := range rapid.SliceOfNDistinct(word, 0, 3, rapid.ID).Draw(t, "vars") {
				vars = append(vars, document.New("name", document.Of(v), "value", document.Of(rapid.String().Draw(t, "value"))))
			}
			for _, p := range rapid.SliceOfNDistinct(rapid.IntRange(1, 9), 0, 3, rapid.ID).Draw(t, "ports") {
				one := document.New("containerPort", document.Int(p))
				if rapid.Bool().Draw(t, "udp") {
					one = one.With("protocol", document.Of(rapid.SampledFrom([]string{"tcp", "udp"}).Draw(t, "protocol")))
				}
				ports = append(ports, one)
			}
			containers = append(containers, c.With("environment", document.Items(vars...)).With("portMappings", document.Items(ports...)))
		}
		v := document.New("family", document.Of("f"), "containerDefinitions", document.Items(containers...))
		if mode != "" {
			v = v.With("networkMode", document.Of(mode))
		}
		return v
	})
}

// described is a definition as AWS describes it: with its defaults, in another order.
func described(v document.Value) document.Value {
	mode := v.Get("networkMode").Text
	fill := func(o document.Value, name string, to document.Value) document.Value {
		if o.Get(name).There() {
			return o
		}
		return o.With(name, to)
	}
	v = fill(v, "networkMode", document.Of("bridge")).With("revision", document.Int(4)).With("volumes", document.Value{Kind: document.List})
	list := v.Get("containerDefinitions")
	items := slices.Clone(list.Items)
	slices.Reverse(items)
	for i, c := range items {
		c = fill(fill(c, "cpu", document.Int(0)), "essential", document.Flag(true)).With("mountPoints", document.Value{Kind: document.List})
		env := slices.Clone(c.Get("environment").Items)
		slices.Reverse(env)
		var ports []document.Value
		for _, p := range c.Get("portMappings").Items {
			p = fill(p, "protocol", document.Of("tcp"))
			host := document.Int(0)
			if mode == "awsvpc" || mode == "host" {
				host = p.Get("containerPort")
			}
			ports = append(ports, fill(p, "hostPort", host))
		}
		items[i] = c.With("environment", document.Items(env...)).With("portMappings", document.Items(ports...))
	}
	list.Items = items
	return v.With("containerDefinitions", list)
}

func TestSafetyADefinitionNeverDiffersFromItsDescription(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := definitions().Draw(t, "definition")
		if got := Definition(v, described(v)); len(got) > 0 {
			t.Fatalf("%s differs from its description:\n%s", v.JSON(), said(got))
		}
	})
}

func TestSafetyTwoDefinitionsThatMeanDifferentThingsDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := definitions().Draw(t, "definition")
		items := slices.Clone(v.Get("containerDefinitions").Items)
		n := rapid.IntRange(0, len(items)-1).Draw(t, "container")
		member := rapid.SampledFrom([]string{"image", "memory", "workingDirectory"}).Draw(t, "member")
		items[n] = items[n].With(member, document.Of("something else"))
		got := Definition(v.With("containerDefinitions", document.Items(items...)), described(v))
		if len(got) != 1 || !strings.HasSuffix(got[0].Path, "."+member) {
			t.Fatalf("one %s differs, and this is told:\n%s", member, said(got))
		}
	})
}

func TestSafetyNoValueOfAnEnvironmentIsShown(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := definitions().Draw(t, "one"), definitions().Draw(t, "other")
		for _, f := range Definition(a, described(b)) {
			if strings.Contains(f.Path, ".environment.") && !f.Hidden || f.Was.Get("environment").There() || f.Want.Get("environment").There() {
				t.Fatalf("%s is shown", f.Path)
			}
		}
	})
}
