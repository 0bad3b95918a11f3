// Package route reads which requests a service wants of a load balancer: what stands in a folder behind
// "berth.target_group.NAME?".
//
// In: "NAME" or "NAME?path=/api/*&host=api.example.com". Out: a Route, or an *Error: what is wrong with the text, and what to write
// instead. It knows no load balancer and makes nothing.
package route

import (
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/spell"
)

// Route is what a load balancer shall send to a service.
type Route struct {
	Balancer string // as the cluster's file calls it; "default" for the default one
	Paths    []string
	Hosts    []string
	Priority int    // of the listener rule; 0: the lowest that is free, from 100 up
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

// Own tells whether the service gets a target group of its own. Else it joins the load balancer's, which takes what no rule claims.
func (r Route) Own() bool { return len(r.Paths)+len(r.Hosts) > 0 }

// Error is what is wrong with a route.
type Error struct {
	Text string // one line, no full stop
	Hint string // what to write instead
}

func (e *Error) Error() string { return e.Text }

// Parse reads a route. Keys: path and host (several with commas, up to five values together), priority, health_check,
// health_codes, deregistration_delay, protocol. The error is an *Error.
func Parse(text string) (Route, error) {
	name, query, own := strings.Cut(text, "?")
	r := Route{Balancer: name}
	if name == "" {
		return Route{}, &Error{"the load balancer's name is missing", "write target_group.default for the one without a name of its own"}
	}
	if !own {
		return r, nil
	}
	r.Protocol, r.Check, r.Delay = "HTTP", Check{Path: "/", Codes: "200-399"}, 30
	var seen []string
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		value, err := url.PathUnescape(value)
		switch {
		case !slices.Contains(keys(), key):
			return Route{}, unknown(key)
		case err != nil:
			return Route{}, &Error{key + " has a % that begins no %XX", "write %25 for % itself"}
		case slices.Contains(seen, key):
			return Route{}, &Error{"the key " + key + " is given twice", "separate several values with commas: path=/api/*,/v2/*"}
		}
		seen = append(seen, key)
		if err := r.set(key, value); err != nil {
			return Route{}, err
		}
	}
	switch n := len(r.Paths) + len(r.Hosts); {
	case n == 0:
		return Route{}, &Error{"a target group of the service's own needs a path or a host", "such as ?path=/api/* or ?host=api.example.com"}
	case n > mostValues:
		return Route{}, &Error{fmt.Sprintf("a listener rule has at most %d values of path and host together, not %d", mostValues, n), "use a pattern: /api/*"}
	}
	return r, nil
}

func keys() []string {
	return []string{"path", "host", "priority", "health_check", "health_codes", "deregistration_delay", "protocol"}
}

func unknown(key string) *Error {
	e := &Error{fmt.Sprintf("%q is no key of a target group", cut(key)), "the keys are " + strings.Join(keys(), ", ")}
	if near := spell.Nearest(key, keys()); near != "" {
		e.Hint = "did you mean " + near + "?"
	}
	return e
}

func cut(word string) string {
	const limit = 40
	if runes := []rune(word); len(runes) > limit {
		return string(runes[:limit]) + "…"
	}
	return word
}

func (r *Route) set(key, value string) error {
	ok, hint := true, ""
	switch key {
	case "path":
		return list(key, value, &r.Paths, pathLike, "a path begins with a slash, and has letters, digits, * ? and _ - . $ / ~ \" ' @ : + &: path=/api/*")
	case "host":
		return list(key, strings.ToLower(value), &r.Hosts, hostLike, "a host has a dot: host=api.example.com or host=*.example.com")
	case "priority":
		r.Priority, ok = between(value, 1, mostPriority)
		hint = "a whole number from 1 to 50000; leave it out for the lowest free one from 100 up"
	case "deregistration_delay":
		r.Delay, ok = between(value, 0, mostDelay)
		hint = "seconds, from 0 to 3600"
	case "health_check":
		r.Check.Path, ok, hint = value, checkLike.MatchString(value) && len(value) <= mostCheck, "a path: health_check=/health"
	case "health_codes":
		r.Check.Codes, ok, hint = value, codesLike.MatchString(value) && ascending(value), "codes from 200 to 499: health_codes=200-299,404"
	case "protocol":
		r.Protocol, ok, hint = value, value == "HTTP" || value == "HTTPS", "HTTP or HTTPS"
	}
	if !ok {
		return refused(key, value, hint)
	}
	return nil
}

func refused(key, value, hint string) *Error {
	return &Error{fmt.Sprintf("%s cannot be %q", key, cut(value)), hint}
}

// The texts that AWS takes (ELB API reference: PathPatternConditionConfig, HostHeaderConditionConfig, Matcher).
var (
	pathLike  = regexp.MustCompile(`^[/*?][A-Za-z0-9_.$/~"'@:+&*?-]*$`)
	hostLike  = regexp.MustCompile(`^[a-z0-9.*?-]*\.[a-z0-9.*?-]*$`)
	checkLike = regexp.MustCompile(`^/[!-~]*$`)
	codesLike = regexp.MustCompile(`^[2-4]\d\d(-[2-4]\d\d)?(,[2-4]\d\d(-[2-4]\d\d)?)*$`)
)

// list reads values with commas between them.
func list(key, text string, to *[]string, like *regexp.Regexp, hint string) error {
	*to = strings.Split(text, ",")
	for i, v := range *to {
		switch {
		case !like.MatchString(v) || len(v) > mostText:
			return refused(key, v, hint)
		case slices.Contains((*to)[:i], v):
			return &Error{fmt.Sprintf("%s has %q twice", key, cut(v)), "keep one"}
		}
	}
	return nil
}

func between(text string, least, most int) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
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

// String is the route as Parse reads it, with every key that counts.
func (r Route) String() string {
	if !r.Own() {
		return r.Balancer
	}
	escape := strings.NewReplacer("%", "%25", "&", "%26")
	var words []string
	add := func(key, value string) {
		if value != "" {
			words = append(words, key+"="+escape.Replace(value))
		}
	}
	add("path", strings.Join(r.Paths, ","))
	add("host", strings.Join(r.Hosts, ","))
	if r.Priority > 0 {
		add("priority", strconv.Itoa(r.Priority))
	}
	add("health_check", r.Check.Path)
	add("health_codes", r.Check.Codes)
	add("deregistration_delay", strconv.Itoa(r.Delay))
	add("protocol", r.Protocol)
	return r.Balancer + "?" + strings.Join(words, "&")
}
