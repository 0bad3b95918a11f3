package rule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
)

// The network modes that the rules tell apart.
const (
	awsvpc = draft.Awsvpc
	bridge = "bridge"
)

// mode is the task's network mode; "" while it is not known.
func (c *checker) mode() string {
	v := c.f.Definition.Get("networkMode")
	switch {
	case !v.There():
		return bridge
	case c.f.Open(v) || !slices.Contains([]string{bridge, awsvpc, "host", "none"}, v.Text):
		return ""
	}
	return v.Text
}

// hostPort is a port of the host that a container takes.
type hostPort struct {
	protocol string
	port     int
}

// ports checks the port mappings of all containers (ECS API reference, PortMapping).
func (c *checker) ports(all []container) {
	mode, taken := c.mode(), map[hostPort]container{}
	for _, one := range all {
		for i, m := range one.Get("portMappings").Items {
			said := fmt.Sprintf("%s: portMappings[%d]", one.said, i)
			c.mapping(said, mode, m)
			host, ok := hostOf(mode, m)
			if !ok {
				continue
			}
			if other, used := taken[host]; used {
				c.Fail(portAt(m), fault.Fault{
					Code: fault.CodeConflict, Summary: fmt.Sprintf("%s takes the port %d/%s, which %s has", one.said, host.port, host.protocol, whose(one, other)),
					Detail: conflictDetail(mode), Hint: conflictHint(mode),
				})
				continue
			}
			taken[host] = one
		}
	}
}

func whose(one, other container) string {
	if one.At == other.At {
		return "it already"
	}
	return other.said
}

func conflictDetail(mode string) string {
	if mode == bridge {
		return "A port of the host belongs to one container."
	}
	return "With networkMode " + mode + " the containers of a task share their ports."
}

func conflictHint(mode string) string {
	if mode == bridge {
		return `write "hostPort": 0 for a free one, or another port`
	}
	return "let one of them listen on another port"
}

// hostOf is the port of the host, or of the task's interface, that a mapping takes for itself; false when it takes any free one.
func hostOf(mode string, m document.Value) (hostPort, bool) {
	inside, ok := draft.Number(m, "containerPort")
	host, given := draft.Number(m, "hostPort")
	if mode == awsvpc || mode == "host" {
		host, given = inside, ok
	}
	protocol := "tcp"
	if draft.Text(m, "protocol") == "udp" {
		protocol = "udp"
	}
	return hostPort{protocol, host}, given && host > 0
}

func portAt(m document.Value) document.Position {
	return orAt(m.Get("hostPort"), document.Value{At: orAt(m.Get("containerPort"), m)})
}

// mapping checks one mapping by itself.
func (c *checker) mapping(said, mode string, m document.Value) {
	v := m.Get("containerPort")
	inside, ok := draft.Number(m, "containerPort")
	switch {
	case m.Get("containerPortRange").There():
		c.portRange(said, m)
	case mode == "none":
		c.Fail(m.At, fault.Fault{Code: fault.CodePort, Summary: said + " has a port, and the task has no network", Hint: `leave portMappings out, or write "networkMode": "bridge"`})
	case !v.There():
		c.Fail(m.At, fault.Fault{Code: fault.CodePort, Summary: said + " has no containerPort", Hint: `add "containerPort": 80`})
	case ok && (inside < 1 || inside > 65535):
		c.Fail(v.At, fault.Fault{Code: fault.CodePort, Summary: fmt.Sprintf("%s: %d is no port", said, inside), Hint: "from 1 to 65535"})
	default:
		c.host(said, mode, m, inside)
	}
}

// portRange checks a range of ports (ECS API reference, PortMapping: containerPortRange).
func (c *checker) portRange(said string, m document.Value) {
	v := m.Get("containerPortRange")
	f := fault.Fault{Code: fault.CodePort, Hint: `such as "containerPortRange": "8000-8010"`}
	from, to, _ := strings.Cut(v.Text, "-")
	first, err := strconv.Atoi(from)
	last, err2 := strconv.Atoi(to)
	switch {
	case m.Get("containerPort").There() || m.Get("hostPort").There():
		f.Summary, f.Hint = said+" has both a port and a containerPortRange", "keep one of them, without hostPort"
	case v.Kind == document.Text && !c.f.Open(v) && (err != nil || err2 != nil || first < 1 || last > 65535 || first > last):
		f.Summary = said + ": " + c.f.Quote(v) + " is no range of ports"
	default:
		return
	}
	c.Fail(v.At, f)
}

// host checks the port of the host that a mapping names; inside is the container's, 0 while it is not known.
func (c *checker) host(said, mode string, m document.Value, inside int) {
	at := m.Get("hostPort").At
	port, given := draft.Number(m, "hostPort")
	same := mode == awsvpc || mode == "host" && port != 0
	switch {
	case !given:
	case port < 0 || port > 65535:
		c.Fail(at, fault.Fault{Code: fault.CodePort, Summary: fmt.Sprintf("%s: %d is no port", said, port), Hint: "from 0 (a free one) to 65535"})
	case same && inside != 0 && port != inside:
		c.Fail(at, fault.Fault{
			Code: fault.CodePort, Summary: fmt.Sprintf("%s: with networkMode %s hostPort cannot be other than containerPort", said, mode),
			Hint: fmt.Sprintf(`leave it out, or write "hostPort": %d`, inside),
		})
	case mode == bridge && reservedPort(port):
		c.Fail(at, fault.Fault{
			Code: fault.CodePort, Summary: fmt.Sprintf("%s: the instances keep port %d for themselves", said, port), Detail: "ssh, Docker and the ECS agent listen there.", Hint: "choose another",
		})
	}
}

// reservedPort tells whether an instance takes the port itself (ECS API reference, PortMapping, hostPort).
func reservedPort(p int) bool {
	return p == 22 || p == 2375 || p == 2376 || p == 51678 || p == 51679 || p == 51680
}
