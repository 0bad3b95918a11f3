package cli

import (
	"encoding/json"
	"os"

	"berth/internal/drive"
	"berth/internal/model"
)

// planFile is a kept plan: what was wanted, and the fingerprint of what it was made from. The changes follow from
// both, so they are not stored.
type planFile struct {
	Version int         `json:"version"`
	Scope   model.Scope `json:"scope"`
	Base    string      `json:"base"`
	Want    model.Set   `json:"want"`
}

func savePlan(path string, s drive.Survey) error {
	b, err := json.Marshal(planFile{1, s.Facts.Scope, s.Plan.Base, s.Want})
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o600)
}

func readPlan(path string) (planFile, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return planFile{}, &problem{code: "PLN003", text: "cannot read the plan: " + err.Error(), hints: []string{"berth plan --out " + path}, exit: exitUsage}
	}
	var f planFile
	if err := json.Unmarshal(b, &f); err != nil || f.Version != 1 {
		return planFile{}, &problem{
			code: "PLN003", text: path + " is not a plan of this version of berth", hints: []string{"berth plan --out " + path}, exit: exitUsage,
		}
	}
	return f, nil
}

// fits tells whether the kept plan is still the plan: the file wants the same, and AWS shows the same.
func (f planFile) fits(s drive.Survey) error {
	if f.Scope == s.Facts.Scope && f.Base == s.Plan.Base {
		return nil
	}
	return stalePlan()
}

func stalePlan() error {
	return &problem{
		code: "PLN001", text: "the plan is stale: the file or AWS changed since it was made", exit: exitFailed,
		hints: []string{"look at the new plan: berth plan"},
	}
}
