// Package check finds what is legal but unwise, or worth knowing: in the file, in the plan, in what stands. And it
// refuses what AWS's facts make impossible.
//
// In: a Config, Facts, what is wanted, what was found, the plan. Out: findings with stable codes, a reason in figures
// and a fix; or a Refusal, or a Quota, with everything that stands against the file at once. It is pure and changes
// nothing. It must never advise a setting that this version does not know.
package check

import (
	"cmp"
	"slices"

	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/plan"
)

// Severity is how much a finding matters.
type Severity string

// The severities, from the one to act on to the one to know.
const (
	Error   Severity = "error"   // it will hurt an application
	Warning Severity = "warning" // it may hurt
	Info    Severity = "info"    // worth knowing
	Note    Severity = "note"    // true of every such cluster: what others add to it, and berth does not by itself
)

// Finding is one thing found.
type Finding struct {
	Code     string // stable: "HA101"; Explain knows it; empty for notes that Fold put into one
	Severity Severity
	Text     string // one sentence, with the figures
	Fix      string // the exact next step; may be empty for Info
	Where    config.Range
	Snippet  string // the line of the file, with carets; empty when it is about no line
}

// Input is what findings are drawn from. Only Config must be there: what else is missing silences the rules that need
// it, so that the file alone can be judged offline.
type Input struct {
	Config *config.Config
	Facts  model.Facts
	Want   model.Set
	Have   model.Inventory
	Plan   plan.Plan
}

// All finds everything, sorted by severity, then code, then place. A cluster that shall go gets no advice.
func All(in Input) []Finding {
	if in.goes() {
		return nil
	}
	var out []Finding
	for _, r := range rules() {
		for _, f := range r.look(in) {
			f.Code = r.code
			out = append(out, f)
		}
	}
	slices.SortStableFunc(out, compare)
	return out
}

// goes tells that the plan only takes away.
func (in Input) goes() bool {
	stays := func(c plan.Change) bool { return c.Verb != plan.Delete }
	return in.Want.Len() == 0 && len(in.Plan.Changes) > 0 && !slices.ContainsFunc(in.Plan.Changes, stays)
}

func compare(a, b Finding) int {
	order := []Severity{Error, Warning, Info, Note}
	return cmp.Or(
		cmp.Compare(slices.Index(order, a.Severity), slices.Index(order, b.Severity)),
		cmp.Compare(a.Code, b.Code),
		comparePlaces(a.Where, b.Where),
		cmp.Compare(a.Text, b.Text),
	)
}

func comparePlaces(a, b config.Range) int {
	return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// at puts a finding where the first of the settings stands that the file gives, and nowhere when all are defaults.
func (in Input) at(f Finding, settings ...string) Finding {
	name := given(in.Config, settings...)
	f.Where, f.Snippet = in.Config.Where(name), in.Config.Snippet(name)
	return f
}

// given is the first of the settings that the file gives, or "".
func given(c *config.Config, settings ...string) string {
	for _, name := range settings {
		if c.Where(name) != (config.Range{}) {
			return name
		}
	}
	return ""
}
