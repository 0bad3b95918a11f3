package manifest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/document"
)

func read(t *testing.T, definition, service string) Folder {
	t.Helper()
	s := Sources{Folder: "web", Definition: File{Name: DefinitionFile, Text: definition}}
	if service != "" {
		s.Service = File{Name: ServiceFile, Text: service}
	}
	f, faults := Read(s)
	if faults.Failed() {
		t.Fatalf("faults:\n%s", faults)
	}
	return f
}

// told is what was added, each on a line.
func told(added []Added) []string {
	var out []string
	for _, a := range added {
		out = append(out, a.Path+"="+a.Value.JSON())
		if a.Why == "" || (a.Off == "") != (a.Path == "tags" || a.Path == "launchType") || a.File == "" {
			out = append(out, "and it is not said why, or how to do without")
		}
	}
	return out
}

func TestWhatIsLeftOutIsAdded(t *testing.T) {
	f, added := Complete(read(t, `{ "containerDefinitions": [{
		"name": "web", "image": "nginx:1.29", "memory": 128,
		"logConfiguration": { "logDriver": "awslogs", "options": { "awslogs-group": "${berth.log_prefix}/web" } } }] }`,
		`{ "desiredCount": 3 }`), shop())
	want := []string{
		`containerDefinitions[0].repositoryCredentials={"credentialsParameter":"arn:aws:secretsmanager:eu-west-1:123456789012:secret:prod_shop/registry/docker.io-AbCdEf"}`,
		`containerDefinitions[0].logConfiguration.options.awslogs-region="eu-west-1"`,
		`executionRoleArn="arn:aws:iam::123456789012:role/ecs/prod_shop_eu-west-1_execution"`,
		`placementStrategy=[{"type":"spread","field":"attribute:ecs.availability-zone"},{"type":"spread","field":"instanceId"}]`,
		`availabilityZoneRebalancing="ENABLED"`,
		`deploymentConfiguration.minimumHealthyPercent=100`,
		`deploymentConfiguration.maximumPercent=200`,
		`deploymentConfiguration.deploymentCircuitBreaker={"enable":true,"rollback":true,"resetOnHealthyTask":false,"thresholdConfiguration":{"type":"COUNT","value":3}}`,
		`propagateTags="SERVICE"`,
		`tags=[{"key":"berth:service","value":"web"},{"key":"Environment","value":"prod"},{"key":"Cluster","value":"shop"}]`,
		`tags=[{"key":"berth:service","value":"web"},{"key":"Environment","value":"prod"},{"key":"Cluster","value":"shop"}]`,
	}
	if got := told(added); !slices.Equal(got, want) {
		t.Errorf("added\n%s", strings.Join(got, "\n"))
	}
	if groups := f.LogGroups(); !slices.Equal(groups, []string{"shop/web"}) {
		t.Errorf("log groups %v", groups)
	}
	if again, more := Complete(f, shop()); len(more) != 2 || again.Definition.Get("family").Text != "web" {
		t.Errorf("a complete folder gets %v more", told(more))
	}
}

func TestWhatIsWrittenStays(t *testing.T) {
	_, added := Complete(read(t, `{ "executionRoleArn": "${berth.role.execution}", "containerDefinitions": [{
		"name": "web", "image": "nginx:1.29", "memory": 128, "repositoryCredentials": { "credentialsParameter": "arn:aws:secretsmanager:x" } }] }`,
		`{ "desiredCount": 30, "placementStrategy": [], "availabilityZoneRebalancing": "DISABLED", "propagateTags": "NONE",
		"deploymentConfiguration": { "minimumHealthyPercent": 50, "maximumPercent": 150, "deploymentCircuitBreaker": { "enable": false, "rollback": false } } }`), shop())
	for _, a := range added {
		if a.Path != "tags" {
			t.Errorf("added %s", a.Path)
		}
	}
}

func TestServicesGetWhatSuitsThem(t *testing.T) {
	const plain = `{ "containerDefinitions": [{ "name": "web", "image": "quay.io/a/b:1", "memory": 128, "portMappings": [{ "containerPort": 80, "hostPort": 8080 }] }] }`
	for _, c := range []struct{ service, want string }{
		{`{ "schedulingStrategy": "DAEMON" }`, `launchType="EC2" deploymentConfiguration.minimumHealthyPercent=0 deploymentConfiguration.maximumPercent=100`},
		{`{ "desiredCount": 2, "placementStrategy": [{ "type": "spread", "field": "attribute:ecs.availability-zone" }, { "type": "binpack", "field": "cpu" }] }`, `availabilityZoneRebalancing="DISABLED"`},
		{`{ "desiredCount": 2, "loadBalancers": [{ "loadBalancerName": "x", "containerName": "web", "containerPort": 80 }] }`, `!availabilityZoneRebalancing`},
		{`{ "desiredCount": 2, "deploymentConfiguration": { "maximumPercent": 100, "minimumHealthyPercent": 50 } }`, `!availabilityZoneRebalancing`},
		{`{ "desiredCount": 40 }`, `deploymentConfiguration.deploymentCircuitBreaker={"enable":true,"rollback":true}`},
	} {
		_, added := Complete(read(t, plain, c.service), shop())
		all := strings.Join(told(added), " ")
		absent, no := strings.CutPrefix(c.want, "!")
		if no && strings.Contains(all, absent) || !no && !strings.Contains(all, c.want) {
			t.Errorf("%s: added %s", c.service, all)
		}
	}
}

