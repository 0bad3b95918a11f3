package services

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"berth/internal/live"
	"berth/internal/overview"
	"berth/internal/render/ink"
)

// Detail is all about one service on one screen.
func (v View) Detail(d overview.Detail, s ink.Style) string {
	p := ink.NewPage(s)
	v.head(p, "service "+d.Name+" of "+v.Cluster)
	p.Gap()
	status, _ := words(d.Deployment)
	for _, line := range []string{
		fmt.Sprintf("%d of %d tasks run, %d on the way; %s", d.Running, d.Desired, d.Pending, health(d.Service)),
		fmt.Sprintf("%s, deployment %s", d.Deployment.Revision, status),
		"load balancers: " + balancers(d.Service),
	} {
		p.Item("  ", ink.Plain, ink.Clean(line))
	}
	v.zones(p, d)
	revisions(p, d, v.At)
	deployments(p, d)
	events(p, d)
	if d.Trouble != nil {
		p.Heading("Trouble")
		v.trouble(p, d.Service)
	}
	v.unseen(p)
	return p.String()
}

// health is how many tasks are healthy, and who says so.
func health(sv overview.Service) string {
	switch sv.By {
	case overview.ByTargets:
		return fmt.Sprintf("%d are healthy for the load balancers", sv.Healthy)
	case overview.ByContainers:
		return fmt.Sprintf("%d are healthy by the checks of their containers", sv.Healthy)
	}
	return "nothing checks their health"
}

// zones show where the tasks are, and what each zone's loss would leave.
func (v View) zones(p *ink.Page, d overview.Detail) {
	p.Heading("Zones")
	var rows [][]string
	for _, z := range d.Zones {
		row := []string{ink.Clean(z.Zone), strconv.Itoa(z.Tasks), places(d, z.Zone), "-"}
		for _, l := range d.Loss {
			if l.Zone == z.Zone {
				row[3] = "leaves " + strconv.Itoa(l.Left) + back(d.Service, l)
			}
		}
		rows = append(rows, row)
	}
	p.Table([]string{"ZONE", "TASKS", "INSTANCES", "ITS LOSS"}, rows)
	for _, l := range d.Loss {
		if l.Missing != "" && l.Fits < l.Lost {
			p.Item("  "+ink.Clean(l.Zone)+" lost: ", ink.Faint, ink.Clean(l.Missing))
		}
	}
}

// places are the instances of a zone with how many tasks are there, no more than a line holds.
func places(d overview.Detail, zone string) string {
	const most = 4
	var parts []string
	for _, at := range d.Places {
		if at.Zone != zone || at.Instance == "" {
			continue
		}
		text := fmt.Sprintf("%s (%d)", at.Instance, at.Running)
		if at.Pending > 0 {
			text = fmt.Sprintf("%s (%d +%d)", at.Instance, at.Running, at.Pending)
		}
		parts = append(parts, text)
	}
	if len(parts) > most {
		parts = append(parts[:most], fmt.Sprintf("and %d more", len(parts)-most))
	}
	if len(parts) == 0 {
		return "-"
	}
	return ink.Clean(strings.Join(parts, ", "))
}

func revisions(p *ink.Page, d overview.Detail, at time.Time) {
	if len(d.Revisions) == 0 {
		return
	}
	p.Heading("Revisions that run")
	var rows [][]string
	for _, r := range d.Revisions {
		rows = append(rows, []string{
			ink.Clean(overview.Revision(r.Definition)), ink.Clean(r.Status), ink.Clean(r.Rollout), fmt.Sprintf("%d of %d", r.Running, r.Desired), strconv.Itoa(r.Pending),
			strconv.Itoa(r.Failed), age(at.Sub(r.At)),
		})
	}
	p.Table([]string{"REVISION", "STATUS", "ROLLOUT", "RUNNING", "PENDING", "FAILED", "AGE"}, rows)
}

// deployments are the last ones with how they ended.
func deployments(p *ink.Page, d overview.Detail) {
	if len(d.Deployments) == 0 {
		return
	}
	p.Heading("Last deployments")
	var rows [][]string
	for _, one := range d.Deployments {
		rows = append(rows, []string{stamp(one.Created), ink.Clean(overview.Revision(one.Definition)), outcome(one), took(one)})
	}
	p.Table([]string{"BEGAN", "REVISION", "OUTCOME", "TOOK"}, rows)
	for _, one := range d.Deployments {
		why := one.Why
		if one.Reason != one.Why {
			why = strings.TrimSpace(why + " " + one.Reason)
		}
		if why != "" && one.Status != "SUCCESSFUL" {
			p.Item("  "+stamp(one.Created)+": ", ink.Faint, ink.Clean(why))
		}
	}
}

// outcome is how a deployment ended, in small letters.
func outcome(d live.Deployment) string {
	text := strings.ToLower(strings.ReplaceAll(d.Status, "_", " "))
	if d.BackTo != "" {
		text += " to " + overview.Revision(d.BackTo)
	}
	return ink.Clean(text)
}

func took(d live.Deployment) string {
	end := d.Finished
	if end.IsZero() {
		end = d.Stopped
	}
	if end.IsZero() || d.Created.IsZero() {
		return "-"
	}
	return ink.Span(end.Sub(d.Created))
}

func stamp(t time.Time) string { return t.UTC().Format(time.DateTime) }

func events(p *ink.Page, d overview.Detail) {
	if len(d.Events) == 0 {
		return
	}
	p.Heading("Last events")
	for _, e := range d.Events {
		p.Item("  "+stamp(e.At)+"  ", ink.Plain, ink.Clean(e.Text))
	}
}
