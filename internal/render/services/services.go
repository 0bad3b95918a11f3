// Package services shows how the services of a cluster are: all of them in a table, or one on a screen.
//
// In: what overview says of them. Out: text for people, JSON for programs. It judges nothing, and lets no text of others steer a
// terminal.
package services

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"berth/internal/overview"
	"berth/internal/render/ink"
)

// View is what the screens show.
type View struct {
	Cluster  string
	Region   string
	At       time.Time
	Services []overview.Service
	Missing  []string // what could not be read, and why
	Flags    string   // what the next command must be called with, as it stands behind it: " --sim"
}

// Text is all services in a table, then a line for each that is not well.
func (v View) Text(s ink.Style) string {
	p := ink.NewPage(s)
	v.head(p, "services of "+v.Cluster)
	p.Gap()
	if len(v.Services) == 0 {
		p.Line("  there is no service yet; to make one: berth deploy DIR" + v.Flags)
		return p.String()
	}
	var rows [][]string
	for _, sv := range v.Services {
		rows = append(rows, []string{
			ink.Clean(sv.Name), tasks(sv), healthy(p, sv), rollout(p, sv, v.At), ink.Clean(sv.Deployment.Revision), spread(sv.Zones), lost(p, sv), balancers(sv),
		})
	}
	p.Table([]string{"SERVICE", "RUNNING", "HEALTHY", "DEPLOYMENT", "REVISION", "ZONES", "ZONE LOST", "LOAD BALANCERS"}, rows)
	v.troubles(p)
	v.unseen(p)
	return p.String()
}

// Part is what the screen of the cluster shows: how they are, and what to ask next.
func (v View) Part(p *ink.Page) {
	if len(v.Services) == 0 {
		return
	}
	p.Heading("Services")
	var rows [][]string
	for _, sv := range v.Services {
		rows = append(rows, []string{
			ink.Clean(sv.Name), tasks(sv), healthy(p, sv), rollout(p, sv, v.At), spread(sv.Zones),
		})
	}
	p.Table([]string{"SERVICE", "RUNNING", "HEALTHY", "DEPLOYMENT", "ZONES"}, rows)
	v.troubles(p)
}

func (v View) head(p *ink.Page, title string) {
	p.Line(p.Paint(ink.Strong, ink.Clean(title+" in "+v.Region)))
	if !v.At.IsZero() {
		p.Text(ink.Faint, 0, v.At.UTC().Format(time.DateTime)+" UTC")
	}
}

func (v View) troubles(p *ink.Page) {
	for _, sv := range v.Services {
		if sv.Trouble != nil {
			v.trouble(p, sv)
		}
	}
}

// trouble is what is wrong, with the next step, which is never broken: it is to be copied.
func (v View) trouble(p *ink.Page, sv overview.Service) {
	text := ink.Clean(sv.Trouble.Text)
	if sv.Trouble.Code != "" {
		text += " [" + sv.Trouble.Code + "]"
	}
	p.Item("  "+p.Paint(ink.Bad, ink.Clean(sv.Name)+":")+" ", ink.Plain, text)
	p.Line("    ", p.Paint(ink.Note, "why: "), "berth why "+ink.Clean(sv.Name)+v.Flags)
}

func (v View) unseen(p *ink.Page) {
	for _, m := range v.Missing {
		p.Item("  "+p.Paint(ink.Warn, "not seen:")+" ", ink.Plain, ink.Clean(m))
	}
}

// tasks are those that run of those that are wanted, and those on the way.
func tasks(sv overview.Service) string {
	text := fmt.Sprintf("%d of %d", sv.Running, sv.Desired)
	if sv.Pending > 0 {
		text += fmt.Sprintf(" +%d", sv.Pending)
	}
	return text
}

func healthy(p *ink.Page, sv overview.Service) string {
	tone := ink.Plain
	if sv.Healthy < sv.Running {
		tone = ink.Warn
	}
	return p.Paint(tone, strconv.Itoa(sv.Healthy))
}

// rollout is how the last deployment goes, and since when.
func rollout(p *ink.Page, sv overview.Service, at time.Time) string {
	d := sv.Deployment
	text, tone := words(d)
	if d.Failed > 0 && d.Status == "IN_PROGRESS" {
		text, tone = fmt.Sprintf("%s, %d failed", text, d.Failed), ink.Bad
	}
	if !d.Since.IsZero() && !at.IsZero() {
		text += " " + age(at.Sub(d.Since))
	}
	return p.Paint(tone, ink.Clean(text))
}

// words say how a deployment goes.
func words(d overview.Deployment) (string, ink.Tone) {
	switch {
	case strings.HasPrefix(d.Outcome, "ROLLBACK_S"):
		return "rolled back", ink.Bad
	case strings.HasPrefix(d.Outcome, "ROLLBACK_I"), d.Outcome == "ROLLBACK_REQUESTED":
		return "rolling back", ink.Bad
	case d.Status == "IN_PROGRESS":
		return "under way", ink.Note
	case d.Status == "COMPLETED":
		return "done", ink.Plain
	case d.Status == "FAILED":
		return "failed", ink.Bad
	}
	return "not by ECS", ink.Plain
}

// age is how long ago, in one unit.
func age(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%ds", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%dm", int(d.Minutes()))
	case d < 48*time.Hour:
		return fmt.Sprintf("%dh", int(d.Hours()))
	}
	return fmt.Sprintf("%dd", int(d.Hours())/24)
}

// spread is how many tasks run in each zone of the cluster, in the order of the zones.
func spread(zones []overview.Zone) string {
	var parts []string
	for _, z := range zones {
		parts = append(parts, strconv.Itoa(z.Tasks))
	}
	if len(parts) == 0 {
		return "-"
	}
	return strings.Join(parts, "+")
}

// lost is what the worst zone's loss would leave, and how much of the rest comes back.
func lost(p *ink.Page, sv overview.Service) string {
	l, known := sv.Worst()
	if !known {
		return "-"
	}
	text, tone := fmt.Sprintf("leaves %d", l.Left), ink.Plain
	if l.Left == 0 {
		tone = ink.Warn
	}
	return p.Paint(tone, text+back(sv, l))
}

// back is how much of what was lost comes back, in a few words.
func back(sv overview.Service, l overview.Loss) string {
	switch {
	case !l.Known || sv.Daemon:
		return ""
	case l.Fits == l.Lost:
		return ", rest fits"
	case l.Fits+l.Comes == l.Lost:
		return fmt.Sprintf(", %d once instances come", l.Comes)
	}
	return fmt.Sprintf(", no room for %d", l.Lost-l.Fits-l.Comes)
}

func balancers(sv overview.Service) string {
	if len(sv.Balancers) == 0 {
		return "-"
	}
	return ink.Clean(strings.Join(sv.Balancers, ", "))
}
