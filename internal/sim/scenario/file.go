package scenario

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Step is a sentence and when it is said, counted from the beginning of the scenario.
type Step struct {
	At   time.Duration
	Text string
	Sentence
}

// Largest is how many bytes a scenario may have.
const Largest = 1 << 20

// File understands a whole scenario. All its faults come together, each as "NAME:LINE: …".
func File(name, text string) ([]Step, error) {
	if len(text) > Largest {
		return nil, fmt.Errorf("%s: larger than 1 MiB, which no scenario is", name)
	}
	var steps []Step
	var faults []error
	n := 0
	for line := range strings.Lines(text) {
		n++
		step, err := Line(line)
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("%s:%d: %w", name, n, err))
		case step.Text != "":
			steps = append(steps, step)
		}
	}
	return steps, errors.Join(faults...)
}

// Line understands one line: a sentence, "at TIME" and a sentence, or nothing but a comment.
func Line(line string) (Step, error) {
	text := strings.TrimSpace(uncomment(line))
	if text == "" {
		return Step{}, nil
	}
	var step Step
	if rest, timed := strings.CutPrefix(text, "at "); timed {
		when, said, _ := strings.Cut(strings.TrimSpace(rest), " ")
		d, err := time.ParseDuration(when)
		if err != nil || d < 0 || d > longest {
			return Step{}, fmt.Errorf("%q is no time; one is 90s, 10m or 2h", when)
		}
		step.At, text = d, strings.TrimSpace(said)
	}
	var err error
	step.Text = text
	step.Sentence, err = Parse(text)
	return step, err
}

// uncomment cuts a line where a comment begins; a # in a quoted text begins none.
func uncomment(line string) string {
	quoted := false
	for i, c := range line {
		switch {
		case c == '"' && (i == 0 || line[i-1] != '\\'):
			quoted = !quoted
		case c == '#' && !quoted:
			return line[:i]
		}
	}
	return line
}
