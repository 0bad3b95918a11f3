package wizard_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/cli/wizard"
	"berth/internal/config"
	"berth/internal/config/option"
)

// load reads a text as berth does.
func load(t *testing.T, text string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ecs.tfvars")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, faults := config.Load(config.Sources{Files: []string{path}})
	if len(faults) > 0 {
		t.Fatalf("%s\n%s", faults, text)
	}
	return c
}

func usual(t *testing.T, given ...wizard.Setting) string {
	t.Helper()
	set, faults := wizard.Usual(given)
	if faults.Failed() {
		t.Fatal(faults)
	}
	return wizard.Compose(set)
}

func TestTheUsualFileIsRightAndSaysEverything(t *testing.T) {
	text := usual(t)
	c := load(t, text)
	if c.Environment != "acc" || c.Region != "eu-west-1" || len(c.Zones) != 3 || c.Groups[0].Min != 3 || c.Groups[0].Max != 6 {
		t.Error(c)
	}
	for _, place := range option.Places() {
		for _, o := range option.In(place.Scope) {
			if !strings.Contains(text, o.Name+" = ") {
				t.Errorf("%s (%s) is not in the file", o.Name, place.Words)
			}
		}
	}
	for line := range strings.Lines(text) {
		if strings.HasSuffix(line, " \n") {
			t.Errorf("blanks at the end of %q", line)
		}
	}
}

// What is taken out of its comment must work: the examples of the top level, one at a time.
func TestEveryExampleOfTheFileCanBeTakenOutOfItsComment(t *testing.T) {
	text := usual(t)
	for _, o := range option.In(option.Top) {
		line := "\n# " + o.Name + " = " + o.Example + "\n"
		if o.Beside != "" || !strings.Contains(text, line) {
			continue
		}
		t.Run(o.Name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "ecs.tfvars")
			if err := os.WriteFile(path, []byte(strings.Replace(text, line, strings.Replace(line, "# ", "", 1), 1)), 0o600); err != nil {
				t.Fatal(err)
			}
			_, faults := config.Load(config.Sources{Files: []string{path}})
			for _, f := range faults {
				if f.Severity == config.Error && f.Code != "CFG031" { // as many ranges as zones: the example has two
					t.Error(f)
				}
			}
		})
	}
}

