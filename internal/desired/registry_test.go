package desired_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/internal/desired"
	"berth/internal/model"
)

// registryVar is a file's setting with one registry.
func registryVar(host, settings string) string {
	return `registries={ "` + host + `" = { ` + settings + ` } }`
}

const ghcr = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:ghcr-1a2b3c"

// policy is the document of a role's policy about registries; empty when there is none.
func policy(t *testing.T, set model.Set, role string) string {
	t.Helper()
	for _, p := range get[model.Role](t, set, model.RoleKey(role)).Inline {
		if p.Name == "registries" {
			statements(t, p.Document)
			return p.Document
		}
	}
	return ""
}

func TestTasksMayStartWithExactlyTheLoginsOfTheFile(t *testing.T) {
	own := build(t, original, registryVar("reg.example.com:5000", `username = "ci", password_env = "X"`))
	want := `{"Statement":[{"Action":["secretsmanager:GetSecretValue"],"Effect":"Allow","Resource":["arn:aws:secretsmanager:eu-west-1:123456789012:secret:` +
		`acc_acc/registry/reg.example.com_5000-??????"]}],"Version":"2012-10-17"}`
	if got := policy(t, own, "execution"); got != want {
		t.Error(got)
	}
	if s := get[model.Secret](t, own, model.SecretKey("reg.example.com:5000")); s.Name != "acc_acc/registry/reg.example.com_5000" || s.Username != "ci" {
		t.Error(s)
	}
	if policy(t, own, "instance") != "" || own.Has(model.AgentConfigKey()) {
		t.Error("the instances have nothing to do with it")
	}

	c := load(t, original, registryVar("ghcr.io", `secret_arn = "`+ghcr+`"`))
	facts := factsOf(c)
	facts.Registries = map[string]model.Registry{"ghcr.io": {ARN: ghcr, KMSKey: "arn:aws:kms:eu-west-1:123456789012:key/k"}}
	given := desired.Build(c, facts)
	want = `{"Statement":[{"Action":["secretsmanager:GetSecretValue"],"Effect":"Allow","Resource":["` + ghcr + `"]},` +
		`{"Action":["kms:Decrypt"],"Condition":{"StringEquals":{"kms:ViaService":"secretsmanager.eu-west-1.amazonaws.com"}},"Effect":"Allow",` +
		`"Resource":["arn:aws:kms:eu-west-1:123456789012:key/k"]}],"Version":"2012-10-17"}`
	if got := policy(t, given, "execution"); got != want {
		t.Error(got)
	}
	if given.Has(model.SecretKey("ghcr.io")) {
		t.Error("the secret is not ours")
	}
}

func TestInstancesReadOneObjectOfTheBucketAndBeginWhenItIsThere(t *testing.T) {
	set := build(t, original, registryVar("ghcr.io", `username = "ci", password_env = "X", store = "s3"`))
	want := `{"Statement":[{"Action":["s3:GetObject"],"Effect":"Allow","Resource":["arn:aws:s3:::berth-123456789012-eu-west-1-acc-acc/agent/ecs.config"]}],"Version":"2012-10-17"}`
	if got := policy(t, set, "instance"); got != want {
		t.Error(got)
	}
	if policy(t, set, "execution") != "" || set.Has(model.SecretKey("ghcr.io")) {
		t.Error("there is no secret to read")
	}
	if c := get[model.Capacity](t, set, model.CapacityKey("default")); !slices.Contains(c.Refs(), model.AgentConfigKey()) {
		t.Error(c.Refs())
	}
	if a := get[model.AgentConfig](t, set, model.AgentConfigKey()); !slices.Equal(a.Registries, []string{"ghcr.io as ci"}) {
		t.Error(a)
	}
}

func TestPoliciesOfARoleAreInTheOrderInWhichTheyAreFound(t *testing.T) {
	for r := range model.Every[model.Role](new(build(t, everything))) {
		if !slices.IsSortedFunc(r.Inline, func(a, b model.Policy) int { return strings.Compare(a.Name, b.Name) }) {
			t.Error(r.Key(), r.Inline)
		}
	}
}

