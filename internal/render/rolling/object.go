package rolling

import (
	"time"

	"berth/internal/model"
	"berth/internal/render/ink"
	"berth/internal/roll"
)

// version counts the incompatible changes of the JSON that this package writes.
const version = 1

// object is one line for programs.
type object struct {
	Version   int       `json:"version"`
	At        time.Time `json:"at"`
	Elapsed   float64   `json:"elapsed_seconds"`
	Event     string    `json:"event"` // "stage", "instance", "service", "action", "refused", "waiting", "command", "resumed", "state"
	Text      string    `json:"text"`
	Stage     string    `json:"stage,omitempty"`
	Command   string    `json:"command,omitempty"`
	Subject   string    `json:"subject,omitempty"`
	Verb      string    `json:"verb,omitempty"`
	Group     string    `json:"group,omitempty"`
	Zone      string    `json:"zone,omitempty"`
	Instances []string  `json:"instances,omitempty"`

	Instance *instanceJSON `json:"instance,omitempty"`
	Service  *serviceJSON  `json:"service,omitempty"`
	Progress *progressJSON `json:"progress,omitempty"`
}

type instanceJSON struct {
	ID      string         `json:"id"`
	New     bool           `json:"new,omitempty"`
	Canary  bool           `json:"canary,omitempty"`
	Group   string         `json:"group"`
	Zone    string         `json:"zone"`
	State   string         `json:"state"`
	Tasks   int            `json:"tasks,omitempty"` // that had to leave it
	Reasons []model.Reason `json:"reasons,omitempty"`
	Why     string         `json:"why,omitempty"`
	Fix     string         `json:"fix,omitempty"`
}

type serviceJSON struct {
	Name    string `json:"name"`
	Desired int    `json:"desired"`
	Running int    `json:"running"`
	Healthy int    `json:"healthy"`
	Before  int    `json:"healthy_before"`
	Lowest  int    `json:"lowest_healthy"`
	Moved   int    `json:"tasks_moved"`
}

type progressJSON struct {
	Total    int `json:"total"`
	Replaced int `json:"replaced"`
	Waiting  int `json:"waiting"`
	Draining int `json:"draining"`
	Drained  int `json:"drained"`
	Ending   int `json:"terminating"`
	Stuck    int `json:"stuck"`
	Skipped  int `json:"skipped"`
}

func (p *Progress) json(o object, text string) {
	o.Version, o.At, o.Elapsed, o.Text = version, p.frame.Now(), p.frame.Seconds(), text
	for _, name := range []*string{&o.Subject, &o.Group, &o.Zone} {
		*name = ink.Clean(*name)
	}
	for i := range o.Instances {
		o.Instances[i] = ink.Clean(o.Instances[i])
	}
	p.frame.Object(o)
}

// state is how far it is.
func (p *Progress) state() object {
	return object{Event: "state", Stage: short(p.decision.Memory.Stage), Progress: new(progressJSON(count(p.decision.Memory)))}
}

func (p *Progress) old(o roll.Old) object {
	return object{Event: "instance", Instance: new(oldJSON(p.decision.Memory, o)), Progress: new(progressJSON(count(p.decision.Memory)))}
}

func oldJSON(m roll.Memory, o roll.Old) instanceJSON {
	return instanceJSON{
		ID: ink.Clean(o.ID), Canary: o.Canary, Group: ink.Clean(group(m, o.Group)), Zone: ink.Clean(o.Zone), State: string(o.State), Tasks: len(o.Tasks),
		Reasons: clean(o.Reasons), Why: ink.Clean(o.Why),
	}
}

func (p *Progress) fresh(n roll.New) object {
	return object{Event: "instance", Instance: new(newJSON(p.decision.Memory, n))}
}

func newJSON(m roll.Memory, n roll.New) instanceJSON {
	return instanceJSON{
		ID: ink.Clean(n.ID), New: true, Canary: n.Canary, Group: ink.Clean(group(m, n.Group)), Zone: ink.Clean(n.Zone), State: string(n.State), Why: ink.Clean(n.Why),
	}
}

func (s serviceRow) object() object {
	return object{Event: "service", Service: &serviceJSON{ink.Clean(s.Name), s.Desired, s.Running, s.Healthy, s.Before, s.Lowest, s.Moved}}
}

// clean are reasons whose texts are harmless.
func clean(all []model.Reason) []model.Reason {
	out := make([]model.Reason, len(all))
	for i, r := range all {
		out[i] = model.Reason{Kind: r.Kind, Have: ink.Clean(r.Have), Want: ink.Clean(r.Want)}
	}
	return out
}
