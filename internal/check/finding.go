// Package check finds what is legal but unwise, or worth knowing: in the file, in the plan, in what stands.
//
// In: a Config, Facts, what is wanted, what was found, the plan. Out: findings with stable codes, a reason and a fix.
// It is pure and changes nothing; what AWS or berth would refuse is an error elsewhere, not a finding.
package check

import "berth/internal/config"

// Severity is how much a finding matters.
type Severity string

// The severities, from the one to act on to the one to know.
const (
	Error   Severity = "error"   // it will hurt
	Warning Severity = "warning" // it may hurt
	Info    Severity = "info"    // worth knowing
)

// Finding is one thing found.
type Finding struct {
	Code     string // stable: "HA101"; explain knows it
	Severity Severity
	Text     string // one sentence, with the figures
	Fix      string // the exact next step; may be empty for Info
	Where    config.Range
	Snippet  string // the line of the file, with carets; empty when it is about no line
}
