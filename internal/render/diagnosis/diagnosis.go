// Package diagnosis shows what failed and why.
//
// In: a capture and its diagnoses. Out: text for people, and JSON for programs. It judges nothing, leaves none out, and lets no text
// of AWS steer a terminal.
package diagnosis

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/render/ink"
)

// Text is the diagnoses on one screen, the likeliest first.
func Text(c live.Capture, found []diagnose.Diagnosis, s ink.Style) string {
	p := ink.NewPage(s)
	p.Line(p.Paint(ink.Strong, ink.Clean(c.Subject.Kind+" "+c.Subject.Name)))
	p.Text(ink.Faint, 0, ink.Clean(strings.Join(about(c), " · ")))
	for i, d := range found {
		p.Gap()
		one(p, strconv.Itoa(i+1)+". ", d)
	}
	if len(found) == 0 {
		p.Gap()
		p.Item("", ink.Good, "nothing is wrong, as far as this was looked at")
	}
	for _, m := range c.Missing {
		p.Gap()
		p.Item(p.Paint(ink.Warn, "not seen:")+" ", ink.Plain, ink.Clean(m))
	}
	return p.String()
}

// about says where and when, and how the subject is.
func about(c live.Capture) []string {
	var out []string
	if c.Cluster != "" {
		out = append(out, "cluster "+c.Cluster)
	}
	if c.Region != "" {
		out = append(out, c.Region)
	}
	if !c.At.IsZero() {
		out = append(out, c.At.UTC().Format(time.DateTime)+" UTC")
	}
	for _, s := range c.Services {
		if len(c.Services) == 1 {
			out = append(out, fmt.Sprintf("%s runs %d of %d tasks, %d pending", s.Name, s.Running, s.Desired, s.Pending))
		}
	}
	return out
}

// one writes one diagnosis: what happens, what speaks for it, what to do.
func one(p *ink.Page, number string, d diagnose.Diagnosis) {
	tone := ink.Warn
	if d.Final {
		tone = ink.Bad
	}
	p.Item(p.Paint(tone, number), ink.Strong, ink.Clean(d.Text)+" ["+d.Code+"]")
	for _, e := range d.Evidence {
		p.Item("   - ", ink.Plain, ink.Clean(e))
	}
	if d.Final {
		p.Item("   - ", ink.Plain, "waiting does not help")
	}
	if d.Fix != "" {
		p.Item("   "+p.Paint(ink.Note, "fix:")+" ", ink.Plain, ink.Clean(d.Fix))
	}
	p.Item("   ", ink.Faint, "more: berth explain "+d.Code)
}

// version counts the incompatible changes of the JSON.
const version = 1

type screen struct {
	Version   int                  `json:"version"`
	At        time.Time            `json:"at"`
	Cluster   string               `json:"cluster"`
	Region    string               `json:"region"`
	Subject   live.Subject         `json:"subject"`
	Diagnoses []diagnose.Diagnosis `json:"diagnoses"`
	Missing   []string             `json:"missing"`
}

// JSON is the diagnoses for programs. Escapes of terminals are taken out here too: somebody will print them.
func JSON(c live.Capture, found []diagnose.Diagnosis) ([]byte, error) {
	out := screen{
		Version: version, At: c.At, Cluster: ink.Clean(c.Cluster), Region: ink.Clean(c.Region), Diagnoses: []diagnose.Diagnosis{}, Missing: cleaned(c.Missing),
		Subject: live.Subject{Kind: ink.Clean(c.Subject.Kind), Name: ink.Clean(c.Subject.Name)},
	}
	for _, d := range found {
		d.Text, d.Fix, d.Subject, d.Evidence = ink.Clean(d.Text), ink.Clean(d.Fix), ink.Clean(d.Subject), cleaned(d.Evidence)
		out.Diagnoses = append(out.Diagnoses, d)
	}
	return json.MarshalIndent(out, "", "  ")
}

func cleaned(lines []string) []string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = ink.Clean(line)
	}
	return out
}
