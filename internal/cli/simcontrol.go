package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/sim"
	"berth/internal/sim/scenario"
)

// simulated is the embedded AWS that a command is about: the one in its folder, or one that berth sim serve serves.
type simulated interface {
	Play(region string, steps []scenario.Step) error
	Save() ([]byte, error)
	Load(state []byte) error
	Figures() sim.Figures
}

// withSim runs f on the embedded AWS.
func (a *app) withSim(ctx context.Context, f func(simulated) error) error {
	if a.flags.endpoint != "" {
		return f(served{ctx, a})
	}
	world, store, err := a.openSim(a.simDir())
	if err != nil {
		return err
	}
	return errors.Join(f(world), store.Close(world))
}

func (a *app) simFaultCommand() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "fault [SENTENCE]",
		Short: "Break something in the embedded AWS, or say what must hold",
		Long:  "Break something in the embedded AWS, or say what must hold: one sentence, or a scenario of many in a file.\n\n" + sentences(),
		Example: `  berth sim fault 'no capacity in eu-west-1a for 10m'
  berth sim fault --file outage.txt`,
		RunE: func(c *cobra.Command, args []string) error {
			steps, err := readScenario(file, strings.Join(args, " "))
			if err != nil {
				return problem.Usage(err.Error(), "berth sim fault --help")
			}
			return a.withSim(c.Context(), func(s simulated) error { return a.play(s, steps) })
		},
	}
	c.Flags().StringVar(&file, "file", "", "read a scenario from `FILE`, with \"at TIME\" before what is not for now")
	return c
}

// play lets a scenario happen, and says what was promised and is broken.
func (a *app) play(s simulated, steps []scenario.Step) error {
	before := len(s.Figures().Promises)
	if err := s.Play(a.flags.region, steps); err != nil {
		return problem.Usage(err.Error(), "berth sim fault --help")
	}
	a.say("%d said\n", len(steps))
	after := s.Figures().Promises
	return kept(after[min(before, len(after)):])
}

// kept is an error when a promise is broken.
func kept(promises []sim.Promise) error {
	var broken []string
	for _, p := range promises {
		if p.Broken != "" {
			broken = append(broken, fmt.Sprintf("%s: %s at %s", p.Text, p.Broken, p.At.Format("15:04:05")))
		}
	}
	if len(broken) == 0 {
		return nil
	}
	return &problem.Problem{
		Code: "SIM005", Text: "a promise is broken: " + strings.Join(broken, "; "), Exit: problem.Failed,
		Hints: []string{"what happened before: berth sim serve, then /_sim/trace; begin anew: berth sim reset"},
	}
}

// sentences is the language of faults, for the manual.
func sentences() string {
	var b strings.Builder
	b.WriteString("Small words stand for themselves, capitals for places, and what is in brackets may be left out:\n\n")
	for _, f := range scenario.Forms() {
		fmt.Fprintf(&b, "  %s\n      %s\n", f.Text, f.Meaning)
	}
	return b.String()
}

// readScenario understands a sentence or a file.
func readScenario(file, sentence string) ([]scenario.Step, error) {
	switch {
	case (file == "") == (strings.TrimSpace(sentence) == ""):
		return nil, errors.New("say one sentence, or name a file with --file")
	case file == "":
		return scenario.File("sentence", sentence)
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }() // it was only read
	text, err := io.ReadAll(io.LimitReader(f, scenario.Largest+1))
	if err != nil {
		return nil, err
	}
	return scenario.File(filepath.Base(file), string(text))
}

func (a *app) simSaveCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "save FILE",
		Short:   "Write the embedded AWS's whole state into a file",
		Example: "  berth sim save before.json",
		Args:    one("a file", "before.json"),
		RunE: func(c *cobra.Command, args []string) error {
			return a.withSim(c.Context(), func(s simulated) error {
				state, err := s.Save()
				if err == nil {
					err = os.WriteFile(args[0], state, 0o600) // it holds what AWS would keep secret
				}
				if err == nil {
					a.say("saved: %s\n", args[0])
				}
				return err
			})
		},
	}
}

func (a *app) simLoadCommand() *cobra.Command {
	return &cobra.Command{
		Use:     "load FILE",
		Short:   "Put a saved state in the place of the embedded AWS's own",
		Example: "  berth sim load before.json",
		Args:    one("a file", "before.json"),
		RunE: func(c *cobra.Command, args []string) error {
			state, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			return a.withSim(c.Context(), func(s simulated) error {
				if err := s.Load(state); err != nil {
					return problem.Usage(args[0]+": "+err.Error(), "berth sim save "+args[0])
				}
				a.say("loaded: %s\n", args[0])
				return nil
			})
		},
	}
}

// served is a world behind its control address.
type served struct {
	ctx context.Context
	*app
}

// Play sends a scenario.
func (s served) Play(region string, steps []scenario.Step) error {
	var text strings.Builder
	for _, step := range steps {
		fmt.Fprintf(&text, "at %s %s\n", step.At, step.Text)
	}
	_, err := s.control(s.ctx, http.MethodPost, "fault?"+url.Values{"region": {region}}.Encode(), []byte(text.String()))
	return err
}

// Save fetches the state.
func (s served) Save() ([]byte, error) { return s.control(s.ctx, http.MethodGet, "snapshot", nil) }

// Load sends a state.
func (s served) Load(state []byte) error {
	_, err := s.control(s.ctx, http.MethodPost, "snapshot", state)
	return err
}

// Figures fetches the figures; none when they cannot be had, which the call before it has said.
func (s served) Figures() (f sim.Figures) {
	if body, err := s.control(s.ctx, http.MethodGet, "figures", nil); err == nil {
		_ = json.Unmarshal(body, &f) // what is no JSON holds no broken promise
	}
	return f
}

// control asks a served world something about itself.
func (a *app) control(ctx context.Context, method, what string, body []byte) ([]byte, error) {
	if err := a.reach(ctx); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(a.flags.endpoint, "/")+"/_sim/"+what, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, problem.Unreachable(err, a.place())
	}
	defer func() { _ = answer.Body.Close() }() // it was read
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return nil, problem.Unreachable(err, a.place())
	case answer.StatusCode == http.StatusBadRequest:
		return nil, errors.New(strings.TrimSpace(string(text)))
	case answer.StatusCode != http.StatusOK:
		return nil, &problem.Problem{
			Code: "SIM004", Text: a.flags.endpoint + " answers " + answer.Status, Exit: problem.Failed,
			Hints: []string{"only the embedded AWS lets itself be moved and broken: berth sim serve"},
		}
	}
	return text, nil
}
