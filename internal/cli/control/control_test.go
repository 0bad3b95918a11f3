package control_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/cobra"

	"berth/internal/cli/control"
	"berth/internal/cli/problem"
	"berth/internal/sim"
)

// program is one around the verbs, with a world in a folder of its own.
type program struct {
	*testing.T
	tool     control.Tool
	endpoint string
	said     strings.Builder
}

func newProgram(t *testing.T) *program {
	p := &program{T: t}
	folder := filepath.Join(t.TempDir(), "sim")
	p.tool = control.Tool{
		Folder: func() string { return folder }, Open: func() (*sim.Sim, *sim.Store, error) { return sim.Open(folder) },
		Endpoint: func() string { return p.endpoint }, Region: func() string { return "eu-west-1" },
		Reach: func(context.Context) error { return nil }, Place: func() problem.Place { return problem.Place{} },
		Say: func(format string, args ...any) { fmt.Fprintf(&p.said, format, args...) },
	}
	return p
}

// run is what a verb says to arguments.
func (p *program) run(verb func() *cobra.Command, args ...string) (string, error) {
	p.Helper()
	p.said.Reset()
	c := verb()
	c.SilenceUsage, c.SilenceErrors = true, true
	c.SetArgs(args)
	err := c.ExecuteContext(p.Context())
	return p.said.String(), err
}

// fine is run, of what must not fail.
func (p *program) fine(verb func() *cobra.Command, args ...string) string {
	p.Helper()
	said, err := p.run(verb, args...)
	if err != nil {
		p.Fatal(args, err)
	}
	return said
}

// codeOf is what an error is called, empty when it has no code.
func codeOf(err error) string {
	if found, ok := errors.AsType[*problem.Problem](err); ok {
		return found.Code
	}
	return ""
}

func TestALoadedStateHasTheTimeThatItWasSavedAt(t *testing.T) {
	p := newProgram(t)
	file := filepath.Join(t.TempDir(), "before.json")
	p.fine(p.tool.Save, file)
	first := p.fine(p.tool.Advance, "10m")
	if later := p.fine(p.tool.Advance, "10m"); later == first {
		t.Errorf("time stands: %q", later)
	}
	p.fine(p.tool.Load, file)
	if again := p.fine(p.tool.Advance, "10m"); again != first {
		t.Errorf("after the load %q, after the save %q", again, first)
	}
}

func TestWhatCannotBeMeantIsRefusedAsMisuse(t *testing.T) {
	p := newProgram(t)
	for _, c := range []struct {
		verb func() *cobra.Command
		args []string
	}{
		{p.tool.Advance, []string{"soon"}},
		{p.tool.Advance, []string{"0s"}},
		{p.tool.Fault, []string{" "}},
		{p.tool.Fault, []string{"no such sentence"}},
		{p.tool.Fault, []string{"no capacity in eu-west-1a", "--file", "also.txt"}},
		{p.tool.Load, []string{"control_test.go"}},
	} {
		said, err := p.run(c.verb, c.args...)
		found, ok := errors.AsType[*problem.Problem](err)
		if !ok || found.Exit != problem.Misused || len(found.Hints) == 0 || said != "" {
			t.Errorf("%q: %v, said %q", c.args, err, said)
		}
	}
}

func TestWhatIsNotTheEmbeddedAWSIsLeftAlone(t *testing.T) {
	p := newProgram(t)
	other := httptest.NewServer(http.NotFoundHandler())
	defer other.Close()
	p.endpoint = other.URL
	for name, run := range map[string]func() (string, error){
		"advance": func() (string, error) { return p.run(p.tool.Advance, "10m") },
		"save":    func() (string, error) { return p.run(p.tool.Save, filepath.Join(t.TempDir(), "state.json")) },
	} {
		if said, err := run(); codeOf(err) != "SIM004" || said != "" {
			t.Errorf("%s: %v, said %q", name, err, said)
		}
	}
}

func TestAServedWorldIsTakenInHandByItsEndpoint(t *testing.T) {
	p := newProgram(t)
	var heard []string
	served := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		heard = append(heard, r.Method+" "+r.URL.String())
		fmt.Fprint(w, "{}")
	}))
	defer served.Close()
	p.endpoint = served.URL + "/"
	p.fine(p.tool.Advance, "10m")
	p.fine(p.tool.Fault, "no capacity in eu-west-1a for 10m")
	p.fine(p.tool.Save, filepath.Join(t.TempDir(), "state.json"))
	want := []string{
		"GET /_sim/figures", "POST /_sim/advance?by=10m0s", "GET /_sim/figures",
		"GET /_sim/figures", "POST /_sim/fault?region=eu-west-1", "GET /_sim/figures", "GET /_sim/snapshot",
	}
	if got := strings.Join(heard, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("heard:\n%s", got)
	}
}
