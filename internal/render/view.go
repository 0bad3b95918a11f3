// Package render turns plans, progress, findings, status and outputs into text for people and JSON for programs, and
// clusters into pictures.
//
// In: plain data, gathered in a View, and a Style. Out: strings, bytes, or lines on a writer. It never asks AWS, the
// clock or the surroundings anything, and whatever AWS or the user named passes through ink.Clean on its way to a screen.
package render

import (
	"strconv"
	"strings"
	"time"

	"berth/internal/check"
	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render/diagram"
	"berth/internal/render/ink"
)

// Style is what the reader's screen can do.
type Style = ink.Style

// View is everything that a screen may show; what a screen does not need may stay empty.
type View struct {
	Version  string // of berth
	At       time.Time
	Scope    model.Scope
	Want     model.Set
	Have     model.Inventory
	Facts    model.Facts
	Plan     plan.Plan
	Findings []check.Finding
	Agents   map[string]bool   // whether an instance's ECS agent is connected, by instance id; no entry: not known
	AMIs     map[string]string // the image an instance runs, by instance id
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

// title is a key as people read it: "subnet private/eu-west-1a".
func title(k model.Key) string {
	return ink.Clean(strings.TrimSpace(string(k.Kind) + " " + k.Name))
}

// several counts things: "1 zone", "2 zones".
func several(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return strconv.Itoa(n) + " " + what
}

// span is a duration as people say it: "0.4s", "45s", "5m10s", "2h".
func span(d time.Duration) string {
	if d < 10*time.Second {
		text := strconv.FormatFloat(d.Seconds(), 'f', 1, 64)
		return strings.TrimSuffix(text, ".0") + "s"
	}
	text := d.Round(time.Second).String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}
