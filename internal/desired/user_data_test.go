package desired_test

import (
	"encoding/json"
	"fmt"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

// scripted are the groups whose instances run a script.
func scripted(c *config.Config) []config.Group {
	return slices.DeleteFunc(slices.Clone(c.Groups), func(g config.Group) bool { return g.AMIFamily == config.Bottlerocket })
}

func script(t testing.TB, c *config.Config, group string) string {
	t.Helper()
	return get[model.LaunchTemplate](t, desired.Build(c, factsOf(c)), model.TemplateKey(group)).Content.UserData
}

// parsed asks bash itself whether a script is one; it runs nothing.
func parsed(t *testing.T, text string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("there is no bash here")
	}
	cmd := exec.Command(bash, "-n") //nolint:gosec // bash, found just now
	cmd.Stdin = strings.NewReader(text)
	if out, err := cmd.CombinedOutput(); err != nil || len(out) > 0 { // it warns of a heredoc without an end and goes on
		t.Errorf("%v: %s\n%s", err, out, text)
	}
}

// heredocs reads what a script writes into files, by file. What is left is what the shell runs.
func heredocs(text string) (files map[string]string, commands string) {
	files = map[string]string{}
	start := regexp.MustCompile(`^cat >>? (\S+) <<'(\w+)'$`)
	lines := strings.Split(text, "\n")
	for i := 0; i < len(lines); i++ {
		m := start.FindStringSubmatch(lines[i])
		if m == nil {
			commands += lines[i] + "\n"
			continue
		}
		for i++; i < len(lines) && lines[i] != m[2]; i++ {
			files[m[1]] += lines[i] + "\n"
		}
	}
	return files, commands
}

const (
	agentFile = "/etc/ecs/ecs.config"
	logsFile  = "/opt/aws/amazon-cloudwatch-agent/etc/berth.json"
)

// agentSettings are the lines of the ECS agent's file by name.
func agentSettings(t *testing.T, text string) map[string]string {
	t.Helper()
	files, _ := heredocs(text)
	out := map[string]string{}
	for line := range strings.Lines(files[agentFile]) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "=")
		if _, twice := out[name]; !ok || twice || !regexp.MustCompile(`^ECS_[A-Z_]+$`).MatchString(name) {
			t.Errorf("%q is no setting of the agent, or comes twice", line)
		}
		out[name] = value
	}
	return out
}

func TestTheScriptOfEveryGroupIsValidShell(t *testing.T) {
	for _, file := range []string{original, everything} {
		c := load(t, file)
		for _, g := range scripted(c) {
			text := script(t, c, g.Name)
			if !strings.HasPrefix(text, "#!/bin/bash\n") || !strings.HasSuffix(text, "\n") {
				t.Errorf("%s begins or ends badly", g.Name)
			}
			parsed(t, text)
		}
	}
}

func TestTheAgentIsToldWhereItBelongsAndHowToBehave(t *testing.T) {
	got := agentSettings(t, script(t, load(t, original), "default"))
	want := map[string]string{
		"ECS_CLUSTER":                                "acc",
		"ECS_AVAILABLE_LOGGING_DRIVERS":              `["json-file","awslogs"]`,
		"ECS_AWSVPC_BLOCK_IMDS":                      "true",
		"ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM": "ec2_instance",
		"ECS_DISABLE_PRIVILEGED":                     "true",
		"ECS_ENABLE_TASK_IAM_ROLE":                   "true",
		"ECS_ENGINE_TASK_CLEANUP_WAIT_DURATION":      "1h",
		"ECS_IMAGE_PULL_BEHAVIOR":                    "default",
		"ECS_RESERVED_MEMORY":                        "256",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d settings: %v", len(got), got)
	}
}

func TestAttributesOfInstancesAreJSONThatSaysWhatTheFileSays(t *testing.T) {
	c := load(t, original, `attributes={ workload = "batch", "cost/center" = "a b", "back\\slash" = "c:\\d@e" }`)
	var got map[string]string
	if err := json.Unmarshal([]byte(agentSettings(t, script(t, c, "default"))["ECS_INSTANCE_ATTRIBUTES"]), &got); err != nil {
		t.Fatal(err)
	}
	for _, a := range c.Groups[0].Attributes {
		if got[a.Key] != a.Value || len(got) != 3 {
			t.Errorf("%q is %q, want %q", a.Key, got[a.Key], a.Value)
		}
	}
}

