package model

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
	Check        ClassicCheck
	CrossZone    bool
	DrainSeconds int // 0: connections are cut at deregistration
	IdleSeconds  int
	Tags         Tags
}

// ClassicCheck is the health check of a classic load balancer; times in seconds.
type ClassicCheck struct {
	Target             string // "TCP:80", "HTTP:80/path"
	Interval, Timeout  int
	Healthy, Unhealthy int
}

// ClassicKey names a classic load balancer.
func ClassicKey(balancer string) Key { return Key{KindClassic, named(balancer)} }

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
	a.text("health_check.target", c.Check.Target)
	a.number("health_check.interval", c.Check.Interval)
	a.number("health_check.timeout", c.Check.Timeout)
	a.number("health_check.healthy_threshold", c.Check.Healthy)
	a.number("health_check.unhealthy_threshold", c.Check.Unhealthy)
	a.flag("cross_zone", c.CrossZone)
	a.number("connection_draining_seconds", c.DrainSeconds)
	a.number("idle_timeout_seconds", c.IdleSeconds)
	a.tags(c.Tags)
	return a
}