func TestTheFilesOwnAgentSettingsTakeThePlaceOfOurs(t *testing.T) {
	c := load(t, original, `ecs_config={ ECS_RESERVED_MEMORY = 512, ECS_LOGLEVEL = "warn" }`,
		`instance_groups={ quiet = { max_size = 1, ecs_config = { ECS_LOGLEVEL = "error" } }, plain = { max_size = 1 } }`)
	for group, want := range map[string][2]string{"default": {"512", "warn"}, "plain": {"512", "warn"}, "quiet": {"256", "error"}} {
		s := agentSettings(t, script(t, c, group))
		if s["ECS_RESERVED_MEMORY"] != want[0] || s["ECS_LOGLEVEL"] != want[1] || s["ECS_CLUSTER"] != "acc" {
			t.Errorf("%s: %v", group, s)
		}
	}
}

// machine is a folder in which the instance's script about registries runs, with an AWS and a systemd of its own.
type machine struct {
	*testing.T
	dir, script string
}

func newMachine(t *testing.T) machine {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash here")
	}
	m := machine{t, t.TempDir(), ""}
	c := load(t, original, registryVar("ghcr.io", `username = "ci", password_env = "X", store = "s3"`))
	files, _ := heredocs(script(t, c, "default"))
	m.script = strings.ReplaceAll(files["/usr/local/sbin/berth-registries"], "/etc/ecs", m.dir)
	m.write("aws", "#!"+bash+"\ncp \"$(dirname \"$0\")/object\" \"${@: -1}\"\n")
	m.write("systemctl", "#!"+bash+"\necho \"$*\" >> \"$(dirname \"$0\")/restarts\"\n")
	m.write("ecs.config", files[agentFile]+"ECS_LOGLEVEL=warn # by custom_userdata\n")
	m.write("restarts", "")
	return m
}

func (m machine) write(name, text string) {
	m.Helper()
	if err := os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o700); err != nil { //nolint:gosec // two of them are run
		m.Fatal(err)
	}
}

func (m machine) read(name string) string {
	m.Helper()
	b, err := os.ReadFile(filepath.Join(m.dir, name))
	if err != nil {
		m.Fatal(err)
	}
	return string(b)
}

func (m machine) run() error {
	cmd := exec.Command("bash")
	cmd.Stdin = strings.NewReader(m.script)
	cmd.Env = []string{"PATH=" + m.dir + ":" + os.Getenv("PATH")}
	return cmd.Run()
}

func TestAnInstanceTakesNewLoginsOverAndStartsItsAgentOnlyThen(t *testing.T) {
	m := newMachine(t)
	before := m.read("ecs.config")
	if m.run() == nil || m.read("ecs.config") != before || m.read("restarts") != "" {
		t.Error("something happened although there was no object")
	}
	for n, object := range []string{"ECS_ENGINE_AUTH_TYPE=docker\nECS_ENGINE_AUTH_DATA={\"a\":1}\n", "ECS_ENGINE_AUTH_TYPE=docker\nECS_ENGINE_AUTH_DATA={\"a\":2}\n"} {
		m.write("object", object)
		for range 2 {
			if err := m.run(); err != nil {
				t.Fatal(err)
			}
		}
		if got := m.read("ecs.config"); got != before+object {
			t.Errorf("the agent has\n%s", got)
		}
		if got, want := m.read("restarts"), strings.Repeat("try-restart --no-block ecs\n", n+1); got != want {
			t.Errorf("restarts: %q, want %q", got, want)
		}
	}
	info, err := os.Stat(filepath.Join(m.dir, "ecs.config"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("others can read the logins: %v %v", info.Mode(), err)
	}
	if left, _ := filepath.Glob(filepath.Join(m.dir, ".*.??????")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestUserDataHoldsNoServiceThatItWaitsFor(t *testing.T) {
	c := load(t, original, registryVar("ghcr.io", `username = "ci", password_env = "X", store = "s3"`))
	files, commands := heredocs(script(t, c, "default"))
	for line := range strings.Lines(commands + files["/usr/local/sbin/berth-registries"]) {
		if strings.Contains(line, "restart") && !strings.Contains(line, "--no-block") {
			t.Errorf("the ecs service waits for the script that waits for it: %s", line)
		}
	}
	if timer := files["/etc/systemd/system/berth-registries.timer"]; !strings.Contains(timer, "OnCalendar=*:0/4\nRandomizedDelaySec=30s\nAccuracySec=10s") {
		t.Errorf("the plan promises five minutes: %s", timer)
	}
}
