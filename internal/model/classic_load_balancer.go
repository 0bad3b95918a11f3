package model

import (
	"fmt"
	"strings"
)

// ClassicLoadBalancer is a load balancer of the first generation; instances, not tasks, are its targets.
type ClassicLoadBalancer struct {
	Balancer     string
	Name         string
	Scheme       string // "internet-facing" or "internal"
	Subnets      []Key
	Groups       []Key
	Port         int
	InstancePort int
	Protocol     string // of both sides: "HTTP" or "TCP"
	TLS          ClassicTLS
	Check        ClassicCheck
	CrossZone    bool
	DrainSeconds int // 0: connections are cut at deregistration
	IdleSeconds  int
	AccessLogs   string // "bucket" or "bucket/prefix"; empty: nowhere
	Tags         Tags
}

// ClassicTLS is the port of a classic load balancer that clients talk to encrypted; zero when there is none.
type ClassicTLS struct {
	Port         int
	InstancePort int
	Protocol     string // of both sides: "HTTPS to HTTP"
	Certificate  string // ARN
	Policy       string // the security policy: versions of TLS and ciphers
}

// ClassicPolicyPrefix begins the name of the copy of a predefined security policy that a classic load balancer needs to
// have before a listener can use it.
const ClassicPolicyPrefix = "berth-"

// ClassicCheck is the health check of a classic load balancer; times in seconds.
type ClassicCheck struct {
	Target             string // "TCP:80", "HTTP:80/path"
	Interval, Timeout  int
	Healthy, Unhealthy int
}

// ClassicKey names a classic load balancer.
func ClassicKey(balancer string) Key { return Key{KindClassic, named(balancer)} }

// Ports are the ports as people read them, the encrypted one first, and where they lead: "HTTPS 443", "HTTP 80 → 8080".
func (c ClassicLoadBalancer) Ports() []string {
	var out []string
	if t := c.TLS; t.Port != 0 {
		front, _, _ := strings.Cut(t.Protocol, " to ")
		text := fmt.Sprintf("%s %d", front, t.Port)
		if t.InstancePort != c.InstancePort {
			text += fmt.Sprintf(" → %d", t.InstancePort)
		}
		out = append(out, text)
	}
	return append(out, fmt.Sprintf("%s %d → %d", c.Protocol, c.Port, c.InstancePort))
}

// Key is ClassicKey of its name.
func (c ClassicLoadBalancer) Key() Key { return ClassicKey(c.Balancer) }

// Refs are subnets and security groups; one that faces the internet needs the internet gateway too.
func (c ClassicLoadBalancer) Refs() []Key {
	return append(frontRefs(c.Scheme, c.Subnets, c.Groups), ServiceRoleKey("elasticloadbalancing"))
}

// Attrs lists the load balancer's settings.
func (c ClassicLoadBalancer) Attrs() []Attr {
	var a attrs
	a.text("name", c.Name)
	a.text("scheme", c.Scheme)
	a.keys("subnets", c.Subnets)
	a.keys("security_groups", c.Groups)
	a.number("port", c.Port)
	a.number("instance_port", c.InstancePort)
	a.text("protocol", c.Protocol)
	if c.TLS.Port != 0 {
		a.number("https.port", c.TLS.Port)
		a.number("https.instance_port", c.TLS.InstancePort)
		a.text("https.protocol", c.TLS.Protocol)
		a.text("https.certificate", c.TLS.Certificate)
		a.text("https.tls_policy", c.TLS.Policy)
	}
	a.text("health_check.target", c.Check.Target)
	a.number("health_check.interval", c.Check.Interval)
	a.number("health_check.timeout", c.Check.Timeout)
	a.number("health_check.healthy_threshold", c.Check.Healthy)
	a.number("health_check.unhealthy_threshold", c.Check.Unhealthy)
	a.flag("cross_zone", c.CrossZone)
	a.number("connection_draining_seconds", c.DrainSeconds)
	a.number("idle_timeout_seconds", c.IdleSeconds)
	a.text("access_logs", c.AccessLogs)
	a.tags(c.Tags)
	return a
}
