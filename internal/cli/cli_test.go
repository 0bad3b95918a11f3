package cli

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/cli/problem"
)

// small is the smallest file: two zones, one instance each.
const small = `
environment        = "acc"
aws_region         = "eu-west-1"
availability_zones = ["eu-west-1a", "eu-west-1b"]
`

// person is somebody at a terminal, and what was said to them.
type person struct {
	file           string
	stdin          io.Reader
	stdout, stderr bytes.Buffer
	environ        []string
	width          int          // of the terminal; 0: there is none
	typed          bool         // stdin is a keyboard
	reads          func(string) // what they do about what is said
}

// newPerson has a file and an embedded AWS of their own.
func newPerson(t *testing.T) *person {
	t.Helper()
	p := &person{file: filepath.Join(t.TempDir(), "ecs.tfvars"), stdin: strings.NewReader(""), width: 80, typed: true}
	if err := os.WriteFile(p.file, []byte(small), 0o600); err != nil {
		t.Fatal(err)
	}
	return p
}

// process is what berth gets to see of the person.
func (p *person) process(args ...string) Process {
	return Process{
		Args: args, Stdin: p.stdin, Stdout: &p.stdout, Stderr: p, Environ: p.environ, User: "somebody", Host: "here",
		Terminal: func(io.Writer) (int, bool) { return p.width, p.width > 0 },
		Reader:   func(io.Reader) bool { return p.typed },
	}
}

// Write takes in what is said to the person.
func (p *person) Write(b []byte) (int, error) {
	if p.reads != nil {
		p.reads(string(b))
	}
	return p.stderr.Write(b)
}

// types runs a verb on the embedded AWS, without pacing.
func (p *person) types(ctx context.Context, args ...string) int {
	p.stdout.Reset()
	p.stderr.Reset()
	return Run(ctx, p.process(append(args, "--sim", "--pace", "0", "-f", p.file)...))
}

func TestApplyAsksAndOnlyYesGoesOn(t *testing.T) {
	for _, c := range []struct {
		name, answer string
		want         int
		says         string
	}{
		{"yes", "yes\n", 0, "Carry this out?"},
		{"yes with spaces", "  yes \n", 0, "Carry this out?"},
		{"y is not enough", "y\n", 1, "error: not confirmed; nothing was changed [USE003]"},
		{"the end of input", "", 1, "error: not confirmed; nothing was changed [USE003]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPerson(t)
			p.stdin = strings.NewReader(c.answer)
			if got := p.types(t.Context(), "apply"); got != c.want {
				t.Errorf("exit code %d, want %d", got, c.want)
			}
			if !strings.Contains(p.stderr.String(), c.says) {
				t.Errorf("it said:\n%s", p.stderr.String())
			}
			again := 2
			if c.want == 0 {
				again = 0
			}
			if got := p.types(t.Context(), "plan", "--detailed-exitcode"); got != again {
				t.Errorf("plan afterwards: exit code %d, want %d", got, again)
			}
		})
	}
}

func TestDestroyAsksForTheEnvironment(t *testing.T) {
	p := newPerson(t)
	if got := p.types(t.Context(), "apply", "--yes"); got != 0 {
		t.Fatal(got, p.stderr.String())
	}
	p.stdin = strings.NewReader("yes\n")
	if got := p.types(t.Context(), "destroy"); got != 1 || !strings.Contains(p.stderr.String(), "Type the environment's name (acc)") {
		t.Errorf("exit code %d, and it said:\n%s", got, p.stderr.String())
	}
	p.stdin = strings.NewReader("acc\n")
	if got := p.types(t.Context(), "destroy"); got != 0 {
		t.Errorf("exit code %d, and it said:\n%s", got, p.stderr.String())
	}
}

func TestAnOutageIsAskedAboutInItsOwnWords(t *testing.T) {
	p := newPerson(t)
	if got := p.types(t.Context(), "apply", "--yes"); got != 0 {
		t.Fatal(got, p.stderr.String())
	}
	p.stdin = strings.NewReader("no\n")
	if got := p.types(t.Context(), "apply", "--var", "vpc_cidr=10.7.0.0/16"); got != 1 || !strings.Contains(p.stderr.String(), "This interrupts service.") {
		t.Errorf("exit code %d, and it said:\n%s", got, p.stderr.String())
	}
}

func TestNobodyIsAskedWhoCannotAnswer(t *testing.T) {
	for _, c := range []struct {
		name  string
		alter func(*person)
		args  []string
	}{
		{"no terminal to read", func(p *person) { p.width = 0 }, nil},
		{"no keyboard", func(p *person) { p.typed = false }, nil},
		{"CI", func(p *person) { p.environ = []string{"CI=true"} }, nil},
		{"JSON, which shows no plan", func(*person) {}, []string{"--output", "json"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPerson(t)
			p.stdin = strings.NewReader("yes\n")
			c.alter(p)
			if got := p.types(t.Context(), append([]string{"apply"}, c.args...)...); got != 3 {
				t.Errorf("exit code %d", got)
			}
			if want := "hint: berth apply -f " + p.file + " --sim --yes\n"; !strings.Contains(p.stderr.String(), want) {
				t.Errorf("it said:\n%s\nwant: %s", p.stderr.String(), want)
			}
		})
	}
}

