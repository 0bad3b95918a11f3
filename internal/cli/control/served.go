package control

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"berth/internal/cli/problem"
	"berth/internal/sim"
	"berth/internal/sim/scenario"
)

// served is a world behind its control address.
type served struct {
	ctx context.Context
	Tool
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

// Faults fetches what is wrong now.
func (s served) Faults() (faults []string, err error) {
	body, err := s.control(s.ctx, http.MethodGet, "faults", nil)
	if err != nil {
		return nil, err
	}
	return faults, json.Unmarshal(body, &faults)
}

// control asks a served world something about itself.
func (t Tool) control(ctx context.Context, method, what string, body []byte) ([]byte, error) {
	if err := t.Reach(ctx); err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, method, strings.TrimRight(t.Endpoint(), "/")+"/_sim/"+what, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, problem.Unreachable(err, t.Place())
	}
	defer func() { _ = answer.Body.Close() }() // it was read
	text, err := io.ReadAll(answer.Body)
	switch {
	case err != nil:
		return nil, problem.Unreachable(err, t.Place())
	case answer.StatusCode == http.StatusBadRequest:
		return nil, errors.New(strings.TrimSpace(string(text)))
	case answer.StatusCode != http.StatusOK:
		return nil, &problem.Problem{
			Code: "SIM004", Text: t.Endpoint() + " answers " + answer.Status, Exit: problem.Failed,
			Hints: []string{"only the embedded AWS lets itself be moved and broken: berth sim serve"},
		}
	}
	return text, nil
}
