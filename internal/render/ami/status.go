// Package ami shows which machine images a cluster's groups start from, and what an update of them would write.
//
// In: a report of package internal/ami, or the texts of files before and after. Out: text for people, JSON for programs. It asks
// nobody anything.
package ami

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/ami"
	"berth/internal/model"
	"berth/internal/render/ink"
)

// version counts the incompatible changes of the JSON.
const version = 1

// View is the images of a cluster at a moment.
type View struct {
	At      time.Time
	Cluster string
	Region  string
	Report  ami.Report
	Flags   string // what further commands must be called with: " --sim"
}

// Text is the view for people.
func (v View) Text(s ink.Style) string {
	p := ink.NewPage(s)
	p.Line(p.Paint(ink.Strong, ink.Clean("Images of cluster "+v.Cluster+" in "+v.Region)))
	p.Text(ink.Faint, 0, v.At.UTC().Format(time.DateTime)+" UTC")
	for _, g := range v.Report.Groups {
		p.Heading("Group " + ink.Clean(g.Name+": "+sort(g)))
		v.group(p, g)
	}
	v.next(p)
	return p.String()
}

// sort is what a group's image is for.
func sort(g ami.Group) string {
	text := map[string]string{"al2023": "Amazon Linux 2023", "al2": "Amazon Linux 2", "bottlerocket": "Bottlerocket"}[g.Family] + ", " + g.Arch
	if g.Accelerator != "" {
		text += ", " + g.Accelerator
	}
	return text
}

func (v View) group(p *ink.Page, g ami.Group) {
	v.release(p, "  pinned       ", g.Pinned, pinnedBy(g))
	if g.Launches != "" {
		p.Item("               ", ink.Warn, "new instances get "+ink.Clean(g.Launches)+" until berth apply")
	}
	switch g.Recommended.ID {
	case "":
		p.Item("  recommended  ", ink.Plain, "AWS recommends none")
	case g.Pinned.ID:
		p.Item("  recommended  ", ink.Good, "the pinned one is the newest")
	default:
		v.release(p, "  recommended  ", g.Recommended, "")
	}
	if g.Own {
		p.Item("               ", ink.Plain, "the pinned one is an image of one's own, or of another sort: nobody can compare the two")
	}
	v.support(p, g)
	lead := "  instances    "
	for _, r := range g.Runs {
		tone, text := ink.Plain, fmt.Sprintf("%s: %s", r.ID, ink.Several(len(r.IDs), "instance"))
		if r.Stale {
			tone, text = ink.Warn, text+"; the group launches another one now"
		}
		p.Item(lead, tone, ink.Clean(text))
		p.Item("                 ", ink.Plain, ink.Clean(strings.Join(r.IDs, ", ")))
		if r.Stale && r.ID != g.Pinned.ID {
			v.details(p, r.Release)
		}
		lead = "               "
	}
	if len(g.Runs) == 0 {
		p.Item(lead, ink.Plain, "none")
	}
}

func pinnedBy(g ami.Group) string {
	switch g.By {
	case ami.File:
		return ", by " + g.Where.String()
	case ami.Template:
		return ", kept by the launch template"
	default:
		return ", the newest: nothing stands yet"
	}
}

// release is an image and what is known of it.
func (v View) release(p *ink.Page, lead string, r model.Release, by string) {
	p.Item(lead, ink.Plain, ink.Clean(r.ID+by))
	v.details(p, r)
}

func (v View) details(p *ink.Page, r model.Release) {
	const lead = "               "
	if r.Missing {
		p.Item(lead, ink.Warn, "AWS does not know it any more: no instance can start from it")
		return
	}
	if r.Name != "" {
		p.Item(lead, ink.Faint, ink.Clean(r.Name))
	}
	var parts []string
	if !r.Built.IsZero() {
		parts = append(parts, fmt.Sprintf("built %s, %s old", r.Built.Format(time.DateOnly), ink.Several(v.days(r.Built), "day")))
	}
	parts = append(parts, "agent "+known(r.Agent), "Docker "+known(r.Docker))
	p.Item(lead, ink.Plain, ink.Clean(strings.Join(parts, " · ")))
	switch {
	case r.Deprecated.IsZero():
	case r.Deprecated.After(v.At):
		p.Item(lead, ink.Faint, "AWS deprecates it on "+r.Deprecated.Format(time.DateOnly))
	default:
		p.Item(lead, ink.Warn, "deprecated since "+r.Deprecated.Format(time.DateOnly)+": AWS may take it away, and then no instance starts from it")
	}
}

