package rolling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/render/frame"
	"berth/internal/render/ink"
	"berth/internal/roll"
)

// row is an instance that something happens to.
type row struct {
	id, zone, state string
	since           time.Time
	text            string
	tone            ink.Tone
}

// rows are the instances that something happens to: old ones before new ones, those for longest first.
func (p *Progress) rows() []row {
	why := map[string]string{}
	for _, l := range p.decision.Why {
		why[l.Subject] = strings.TrimPrefix(why[l.Subject]+"; "+l.Text, "; ")
	}
	return busy(p.decision.Memory, why)
}

func busy(m roll.Memory, why map[string]string) []row {
	var olds, news []row
	for _, o := range m.Olds {
		if o.State != roll.Draining && o.State != roll.Drained && o.State != roll.Ending {
			continue
		}
		text := strings.TrimLeft(strings.TrimPrefix(cmp.Or(why[o.ID], o.Why), string(o.State)), ":; ")
		olds = append(olds, row{ink.Clean(o.ID), ink.Clean(o.Zone), string(o.State), o.Since, text, ink.Plain})
	}
	for _, n := range m.News {
		if n.State == roll.Ended || n.State == roll.Working && why[n.ID] == "" {
			continue
		}
		text := strings.TrimPrefix(cmp.Or(why[n.ID], n.Why), "new: ")
		news = append(news, row{ink.Clean(n.ID), ink.Clean(n.Zone), "new, " + string(n.State), n.Since, text, ink.Good})
	}
	for _, list := range [][]row{olds, news} {
		slices.SortStableFunc(list, func(a, b row) int { return a.since.Compare(b.since) })
	}
	return slices.Concat(olds, news)
}

// draw writes the table of instances, that of services, and below what the run waits for.
func (p *Progress) draw() {
	if p.frame.Mode() != frame.Live || !p.looked {
		return
	}
	p.frame.Draw(ink.Strong, fmt.Sprintf("%8s  %s", p.frame.Elapsed(), p.where()))
	rows := p.rows()
	told := map[string]bool{}
	shown := rows[:min(len(rows), mostRows)]
	zone, state := 0, 0
	for _, r := range shown {
		zone, state = max(zone, ink.Wide(r.zone)), max(state, len(r.state))
	}
	for _, r := range shown {
		told[r.id] = true
		p.frame.Draw(r.tone, fmt.Sprintf("          %-19s %s %-*s %6s  %s", r.id, ink.Pad(r.zone, zone), state, r.state, ago(r.since, p.frame.Now()), r.text))
	}
	if more := len(rows) - mostRows; more > 0 {
		p.frame.Draw(ink.Faint, "          and "+ink.Several(more, "instance")+" more")
	}
	p.drawServices()
	n := 0
	for _, l := range p.decision.Why {
		if told[l.Subject] {
			continue // in its row
		}
		if n++; n > mostWhys {
			break
		}
		p.frame.Draw(ink.Faint, "          "+sentence(l))
	}
}

func (p *Progress) drawServices() {
	all := p.touched()
	if len(all) == 0 {
		return
	}
	p.frame.Draw(ink.Faint, fmt.Sprintf("          %-31s %8s %8s %8s %8s", "service", "wanted", "healthy", "lowest", "moved"))
	for _, s := range all[:min(len(all), mostServices)] {
		tone := ink.Plain
		if s.Healthy < min(s.Desired, s.Before) {
			tone = ink.Warn
		}
		p.frame.Draw(tone, fmt.Sprintf("          %-31s %8d %8d %8d %8d", ink.Cut(ink.Clean(s.Name), 31), s.Desired, s.Healthy, s.Lowest, s.Moved))
	}
	if more := len(all) - mostServices; more > 0 {
		p.frame.Draw(ink.Faint, "          and "+ink.Several(more, "service")+" more")
	}
}

func ago(since, now time.Time) string {
	if since.IsZero() || now.Before(since) {
		return ""
	}
	return ink.Span(now.Sub(since).Round(time.Second))
}
