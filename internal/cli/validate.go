package cli

import (
	"encoding/json"

	"github.com/spf13/cobra"

	"berth/internal/check"
	"berth/internal/cli/problem"
	"berth/internal/config"
)

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate",
		Short: "Check the file, offline",
		Long: `Check the file without asking AWS: every fault with its file, line and column, all in one run. Then what is legal but
unwise, as far as the file alone shows it.`,
		Example: `  berth validate
  berth validate -f prod.tfvars --output json`,
		Args: none,
		RunE: func(*cobra.Command, []string) error {
			if a.json() {
				return a.validateJSON()
			}
			return a.validate()
		},
	}
}

func (a *app) validate() error {
	cfg, err := a.load()
	if err != nil {
		return err
	}
	a.showFindings(check.All(check.Input{Config: cfg}))
	a.say("valid: cluster %s of environment %s, %d zones in %s, %d instance group(s), %d load balancer(s)\n",
		cfg.Cluster, cfg.Environment, len(cfg.Zones), cfg.Region, len(cfg.Groups), len(cfg.LoadBalancers))
	return nil
}

// validity is what programs get.
type validity struct {
	Version     int         `json:"version"`
	Valid       bool        `json:"valid"`
	Environment string      `json:"environment,omitempty"`
	Cluster     string      `json:"cluster,omitempty"`
	Faults      []jsonFault `json:"faults"`
}

type jsonFault struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Text     string `json:"text"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	Fix      string `json:"fix,omitempty"`
}

// add files one fault or finding.
func (v *validity) add(code, severity, text, fix string, at config.Range) {
	v.Faults = append(v.Faults, jsonFault{Code: code, Severity: severity, Text: text, File: at.File, Line: at.Line, Column: at.Column, Fix: fix})
}

func (a *app) validateJSON() error {
	cfg, faults := a.read()
	out := validity{Version: 1, Valid: cfg != nil, Faults: []jsonFault{}}
	for _, f := range faults {
		out.add(f.Code, string(f.Severity), f.Summary, f.Hint, f.Range)
	}
	if cfg != nil {
		out.Environment, out.Cluster = cfg.Environment, cfg.Cluster
		for _, f := range check.All(check.Input{Config: cfg}) {
			out.add(f.Code, string(f.Severity), f.Text, f.Fix, f.Where)
		}
	}
	if err := a.printJSON(json.MarshalIndent(out, "", "  ")); err != nil || out.Valid {
		return err
	}
	return problem.Quiet(problem.Misused)
}
