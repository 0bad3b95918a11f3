package model

import (
	"slices"
	"strconv"
)

// Listener is a port of an Application Load Balancer and where it sends what no rule claims.
type Listener struct {
	Balancer string
	Port     int
	Protocol string     // "HTTP" or "HTTPS"
	TLS      Encryption // HTTPS only
	Target   Key        // the default target group; zero where it redirects
	Redirect Redirect   // zero where it forwards
	Tags     Tags
}

// Encryption is how a listener encrypts.
type Encryption struct {
	Certificate string   // ARN of the default one
	Further     []string // ARNs of those that are picked by the name that a client asks for
	Policy      string   // the security policy: versions of TLS and ciphers
}

// Redirect is where clients are sent, in the words of Elastic Load Balancing: "#{host}" is the host that they asked for.
type Redirect struct {
	Protocol, Host, Port, Path, Query string
	Status                            string // "HTTP_301" or "HTTP_302"
}

// The ports that clients talk to.
const (
	PortHTTP  = 80
	PortHTTPS = 443
)

// ToHTTPS sends clients to the same place on the port for HTTPS, for good.
func ToHTTPS() Redirect {
	return Redirect{Protocol: "HTTPS", Host: "#{host}", Port: strconv.Itoa(PortHTTPS), Path: "/#{path}", Query: "#{query}", Status: "HTTP_301"}
}

// String is the redirect as the console shows it; empty when there is none.
func (r Redirect) String() string {
	if r == (Redirect{}) {
		return ""
	}
	return r.Status + " to " + r.Protocol + "://" + r.Host + ":" + r.Port + r.Path + "?" + r.Query
}

// ListenerKey names a port of a load balancer.
func ListenerKey(balancer string, port int) Key {
	return Key{KindListener, named(balancer) + "/" + strconv.Itoa(port)}
}

// String is the port as people read it: "HTTPS 443", or "HTTP 80 → 443" where it only sends clients on.
func (l Listener) String() string {
	text := l.Protocol + " " + strconv.Itoa(l.Port)
	if l.Redirect != (Redirect{}) {
		text += " → " + l.Redirect.Port
	}
	return text
}

// Key is ListenerKey of its balancer and port.
func (l Listener) Key() Key { return ListenerKey(l.Balancer, l.Port) }

// Refs are the load balancer and the target group. One that others may redirect to stands on the security group too, and
// one that redirects stands on the port that it sends clients to: they shall find it open.
func (l Listener) Refs() []Key {
	refs := []Key{LoadBalancerKey(l.Balancer)}
	if !l.Target.IsZero() {
		refs = append(refs, l.Target)
	}
	if l.Protocol == "HTTPS" {
		refs = append(refs, BalancerGroupKey(l.Balancer))
	}
	if port, err := strconv.Atoi(l.Redirect.Port); err == nil && port != l.Port && l.Redirect.Host == ToHTTPS().Host {
		refs = append(refs, ListenerKey(l.Balancer, port))
	}
	return refs
}

// Attrs lists the listener's settings.
func (l Listener) Attrs() []Attr {
	var a attrs
	a.number("port", l.Port)
	a.text("protocol", l.Protocol)
	if l.TLS.Certificate != "" {
		a.text("certificate", l.TLS.Certificate)
		a.list("further_certificates", slices.Sorted(slices.Values(l.TLS.Further)))
		a.text("tls_policy", l.TLS.Policy)
	}
	a.key("default_target", l.Target)
	if l.Redirect != (Redirect{}) {
		a.text("redirect", l.Redirect.String())
	}
	a.tags(l.Tags)
	return a
}