func TestTerraformLeavesTheFileAsItIs(t *testing.T) {
	terraform, err := exec.LookPath("terraform")
	if err != nil {
		t.Skip("there is no terraform here")
	}
	dir := t.TempDir()
	rc := filepath.Join(dir, "rc")
	if err := os.WriteFile(rc, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{ // unordered: cases
		"usual": usual(t),
		"given": usual(t, wizard.Setting{Name: "availability_zones", Raw: `["eu-west-1a","eu-west-1b"]`}, wizard.Setting{Name: "nat", Raw: "single"},
			wizard.Setting{Name: "tags", Raw: `{team="a: b=c", "cost center" = 7}`},
			wizard.Setting{Name: "custom_userdata", Raw: "echo \"$${a}\"\t\\"}, wizard.Setting{Name: "protect", Raw: "true"}),
	} {
		file := filepath.Join(dir, name+".tfvars")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		cmd := exec.Command(terraform, "fmt", "-check", "-diff", file)
		cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+rc, "CHECKPOINT_DISABLE=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

func TestWhatIsGivenStandsInTheFile(t *testing.T) {
	c := load(t, usual(t, wizard.Setting{Name: "cluster_name", Raw: "shop"}, wizard.Setting{Name: "aws_region", Raw: "us-west-1"},
		wizard.Setting{Name: "instance_type", Raw: `["c7g.large", "c6g.large"]`}, wizard.Setting{Name: "tags", Raw: `{ team = "a b" }`},
		wizard.Setting{Name: "min_size", Raw: "9"}, wizard.Setting{Name: "min_size", Raw: "4"}))
	g := c.Groups[0]
	if c.Cluster != "shop" || len(c.Zones) != 2 || c.Zones[1].Name != "us-west-1c" || len(g.InstanceTypes) != 2 || c.Tags[0].Value != "a b" || g.Min != 4 || g.Max != 8 {
		t.Error(c)
	}
}

// conversation is what is said to a person who types these lines.
func conversation(t *testing.T, lines string, given ...wizard.Setting) (said, file string, err error) {
	t.Helper()
	var out bytes.Buffer
	set, err := wizard.Ask(t.Context(), strings.NewReader(lines), &out, given)
	if err != nil {
		return out.String(), "", err
	}
	return out.String(), wizard.Compose(set), nil
}

func TestWithoutAWordTheProposalsStand(t *testing.T) {
	_, file, err := conversation(t, strings.Repeat("\n", 20))
	if err != nil || file != usual(t) {
		t.Errorf("%v\n%s", err, file)
	}
}

func TestAWrongAnswerIsAskedForAgainWithTheReason(t *testing.T) {
	said, file, err := conversation(t, "9 lives\nprod\nmars\neu-central-1\neu-west-1a, eu-west-1b\neu-central-1a eu-central-1b\nbig\nm7g.large\nmany\n2\n1\n5\n"+strings.Repeat("\n", 9))
	if err != nil {
		t.Fatal(err, said)
	}
	if strings.Contains(said, "mars-") || strings.Contains(said, `"marsa"`) {
		t.Errorf("what only follows from the answer is said as well:\n%s", said)
	}
	for _, want := range []string{
		`environment cannot be "9 lives"`, `aws_region`, `It`, `cannot be "eu-west-1a"`, `"big"`, "min_size", "max_size", "hint: ",
		"[eu-central-1a, eu-central-1b, eu-central-1c]", "Instances at most [4]",
	} {
		if want != "It" && !strings.Contains(said, want) {
			t.Errorf("%q was not said:\n%s", want, said)
		}
	}
	c := load(t, file)
	if c.Environment != "prod" || len(c.Zones) != 2 || c.Groups[0].InstanceTypes[0] != "m7g.large" || c.Groups[0].Min != 2 || c.Groups[0].Max != 5 {
		t.Error(c)
	}
}

func TestWhatIsGivenIsNotAskedFor(t *testing.T) {
	said, _, err := conversation(t, strings.Repeat("\n", 9), wizard.Setting{Name: "environment", Raw: "prod"}, wizard.Setting{Name: "aws_region", Raw: "us-east-1"})
	if err != nil || strings.Contains(said, "What is the cluster for") || strings.Contains(said, "The region") || !strings.Contains(said, "us-east-1c") {
		t.Error(err, said)
	}
}

// Questions about a certificate and an address for alerts are there when their options are, and what they write is right.
func TestAnswersAboutCertificatesAndAlertsWork(t *testing.T) {
	var out bytes.Buffer
	lines := strings.Repeat("\n", 6)
	_, certificates := option.Find(option.Balancer, "certificate_arn")
	_, alerts := option.Find(option.Top, "alerts")
	if certificates {
		lines += "arn:aws:acm:eu-west-1:123456789012:certificate/01234567-89ab-cdef-0123-456789abcdef\n"
	}
	if alerts {
		lines += "ops@example.com\n"
	}
	set, err := wizard.Ask(t.Context(), strings.NewReader(lines), &out, nil)
	if err != nil {
		t.Fatal(err, out.String())
	}
	file := wizard.Compose(set)
	load(t, file)
	if certificates != strings.Contains(file, "\nload_balancers = { public = { certificate_arn = ") || alerts != strings.Contains(file, "\nalerts = { ops = { email = ") {
		t.Error(file)
	}
}

func TestTheEndOfAnswersAndAnInterruptEndTheConversation(t *testing.T) {
	if _, _, err := conversation(t, "prod\n"); !errors.Is(err, wizard.ErrEnded) {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	r, w := io.Pipe()
	defer w.Close()
	cancel()
	if _, err := wizard.Ask(ctx, r, io.Discard, nil); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestAFileIsSavedWholeAndNeverOverAnother(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ecs.tfvars")
	if wizard.Taken(path) {
		t.Error("nothing is there")
	}
	if err := wizard.Save(path, "a", false); err != nil || !wizard.Taken(path) {
		t.Fatal(err)
	}
	if err := wizard.Save(path, "b", false); !errors.Is(err, fs.ErrExist) {
		t.Error(err)
	}
	if err := wizard.Save(path, "c", true); err != nil {
		t.Error(err)
	}
	got, err := os.ReadFile(path)
	left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	if string(got) != "c" || err != nil || len(left) != 1 {
		t.Error(string(got), err, left)
	}
	if hidden, _ := filepath.Glob(filepath.Join(filepath.Dir(path), ".*")); len(hidden) != 0 {
		t.Error(hidden)
	}
	if err := wizard.Save(filepath.Join(path, "no", "folder"), "d", false); err == nil {
		t.Error("written into a file")
	}
}
