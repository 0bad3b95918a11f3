package render

import (
	"bytes"
	"encoding/json"

	"berth/internal/plan"
	"berth/internal/render/finding"
)

type jsonPlan struct {
	Version     int            `json:"version"`
	Environment string         `json:"environment"`
	Cluster     string         `json:"cluster"`
	Region      string         `json:"region"`
	Changes     []jsonChange   `json:"changes"`
	Summary     jsonSummary    `json:"summary"`
	Findings    []finding.JSON `json:"findings"`
}

type jsonChange struct {
	Verb   string      `json:"verb"`
	Key    string      `json:"key"`
	Fields []jsonField `json:"fields"`
	Why    string      `json:"why"`
	Impact string      `json:"impact"`
}

type jsonField struct {
	Name     string `json:"name"`
	From     string `json:"from"`
	To       string `json:"to"`
	Replaces bool   `json:"replaces,omitempty"`
}

type jsonSummary struct {
	Create  int    `json:"create"`
	Update  int    `json:"update"`
	Replace int    `json:"replace"`
	Delete  int    `json:"delete"`
	Impact  string `json:"impact"`
	Seconds int    `json:"seconds"`
}

// PlanJSON is a plan for programs. A deletion and a creation of one key are one change with the verb "replace"; "wait"
// changes nothing and is not counted.
func PlanJSON(v View) ([]byte, error) {
	all := entries(v.Plan)
	n := count(all)
	out := jsonPlan{
		Version: jsonVersion, Environment: v.Scope.Environment, Cluster: v.Scope.ClusterName(), Region: v.Scope.Region,
		Changes: []jsonChange{}, Findings: finding.ForPrograms(v.Findings),
		Summary: jsonSummary{
			Create: n[plan.Create], Update: n[plan.Update], Replace: n[replace], Delete: n[plan.Delete],
			Impact: v.Plan.Impact().String(), Seconds: int(v.Plan.Duration().Seconds()),
		},
	}
	for _, e := range all {
		c := jsonChange{Verb: string(e.verb), Key: e.keys[0].String(), Fields: []jsonField{}, Why: e.why, Impact: e.impact.String()}
		for _, f := range e.fields {
			c.Fields = append(c.Fields, jsonField{f.Name, f.From, f.To, f.Replaces})
		}
		out.Changes = append(out.Changes, c)
	}
	return indented(out)
}

// indented is JSON that people can read too, with a line end.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}