func TestLogDriversAreJSONInTheOrderOfTheFile(t *testing.T) {
	text := script(t, load(t, original, `ecs_logging=["splunk","awslogs"]`), "default")
	if got := agentSettings(t, text)["ECS_AVAILABLE_LOGGING_DRIVERS"]; got != `["splunk","awslogs"]` {
		t.Error(got)
	}
}

func TestEveryLogFileIsShippedToItsGroupAndAStreamOfTheInstance(t *testing.T) {
	for _, file := range []string{original, everything} {
		c := load(t, file)
		set := desired.Build(c, factsOf(c))
		for _, g := range scripted(c) {
			files, _ := heredocs(script(t, c, g.Name))
			var got struct {
				Logs struct {
					Collected struct {
						Files struct {
							List []map[string]string `json:"collect_list"`
						} `json:"files"`
					} `json:"logs_collected"`
				} `json:"logs"`
			}
			if err := json.Unmarshal([]byte(files[logsFile]), &got); err != nil {
				t.Fatal(err, files[logsFile])
			}
			for _, one := range got.Logs.Collected.Files.List {
				group := get[model.LogGroup](t, set, model.LogGroupKey(one["file_path"]))
				if one["log_group_name"] != group.Name || one["log_stream_name"] != c.Cluster+"/{ip_address}" || len(one) != 3 {
					t.Error(one)
				}
			}
			if n := len(got.Logs.Collected.Files.List); n != len(desired.LogFiles()) {
				t.Errorf("%d files", n)
			}
		}
	}
}

func TestTheScriptNeverStartsECSWhichWaitsForIt(t *testing.T) {
	for _, file := range []string{original, everything} {
		c := load(t, file)
		for _, g := range scripted(c) {
			if _, commands := heredocs(script(t, c, g.Name)); regexp.MustCompile(`(systemctl|service|start).*\becs\b`).MatchString(commands) {
				t.Error(commands)
			}
		}
	}
}

func TestTheScriptSetsNoShellOptionsForTheFilesCommands(t *testing.T) {
	c := load(t, everything)
	for _, g := range scripted(c) {
		if _, commands := heredocs(script(t, c, g.Name)); regexp.MustCompile(`(?m)^\s*(set|shopt|trap|exec|exit)\b`).MatchString(commands) {
			t.Error(commands)
		}
	}
}

func TestEachFamilyOfImagesIsInstalledItsOwnWay(t *testing.T) {
	for family, want := range map[string][2]bool{"al2023": {true, false}, "al2": {false, true}} {
		_, commands := heredocs(script(t, load(t, original, "ami_family="+family), "default"))
		got := [2]bool{strings.Contains(commands, "dnf install -y amazon-cloudwatch-agent rsyslog"), strings.Contains(commands, "yum install -y amazon-cloudwatch-agent")}
		if got != want || strings.Contains(commands, "awslogs") || strings.Contains(commands, "rsyslog") != want[0] {
			t.Errorf("%s: %s", family, commands)
		}
		parsed(t, script(t, load(t, original, "ami_family="+family), "default"))
	}
}

func TestTheFilesCommandsComeLastAndAsTheyStand(t *testing.T) {
	for _, custom := range []string{"echo ready", "echo ready\n\n\n", "cat <<'BERTH'\nhello\nBERTH\necho \"$HOME\" ${UNSET:-x} `date` \\", "# only a comment"} {
		c := load(t, original)
		c.Groups[0].CustomUserData = custom
		text := script(t, c, "default")
		if !strings.HasSuffix(text, "\n\n"+strings.TrimRight(custom, "\n")+"\n") {
			t.Errorf("%q ends as %q", custom, text[len(text)-60:])
		}
		if got := agentSettings(t, text)["ECS_CLUSTER"]; got != "acc" {
			t.Errorf("%q changes the agent's settings: %q", custom, got)
		}
	}
	c := load(t, original)
	bare := script(t, c, "default")
	if strings.HasSuffix(bare, "\n\n") {
		t.Error("without commands of the file an empty line is left over")
	}
}

