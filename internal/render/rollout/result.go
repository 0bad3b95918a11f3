package rollout

import (
	"encoding/json"
	"fmt"
	"time"

	"berth/internal/deploy"
	"berth/internal/diagnose"
	"berth/internal/render/ink"
)

// version counts the incompatible changes of the JSON that this package writes.
const version = 1

// Result is how a run ended.
type Result struct {
	Snapshot deploy.Snapshot
	Decision deploy.Decision
	Took     time.Duration // by the clock of the cluster
	Calls    int
	Next     []string // commands worth typing now
}

// Text is the result for people: one line, what speaks for it, what to do next.
func (r Result) Text(s ink.Style) string {
	p := ink.NewPage(s)
	name := r.Snapshot.Order.Service
	if name == "" {
		name = r.Snapshot.Order.Definition.Get("family").Text
	}
	p.Line(p.Paint(r.tone(), ink.Clean(name+": "+r.headline())))
	for _, why := range r.Decision.Why {
		p.Text(ink.Plain, 2, ink.Clean(why))
	}
	for _, d := range r.Decision.Diagnoses {
		diagnosis(p, d)
	}
	if r.Decision.Fix != "" {
		p.Item("  fix: ", ink.Note, ink.Clean(r.Decision.Fix))
	}
	if len(r.Next) > 0 && r.Decision.Outcome != deploy.Unchanged {
		p.Heading("Next")
		for _, command := range r.Next {
			p.Line("  ", p.Paint(ink.Note, ink.Clean(command)))
		}
	}
	return p.String()
}

func diagnosis(p *ink.Page, d diagnose.Diagnosis) {
	p.Gap()
	p.Item("  "+d.Code+" ", ink.Bad, ink.Clean(d.Text))
	for _, e := range d.Evidence {
		p.Text(ink.Faint, 4, ink.Clean(e))
	}
	if d.Fix != "" {
		p.Item("    fix: ", ink.Note, ink.Clean(d.Fix))
	}
}

// headline is the outcome with the time that it took.
func (r Result) headline() string {
	text := map[deploy.Outcome]string{
		deploy.Unchanged:   "nothing to do",
		deploy.Started:     "started; nobody waits for the end",
		deploy.Succeeded:   "done",
		deploy.RolledBack:  "failed and rolled back",
		deploy.Failed:      "failed, and not rolled back",
		deploy.Superseded:  "superseded by another deployment",
		deploy.Refused:     "refused",
		deploy.TimedOut:    "not done in time; it still runs",
		deploy.Interrupted: "interrupted",
	}[r.Decision.Outcome]
	if r.Decision.Outcome == deploy.Failed && r.Snapshot.Order.Service == "" {
		text = "failed" // a task that runs once: there is nothing to go back to
	}
	if r.Took < time.Second {
		return text
	}
	return fmt.Sprintf("%s (%s)", text, ink.Span(r.Took.Round(time.Second)))
}

func (r Result) tone() ink.Tone {
	switch r.Decision.Outcome {
	case deploy.Succeeded, deploy.Unchanged, deploy.Started:
		return ink.Good
	case deploy.Interrupted, deploy.TimedOut, deploy.Superseded:
		return ink.Warn
	default:
		return ink.Bad
	}
}

// record is the result for programs.
type record struct {
	Version    int          `json:"version"`
	Cluster    string       `json:"cluster"`
	Service    string       `json:"service,omitempty"`
	Outcome    string       `json:"outcome"`
	Code       string       `json:"code,omitempty"`
	Deployment string       `json:"deployment,omitempty"`
	Revision   string       `json:"revision,omitempty"`
	Tasks      []string     `json:"tasks,omitempty"`
	Why        []string     `json:"why"`
	Reasons    []reason     `json:"reasons"`
	Revisions  []deploy.Row `json:"revisions"`
	Seconds    float64      `json:"seconds"`
	Calls      int          `json:"calls"`
}

type reason struct {
	Code  string `json:"code"`
	Text  string `json:"text"`
	Fix   string `json:"fix,omitempty"`
	Count int    `json:"count,omitempty"`
}

// JSON is the result for programs.
func (r Result) JSON() ([]byte, error) {
	s, d := r.Snapshot, r.Decision
	s.Run = d.Run
	out := record{
		Version: version, Cluster: s.Order.Cluster, Service: s.Order.Service, Outcome: string(d.Outcome), Code: d.Code, Deployment: d.Run.Following,
		Revision: deploy.Target(s), Tasks: d.Run.Tasks, Why: append([]string{}, d.Why...), Reasons: []reason{}, Revisions: append([]deploy.Row{}, deploy.Table(s)...),
		Seconds: r.Took.Seconds(), Calls: r.Calls,
	}
	for _, x := range d.Diagnoses {
		out.Reasons = append(out.Reasons, reason{x.Code, x.Text, x.Fix, x.Count})
	}
	return json.MarshalIndent(out, "", "  ")
}
