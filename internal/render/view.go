// Package render turns plans, progress, findings, status and outputs into text for people and JSON for programs, and
// clusters into pictures.
//
// In: plain data, gathered in a View, and a Style. Out: strings, bytes, or lines on a writer. It never asks AWS, the
// clock or the surroundings anything, and whatever AWS or the user named passes through ink.Clean on its way to a screen.
package render

import (
	"io"
	"time"

	"berth/internal/check"
	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/overview"
	"berth/internal/plan"
	"berth/internal/render/diagram"
	"berth/internal/render/frame"
	"berth/internal/render/incident"
	"berth/internal/render/ink"
	"berth/internal/render/progress"
)

// Style is what the reader's screen can do.
type Style = ink.Style

// View is everything that a screen may show; what a screen does not need may stay empty.
type View struct {
	Version   string // of berth
	At        time.Time
	Scope     model.Scope
	Want      model.Set
	Have      model.Inventory
	Facts     model.Facts
	Plan      plan.Plan
	Findings  []check.Finding
	Agents    map[string]bool   // whether an instance's ECS agent is connected, by instance id; no entry: not known
	AMIs      map[string]string // the image an instance runs, by instance id
	Spot      map[string]bool   // whether an instance is a Spot Instance, by instance id; no entry: not known
	Services  []overview.Service
	Incidents incident.View
	Watched   []config.Alert // whom berth watch tells, and not AWS
	Flags     string         // what further commands must be called with: " --sim"
}

// Progress shows a plan while it is carried out.
type Progress = progress.Progress

// NewProgress is ready for the plan's events; elapsed times count from began, on the clock of the events.
func NewProgress(out io.Writer, p plan.Plan, s Style, m frame.Mode, began time.Time) *Progress {
	return progress.New(out, p, s, m, began)
}

// jsonVersion counts the incompatible changes of the JSON that this package writes.
const jsonVersion = 1

// cluster is whose screen it is.
func (v View) cluster() string {
	name := "cluster " + v.Scope.ClusterName()
	if v.Scope.Environment != v.Scope.ClusterName() {
		name += " of " + v.Scope.Environment
	}
	return ink.Clean(name + " in " + v.Scope.Region)
}

// stands tells whether anything of the cluster stands that people would call it by: its own network, or the cluster.
func (v View) stands() bool { return v.Have.Has(model.VPCKey()) || v.Have.Has(model.ClusterKey()) }

// scene is what the diagrams draw.
func (v View) scene() diagram.Scene {
	facts := v.Facts
	facts.Scope = v.Scope
	return diagram.Of(v.Want, v.Have, facts)
}

// DiagramSVG draws the cluster as it stands, or as it will where nothing stands yet.
func DiagramSVG(v View) string { return diagram.SVG(v.scene()) }

// DiagramMermaid is the same as a Mermaid flowchart.
func DiagramMermaid(v View) string { return diagram.Mermaid(v.scene()) }

// DiagramText is the same for a terminal.
func DiagramText(v View, s Style) string { return diagram.Lines(v.scene(), s) }
