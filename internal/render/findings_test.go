package render

import (
	"testing"

	"berth/internal/check"
	"berth/internal/config"
)

func found() []check.Finding {
	return []check.Finding{
		{
			Code: "HA101", Severity: check.Error, Text: "the cluster stands in one zone: when it fails, so does everything",
			Fix: "name a second zone in availability_zones", Where: config.Range{File: "ecs.tfvars", Line: 10, Column: 22},
			Snippet: "  10 | availability_zones = [\"eu-west-1a\"]\n     |                       ^^^^^^^^^^^^^^",
		},
		{Code: "HA104", Severity: check.Warning, Text: "one NAT gateway serves three zones", Fix: "set nat = \"per_az\"\nor live with it"},
		{Code: "AMI001", Severity: check.Info, Text: "a newer AMI is out: \x1b[31mami-0def\x1b[0m"},
	}
}

func TestFindingsReadAsBefore(t *testing.T) {
	golden(t, "findings.txt", Findings(found(), Style{}))
}

func TestNoFindingsSayNothing(t *testing.T) {
	if got := Findings(nil, Style{}); got != "" {
		t.Errorf("got %q", got)
	}
}
