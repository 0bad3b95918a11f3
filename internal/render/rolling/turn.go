package rolling

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"berth/internal/render/frame"
	"berth/internal/render/ink"
	"berth/internal/roll"
)

// turned tells what has become something else since the look before: the stage, instances, services.
func (p *Progress) turned() {
	m := p.decision.Memory
	if m.Stage != p.before.Stage && m.Stage != roll.Over {
		p.tell(object{Event: "stage", Stage: short(m.Stage)}, ink.Strong, "→", stage(m.Stage))
	}
	if m.Stage == roll.Leaving && p.before.Stage != roll.Leaving {
		for _, why := range m.Why {
			p.tell(object{Event: "stage", Stage: short(m.Stage)}, ink.Warn, "!", why)
		}
	}
	olds := map[string]roll.Old{}
	for _, o := range p.before.Olds {
		olds[o.ID] = o
	}
	for _, o := range m.Olds {
		p.oldTurned(olds[o.ID], o)
	}
	news := map[string]roll.New{}
	for _, n := range p.before.News {
		news[n.ID] = n
	}
	for _, n := range m.News {
		p.newTurned(news[n.ID], n)
	}
	p.servicesTurned()
}

func (p *Progress) oldTurned(was, o roll.Old) {
	if was.State == o.State || was.ID == "" && o.State == roll.Waiting {
		return
	}
	about := p.old(o)
	say := func(t ink.Tone, sign, text string) { p.tell(about, t, sign, o.ID+" "+text) }
	switch o.State {
	case roll.Drained:
		text := "is drained"
		if took := o.Emptied.Sub(o.Began); !o.Began.IsZero() && took > 0 {
			text += " (" + ink.Span(took.Round(time.Second)) + ")"
		}
		say(ink.Good, "✓", text+": "+ink.Several(len(o.Tasks), "task")+" moved")
	case roll.Gone:
		say(ink.Good, "✓", "is gone: "+count(p.decision.Memory).String())
	case roll.Stuck:
		say(ink.Bad, "✗", "is stuck, and its drain was undone: "+cmp.Or(o.Why, "it did not end"))
	case roll.Skipped:
		say(ink.Warn, "-", "is skipped: "+cmp.Or(o.Why, "it stays as it is"))
	case roll.Waiting:
		say(ink.Warn, "↺", "works again")
	case roll.Draining, roll.Ending: // the write that does it is told
		if p.frame.Mode() == frame.JSONLines {
			say(ink.Plain, "→", string(o.State))
		}
	}
}

func (p *Progress) newTurned(was, n roll.New) {
	if was.State == n.State {
		return
	}
	about := p.fresh(n)
	name := "new " + n.ID
	if n.Canary {
		name = "canary " + n.ID
	}
	say := func(t ink.Tone, sign, text string) { p.tell(about, t, sign, name+" "+text) }
	switch n.State {
	case roll.Booting: // the write that launches it is told
		if p.frame.Mode() == frame.JSONLines {
			say(ink.Plain, "→", "boots")
		}
	case roll.Proving:
		say(ink.Good, "✓", "has joined the cluster"+span(n.At, p.frame.Now()))
	case roll.Working:
		say(ink.Good, "✓", "works"+span(n.At, p.frame.Now()))
	case roll.Retiring:
		say(ink.Warn, "-", "leaves again"+colon(n.Why))
	case roll.Ended:
		say(ink.Warn, "-", "is gone"+colon(n.Why))
	}
}

func colon(why string) string {
	if why == "" {
		return ""
	}
	return ": " + why
}

func span(from, to time.Time) string {
	if from.IsZero() || !to.After(from) {
		return ""
	}
	return " (" + ink.Span(to.Sub(from).Round(time.Second)) + ")"
}

// servicesTurned tells which services have fewer healthy tasks than they had and should have, and which have them again.
func (p *Progress) servicesTurned() {
	for _, row := range p.services() {
		low := row.Healthy < min(row.Desired, row.Before)
		if low == p.low[row.Name] {
			continue
		}
		p.low[row.Name] = low
		text := fmt.Sprintf("service %s: %d of %d healthy", row.Name, row.Healthy, row.Desired)
		if low {
			p.tell(row.object(), ink.Warn, "!", text)
		} else {
			p.tell(row.object(), ink.Good, "✓", text+" again")
		}
	}
}

// serviceRow is a service as it is, and as it was when the roll began.
type serviceRow struct {
	Name                                             string
	Desired, Running, Healthy, Before, Lowest, Moved int
	Busy                                             bool // tasks of it are on an instance that drains
}

// services are those that the roll knows, by name.
func (p *Progress) services() []serviceRow {
	m := p.decision.Memory
	busy := map[string]bool{}
	for _, o := range m.Olds {
		if o.State == roll.Draining {
			for _, g := range o.Held {
				busy[service(g)] = true
			}
		}
	}
	now := map[string]roll.Service{}
	for _, s := range p.snapshot.Services {
		now[s.Name] = s
	}
	var out []serviceRow
	for _, b := range m.Services {
		s, seen := now[b.Name]
		if !seen || s.Daemon {
			continue
		}
		out = append(out, serviceRow{b.Name, s.Desired, s.Running, s.Healthy, b.Healthy, b.Lowest, b.Moved, busy[b.Name]})
	}
	return out
}

// touched are the services that something happens to.
func (p *Progress) touched() []serviceRow {
	return slices.DeleteFunc(p.services(), func(s serviceRow) bool {
		return !s.Busy && s.Moved == 0 && s.Healthy >= min(s.Desired, s.Before)
	})
}
