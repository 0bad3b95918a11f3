package config

import (
	"cmp"
	"net/netip"
	"regexp"
	"slices"
	"strconv"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

var balancerKey = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$`)

// defaultInstancePort is where a classic load balancer finds the containers when the file does not say.
const defaultInstancePort = 80

// everybody is the whole IPv4 internet.
func everybody() netip.Prefix { return netip.PrefixFrom(netip.IPv4Unspecified(), 0) }

// balancers reads load_balancers; left out there is one application load balancer, open to everybody.
func (s settings) balancers(c *Config) {
	if _, given := s.values["load_balancers"]; !given {
		usual := settings{Report: s.Report, scope: option.Balancer, path: "load_balancers", values: map[string]tfvars.Value{}}
		usual.finish()
		c.LoadBalancers = []LoadBalancer{usual.balancer("", c)}
		return
	}
	entries := s.table("load_balancers")
	for _, e := range entries {
		if !balancerKey.MatchString(e.Key) {
			s.Fail(e.At, Fault{
				Code: codeIllegalName, Summary: "a load balancer cannot be called " + tfvars.Quote(e.Key),
				Hint: "begin with a small letter and go on with small letters, digits and hyphens, at most 32, the last one no hyphen",
			})
		}
		if inner, ok := s.nested(option.Balancer, e); ok {
			inner.finish()
			c.LoadBalancers = append(c.LoadBalancers, inner.balancer(balancerNamed(e.Key), c))
		}
	}
	slices.SortFunc(c.LoadBalancers, func(a, b LoadBalancer) int { return cmp.Compare(a.Key, b.Key) })
}

// defaultBalancer is what the file calls the load balancer that it has when it speaks of none. So one that stands since
// then can be changed without being replaced.
const defaultBalancer = "default"

// balancerNamed is the key of the load balancer that the file calls by a name.
func balancerNamed(name string) string {
	if name == defaultBalancer {
		return ""
	}
	return name
}

// Name is what the file calls the load balancer.
func (b LoadBalancer) Name() string { return cmp.Or(b.Key, defaultBalancer) }

// Setting is the name that Where knows one of the load balancer's settings by: "load_balancers.public.scheme".
func (b LoadBalancer) Setting(name string) string { return "load_balancers." + b.Name() + "." + name }

func (s settings) balancer(key string, c *Config) LoadBalancer {
	lb := LoadBalancer{Key: key, Type: s.choice("type"), Scheme: s.choice("scheme")}
	_, given := s.values["allow_cidrs"]
	lb.insiders = !given && lb.Scheme == Internal && c.Existing != nil
	lb.AllowCIDRs = s.allowed(lb, c.VPCCIDR)
	lb.InstancePort = s.instancePort(lb)
	lb.TLS = s.tls(lb.Type, c.Region)
	lb.Check = s.healthCheck(lb.Type)
	lb.DeregistrationDelay = s.within("deregistration_delay", 0, 3600, "seconds")
	lb.IdleTimeout = s.within("idle_timeout", 1, 4000, "seconds")
	lb.AccessLogs = s.accessLogs()
	return lb
}

// allowed reads who may connect; AWS refuses the same rule twice.
func (s settings) allowed(lb LoadBalancer, vpc netip.Prefix) []netip.Prefix {
	_, given := s.values["allow_cidrs"]
	switch {
	case lb.insiders:
		return nil // AWS knows them
	case !given && lb.Scheme == Internal:
		return []netip.Prefix{vpc}
	case !given:
		return []netip.Prefix{everybody()}
	}
	list, _ := s.list("allow_cidrs")
	var out []netip.Prefix
	seen := map[netip.Prefix]bool{}
	for _, w := range list {
		prefix, ok := s.cidr(w, 32)
		if ok && seen[prefix] {
			s.Fail(w.At, Fault{Code: tfvars.CodeTwice, Summary: w.Path + " " + prefix.String() + " is named twice", Hint: "name each block once"})
			continue
		}
		if ok {
			seen[prefix] = true
			out = append(out, prefix)
		}
	}
	return out
}

func (s settings) instancePort(lb LoadBalancer) int {
	v, given := s.values["instance_port"]
	port, ok := s.number("instance_port")
	switch {
	case given && lb.Type == Application:
		s.Fail(v.At, Fault{
			Code: codeNotHere, Summary: v.Path + " means nothing to an application load balancer",
			Detail: "Its target groups learn the ports of the containers from ECS.", Hint: `leave it out, or write type = "classic"`,
		})
	case ok && (port < 1 || port > 65535):
		s.Fail(v.At, Fault{Code: codePort, Summary: v.Path + " cannot be " + strconv.Itoa(port), Hint: "a port from 1 to 65535"})
	case !given && lb.Type == Classic:
		return defaultInstancePort
	}
	return port
}