func TestCtrlCAtTheQuestionEndsTheRun(t *testing.T) {
	p := newPerson(t)
	keyboard, hand := io.Pipe()
	defer func() { _ = hand.Close() }()
	ctx, press := context.WithCancel(t.Context())
	p.stdin = reading{keyboard, press}
	if got := p.types(ctx, "apply"); got != int(problem.Interrupted) {
		t.Errorf("exit code %d, and it said:\n%s", got, p.stderr.String())
	}
	if got := p.types(t.Context(), "status", "--output", "json"); got != 0 || !strings.Contains(p.stdout.String(), `"vpc": 0`) {
		t.Errorf("something was made:\n%s", p.stdout.String())
	}
}

// reading presses Ctrl-C as soon as somebody waits for its input, which never comes.
type reading struct {
	io.Reader
	press func()
}

func (r reading) Read(b []byte) (int, error) {
	r.press()
	return r.Reader.Read(b)
}

func TestColoursAreForPeople(t *testing.T) {
	for _, c := range []struct {
		name    string
		width   int
		environ []string
		args    []string
		want    bool
	}{
		{"a terminal", 80, nil, nil, true},
		{"no terminal", 0, nil, nil, false},
		{"NO_COLOR", 80, []string{"NO_COLOR=1"}, nil, false},
		{"an empty NO_COLOR says nothing", 80, []string{"NO_COLOR="}, nil, true},
		{"a dumb terminal", 80, []string{"TERM=dumb"}, nil, false},
		{"--no-color", 80, nil, []string{"--no-color"}, false},
		{"forced", 0, []string{"CLICOLOR_FORCE=1"}, nil, true},
		{"forced, but --no-color", 0, []string{"CLICOLOR_FORCE=1"}, []string{"-no-color"}, false},
		{"not forced", 0, []string{"CLICOLOR_FORCE=0"}, nil, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPerson(t)
			p.width, p.environ = c.width, c.environ
			if got := p.types(t.Context(), append([]string{"plan"}, c.args...)...); got != 0 {
				t.Fatal(got, p.stderr.String())
			}
			if got := strings.Contains(p.stdout.String(), "\x1b["); got != c.want {
				t.Errorf("colour: %t, want %t:\n%s", got, c.want, p.stdout.String())
			}
		})
	}
}

func TestProgressIsDrawnInPlaceForPeopleOnly(t *testing.T) {
	for _, c := range []struct {
		name    string
		width   int
		environ []string
		args    []string
		want    string
	}{
		{"a terminal", 80, nil, nil, "\x1b[1A\r\x1b[J"},
		{"no terminal", 0, nil, nil, "✓ vpc created (1s)\n"},
		{"a dumb terminal", 80, []string{"TERM=dumb"}, nil, "✓ vpc created (1s)\n"},
		{"every call is named", 80, nil, []string{"-v", "--no-color"}, "✓ vpc created (1s)\n"},
		{"a program", 80, nil, []string{"--output=json"}, `"event":"finished","verb":"create","key":"vpc"`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPerson(t)
			p.width, p.environ = c.width, c.environ
			if got := p.types(t.Context(), append([]string{"apply", "--yes"}, c.args...)...); got != 0 {
				t.Fatal(got, p.stderr.String())
			}
			if got := p.stderr.String(); !strings.Contains(got, c.want) {
				t.Errorf("it said:\n%q\nwithout %q", got, c.want)
			}
		})
	}
}

func TestCtrlCDuringARunKeepsWhatStandsAndTheNextRunFinishesIt(t *testing.T) {
	p := newPerson(t)
	p.width = 0
	ctx, press := context.WithCancel(t.Context())
	p.reads = func(text string) {
		if strings.Contains(text, "nat_gateway eu-west-1a: creating") {
			press()
		}
	}
	if got := p.types(ctx, "apply", "--yes"); got != 130 {
		t.Fatalf("exit code %d, and it said:\n%s", got, p.stderr.String())
	}
	if got := p.types(t.Context(), "status", "--output", "json"); got != 0 || !strings.Contains(p.stdout.String(), `"vpc": 1`) {
		t.Errorf("exit code %d; nothing was kept:\n%s", got, p.stdout.String())
	}
	if got := p.types(t.Context(), "apply", "--yes"); got != 0 {
		t.Fatalf("exit code %d, and it said:\n%s", got, p.stderr.String())
	}
	if got := p.types(t.Context(), "plan", "--detailed-exitcode"); got != 0 {
		t.Errorf("exit code %d:\n%s", got, p.stdout.String())
	}
}

func TestAnInterruptedRunSaysHowToGoOn(t *testing.T) {
	p := newPerson(t)
	ctx, press := context.WithCancel(t.Context())
	press()
	if got := p.types(ctx, "plan"); got != 130 {
		t.Errorf("exit code %d", got)
	}
	want := "error: interrupted [INT001]\nhint: it goes on where it stopped: berth plan --sim --pace 0 -f " + p.file + "\n"
	if got := p.stderr.String(); got != want {
		t.Errorf("it said:\n%s\nwant:\n%s", got, want)
	}
}
