package cli

import (
	"bytes"
	"encoding/json"
	"os"

	"berth/internal/cli/flag"
	"berth/internal/cli/problem"
	"berth/internal/drive"
	"berth/internal/model"
)

// planFile is a kept plan: what was wanted, and the fingerprint of what it was made from. The changes follow from
// both, so they are not stored.
type planFile struct {
	Version int             `json:"version"`
	Scope   model.Scope     `json:"scope"`
	Base    string          `json:"base"`
	Want    json.RawMessage `json:"want"` // a model.Set
}

func savePlan(path string, s drive.Survey) error {
	want, err := json.Marshal(s.Want)
	if err != nil {
		return err
	}
	b, err := json.Marshal(planFile{1, s.Facts.Scope, s.Plan.Base, want})
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o600)
}

func (a *app) readPlan(path string) (planFile, error) {
	none := func(text string) error {
		p := problem.Problem{Code: "PLN003", Text: text, Hints: []string{"berth plan" + a.suffix() + " --out " + problem.Shell(path)}, Exit: problem.Misused}
		if a.flags.sim == flag.BesideFile {
			p.Hints = append(p.Hints, simFolder(path))
		}
		return &p
	}
	b, err := os.ReadFile(path)
	if err != nil {
		return planFile{}, none("cannot read the plan: " + err.Error())
	}
	var f planFile
	if err := json.Unmarshal(b, &f); err != nil || f.Version != 1 {
		return planFile{}, none(path + " is not a plan of this version of berth")
	}
	return f, nil
}

// fits tells whether the kept plan is still the plan: the file wants the same, and AWS shows the same.
func (f planFile) fits(s drive.Survey, at problem.Place) error {
	want, err := json.Marshal(s.Want)
	switch {
	case err != nil:
		return err
	case f.Scope != s.Facts.Scope:
		return problem.Stale("the cluster that the file names", at)
	case !bytes.Equal(f.Want, want):
		return problem.Stale("the file", at)
	case f.Base != s.Plan.Base:
		return problem.Stale("AWS", at)
	}
	return nil
}
