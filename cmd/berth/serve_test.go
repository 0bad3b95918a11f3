package main

import (
	"bufio"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
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
	for _, name := range []string{"PATH", "HOME", "TMPDIR", "AWS_EC2_METADATA_DISABLED", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "BERTH_CLOCK_SPEED"} {
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

// send runs berth until its stderr matches, then sends it a signal: send SIGNAL CODE PATTERN ARGUMENT…
func send(ts *testscript.TestScript, neg bool, args []string) {
	signals := map[string]os.Signal{"INT": syscall.SIGINT, "TERM": syscall.SIGTERM, "KILL": syscall.SIGKILL}
	if neg || len(args) < 4 || signals[args[0]] == nil {
		ts.Fatalf("usage: send SIGNAL CODE PATTERN ARGUMENT...")
	}
	cmd, stderr := start(ts, args[3:]...)
	said := follow(stderr, args[2], func() { ts.Check(cmd.Process.Signal(signals[args[0]])) })
	ended(ts, cmd, said, args[1])
}

// meanwhile runs berth, and once its stderr matches berth again, with the arguments behind "--", which must end with a
// code. Then it presses Ctrl-C for the first: meanwhile CODE PATTERN ARGUMENT… -- ARGUMENT…
func meanwhile(ts *testscript.TestScript, neg bool, args []string) {
	cut := slices.Index(args, "--")
	if neg || cut < 3 {
		ts.Fatalf("usage: meanwhile CODE PATTERN ARGUMENT... -- ARGUMENT...")
	}
	first, stderr := start(ts, args[2:cut]...)
	said := follow(stderr, args[1], func() {
		second, stderr := start(ts, args[cut+1:]...)
		ended(ts, second, follow(stderr, "^", func() {}), args[0])
		ts.Check(first.Process.Signal(os.Interrupt))
	})
	ended(ts, first, said, "130")
}

// beside runs berth, and once its stderr matches berth again and again, each with the code that it must end with. Then it waits for
// the first to end by itself: beside CODE PATTERN ARGUMENT… -- CODE ARGUMENT… -- CODE ARGUMENT…
func beside(ts *testscript.TestScript, neg bool, args []string) {
	cut := slices.Index(args, "--")
	if neg || cut < 3 {
		ts.Fatalf("usage: beside CODE PATTERN ARGUMENT... -- CODE ARGUMENT...")
	}
	first, stderr := start(ts, args[2:cut]...)
	said := follow(stderr, args[1], func() {
		for rest := args[cut:]; len(rest) > 0; {
			rest = rest[1:]
			end := slices.Index(append(slices.Clone(rest), "--"), "--")
			other, stderr := start(ts, rest[1:end]...)
			ended(ts, other, follow(stderr, "^", func() {}), rest[0])
			rest = rest[end:]
		}
	})
	ended(ts, first, said, args[0])
}

// follow reads a stream to its end and calls then at the first line that matches.
func follow(stream *bufio.Reader, pattern string, then func()) string {
	want := regexp.MustCompile(pattern)
	var said strings.Builder
	for met := false; ; {
		line, err := stream.ReadString('\n')
		said.WriteString(line)
		if !met && want.MatchString(line) {
			met = true
			then()
		}
		if err != nil {
			return said.String()
		}
	}
}

// ended waits for a process, which must end with a code; what it said becomes the script's stderr.
func ended(ts *testscript.TestScript, cmd *exec.Cmd, said, code string) {
	err := cmd.Wait()
	var failed *exec.ExitError
	if err != nil && !errors.As(err, &failed) {
		ts.Fatalf("%v", err)
	}
	_, err = io.WriteString(ts.Stderr(), said)
	ts.Check(err)
	if got := cmd.ProcessState.ExitCode(); strconv.Itoa(got) != code {
		ts.Fatalf("exit code %d, want %s; it said:\n%s", got, code, said)
	}
}
