package render

import (
	"fmt"
	"strings"
	"time"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render/essence"
	"berth/internal/render/finding"
	"berth/internal/render/ink"
)

// ResultInfo is how a run went, beside what stands after it.
type ResultInfo struct {
	OnAWS    time.Duration // what it took by the clock of the cluster
	Here     time.Duration // what it took in this process
	Calls    int           // of AWS's API
	Embedded bool          // on the embedded AWS, whose time flies
	Outdated int           // instances that run older settings now
	Next     []string      // commands worth typing now
	Failed   []Failed
	Skipped  []plan.Step
	DyingKey string // the id of the KMS key that AWS deletes in some days; empty: none
}

// Failed is a change that did not work out.
type Failed struct {
	Step   plan.Step
	Reason string
	Hint   string // the next step; may be empty
}

// Result is the end of apply and destroy: what stands now, what went wrong, how long it took, and what to do next.
func Result(v View, r ResultInfo, s Style) string {
	p := ink.NewPage(s)
	headline(p, v, r)
	failures(p, r)
	if v.stands() {
		v.zonesPart(p)
		v.instancesPart(p)
		v.outdatedPart(p)
		v.balancersPart(p)
		v.alertsPart(p)
	}
	p.Gap()
	p.Text(ink.Plain, 0, taken(r))
	if r.DyingKey != "" {
		p.Text(ink.Plain, 0, "KMS key "+ink.Clean(r.DyingKey)+" cannot be deleted at once: AWS does so in 7 days, and berth apply takes it back until then.")
	}
	if r.Outdated > 0 {
		p.Text(ink.Warn, 0, fmt.Sprintf("Still running older settings: %s. A new instance gets the new ones; apply replaces none.", ink.Several(r.Outdated, "instance")))
	}
	finding.Part(p, v.Findings)
	if len(r.Next) > 0 {
		p.Heading("Next")
		for _, command := range r.Next {
			p.Line("  ", p.Paint(ink.Note, ink.Clean(command)))
		}
	}
	return p.String()
}

func headline(p *ink.Page, v View, r ResultInfo) {
	switch {
	case len(r.Failed)+len(r.Skipped) > 0:
		p.Text(ink.Bad, 0, fmt.Sprintf("✗ %s: %s failed, %d not started.", v.cluster(), ink.Several(len(r.Failed), "change"), len(r.Skipped)))
	case !v.stands():
		p.Text(ink.Good, 0, "✓ Nothing of "+v.cluster()+" stands any more.")
	default:
		p.Text(ink.Good, 0, "✓ "+v.cluster()+" stands as the file says.")
	}
}

func failures(p *ink.Page, r ResultInfo) {
	if len(r.Failed) > 0 {
		p.Heading("Failed")
	}
	for _, f := range r.Failed {
		p.Item("  ", ink.Bad, fmt.Sprintf("%s %s: %s", f.Step.Verb, ink.Name(f.Step.Key), ink.Clean(f.Reason)))
		for hint := range strings.Lines(f.Hint) {
			p.Item("    "+p.Paint(ink.Note, "hint:")+" ", ink.Plain, ink.Clean(strings.TrimSuffix(hint, "\n")))
		}
	}
	if len(r.Skipped) == 0 {
		return
	}
	p.Heading("Not started")
	for _, v := range []plan.Verb{plan.Create, plan.Update, plan.Delete, plan.Wait} {
		var keys []model.Key
		for _, s := range r.Skipped {
			if s.Verb == v {
				keys = append(keys, s.Key)
			}
		}
		if len(keys) > 0 {
			p.Item("  "+string(v)+" ", ink.Plain, essence.Kinds(keys))
		}
	}
}

func taken(r ResultInfo) string {
	calls := ""
	if r.Calls > 0 {
		calls = " (" + ink.Several(r.Calls, "call") + ")"
	}
	if r.Embedded {
		return fmt.Sprintf("Would have taken %s on AWS, took %s here%s.", ink.Span(r.OnAWS), ink.Span(r.Here), calls)
	}
	return fmt.Sprintf("Took %s%s.", ink.Span(r.OnAWS), calls)
}
