package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/internal/model"
	"berth/internal/overview"
	"berth/internal/plan"
	"berth/internal/render/finding"
	"berth/internal/render/incident"
	"berth/internal/render/ink"
	"berth/internal/render/services"
)

// Status is a cluster on one screen: zones, groups, load balancers, drift and findings.
func Status(v View, s Style) string {
	p := ink.NewPage(s)
	p.Line(p.Paint(ink.Strong, v.cluster()))
	var about []string
	if v.Scope.Account != "" {
		about = append(about, "account "+v.Scope.Account)
	}
	if c, ok := model.Find[model.Cluster](&v.Have.Set, model.ClusterKey()); ok {
		about = append(about, "Container Insights "+c.Insights)
	}
	if !v.At.IsZero() {
		about = append(about, v.At.UTC().Format(time.DateTime)+" UTC")
	}
	p.Text(ink.Faint, 0, ink.Clean(strings.Join(about, " · ")))
	v.zonesPart(p)
	v.groupsPart(p)
	v.outdatedPart(p)
	v.balancersPart(p)
	services.View{At: v.At, Services: v.Services, Flags: v.Flags}.Part(p)
	v.Incidents.Part(p)
	v.alertsPart(p)
	v.driftPart(p)
	finding.Part(p, v.Findings)
	return p.String()
}

// groupsPart shows each group's sizes, where its instances are, and how old.
func (v View) groupsPart(p *ink.Page) {
	groups := slices.Collect(model.Every[model.Group](&v.Have.Set))
	if len(groups) == 0 {
		return
	}
	p.Heading("Groups")
	var rows [][]string
	for _, g := range groups {
		rows = append(rows, []string{
			ink.Clean(g.Group), strconv.Itoa(g.Min), strconv.Itoa(g.Desired), strconv.Itoa(g.Max), v.spread(g), v.connected(g),
			strconv.Itoa(len(g.Outdated())), ink.Clean(v.image(g)),
		})
	}
	p.Table([]string{"GROUP", "MIN", "DESIRED", "MAX", "INSTANCES", "AGENTS", "OUTDATED", "AMI"}, rows)
	for _, g := range groups {
		v.groupNotes(p, g)
	}
}

// groupNotes says what the table has no room for.
func (v View) groupNotes(p *ink.Page, g model.Group) {
	lead := "  " + ink.Clean(g.Group) + ": "
	if text := v.nature(g); text != "" {
		p.Item(lead, ink.Plain, text)
	}
	if n := len(g.Outdated()); n > 0 {
		p.Item(lead, ink.Warn, fmt.Sprintf("%s launched from older settings; they stay until something replaces them", ink.Several(n, "instance")))
	}
	if text := rolled(g); text != "" {
		p.Item(lead, ink.Plain, text)
	}
	image := v.Facts.Images[g.Group]
	if image.Newest != "" && image.Newest != v.image(g) && image.Origin != "given" {
		p.Item(lead, ink.Plain, "AWS recommends a newer AMI, "+ink.Clean(image.Newest))
	}
	size, ok := model.Find[model.Capacity](&v.Want, model.CapacityKey(g.Group))
	provider, _ := model.Find[model.Provider](&v.Have.Set, model.ProviderKey(g.Group))
	if ok && provider.ManagedScaling && size.Desired != g.Desired {
		p.Item(lead, ink.Faint, fmt.Sprintf("%d desired is owned by managed scaling; the file's %d was the start", g.Desired, size.Desired))
	}
}

// spread is how many instances a group has, in all and by zone.
func (v View) spread(g model.Group) string {
	var parts []string
	for _, z := range v.zones() {
		n := 0
		for _, i := range g.Instances {
			if i.Zone == z {
				n++
			}
		}
		parts = append(parts, strconv.Itoa(n))
	}
	if len(parts) < 2 {
		return strconv.Itoa(len(g.Instances))
	}
	return strconv.Itoa(len(g.Instances)) + " (" + strings.Join(parts, "+") + ")"
}

// connected is how many agents of a group are connected.
func (v View) connected(g model.Group) string {
	known, n := 0, 0
	for _, i := range g.Instances {
		if connected, ok := v.Agents[i.ID]; ok {
			known++
			if connected {
				n++
			}
		}
	}
	if known == 0 {
		return "-"
	}
	return fmt.Sprintf("%d of %d", n, len(g.Instances))
}

// image is the AMI that a group's new instances get.
func (v View) image(g model.Group) string {
	t, _ := model.Find[model.LaunchTemplate](&v.Have.Set, model.TemplateKey(g.Group))
	return orDash(t.Content.AMI)
}

