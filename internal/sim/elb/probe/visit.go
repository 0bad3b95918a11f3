package probe

import (
	"cmp"
	"net/http"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"berth/internal/sim/world"
)

// Key names a port of a host, as world.Balancing.Answers and target groups do.
func Key(host string, port int32) string { return host + ":" + strconv.Itoa(int(port)) }

// Visit is one health check: who asks, whom, and what is a good answer.
type Visit struct {
	Zones     []world.BalancerZone // of the load balancer
	From      []string             // its security groups
	Host      string
	Interface string // the host's interface; empty: outside the VPC
	Port      int32
	HTTP      bool
	Codes     string // "" with http means 200
}

// Result tells how the visit ends: empty for success, else the reason and its detail.
func (v Visit) Result(r *world.Region) string {
	if !v.admitted(r) {
		return TimedOut
	}
	if i, ok := r.EC2.Instances.Get(v.Host); ok && (i.State != world.InstanceRunning || i.Unreachable) {
		return TimedOut
	}
	a, ok := r.Balancing.Answers.Get(Key(v.Host, v.Port))
	switch {
	case !ok || a.Ending:
		return Failed
	case !v.HTTP:
		return ""
	case a.Silent:
		return TimedOut
	}
	status := cmp.Or(a.Status, http.StatusOK)
	if Matches(cmp.Or(v.Codes, "200"), status) {
		return ""
	}
	return Mismatched + " " + strconv.Itoa(status)
}

// admitted tells whether security groups let the visit out of the load balancer and in to the host.
func (v Visit) admitted(r *world.Region) bool {
	if v.Interface == "" {
		return true // outside the VPC: nothing is known of its firewall
	}
	to, ok := r.EC2.Interfaces.Get(v.Interface)
	if !ok {
		return false
	}
	if len(v.From) > 0 && !allowed(r, v.From, door{egress: true, port: v.Port, groups: to.Groups, addresses: []string{to.PrivateIP}}) {
		return false
	}
	var nodes []string
	for _, z := range v.Zones {
		if i, ok := r.EC2.Interfaces.Get(z.Interface); ok {
			nodes = append(nodes, i.PrivateIP)
		}
	}
	return allowed(r, to.Groups, door{port: v.Port, groups: v.From, addresses: nodes})
}

// door is what a connection asks security groups: a direction, a TCP port, and who is on the other side.
type door struct {
	egress    bool
	port      int32
	groups    []string
	addresses []string
}

// allowed tells whether any rule of the groups opens the door.
func allowed(r *world.Region, groups []string, d door) bool {
	for _, id := range groups {
		g, ok := r.EC2.SecurityGroups.Get(id)
		if !ok {
			continue
		}
		for _, rule := range g.Rules {
			if row, ok := r.EC2.Rules.Get(rule); ok && d.opened(row) {
				return true
			}
		}
	}
	return false
}

func (d door) opened(rule *world.SecurityGroupRule) bool {
	if rule.Egress != d.egress {
		return false
	}
	switch strings.ToLower(rule.Protocol) {
	case "-1":
	case "tcp", "6":
		if d.port < rule.From || d.port > rule.To {
			return false
		}
	default:
		return false
	}
	if slices.Contains(d.groups, rule.Group) {
		return true
	}
	block, err := netip.ParsePrefix(rule.CIDR4)
	for _, text := range d.addresses {
		if a, e := netip.ParseAddr(text); err == nil && e == nil && block.Contains(a) {
			return true
		}
	}
	return false
}
