package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"syscall"

	"github.com/rogpeppe/go-internal/testscript"
)

// start starts berth beside the script, in its folder and with its environment; its stderr comes line by line.
func start(ts *testscript.TestScript, args ...string) (*exec.Cmd, *bufio.Reader) {
	self, err := exec.LookPath("berth") // the one that testscript.Main has put into the path
	ts.Check(err)
	cmd := exec.Command(self, args...)
	cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "AWS_EC2_METADATA_DISABLED", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} {
		if v := ts.Getenv(name); v != "" {
			cmd.Env = append(cmd.Env, name+"="+v)
		}
	}
	pipe, err := cmd.StderrPipe()
	ts.Check(err)
	ts.Check(cmd.Start())
	return cmd, bufio.NewReader(pipe)
}

// serve starts berth sim serve on a free port, and keeps its address in $ENDPOINT and its number in $SERVER.
func serve(ts *testscript.TestScript, neg bool, args []string) {
	if neg {
		ts.Fatalf("usage: serve ARGUMENT...")
	}
	cmd, stderr := start(ts, append([]string{"sim", "serve", "--listen", "127.0.0.1:0"}, args...)...)
	line, err := stderr.ReadString('\n')
	url := regexp.MustCompile(`http://\S+`).FindString(line)
	if err != nil || url == "" {
		rest, _ := io.ReadAll(stderr)
		ts.Fatalf("no server: %v: %s%s", errors.Join(err, cmd.Wait()), line, rest)
	}
	ts.Logf("[serve] %s", line)
	go func() { _, _ = io.Copy(io.Discard, stderr) }()
	ts.Setenv("ENDPOINT", url)
	ts.Setenv("SERVER", strconv.Itoa(cmd.Process.Pid))
	ts.Setenv("AWS_ACCESS_KEY_ID", "any")
	ts.Setenv("AWS_SECRET_ACCESS_KEY", "any")
	ts.Defer(func() { _ = cmd.Process.Kill() }) // gone already after unserve
}

// unserve ends the server as Ctrl-C does and waits until it is gone.
func unserve(ts *testscript.TestScript, neg bool, args []string) {
	pid, err := strconv.Atoi(ts.Getenv("SERVER"))
	if neg || len(args) > 0 || err != nil {
		ts.Fatalf("usage: unserve")
	}
	p, err := os.FindProcess(pid)
	ts.Check(err)
	ts.Check(p.Signal(os.Interrupt))
	state, err := p.Wait()
	ts.Check(err)
	if state.ExitCode() != 0 {
		ts.Fatalf("the server ended with %v", state)
	}
}

// interrupt runs berth until its stderr matches and then presses Ctrl-C: interrupt CODE PATTERN ARGUMENT…
func interrupt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 3 {
		ts.Fatalf("usage: interrupt CODE PATTERN ARGUMENT...")
	}
	pattern := regexp.MustCompile(args[1])
	cmd, stderr := start(ts, args[2:]...)
	var said strings.Builder
	sent := false
	for {
		line, err := stderr.ReadString('\n')
		said.WriteString(line)
		if !sent && pattern.MatchString(line) {
			ts.Check(cmd.Process.Signal(syscall.SIGINT))
			sent = true
		}
		if err != nil {
			break
		}
	}
	err := cmd.Wait()
	var ended *exec.ExitError
	if err != nil && !errors.As(err, &ended) {
		ts.Fatalf("%v", err)
	}
	_, err = io.WriteString(ts.Stderr(), said.String())
	ts.Check(err)
	if code := cmd.ProcessState.ExitCode(); !sent || strconv.Itoa(code) != args[0] {
		ts.Fatalf("exit code %d (interrupted: %t), want %s; it said:\n%s", code, sent, args[0], said.String())
	}
}