func TestTasksThatRunOnceGetNoService(t *testing.T) {
	f, added := Complete(read(t, `{ "containerDefinitions": [{ "name": "web", "image": "quay.io/a/b:1", "memory": 128 }] }`, ""), shop())
	if !f.Once() || len(added) != 1 || added[0].File != DefinitionFile {
		t.Errorf("added %v", told(added))
	}
}

func TestReferencesAreAnsweredStepByStep(t *testing.T) {
	f := read(t, `{ "networkMode": "awsvpc", "containerDefinitions": [{ "name": "web", "image": "x", "memory": 8, "portMappings": [{ "containerPort": 40000 }],
		"dockerLabels": { "where": "${berth.environment}/${berth.cluster}/$${berth.cluster}" } }] }`,
		`{ "desiredCount": 1, "networkConfiguration": { "awsvpcConfiguration": { "subnets": ["subnet-0", "${berth.subnets.private}"], "securityGroups": ["sg-9"] } },
		"loadBalancers": [{ "targetGroupArn": "${berth.target_group.public?path=/api/*}", "containerName": "web", "containerPort": 40000 }] }`)
	half := Resolve(f, func(r Reference) (document.Value, bool) { return document.Of("SHOP"), r.What == "cluster" })
	if got := half.Definition.Get("containerDefinitions", "0", "dockerLabels", "where").Text; got != "${berth.environment}/SHOP/${berth.cluster}" {
		t.Errorf("half resolved: %s", got)
	}
	full := Resolve(half, shop().Answer)
	if got := full.Definition.Get("containerDefinitions", "0", "dockerLabels", "where").Text; got != "prod/SHOP/${berth.cluster}" {
		t.Errorf("resolved: %s", got)
	}
	if got := full.Service.Get("networkConfiguration", "awsvpcConfiguration", "subnets").JSON(); got != `["subnet-0","subnet-1","subnet-2","subnet-3"]` {
		t.Errorf("subnets: %s", got)
	}
	groups := full.TargetGroups()
	if len(groups) != 1 || groups[0].Reference.Name != "public" || groups[0].Port != 40000 || groups[0].Type != "ip" || len(full.References) != 1 {
		t.Fatalf("target groups: %+v, references %v", groups, full.References)
	}
	done := Resolve(full, func(Reference) (document.Value, bool) { return document.Of("arn:x:targetgroup/y"), true })
	if got := done.Service.Get("loadBalancers", "0", "targetGroupArn").Text; got != "arn:x:targetgroup/y" || len(done.References) > 0 {
		t.Errorf("the group is %s", got)
	}
}

// mangled is an example's text with something in it changed.
func mangled(t *rapid.T, text string) string {
	for range rapid.IntRange(0, 2).Draw(t, "changes") {
		at := rapid.IntRange(0, len(text)).Draw(t, "at")
		to := min(len(text), at+rapid.IntRange(0, 12).Draw(t, "length"))
		piece := rapid.SampledFrom([]string{"", "0", "-1", `"`, "{", "]", "null", "true", `"x"`, "${", "${A}", "${berth.cluster}", `"value":`, ",", "1e9"}).Draw(t, "piece")
		text = text[:at] + piece + text[to:]
	}
	return text
}

func TestSafetyNoFolderBreaksTheReaderAndNoValueIsShown(t *testing.T) {
	const definition = `{
  "cpu": "256", "memory": "512", "networkMode": "bridge",
  "containerDefinitions": [
    {
      "name": "web", "image": "nginx:${TAG:-1}", "cpu": 64, "memory": 128, "memoryReservation": 64, "links": ["side"], "portMappings": [{ "containerPort": 80, "hostPort": 0 }],
      "environment": [{ "name": "PASSWORD", "value": "hunter2" }, { "name": "A", "value": "${A}" }, { "value": "hunter2", "name": "B" }],
      "healthCheck": { "command": ["CMD-SHELL", "true"] }, "dependsOn": [{ "containerName": "side", "condition": "START" }]
    },
    { "name": "side", "image": "nginx", "memory": 64, "environment": [{
      "name": "C",
      "value": "hunter2"
    }] }
  ]
}`
	const service = `{
  "desiredCount": 2, "deploymentConfiguration": { "maximumPercent": 150 }, "placementStrategy": [{ "type": "binpack", "field": "cpu" }],
  "loadBalancers": [{ "targetGroupArn": "${berth.target_group.public?path=/x}", "containerName": "web", "containerPort": 80 }]
}`
	rapid.Check(t, func(t *rapid.T) {
		s := Sources{
			Folder: "web", Definition: File{Name: DefinitionFile, Text: mangled(t, definition)}, Service: File{Name: ServiceFile, Text: mangled(t, service)},
			Environ: []string{"A=hunter2", "TAG=hunter2!"},
		}
		f, faults := Read(s)
		all := faults
		if !faults.Failed() {
			all = append(all, Check(f, shop())...)
			full, _ := Complete(f, shop())
			if again, _ := Complete(full, Cluster{}); !full.Definition.There() || !again.Definition.There() {
				t.Fatal("a folder without faults has no definition")
			}
		}
		if shown := fmt.Sprint(all); strings.Contains(shown, "hunter2") {
			t.Fatalf("a value is shown:\n%s\nof\n%s", all, s.Definition.Text)
		}
	})
}
