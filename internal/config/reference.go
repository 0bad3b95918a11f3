package config

import (
	_ "embed"
	"strings"

	"berth/internal/config/option"
)

//go:embed reference.md
var referenceText string

// Reference is docs/config.md: every name of the table, with type, default, meaning and example, and every fault.
func Reference() string {
	return strings.NewReplacer(
		"TOP-LEVEL\n", option.Table(option.Top),
		"GROUPS\n", option.Table(option.Group),
		"LOAD-BALANCERS\n", option.Table(option.Balancer),
		"EXISTING-VPC\n", option.Table(option.Existing),
		"DEPLOYER\n", option.Table(option.Deployer),
		"HEALTH-CHECK\n", option.Table(option.HealthCheck),
		"VOLUME\n", option.Table(option.Volume),
		"SYSTEM-CONTAINERS\n", option.Table(option.Container),
		"FAULTS\n", faultTable(),
	).Replace(referenceText)
}

func faultTable() string {
	var b strings.Builder
	b.WriteString("| code | fault | what it means |\n| --- | --- | --- |\n")
	for _, e := range Codes() {
		b.WriteString("| " + e.Code + " | " + option.Cell(e.Title) + " | " + option.Cell(e.Text) + " |\n")
	}
	return b.String()
}
