package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// member is an instance with the group that it belongs to.
type member struct {
	model.Instance
	group string
}

// members are all instances, by zone, then group, then id.
func (v View) members() []member {
	var out []member
	for g := range model.Every[model.Group](&v.Have.Set) {
		for _, i := range g.Instances {
			out = append(out, member{i, g.Group})
		}
	}
	slices.SortStableFunc(out, func(a, b member) int {
		return strings.Compare(a.Zone+" "+a.group+" "+a.ID, b.Zone+" "+b.group+" "+b.ID)
	})
	return out
}

// zonesPart shows the zones with their subnets, way out, and instances; what a narrow screen has no room for is left
// out: first the zones' ids, then what the instances have together.
func (v View) zonesPart(p *ink.Page) {
	zones := v.zones()
	if len(zones) == 0 {
		return
	}
	head := []string{"ZONE", "PUBLIC SUBNET", "PRIVATE SUBNET", "NAT GATEWAY", "INSTANCES"}
	if e := v.lodging(); e != nil {
		p.Heading("Zones of " + lodgingText(e) + ", which others own")
		head[3] = "WAY OUT"
	} else {
		p.Heading("Zones")
	}
	var rows [][]string
	for _, skip := range []int{0, 1, 2} {
		rows = nil
		for _, z := range zones {
			name, instances := z, v.capacity(z)
			if skip < 1 {
				name = v.zoneName(z)
			}
			if skip == 2 {
				instances, _, _ = strings.Cut(instances, ":")
			}
			rows = append(rows, cleaned(name, v.subnet(model.Public, z), v.subnet(model.Private, z), v.nat(z), instances))
		}
		if ink.TableWidth(head, rows) <= p.Columns() {
			break
		}
	}
	p.Table(head, rows)
	v.waysPart(p)
}

// cleaned is a row of a table.
func cleaned(cells ...string) []string {
	for i := range cells {
		cells[i] = ink.Clean(cells[i])
	}
	return cells
}

// zoneName is a zone, with its id where that is known.
func (v View) zoneName(zone string) string {
	for _, z := range v.Facts.Zones {
		if z.Name == zone && z.ID != "" {
			return zone + " " + z.ID
		}
	}
	return zone
}

func (v View) subnet(t model.Tier, zone string) string {
	if e := v.lodging(); e != nil {
		return ranges(e, t, zone)
	}
	s, _ := model.Find[model.Subnet](&v.Have.Set, model.SubnetKey(t, zone))
	return orDash(s.CIDR)
}

// nat is the address of a zone's NAT gateway, or where the zone's traffic goes instead.
func (v View) nat(zone string) string {
	if e := v.lodging(); e != nil {
		return waysOut(e, zone)
	}
	if n, ok := model.Find[model.NATGateway](&v.Have.Set, model.NATGatewayKey(zone)); ok {
		if h := v.Have.Handle(n.Key()); h.Status != model.Ready {
			return h.Status.String()
		}
		return orDash(v.natAddress(n))
	}
	r, ok := model.Find[model.Route](&v.Have.Set, model.RouteKey(model.Private, zone))
	if ok && r.Target.Kind == model.KindNATGateway {
		return "by " + r.Target.Name
	}
	return "-"
}

// capacity is how many instances a zone has and what they have together.
func (v View) capacity(zone string) string {
	n, cpu, memory := 0, 0, 0
	for _, m := range v.members() {
		if m.Zone == zone {
			n++
			cpu += v.Facts.Types[m.Type].VCPU
			memory += v.Facts.Types[m.Type].MemoryMiB
		}
	}
	if cpu == 0 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%d: %d vCPU, %s GiB", n, cpu, strconv.FormatFloat(float64(memory*10/1024)/10, 'f', -1, 64))
}

// instancesPart shows the instances one by one, as far as a screen reaches.
func (v View) instancesPart(p *ink.Page) {
	const most = 12
	all := v.members()
	if len(all) == 0 {
		return
	}
	p.Heading("Instances")
	var rows [][]string
	for _, m := range all[:min(len(all), most)] {
		state := m.State
		if m.Health != "" && m.Health != "Healthy" {
			state += ", " + strings.ToLower(m.Health)
		}
		if connected, known := v.Agents[m.ID]; known && !connected {
			state += ", agent not connected"
		}
		if m.Outdated() {
			state += ", outdated"
		}
		rows = append(rows, cleaned(m.ID, m.Zone, m.group, m.Type, state))
	}
	p.Table([]string{"INSTANCE", "ZONE", "GROUP", "TYPE", "STATE"}, rows)
	if n := len(all) - most; n > 0 {
		p.Text(ink.Faint, 2, fmt.Sprintf("and %d more", n))
	}
}

// balancersPart shows the load balancers and where they answer.
func (v View) balancersPart(p *ink.Page) {
	var rows [][]string
	row := func(k model.Key, name, kind, scheme string, ports []string) {
		h := v.Have.Handle(k)
		rows = append(rows, cleaned(name, kind, scheme, orDash(strings.Join(ports, ", ")), h.Status.String(), orDash(h.Address)))
	}
	ports := map[string][]string{}
	for l := range model.Every[model.Listener](&v.Have.Set) {
		ports[l.Balancer] = append(ports[l.Balancer], l.String())
	}
	for b := range model.Every[model.LoadBalancer](&v.Have.Set) {
		row(b.Key(), b.Name, "application", b.Scheme, ports[b.Balancer])
	}
	for b := range model.Every[model.ClassicLoadBalancer](&v.Have.Set) {
		row(b.Key(), b.Name, "classic", b.Scheme, b.Ports())
	}
	if len(rows) == 0 {
		return
	}
	p.Heading("Load balancers")
	head := []string{"NAME", "TYPE", "SCHEME", "PORTS", "STATE", "ADDRESS"}
	if ink.TableWidth(head, rows) <= p.Columns() {
		p.Table(head, rows)
		return
	}
	for _, r := range rows { // addresses are long: they get a line of their own
		p.Item("  "+r[0]+": ", ink.Plain, strings.Join(r[1:5], ", "))
		p.Line("    ", r[5])
	}
}

func orDash(text string) string {
	if text == "" {
		return "-"
	}
	return text
}
