package model

// TargetGroup is where a listener sends what no rule claims.
type TargetGroup struct {
	Balancer string
	VPC      Key
	Name     string
	Protocol string
	Port     int
	Check    HealthCheck
	Settings Settings
	Tags     Tags
}

// HealthCheck is how a load balancer finds out whether a target works; times in seconds.
type HealthCheck struct {
	Protocol, Path, Port, Codes string // Codes: the HTTP status codes that are healthy, "200"
	Interval, Timeout           int
	Healthy, Unhealthy          int // checks in a row
}

// TargetGroupKey names a load balancer's default target group.
func TargetGroupKey(balancer string) Key { return Key{KindTargetGroup, named(balancer)} }

// TargetSettings are the attributes of a target group that berth owns.
func TargetSettings() []string {
	return []string{
		"deregistration_delay.timeout_seconds", "load_balancing.algorithm.type", "slow_start.duration_seconds",
		"stickiness.enabled",
	}
}

// Key is TargetGroupKey of its balancer.
func (t TargetGroup) Key() Key { return TargetGroupKey(t.Balancer) }

// Refs is the VPC.
func (t TargetGroup) Refs() []Key { return ours([]Key{t.VPC}) }

// Attrs lists the target group's settings.
func (t TargetGroup) Attrs() []Attr {
	var a attrs
	a.text("name", t.Name)
	a.key("vpc", t.VPC)
	a.text("protocol", t.Protocol)
	a.number("port", t.Port)
	a.check(t.Check)
	a.settings(t.Settings)
	a.tags(t.Tags)
	return a
}

func (a *attrs) check(c HealthCheck) {
	a.text("health_check.protocol", c.Protocol)
	a.text("health_check.path", c.Path)
	a.text("health_check.port", c.Port)
	a.text("health_check.codes", c.Codes)
	a.number("health_check.interval", c.Interval)
	a.number("health_check.timeout", c.Timeout)
	a.number("health_check.healthy_threshold", c.Healthy)
	a.number("health_check.unhealthy_threshold", c.Unhealthy)
}