func TestWhatTheFileSaysCannotEndAHeredocOrBecomeACommand(t *testing.T) {
	for _, vars := range [][]string{
		{"cluster=BERTH"},
		{"environment=BERTH"},
		{"log_prefix=BERTH"},
		{"log_prefix=/BERTH#"},
		{"instance_group=BERTH"},
		{`attributes={ BERTH = "BERTH" }`},
		{`attributes={ "a/b" = "\\BERTH" }`},
		{"cluster=BERTH", "log_prefix=BERTH", `attributes={ BERTH = "BERTH" }`},
	} {
		c := load(t, original, vars...)
		text := script(t, c, c.Groups[0].Name)
		parsed(t, text)
		files, commands := heredocs(text)
		_, usual := heredocs(script(t, load(t, original), "default"))
		if commands != usual || len(files) != 2 {
			t.Errorf("%q: the shell runs\n%s", vars, commands)
		}
	}
	for _, hostile := range []string{"x\nBERTH\nreboot", "$(reboot)", "`reboot`", "x;reboot", "x'reboot", "x y"} {
		for _, name := range []string{"environment", "cluster", "log_prefix", "instance_group", "ecs_logging"} {
			value := fmt.Sprintf("%s=%s", name, hostile)
			if c, _ := config.Load(config.Sources{Files: []string{original}, Vars: []string{value}}); c != nil {
				t.Errorf("%q is let through", value)
			}
		}
	}
}

func TestSafetyNoLegalFileWritesMoreThanItsSettings(t *testing.T) {
	_, usual := heredocs(script(t, load(t, original), "default"))
	rapid.Check(t, func(rt *rapid.T) {
		key := rapid.StringMatching(`[a-zA-Z0-9_./\\-]{1,20}`)
		value := rapid.StringMatching(`[a-zA-Z0-9_.@:/\\-]{0,20}`)
		attributes := rapid.MapOfN(key, value, 0, 5).Draw(rt, "attributes")
		b, err := json.Marshal(attributes)
		if err != nil {
			rt.Fatal(err)
		}
		c, _ := config.Load(config.Sources{Files: []string{original}, Vars: []string{
			"cluster=" + rapid.StringMatching(`[a-zA-Z][a-zA-Z0-9-]{0,10}[a-z]`).Draw(rt, "cluster"),
			"log_prefix=" + rapid.StringMatching(`[a-zA-Z0-9_./#-]{0,20}`).Draw(rt, "prefix"),
			"attributes=" + string(b),
		}})
		if c == nil {
			rt.Skip("the file is refused") // a reserved name or two that differ only in case
		}
		files, commands := heredocs(script(t, c, "default"))
		if commands != usual || len(files) != 2 || strings.Count(files[logsFile], "\n") != 1 || !json.Valid([]byte(files[logsFile])) {
			rt.Fatalf("%v\n%s", files, commands)
		}
		names := slices.Collect(strings.Lines(files[agentFile]))
		if len(names) != 9+min(1, len(attributes)) || names[0] != "ECS_CLUSTER="+c.Cluster+"\n" {
			rt.Fatalf("%q", names)
		}
	})
}

func TestTheLargestScriptThatTheFileMayAddFitsIntoWhatEC2Takes(t *testing.T) {
	word := strings.Repeat("w", 32)
	var attributes []string
	for i := range 10 {
		attributes = append(attributes, fmt.Sprintf(`"attribute-number-%02d" = "%s"`, i, strings.Repeat("v", 40)))
	}
	c := load(t, original, "environment="+word, "cluster="+word, "instance_group="+word, "spot=true", "attributes={"+strings.Join(attributes, ",")+"}",
		`ecs_logging=["awsfirelens","awslogs","fluentd","gelf","journald","json-file","logentries","none","splunk","syslog"]`,
		"custom_userdata="+strings.Repeat("x", 8<<10))
	if n := len(script(t, c, word)); n > 16<<10 {
		t.Errorf("%d bytes, and EC2 takes %d", n, 16<<10)
	}
}
