package check_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"berth/internal/check"
	"berth/internal/model"
	"berth/internal/plan"
)

func TestTheFileAloneCanBeJudgedOffline(t *testing.T) {
	c := load(t, "min_size = 1\nmax_size = 1\naws_ecs_ami = \"ami-0123456789abcdef0\"\nspot = true\n")
	got := strings.Join(codes(check.All(check.Input{Config: c}), check.Warning), " ")
	if want := "HA101 HA107 HA108 HA109 OPS402 SEC201"; got != want {
		t.Errorf("warnings %s, want %s", got, want)
	}
}

func TestAClusterThatShallGoGetsNoAdvice(t *testing.T) {
	c := load(t, "min_size = 1\n")
	in := check.Input{Config: c, Facts: plain(c), Plan: plan.Plan{Changes: []plan.Change{
		{Step: plan.Step{Verb: plan.Delete, Key: model.VPCKey()}},
	}}}
	if got := check.All(in); len(got) > 0 {
		t.Errorf("advice for a cluster that goes:\n%s", text(got))
	}
	in.Want = model.NewSet(model.VPC{})
	if len(check.All(in)) == 0 {
		t.Error("a cluster that stays and loses something gets no advice")
	}
}

func TestFindingsOfOneCodeAreInTheOrderOfTheFile(t *testing.T) {
	c := load(t, "instance_groups = {\n  zoo = { min_size = 1, max_size = 2 }\n  ant = { min_size = 1, max_size = 2 }\n}\n")
	var lines []int
	for _, f := range check.All(check.Input{Config: c}) {
		if f.Code == "HA101" {
			lines = append(lines, f.Where.Line)
		}
	}
	if len(lines) != 2 || lines[0] != 2 || lines[1] != 3 {
		t.Errorf("lines %v, want [2 3]", lines)
	}
}

func TestTheReserveIsWhatTheUserDataAsksFor(t *testing.T) {
	c := load(t, "instance_type = \"t2.micro\"\n")
	in := look(t, c, plain(c), model.Inventory{})
	template, ok := model.Find[model.LaunchTemplate](&in.Want, model.TemplateKey("default"))
	m := regexp.MustCompile(`ECS_RESERVED_MEMORY=([0-9]+)`).FindStringSubmatch(template.Content.UserData)
	if !ok || m == nil {
		t.Fatal("the user data reserves no memory")
	}
	if got := text(check.All(in)); !strings.Contains(got, "once the system has its "+m[1]+",") {
		t.Errorf("the user data reserves %s MiB, and HA111 says:\n%s", m[1], got)
	}
}

// What this package tells people to write must be a setting of this version: docs/config.md lists them all.
func TestNoAdviceNamesAnUnknownSetting(t *testing.T) {
	docs, err := os.ReadFile("../../docs/config.md")
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{}
	for _, code := range check.Codes() {
		page, _ := check.Explain(code)
		texts = append(texts, page)
	}
	goldens, err := filepath.Glob("testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range goldens {
		golden, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts = append(texts, regexp.MustCompile(`(?m)^(fix|hint): .*$`).FindAllString(string(golden), -1)...)
	}
	seen := 0
	for _, text := range texts {
		for _, m := range regexp.MustCompile(`\b([a-z_]+) = [^{]`).FindAllStringSubmatch(text, -1) {
			seen++
			if !strings.Contains(string(docs), "| `"+m[1]+"`") {
				t.Errorf("%s is no setting:\n%s", m[1], text)
			}
		}
	}
	if seen < 50 {
		t.Errorf("only %d settings were looked at", seen)
	}
}
