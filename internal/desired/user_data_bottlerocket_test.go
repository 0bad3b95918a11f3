package desired_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"reflect"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/config/toml"
	"berth/internal/desired"
	"berth/internal/model"
)

const rocket = "ami_family=bottlerocket"

// bottlerocket is what Bottlerocket reads of the default group's user data.
func bottlerocket(t testing.TB, c *config.Config) toml.Table {
	t.Helper()
	text := get[model.LaunchTemplate](t, desired.Build(c, factsOf(c)), model.TemplateKey("default")).Content.UserData
	out, err := toml.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

func TestBottlerocketIsToldWhereItBelongsAndHowToBehave(t *testing.T) {
	got := bottlerocket(t, load(t, original, rocket))
	want := toml.Table{"settings": toml.Table{
		"ecs": toml.Table{
			"cluster": "acc", "logging-drivers": []any{"json-file", "awslogs"}, "awsvpc-block-imds": true, "allow-privileged-containers": false,
			"task-cleanup-wait": "1h", "image-pull-behavior": "default", "reserved-memory": int64(256), "image-cleanup-enabled": true,
		},
		"host-containers": toml.Table{"admin": toml.Table{"enabled": false}, "control": toml.Table{"enabled": true}},
		"metrics":         toml.Table{"send-metrics": false},
	}}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%v\nwant %v", got, want)
	}
}

func TestBottlerocketIsDrainedOnSpotAndHasTheFilesAttributes(t *testing.T) {
	c := load(t, original, rocket, "spot=true", `attributes={ workload = "batch", "cost/center" = "a \\ b" }`)
	ecs, _ := bottlerocket(t, c).Find("settings", "ecs")
	if v, _ := ecs.(toml.Table).Find("enable-spot-instance-draining"); v != true {
		t.Error("it is not drained")
	}
	if v, _ := ecs.(toml.Table).Find("instance-attributes"); !reflect.DeepEqual(v, toml.Table{"workload": "batch", "cost/center": `a \ b`}) {
		t.Error(v)
	}
}

func TestTheFilesSettingsAreLaidOverOurs(t *testing.T) {
	const own = `custom_userdata=[settings.ecs]
allow-privileged-containers = true
loglevel = "debug"
[settings.host-containers.admin]
enabled = true
[settings.kernel]
lockdown = "integrity"
`
	got := bottlerocket(t, load(t, original, rocket, own))
	for path, want := range map[string]any{
		"ecs/cluster": "acc", "ecs/allow-privileged-containers": true, "ecs/loglevel": "debug", "ecs/reserved-memory": int64(256),
		"host-containers/admin/enabled": true, "host-containers/control/enabled": true, "kernel/lockdown": "integrity",
	} {
		if v, there := got.Find(append([]string{"settings"}, strings.Split(path, "/")...)...); !there || v != want {
			t.Errorf("%s is %v", path, v)
		}
	}
}

// known are the settings that Bottlerocket has under settings.ecs (Bottlerocket, "settings.ecs"); it refuses others.
func known() map[string]bool {
	out := map[string]bool{}
	for name := range strings.FieldsSeq(`allow-privileged-containers awsvpc-block-imds backend-host cluster container-stop-timeout
		enable-container-metadata enable-spot-instance-draining image-cleanup-age image-cleanup-delete-per-cycle image-cleanup-enabled
		image-cleanup-wait image-pull-behavior instance-attributes logging-drivers loglevel metadata-service-burst metadata-service-rps
		reserved-memory task-cleanup-wait`) {
		out[name] = true
	}
	return out
}

func TestSafetyBottlerocketGetsNoSettingThatItDoesNotKnowAndNothingElseThanTheFileSays(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.StringMatching(`[a-zA-Z0-9_./-]{1,20}`)
		value := rapid.StringMatching(`[a-zA-Z0-9_.@:/\\-]{0,20}`)
		attributes := rapid.MapOfN(key, value, 0, 5).Draw(rt, "attributes")
		b, err := json.Marshal(attributes)
		if err != nil {
			rt.Fatal(err)
		}
		cluster := rapid.StringMatching(`[a-zA-Z][a-zA-Z0-9-]{0,10}[a-z]`).Draw(rt, "cluster")
		c, _ := config.Load(config.Sources{Files: []string{original}, Vars: []string{rocket, "cluster=" + cluster, "attributes=" + string(b), fmt.Sprint("spot=", rapid.Bool().Draw(rt, "spot"))}})
		if c == nil {
			rt.Skip("the file is refused") // a reserved name or two that differ only in case
		}
		ecs, _ := bottlerocket(t, c).Find("settings", "ecs")
		for _, name := range ecs.(toml.Table).Keys() {
			if !known()[name] {
				rt.Fatalf("settings.ecs.%s", name)
			}
		}
		if v, _ := ecs.(toml.Table).Find("cluster"); v != cluster {
			rt.Fatal(v)
		}
		got, there := ecs.(toml.Table).Find("instance-attributes")
		if there != (len(attributes) > 0) {
			rt.Fatal(got)
		}
		for name, want := range attributes {
			if got.(toml.Table)[name] != want {
				rt.Fatalf("%s is %v, want %q", name, got.(toml.Table)[name], want)
			}
		}
	})
}

func TestAnotherReaderTakesOurSettingsForTOML(t *testing.T) {
	if err := exec.Command("python3", "-c", "import tomllib").Run(); err != nil {
		t.Skip("there is no other reader here")
	}
	c := load(t, everything)
	text := get[model.LaunchTemplate](t, desired.Build(c, factsOf(c)), model.TemplateKey("rocket")).Content.UserData
	cmd := exec.Command("python3", "-c", "import sys, tomllib; print(tomllib.load(sys.stdin.buffer)['settings']['ecs']['cluster'])")
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil || string(out) != "shop\n" {
		t.Errorf("%v: %s\n%s", err, out, text)
	}
}

func TestWhatAFileMaySayOfBottlerocketsAgentIsTranslated(t *testing.T) {
	known := desired.BottlerocketSettings()
	for _, name := range config.OnBottlerocket() {
		if !slices.Contains(known, name) {
			t.Errorf("%s would be left out", name)
		}
	}
}
