package verify

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
)

// classic looks at classic load balancers, which send requests to one port of every instance.
func (c *checker) classic() {
	for _, b := range c.order.Spec.Get("loadBalancers").Items {
		name := b.Get("loadBalancerName")
		if name.Text == "" {
			continue
		}
		w := Want{Kind: ClassicKind, Name: name.Text, At: name.At}
		switch state, note := c.state(w); state {
		case missing:
			c.add(Finding{
				Code: "DEP136", Severity: Error, At: name.At, Text: "there is no classic load balancer " + name.Text,
				Fix: `correct the name, or make it: load_balancers in ecs.tfvars with type = "classic", and "loadBalancerName": "${berth.load_balancer.NAME}"`,
			})
		case unknown:
			c.add(c.unseen(w, note))
		}
		if i := slices.IndexFunc(c.facts.Classic, func(l Classic) bool { return l.Name == name.Text }); i >= 0 {
			c.port(b, c.facts.Classic[i])
		}
	}
}

// port holds the ports that a load balancer sends requests to against the one that the container has on its host.
func (c *checker) port(b document.Value, l Classic) {
	number, _ := b.Get("containerPort").Number()
	for _, one := range c.order.Definition.Get("containerDefinitions").Items {
		if one.Get("name").Text != b.Get("containerName").Text {
			continue
		}
		for _, p := range one.Get("portMappings").Items {
			n, _ := p.Get("containerPort").Number()
			host, given := p.Get("hostPort").Number()
			if c.order.Definition.Get("networkMode").Text == "host" && !given {
				host = n
			}
			if n != number || host == 0 || slices.Contains(l.Ports, host) { // a dynamic port is a fault of the folder
				continue
			}
			c.add(Finding{
				Code: "DEP137", Severity: Error, At: at(p.Get("hostPort"), p),
				Text: fmt.Sprintf("container %s is at port %d of its instance, and classic load balancer %s sends to %s", one.Get("name").Text, host, l.Name, ports(l.Ports)),
				Fix:  fmt.Sprintf(`write "hostPort": %d, or instance_port = %d for the load balancer in ecs.tfvars`, first(l.Ports), host),
			})
		}
	}
}

func ports(all []int) string {
	if len(all) == 0 {
		return "none"
	}
	return "port " + strings.Trim(strings.ReplaceAll(fmt.Sprint(all), " ", ", "), "[]")
}

func first(all []int) int {
	if len(all) == 0 {
		return 0
	}
	return all[0]
}
