package model

import "strconv"

// Listener is a port of an Application Load Balancer and where it sends what no rule claims.
type Listener struct {
	Balancer string
	Port     int
	Protocol string
	Target   Key // the default target group
	Tags     Tags
}

// ListenerKey names a port of a load balancer.
func ListenerKey(balancer string, port int) Key {
	return Key{KindListener, named(balancer) + "/" + strconv.Itoa(port)}
}

// Key is ListenerKey of its balancer and port.
func (l Listener) Key() Key { return ListenerKey(l.Balancer, l.Port) }

// Refs are the load balancer and the target group.
func (l Listener) Refs() []Key { return []Key{LoadBalancerKey(l.Balancer), l.Target} }

// Attrs lists the listener's settings.
func (l Listener) Attrs() []Attr {
	var a attrs
	a.number("port", l.Port)
	a.text("protocol", l.Protocol)
	a.key("default_target", l.Target)
	a.tags(l.Tags)
	return a
}
