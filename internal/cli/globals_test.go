package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"berth/internal/cli/flag"
	"berth/internal/cli/problem"
)

func TestTerraformsWordsAreUnderstood(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"plan -input=false -var-file=ecs.tfvars", "plan --var-file=ecs.tfvars"},
		{"plan -input -var-file ecs.tfvars -var a=b -out p -detailed-exitcode", "plan --var-file ecs.tfvars --var a=b --out p --detailed-exitcode"},
		{"apply -auto-approve", "apply --yes"},
		{"apply -auto-approve=false", "apply --yes=false"},
		{"plan -sim -output=json -no-color", "plan --sim --output=json --no-color"},
		{"plan -help", "plan --help"},
		{"-version", "--version"},
		{"plan -f ecs.tfvars -v -h", "plan -f ecs.tfvars -v -h"},
		{"plan -f=ecs.tfvars -fecs.tfvars", "plan -f=ecs.tfvars -fecs.tfvars"},
		{"plan --sim -nonsense - ---out", "plan --sim -nonsense - ---out"},
		{"explain -- -input", "explain -- -input"},
		{"", ""},
	} {
		got := flag.Terraform((&app{}).root(), strings.Fields(c.in))
		if !slices.Equal(got, strings.Fields(c.want)) {
			t.Errorf("%q became %q, want %q", c.in, got, c.want)
		}
	}
}

func TestAPaceMayBeBareSeconds(t *testing.T) {
	for text, want := range map[string]time.Duration{"0": 0, "4": 4 * time.Second, "1.5": 1500 * time.Millisecond, "4s": 4 * time.Second, "1m": time.Minute} {
		var p flag.Pace
		if err := p.Set(text); err != nil || time.Duration(p) != want {
			t.Errorf("%q: %v, %v", text, time.Duration(p), err)
		}
	}
	for _, text := range []string{"", "soon", "-1", "-1s", "4 s"} {
		var p flag.Pace
		if p.Set(text) == nil {
			t.Errorf("%q was taken for %v", text, time.Duration(p))
		}
	}
}

func TestHintsRepeatWhatNamesTheClusterAndTheAWS(t *testing.T) {
	for _, c := range []struct {
		flags globals
		want  string
	}{
		{globals{}, ""},
		{globals{sim: flag.BesideFile}, " --sim"},
		{globals{sim: "a b"}, " --sim='a b'"},
		{globals{files: []string{"a.tfvars", "it's.tfvars"}}, ` -f a.tfvars -f 'it'\''s.tfvars'`},
		{globals{vars: []string{`tags={team="web"}`}, region: "eu-west-1", profile: "me"}, ` --var 'tags={team="web"}' --region eu-west-1 --profile me`},
		{globals{endpoint: "http://127.0.0.1:4566", clockSpeed: 60}, " --endpoint-url http://127.0.0.1:4566 --clock-speed 60"},
		{globals{clockSpeed: 1, yes: true, output: "json"}, ""},
	} {
		if got := (&app{flags: c.flags}).suffix(); got != c.want {
			t.Errorf("%+v: %q, want %q", c.flags, got, c.want)
		}
	}
}

func TestClockSpeedComesFromTheFlagThenTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		flag    float64
		environ string
		want    float64
		exit    problem.Exit
	}{
		{0, "", 1, problem.Done},
		{0, "60", 60, problem.Done},
		{10, "60", 10, problem.Done},
		{10, "nonsense", 10, problem.Done},
		{0, "nonsense", 1, problem.Misused},
		{0, "-2", 1, problem.Misused},
		{-1, "", -1, problem.Misused},
	} {
		g := globals{output: "text", clockSpeed: c.flag}
		err := g.check(c.environ)
		exit := problem.Done
		if err != nil {
			exit = problem.Of(t.Context(), err, problem.Place{}).Exit
		}
		if g.clockSpeed != c.want || exit != c.exit {
			t.Errorf("flag %v, environment %q: %v, exit %d", c.flag, c.environ, g.clockSpeed, exit)
		}
	}
}