// driftPart says in a line whether what stands is what the file says.
func (v View) driftPart(p *ink.Page) {
	n := count(entries(v.Plan))
	p.Heading("File and AWS")
	switch {
	case untouched(v, n):
		p.Item("  ", ink.Plain, "nothing stands yet; berth apply makes it")
	case v.Plan.Empty():
		p.Item("  ", ink.Good, fmt.Sprintf("all %s are as the file says", ink.Several(v.Want.Len(), "resource")))
	default:
		p.Item("  ", ink.Warn, differences(n)+"; berth plan shows more")
	}
	if n[plan.Wait] > 0 {
		p.Item("  ", ink.Plain, fmt.Sprintf("%d still on the way", n[plan.Wait]))
	}
}

type jsonStatus struct {
	Version     int                `json:"version"`
	Environment string             `json:"environment"`
	Cluster     string             `json:"cluster"`
	Region      string             `json:"region"`
	Counts      map[string]int     `json:"counts"`
	Groups      []jsonGroup        `json:"groups"`
	Existing    *jsonExisting      `json:"existing_vpc,omitempty"`
	Services    []overview.Service `json:"services"`
	Incidents   []incident.JSON    `json:"incidents"`
	Watched     *time.Time         `json:"watched,omitempty"` // when a watcher was last at work
	Alerts      []jsonAlert        `json:"alerts"`
	Findings    []finding.JSON     `json:"findings"`
}

type jsonGroup struct {
	Name      string         `json:"name"`
	Min       int            `json:"min"`
	Max       int            `json:"max"`
	Desired   int            `json:"desired"`
	AMI       string         `json:"ami"`
	Family    string         `json:"ami_family"`
	GPUs      int            `json:"gpus_per_instance"`
	Spot      bool           `json:"spot"`
	Base      int            `json:"on_demand_base"`
	Share     int            `json:"on_demand_percentage"`
	Instances []jsonInstance `json:"instances"`
}

type jsonInstance struct {
	ID             string         `json:"id"`
	Zone           string         `json:"zone"`
	Type           string         `json:"type"`
	AMI            string         `json:"ami"`
	Spot           bool           `json:"spot"`
	AgentConnected bool           `json:"agent_connected"`
	Outdated       []string       `json:"outdated"`
	Reasons        []model.Reason `json:"reasons"`
}

// StatusJSON is the status for programs. Every kind of resource has a count; "load_balancer" counts application and
// classic ones together.
func StatusJSON(v View) ([]byte, error) {
	out := jsonStatus{
		Version: jsonVersion, Environment: v.Scope.Environment, Cluster: v.Scope.ClusterName(), Region: v.Scope.Region,
		Counts: map[string]int{"instance": len(v.members())}, Groups: []jsonGroup{}, Services: services.ForPrograms(v.Services), Findings: finding.ForPrograms(v.Findings),
		Existing: v.jsonExisting(), Alerts: v.jsonAlerts(), Incidents: v.Incidents.ForPrograms(),
	}
	if beat := v.Incidents.Beat; !beat.IsZero() {
		out.Watched = &beat
	}
	for _, k := range model.Kinds() {
		out.Counts[string(k)] = 0
	}
	for r := range v.Have.All() {
		out.Counts[string(r.Key().Kind)]++
		if r.Key().Kind == model.KindClassic {
			out.Counts[string(model.KindLoadBalancer)]++
		}
	}
	for g := range model.Every[model.Group](&v.Have.Set) {
		out.Groups = append(out.Groups, v.jsonGroup(g))
	}
	return indented(out)
}

func (v View) jsonGroup(g model.Group) jsonGroup {
	out := jsonGroup{
		Name: g.Group, Min: g.Min, Max: g.Max, Desired: g.Desired, AMI: v.image(g), Family: v.family(g),
		Spot: g.Spot, Base: g.OnDemandBase, Share: g.OnDemandPercentage, Instances: []jsonInstance{},
	}
	out.GPUs, _ = v.gpus(g)
	for _, i := range g.Instances {
		out.Instances = append(out.Instances, jsonInstance{
			ID: i.ID, Zone: i.Zone, Type: i.Type, AMI: v.AMIs[i.ID], Spot: v.Spot[i.ID], AgentConnected: v.Agents[i.ID],
			Outdated: kinds(i), Reasons: append([]model.Reason{}, i.Reasons...),
		})
	}
	return out
}
