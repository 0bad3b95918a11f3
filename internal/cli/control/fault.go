package control

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/sim"
	"berth/internal/sim/scenario"
)

// Fault is berth sim fault.
func (t Tool) Fault() *cobra.Command {
	var file string
	c := &cobra.Command{
		Use:   "fault [SENTENCE]",
		Short: "Break something in the embedded AWS, or say what must hold",
		Long: "Break something in the embedded AWS, or say what must hold: one sentence, or a scenario of many in a file.\n" +
			"Without either, list what is broken now, in the same sentences.\n\n" + sentences(),
		Example: `  berth sim fault 'no capacity in eu-west-1a for 10m'
  berth sim fault --file outage.txt
  berth sim fault`,
		RunE: func(c *cobra.Command, args []string) error {
			if len(args) == 0 && file == "" {
				return t.with(c.Context(), func(s simulated) error { return t.list(s, c.OutOrStdout()) })
			}
			steps, err := readScenario(file, strings.Join(args, " "))
			if err != nil {
				return problem.Usage(err.Error(), "berth sim fault --help")
			}
			return t.with(c.Context(), func(s simulated) error { return t.play(s, steps) })
		},
	}
	c.Flags().StringVar(&file, "file", "", "read a scenario from `FILE`, with \"at TIME\" before what is not for now")
	return c
}

// play lets a scenario happen, and says what was promised and is broken.
func (t Tool) play(s simulated, steps []scenario.Step) error {
	before := len(s.Figures().Promises)
	if err := s.Play(t.Region(), steps); err != nil {
		return problem.Usage(err.Error(), "berth sim fault --help")
	}
	t.Say("%d said\n", len(steps))
	after := s.Figures().Promises
	return kept(after[min(before, len(after)):])
}

// list tells what is wrong now, one sentence a line, so that it can be said again.
func (t Tool) list(s simulated, out io.Writer) error {
	faults, err := s.Faults()
	if err != nil {
		return err
	}
	t.Say("%d wrong now\n", len(faults))
	for _, f := range faults {
		if _, err := fmt.Fprintln(out, f); err != nil {
			return err
		}
	}
	return nil
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
