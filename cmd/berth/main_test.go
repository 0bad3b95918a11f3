package main

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

var update = flag.Bool("update", false, "rewrite the golden texts in the scripts")

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"berth": main}) }

// TestScripts types what a person would type. Every script has a folder and an embedded AWS of its own.
func TestScripts(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(filepath.Join("..", ".."))
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script", UpdateScripts: *update, RequireExplicitExec: true, RequireUniqueNames: true,
		Setup: func(e *testscript.Env) error {
			e.Setenv("ROOT", root)
			e.Setenv("HOME", e.WorkDir)
			e.Setenv("AWS_EC2_METADATA_DISABLED", "true")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){
			"exits": exits, "tame": tame, "json": jsonValue, "aws": awsCall, "serve": serve, "unserve": unserve, "send": send,
			"edit": edit, "meanwhile": meanwhile, "beside": beside, "fill": fill,
		},
	})
}

// exits runs a command that must end with a certain code: exits CODE COMMAND ARGUMENT…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits CODE COMMAND ARGUMENT...")
	}
	code := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		var ended *exec.ExitError
		if !errors.As(err, &ended) {
			ts.Fatalf("%v", err)
		}
		code = ended.ExitCode()
	}
	if want := args[0]; strconv.Itoa(code) != want {
		ts.Fatalf("exit code %d, want %s", code, want)
	}
}

// tame copies what the last command said to the files out and err, without what differs from run to run.
func tame(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) > 0 {
		ts.Fatalf("usage: tame")
	}
	for stream, file := range map[string]string{"stdout": "out", "stderr": "err"} {
		text := strings.ReplaceAll(ts.ReadFile(stream), ts.Getenv("WORK"), "$WORK")
		text = regexp.MustCompile(`took \S+ here`).ReplaceAllString(text, "took N here")
		text = regexp.MustCompile(`\d+ calls`).ReplaceAllString(text, "N calls")
		text = regexp.MustCompile(`process \d+`).ReplaceAllString(text, "process N")
		text = regexp.MustCompile(`127\.0\.0\.1:\d+`).ReplaceAllString(text, "127.0.0.1:PORT")
		ts.Check(os.WriteFile(ts.MkAbs(file), []byte(text), 0o600))
	}
}

// edit replaces a text in a file: edit FILE OLD NEW
func edit(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: edit FILE OLD NEW")
	}
	before := ts.ReadFile(args[0])
	after := strings.ReplaceAll(before, args[1], args[2])
	if after == before {
		ts.Fatalf("%s does not hold %q", args[0], args[1])
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(after), 0o600))
}

// fill makes a file of a byte, over and over: fill FILE BYTE TIMES
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 3 {
		ts.Fatalf("usage: fill FILE BYTE TIMES")
	}
	value, err := strconv.ParseUint(args[1], 0, 8)
	ts.Check(err)
	times, err := strconv.Atoi(args[2])
	ts.Check(err)
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), bytes.Repeat([]byte{byte(value)}, times), 0o600))
}
