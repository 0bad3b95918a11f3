package rolling

import (
	"encoding/json"

	"berth/internal/render/ink"
	"berth/internal/roll"
)

// DryRun is what a roll would do.
type DryRun struct {
	Cluster  string
	Snapshot roll.Snapshot
	Calls    int
	Flags    string // those that name the cluster
	Command  string // the whole command line
	All      bool   // every instance is shown
}

// Text is the dry run for people.
func (d DryRun) Text(s ink.Style) string {
	p := ink.NewPage(s)
	for _, o := range roll.Targets(d.Snapshot) {
		p.Line("  ", ink.Clean(o.ID), "  ", ink.Clean(o.Zone), "  ", Why(o.Reasons))
	}
	return p.String()
}

// JSON is the dry run for programs.
func (d DryRun) JSON() ([]byte, error) { return json.MarshalIndent(d, "", "  ") }
