package placement

import (
	"reflect"
	"testing"

	"berth/internal/document"
	"berth/internal/live"
)

func TestADemandCountsWhatECSReserves(t *testing.T) {
	for name, c := range map[string]struct {
		definition string
		want       live.Room
	}{
		"sums of containers": {`{"containerDefinitions":[{"cpu":100,"memory":300,"memoryReservation":200},{"cpu":28,"memory":64}]}`, live.Room{CPU: 128, Memory: 264}},
		"the task's own":     {`{"cpu":"1 vCPU","memory":"0.5GB","containerDefinitions":[{"cpu":100,"memory":300}]}`, live.Room{CPU: 1024, Memory: 512}},
		"units and MiB":      {`{"cpu":"256","memory":"512","containerDefinitions":[]}`, live.Room{CPU: 256, Memory: 512}},
		"a quarter":          {`{"cpu":".25 vcpu","containerDefinitions":[{"memory":8}]}`, live.Room{CPU: 256, Memory: 8}},
		"ports of a bridge": {`{"networkMode":"bridge","containerDefinitions":[{"portMappings":[{"containerPort":80},{"containerPort":81,"hostPort":0},
			{"containerPort":82,"hostPort":8082},{"containerPort":53,"hostPort":53,"protocol":"udp"}]}]}`, live.Room{TCP: []int{8082}, UDP: []int{53}}},
		"ports of the host": {`{"networkMode":"host","containerDefinitions":[{"portMappings":[{"containerPort":81},{"containerPort":80,"hostPort":80},
			{"containerPortRange":"90-92"}]}]}`, live.Room{TCP: []int{80, 81, 90, 91, 92}}},
		"an interface of its own": {`{"networkMode":"awsvpc","containerDefinitions":[{"portMappings":[{"containerPort":80,"hostPort":80}]}]}`, live.Room{ENIs: 1}},
		"gpus": {
			`{"containerDefinitions":[{"resourceRequirements":[{"type":"GPU","value":"2"}]},{"resourceRequirements":[{"type":"GPU","value":"1"}]}]}`,
			live.Room{GPUs: 3},
		},
	} {
		if got := DemandOf(parsed(c.definition), document.Value{}).Room; !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestADemandReadsTheServiceToo(t *testing.T) {
	d := DemandOf(parsed(`{"family":"web","placementConstraints":[{"type":"memberOf","expression":"agentConnected == true"}],"containerDefinitions":[]}`), parsed(`{
		"serviceName":"shop","placementConstraints":[{"type":"distinctInstance"}],
		"placementStrategy":[{"type":"spread","field":"host"},{"type":"binpack","field":"CPU"},{"type":"random"}],
		"capacityProviderStrategy":[{"capacityProvider":"p","base":2,"weight":3},{"capacityProvider":"q"}]}`))
	want := Demand{
		Name: "shop", Group: "service:shop", Constraints: []Constraint{{memberOf, "agentConnected == true"}, {Type: distinctInstance}},
		Strategy: []Strategy{{"spread", "instanceId"}, {"binpack", "cpu"}, {Type: "random"}}, Providers: []Provider{{"p", 2, 3}, {Name: "q"}},
	}
	if !reflect.DeepEqual(d, want) {
		t.Errorf("%+v", d)
	}
	if once := DemandOf(parsed(`{"family":"job"}`), document.Value{}); once.Group != "family:job" || once.Name != "job" {
		t.Errorf("%+v", once)
	}
	if daemon := DemandOf(parsed(`{}`), parsed(`{"schedulingStrategy":"DAEMON"}`)); !daemon.Daemon {
		t.Error("no daemon")
	}
}

func TestRequirementsAreDerived(t *testing.T) {
	got := requires(parsed(`{"networkMode":"awsvpc","taskRoleArn":"r","executionRoleArn":"e","cpu":"256","runtimePlatform":{"cpuArchitecture":"ARM64"},
		"volumes":[{"name":"v","efsVolumeConfiguration":{"fileSystemId":"f","transitEncryption":"ENABLED"}},{"name":"w","dockerVolumeConfiguration":{}}],
		"containerDefinitions":[{"image":"123456789012.dkr.ecr.eu-west-1.amazonaws.com/a","memoryReservation":64,"privileged":true,"healthCheck":{"command":["x"]},
			"secrets":[{"name":"A","valueFrom":"arn:aws:secretsmanager:eu-west-1:1:secret:a"},{"name":"B","valueFrom":"/b"}],
			"logConfiguration":{"logDriver":"awslogs"},"repositoryCredentials":{"credentialsParameter":"x"}},{"dependsOn":[{"containerName":"a"}]}]}`))
	want := []string{
		older + "docker-remote-api.1.18", older + "docker-remote-api.1.21", older + "ecr-auth", older + "logging-driver.awslogs", older + "privileged-container",
		older + "task-iam-role", newer + "container-health-check", newer + "container-ordering", newer + "docker-plugin.local", newer + "efs", newer + "efsAuth",
		newer + "execution-role-awslogs", newer + "execution-role-ecr-pull", newer + "private-registry-authentication.secretsmanager",
		newer + "secrets.asm.environment-variables", newer + "secrets.ssm.environment-variables", newer + "task-cpu-mem-limit", newer + "task-eni",
		"ecs.cpu-architecture=arm64",
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%q", got)
	}
	described := requires(parsed(`{"requiresAttributes":[{"name":"a"},{"name":"b","value":"c"}],"containerDefinitions":[{}]}`))
	if !reflect.DeepEqual(described, []string{"a", "b=c"}) {
		t.Errorf("%q", described)
	}
}