func (v View) support(p *ink.Page, g ami.Group) {
	day := g.SupportEnds.Format(time.DateOnly)
	switch {
	case g.SupportEnds.IsZero():
		p.Item("  support      ", ink.Plain, "no date is known for its end")
	case g.SupportEnds.After(v.At):
		p.Item("  support      ", ink.Plain, "ends on "+day)
	default:
		p.Item("  support      ", ink.Warn, "ended on "+day+": no more security fixes, however new the image is; ami_family = \"al2023\" has them")
	}
}

func (v View) days(since time.Time) int { return max(int(v.At.Sub(since).Hours()/24), 0) }

func known(text string) string {
	if text == "" {
		return "unknown"
	}
	return text
}

// next are the commands that make sense now.
func (v View) next(p *ink.Page) {
	newer := slices.ContainsFunc(v.Report.Groups, func(g ami.Group) bool { return g.Newer })
	waits := slices.ContainsFunc(v.Report.Groups, func(g ami.Group) bool { return g.Launches != "" })
	p.Gap()
	switch {
	case newer:
		p.Text(ink.Warn, 0, "A newer image is out. Next: berth ami update"+v.Flags)
	case waits:
		p.Text(ink.Warn, 0, "New instances get another image than the file has. Next: berth apply"+v.Flags)
	case v.Report.Outdated():
		p.Text(ink.Warn, 0, "Instances run an older image. Next: berth roll"+v.Flags)
	default:
		p.Text(ink.Good, 0, "Nothing is outdated.")
	}
}

type jsonReport struct {
	Version  int         `json:"version"`
	Cluster  string      `json:"cluster"`
	Region   string      `json:"region"`
	At       time.Time   `json:"at"`
	Outdated bool        `json:"outdated"`
	Groups   []jsonGroup `json:"groups"`
}

type jsonGroup struct {
	Name        string    `json:"name"`
	Family      string    `json:"ami_family"`
	Arch        string    `json:"arch"`
	Accelerator string    `json:"accelerator,omitempty"`
	Outdated    bool      `json:"outdated"`
	Newer       bool      `json:"newer"` // AWS recommends another one
	By          string    `json:"pinned_by"`
	Where       string    `json:"where,omitempty"`
	Pinned      jsonImage `json:"pinned"`
	Launches    string    `json:"launches,omitempty"` // where new instances get another one until apply
	Recommended jsonImage `json:"recommended"`
	Comparable  bool      `json:"comparable"`
	SupportEnds string    `json:"support_ends,omitempty"`
	Images      []jsonRun `json:"images"` // that instances run
}

type jsonImage struct {
	ID         string `json:"id"`
	Name       string `json:"name,omitempty"`
	Built      string `json:"built,omitempty"`
	AgeDays    *int   `json:"age_days,omitempty"`
	Agent      string `json:"agent,omitempty"`
	Docker     string `json:"docker,omitempty"`
	Deprecated string `json:"deprecated,omitempty"` // from when on
	Missing    bool   `json:"missing,omitempty"`
}

type jsonRun struct {
	jsonImage

	Outdated  bool     `json:"outdated"` // the group launches another one
	Instances []string `json:"instances"`
}

// JSON is the view for programs.
func (v View) JSON() ([]byte, error) {
	out := jsonReport{Version: version, Cluster: v.Cluster, Region: v.Region, At: v.At.UTC(), Outdated: v.Report.Outdated(), Groups: []jsonGroup{}}
	for _, g := range v.Report.Groups {
		one := jsonGroup{
			Name: g.Name, Family: g.Family, Arch: g.Arch, Accelerator: g.Accelerator, Outdated: g.Outdated(), Newer: g.Newer, By: string(g.By),
			Pinned: v.image(g.Pinned), Launches: g.Launches, Recommended: v.image(g.Recommended), Comparable: !g.Own, SupportEnds: date(g.SupportEnds), Images: []jsonRun{},
		}
		if g.By == ami.File {
			one.Where = g.Where.String()
		}
		for _, r := range g.Runs {
			one.Images = append(one.Images, jsonRun{v.image(r.Release), r.Stale, r.IDs})
		}
		out.Groups = append(out.Groups, one)
	}
	return json.MarshalIndent(out, "", "  ")
}

func (v View) image(r model.Release) jsonImage {
	out := jsonImage{ID: r.ID, Name: r.Name, Built: date(r.Built), Agent: r.Agent, Docker: r.Docker, Deprecated: date(r.Deprecated), Missing: r.Missing}
	if !r.Built.IsZero() {
		out.AgeDays = new(v.days(r.Built))
	}
	return out
}

func date(at time.Time) string {
	if at.IsZero() {
		return ""
	}
	return at.UTC().Format(time.DateOnly)
}
