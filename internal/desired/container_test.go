package desired_test

import (
	"encoding/json"
	"strings"
	"testing"

	"berth/internal/desired"
	"berth/internal/model"
)

const containers = `system_containers={
  a={image="a:1", secrets={X="arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-1a2b3c:key:AWSCURRENT:", Y="arn:aws:ssm:eu-west-1:123456789012:parameter/y"}}
  b={image="b:1", secrets={X="arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-1a2b3c"}, privileged=true, groups=["batch"]}
}`

func TestTheExecutionRoleReadsExactlyTheSecretsThatAreNamed(t *testing.T) {
	set := build(t, everything, containers)
	role := get[model.Role](t, set, model.RoleKey("execution"))
	var doc struct {
		Statement []struct{ Action, Resource []string }
	}
	if role.Inline[0].Name != "system-containers" || json.Unmarshal([]byte(role.Inline[0].Document), &doc) != nil || len(doc.Statement) != 2 {
		t.Fatal(role.Inline)
	}
	got := strings.Join(append(doc.Statement[0].Action, doc.Statement[0].Resource...), " ") + " " + strings.Join(append(doc.Statement[1].Action, doc.Statement[1].Resource...), " ")
	if got != "secretsmanager:GetSecretValue arn:aws:secretsmanager:eu-west-1:123456789012:secret:x-1a2b3c ssm:GetParameters arn:aws:ssm:eu-west-1:123456789012:parameter/y" {
		t.Error(got)
	}
}

func TestOnlyTheGroupsOfAContainerKnowItAndAllowWhatItNeeds(t *testing.T) {
	set := build(t, everything, containers)
	for group, special := range map[string]bool{"batch": true, "web": false, "legacy": false} {
		data := get[model.LaunchTemplate](t, set, model.TemplateKey(group)).Content.UserData
		if strings.Contains(data, "berth.instance-group") != special || strings.Contains(data, "ECS_DISABLE_PRIVILEGED=true") == special {
			t.Errorf("%s:\n%s", group, data)
		}
	}
	all, some := get[model.DaemonService](t, set, model.DaemonServiceKey("a")), get[model.DaemonService](t, set, model.DaemonServiceKey("b"))
	if len(all.On) != 4 || all.Placement != "" || len(some.On) != 1 || some.Placement != "attribute:berth.instance-group in [batch]" {
		t.Error(all.On, all.Placement, some.On, some.Placement)
	}
	if some.MinHealthyPercent != 0 || some.MaxPercent != 100 || !some.CircuitBreaker || !some.Rollback {
		t.Error(some)
	}
}

func TestAnotherContentIsAnotherTaskDefinition(t *testing.T) {
	one := get[model.DaemonService](t, build(t, everything, containers), model.DaemonServiceKey("a"))
	two := get[model.DaemonService](t, build(t, everything, strings.Replace(containers, "a:1", "a:2", 1)), model.DaemonServiceKey("a"))
	if one.Definition == two.Definition || one.Name != two.Name || desired.ContainerLog("a") != "/var/log/containers/a" {
		t.Error(one.Definition, two.Definition)
	}
}
