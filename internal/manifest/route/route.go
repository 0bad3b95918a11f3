// Package route reads which requests a service wants of a load balancer: what stands in a folder behind
// "berth.target_group.NAME?".
//
// In: "NAME" or "NAME?path=/api/*&host=api.example.com". Out: a Route, or what is wrong with the text, in one line. It knows
// no load balancer and makes nothing.
package route

import (
	"cmp"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Route is what a load balancer shall send to a service.
type Route struct {
	Balancer string // as the cluster's file calls it; "default" for the default one
	Own      bool   // the service gets a target group of its own; false: it joins the load balancer's, which takes what no rule claims
	Paths    []string
	Hosts    []string
	Priority int    // of the listener rule; 0: the lowest that is free
	Protocol string // "HTTP" or "HTTPS": how the load balancer talks to the tasks
	Check    Check
	Delay    int // seconds that a target which leaves may finish its requests in
}

// Check is how the load balancer finds out whether a task works.
type Check struct {
	Path, Codes string // "/", "200-399"
}

// What AWS takes (ELB API reference: CreateRule, RuleCondition; user guide, "Target groups for your Application Load
// Balancers").
const (
	mostValues   = 5
	mostPriority = 50000
	mostDelay    = 3600
	mostText     = 128 // of a path or a host
	mostCheck    = 1024
)

// Parse reads a route. Keys: path and host (several with commas, up to five values together), priority, health_check,
// health_codes, deregistration_delay, protocol.
func Parse(text string) (Route, error) {
	name, query, own := strings.Cut(text, "?")
	r := Route{Balancer: name, Own: own, Protocol: "HTTP", Check: Check{Path: "/", Codes: "200-399"}, Delay: 30}
	if name == "" {
		return Route{}, fmt.Errorf("the load balancer's name is missing")
	}
	if !own {
		return r, nil
	}
	var seen []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, given := strings.Cut(pair, "=")
		value, err := url.PathUnescape(value)
		switch {
		case !given || value == "" || err != nil:
			return Route{}, fmt.Errorf("%q is no key=value: write %s?path=/api/*", pair, name)
		case slices.Contains(seen, key):
			return Route{}, fmt.Errorf("%s is given twice; several values stand in one, with commas between them", key)
		}
		seen = append(seen, key)
		if err := r.set(key, value); err != nil {
			return Route{}, err
		}
	}
	switch n := len(r.Paths) + len(r.Hosts); {
	case n == 0:
		return Route{}, fmt.Errorf("neither path nor host says which requests are meant: write %s?path=/*, or %s alone for what no rule claims", name, name)
	case n > mostValues:
		return Route{}, fmt.Errorf("a listener rule takes %d values of path and host together, and these are %d", mostValues, n)
	}
	return r, nil
}

// Keys are the keys that a route knows.
func Keys() []string {
	return []string{"path", "host", "priority", "health_check", "health_codes", "deregistration_delay", "protocol"}
}

func (r *Route) set(key, value string) error {
	var err error
	switch key {
	case "path":
		r.Paths, err = values(key, value, pathLike)
	case "host":
		r.Hosts, err = values(key, strings.ToLower(value), hostLike)
	case "priority":
		r.Priority, err = between(key, value, 1, mostPriority)
	case "deregistration_delay":
		r.Delay, err = between(key, value, 0, mostDelay)
	case "health_check":
		r.Check.Path = value
		if !strings.HasPrefix(value, "/") || len(value) > mostCheck || strings.ContainsFunc(value, blank) {
			err = fmt.Errorf("health_check is a path that begins with / and has no blanks, and %q is none", value)
		}
	case "health_codes":
		r.Check.Codes = value
		if !codesLike.MatchString(value) || !ascending(value) {
			err = fmt.Errorf("health_codes are status codes from 200 to 499 such as 200-399 or 200,204, and not %q", value)
		}
	case "protocol":
		r.Protocol, err = value, protocol(value)
	default:
		err = fmt.Errorf("no route has %q: there are %s", key, strings.Join(Keys(), ", "))
	}
	return err
}

func protocol(value string) error {
	if value != "HTTP" && value != "HTTPS" {
		return fmt.Errorf("protocol is HTTP or HTTPS, and not %q", value)
	}
	return nil
}

// The texts that AWS takes (ELB API reference: PathPatternConditionConfig, HostHeaderConditionConfig, Matcher).
var (
	pathLike  = regexp.MustCompile(`^[/*?][A-Za-z0-9_\-.$/~"'@:+&()!,;=*?]*$`)
	hostLike  = regexp.MustCompile(`^[a-z0-9\-.*?]+$`)
	codesLike = regexp.MustCompile(`^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$`)
)

func values(key, text string, like *regexp.Regexp) ([]string, error) {
	all := strings.Split(text, ",")
	for i, v := range all {
		switch {
		case !like.MatchString(v) || len(v) > mostText:
			return nil, fmt.Errorf("%s %q is none that a load balancer takes: up to %d letters, digits and %s, with * and ?", key, v, mostText, map[string]string{"path": "signs, beginning with /", "host": "- ."}[key])
		case slices.Contains(all[:i], v):
			return nil, fmt.Errorf("%s %q stands twice", key, v)
		case key == "host" && !strings.Contains(v, "."):
			return nil, fmt.Errorf("host %q is no domain name: a condition on the host needs a dot in it", v)
		}
	}
	return all, nil
}

func between(key, text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%s is a number from %d to %d, and not %q", key, least, most, text)
	}
	return n, nil
}

// ascending tells whether every range of codes begins before it ends.
func ascending(codes string) bool {
	for part := range strings.SplitSeq(codes, ",") {
		if from, to, is := strings.Cut(part, "-"); is && from > to {
			return false
		}
	}
	return true
}

func blank(c rune) bool { return c <= ' ' || c == 0x7f }

// String is the route as people read it: "public /api/* on api.example.com".
func (r Route) String() string {
	text := r.Balancer
	if r.Own {
		text += " " + cmp.Or(strings.Join(r.Paths, ","), "/*")
	}
	if len(r.Hosts) > 0 {
		text += " on " + strings.Join(r.Hosts, ",")
	}
	return text
}
