package dst

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

// TestTheAWSCommandLineIsAtHome walks the real AWS command line through served worlds, several walks at a time: a few walks
// that meet every service, and with -full those that go through them.
func TestTheAWSCommandLineIsAtHome(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("aws"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal("the AWS command line is missing: .ci/run installs Debian's awscli")
		}
		t.Skip("there is no aws on the PATH (on Debian: apt-get install awscli)")
	}
	folders := []string{"testdata/conformance"}
	if *full {
		folders = append(folders, "testdata/conformance-full")
	}
	for _, folder := range folders {
		t.Run(filepath.Base(folder), func(t *testing.T) { walk(t, folder) })
	}
}

// walk runs the walks of a folder: the few through one world, where they meet, and the others each through its own, where
// nobody else lets the time pass.
func walk(t *testing.T, folder string) {
	shared := serve(t)
	testscript.Run(t, testscript.Params{
		Dir: folder, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			endpoint := shared
			if filepath.Base(folder) == "conformance-full" {
				endpoint = serve(t)
			}
			for _, setting := range []string{
				"AWS_ACCESS_KEY_ID=x", "AWS_SECRET_ACCESS_KEY=x", "AWS_DEFAULT_REGION=eu-west-1", "AWS_EC2_METADATA_DISABLED=true",
				"AWS_PAGER=", "AWS_DEFAULT_OUTPUT=text", "ENDPOINT=" + endpoint, "HOME=" + e.WorkDir,
			} {
				name, value, _ := strings.Cut(setting, "=")
				e.Setenv(name, value)
			}
			return nil
		},
		Condition: condition,
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"aws": aws, "says": says, "keep": keep, "refused": refused, "pass": pass,
		},
	})
}

// serve serves a new world until the test and its scripts are over.
func serve(t *testing.T) string {
	t.Helper()
	server := &sim.Server{Sim: sim.New(world.New(1))}
	l, err := server.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	running, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- server.Serve(running, l) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return "http://" + l.Addr().String()
}

// canSay is what this AWS command line may be unable to say, as Debian 12's is: to write on conditions, to ask for the deployments
// of a service, to run tasks once. Each is found out once.
var canSay = map[string]func() (bool, error){
	"conditional-put":     sync.OnceValues(func() (bool, error) { return takes("IfNoneMatch", "s3api", "put-object") }),
	"service-deployments": sync.OnceValues(func() (bool, error) { return takes("service", "ecs", "list-service-deployments") }),
	"run-task-token":      sync.OnceValues(func() (bool, error) { return takes("clientToken", "ecs", "run-task") }),
}

func condition(name string) (bool, error) {
	can, known := canSay[name]
	if !known {
		return false, fmt.Errorf("unknown condition %q", name)
	}
	return can()
}

// takes tells whether the command line knows a command, and a member of its input.
func takes(member string, command ...string) (bool, error) {
	out, err := exec.Command("aws", append([]string{"--region", "eu-west-1", "--generate-cli-skeleton"}, command...)...).Output()
	if _, unknown := errors.AsType[*exec.ExitError](err); unknown {
		return false, nil
	}
	return strings.Contains(string(out), member), err
}

// command calls the AWS command line.
func command(ts *testscript.TestScript, args []string) error {
	return ts.Exec("aws", append([]string{"--endpoint-url", ts.Getenv("ENDPOINT")}, args...)...)
}

// aws is a call that succeeds: aws SERVICE OPERATION ARGUMENT…
func aws(ts *testscript.TestScript, neg bool, args []string) {
	if err := command(ts, args); err != nil || neg {
		ts.Fatalf("aws %s: %v", strings.Join(args, " "), err)
	}
}

// refused is a call that fails, in the command line's own words: refused CODE SERVICE OPERATION ARGUMENT…
func refused(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: refused CODE SERVICE OPERATION ARGUMENT...")
	}
	if err := command(ts, args[1:]); err == nil {
		ts.Fatalf("it was not refused")
	}
	words := fmt.Sprintf("An error occurred (%s) when calling the %s operation", args[0], strings.ReplaceAll(args[2], "-", ""))
	if got := ts.ReadFile("stderr"); !strings.Contains(strings.ToLower(got), strings.ToLower(words)) {
		ts.Fatalf("want %q, got %q", words, got)
	}
}

// pass lets the world's time jump, so that what takes minutes is over and a waiter of the AWS command line, which sleeps
// 15 s between two looks, is content with its first: pass DURATION
func pass(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: pass DURATION")
	}
	answer, err := http.PostForm(ts.Getenv("ENDPOINT")+"/_sim/advance", url.Values{"by": args})
	ts.Check(err)
	ts.Check(answer.Body.Close())
	if answer.StatusCode != http.StatusOK {
		ts.Fatalf("the time does not pass: %s", answer.Status)
	}
}

// says compares the words of the last answer, whatever stands between them: says WORD…
func says(ts *testscript.TestScript, neg bool, want []string) {
	got := strings.Join(strings.Fields(ts.ReadFile("stdout")), " ")
	if (got == strings.Join(want, " ")) == neg {
		ts.Fatalf("it says %q", got)
	}
}

// keep takes the words of the last answer into variables: keep NAME…
func keep(ts *testscript.TestScript, neg bool, names []string) {
	words := strings.Fields(ts.ReadFile("stdout"))
	if neg || len(words) != len(names) {
		ts.Fatalf("%d words, want %d", len(words), len(names))
	}
	for i, name := range names {
		ts.Setenv(name, words[i])
	}
}
