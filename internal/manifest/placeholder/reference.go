package placeholder

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/document"
	"berth/internal/spell"
)

// What a reference can refer to, in the words of the placeholder.
const (
	Cluster          = "cluster"
	Environment      = "environment"
	Region           = "region"
	Account          = "account"
	LogPrefix        = "log_prefix"
	Role             = "role"              // ARN of the role Name: execution, task
	LoadBalancer     = "load_balancer"     // the name of the classic load balancer Name
	TargetGroup      = "target_group"      // ARN of the target group of load balancer Name, or of the service's own behind it
	Registry         = "registry"          // ARN of the secret of the registry Name
	CapacityProvider = "capacity_provider" // the name of the group Name's
	SecurityGroup    = "security_group"    // the id of the group Name's instances'
	Subnets          = "subnets"           // a list of ids; Name: private
)

// Reference is a ${berth.…} of a folder.
type Reference struct {
	At         document.Position // of the text that it stands in
	Start, End int               // where it stands in the text, in bytes
	What       string            // TargetGroup, …
	Name       string            // of the load balancer, the role, the host…; "" where there is none to choose
	Rule       Rule              // of TargetGroup: given when the service shall have one of its own
}

// String is the reference as it is written, without what its target group is like.
func (r Reference) String() string {
	if r.Name == "" {
		return "${berth." + r.What + "}"
	}
	return "${berth." + r.What + "." + r.Name + "}"
}

// Rule is a listener rule, and the target group that it leads to.
type Rule struct {
	Paths       []string `json:"paths,omitempty"` // patterns, such as /api/*
	Hosts       []string `json:"hosts,omitempty"`
	Priority    int      `json:"priority,omitempty"` // 0: the lowest free one from 100 up
	HealthCheck string   `json:"health_check,omitempty"`
	Codes       string   `json:"health_codes,omitempty"`         // of HTTP, "200-399"
	Delay       int      `json:"deregistration_delay,omitempty"` // seconds
	Protocol    string   `json:"protocol,omitempty"`             // HTTP, HTTPS
}

// Given tells whether there is a rule at all: one has a path or a host.
func (r Rule) Given() bool { return len(r.Paths)+len(r.Hosts) > 0 }

// plain are the references without a name, named those with one and an example of it.
//
//nolint:gochecknoglobals // a table
var (
	plain = []string{Cluster, Environment, Region, Account, LogPrefix}
	named = []string{Role, LoadBalancer, TargetGroup, Registry, CapacityProvider, SecurityGroup, Subnets}
	shown = map[string]string{
		Role: "role.execution", LoadBalancer: "load_balancer.legacy", TargetGroup: "target_group.public", Registry: "registry.docker.io",
		CapacityProvider: "capacity_provider.default", SecurityGroup: "security_group.default", Subnets: "subnets.private",
	}
	fixed = map[string][]string{Role: {"execution", "task"}, Subnets: {"private"}}
)

// Parse reads what stands behind ${berth. and before the closing bracket. A problem is a text without full stop.
func Parse(text string) (r Reference, problem, hint string) {
	path, query, asked := strings.Cut(text, "?")
	r.What, r.Name, _ = strings.Cut(path, ".")
	switch {
	case slices.Contains(plain, r.What) && r.Name == "" && !asked && path == r.What:
		return r, "", ""
	case slices.Contains(plain, r.What):
		return r, "${berth." + r.What + "} takes nothing behind it", "write ${berth." + r.What + "}"
	case !slices.Contains(named, r.What):
		return r, "there is no ${berth." + cut(r.What) + "}", nearest(r.What, slices.Concat(plain, named))
	case r.Name == "":
		return r, "${berth." + r.What + "} does not say which", "such as ${berth." + shown[r.What] + "}"
	case fixed[r.What] != nil && !slices.Contains(fixed[r.What], r.Name):
		return r, "there is no ${berth." + path + "}", "there are " + r.What + "." + strings.Join(fixed[r.What], ", "+r.What+".")
	case asked && r.What != TargetGroup:
		return r, "only target groups take keys behind a question mark", "write ${berth." + path + "}"
	}
	if asked {
		r.Rule, problem, hint = parseRule(query)
	}
	return r, problem, hint
}

func cut(word string) string {
	if len(word) > 40 {
		return word[:40] + "…"
	}
	return word
}

func nearest(word string, known []string) string {
	if near := spell.Nearest(word, known); near != "" {
		if example := shown[near]; example != "" {
			near = example
		}
		return "did you mean ${berth." + near + "}?"
	}
	return "known are " + strings.Join(known, ", ")
}

// The keys of a rule.
func keys() []string {
	return []string{"path", "host", "priority", "health_check", "health_codes", "deregistration_delay", "protocol"}
}

// parseRule reads the keys of a target group of the service's own.
func parseRule(query string) (rule Rule, problem, hint string) {
	rule = Rule{HealthCheck: "/", Codes: "200-399", Delay: 30, Protocol: "HTTP"}
	seen := map[string]bool{}
	for word := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(word, "=")
		switch {
		case !slices.Contains(keys(), key):
			if near := spell.Nearest(key, keys()); near != "" {
				return rule, fmt.Sprintf("%q is no key of a target group", cut(key)), "did you mean " + near + "?"
			}
			return rule, fmt.Sprintf("%q is no key of a target group", cut(key)), "the keys are " + strings.Join(keys(), ", ")
		case seen[key]:
			return rule, "the key " + key + " is given twice", "separate several values with commas: path=/api/*,/v2/*"
		}
		seen[key] = true
		if problem, hint = rule.set(key, value); problem != "" {
			return rule, problem, hint
		}
	}
	switch n := len(rule.Paths) + len(rule.Hosts); {
	case n == 0:
		return rule, "a target group of the service's own needs a path or a host", "such as ?path=/api/* or ?host=api.example.com"
	case n > 5:
		return rule, fmt.Sprintf("a listener rule has at most 5 values in all, not %d", n), "use a pattern: /api/*"
	}
	return rule, "", ""
}

// What Elastic Load Balancing takes (its API reference, CreateRule and CreateTargetGroup).
var (
	pathText  = regexp.MustCompile(`^[/*][A-Za-z0-9_.$/~"'@:+*?-]{0,127}$`)
	hostText  = regexp.MustCompile(`^[A-Za-z0-9.*?-]{1,128}$`)
	checkText = regexp.MustCompile(`^/[!-~]*$`)
	codesText = regexp.MustCompile(`^[2-4][0-9][0-9](-[2-4][0-9][0-9])?(,[2-4][0-9][0-9](-[2-4][0-9][0-9])?)*$`)
)

func (r *Rule) set(key, value string) (problem, hint string) {
	ok := true
	switch key {
	case "path":
		r.Paths = strings.Split(value, ",")
		ok, hint = all(r.Paths, pathText), "a path begins with a slash: path=/api/*"
	case "host":
		r.Hosts = strings.Split(value, ",")
		ok = all(r.Hosts, hostText) && !slices.ContainsFunc(r.Hosts, func(h string) bool { return !strings.Contains(h, ".") })
		hint = "a host has a dot: host=api.example.com or host=*.example.com"
	case "priority":
		r.Priority, ok = number(value, 1, 50000)
		hint = "a whole number from 1 to 50000; leave it out for the lowest free one from 100 up"
	case "health_check":
		r.HealthCheck, ok, hint = value, checkText.MatchString(value) && len(value) <= 1024, "a path: health_check=/health"
	case "health_codes":
		r.Codes, ok, hint = value, codesText.MatchString(value), "codes from 200 to 499: health_codes=200-299,404"
	case "deregistration_delay":
		r.Delay, ok = number(value, 0, 3600)
		hint = "seconds, from 0 to 3600"
	case "protocol":
		r.Protocol, ok, hint = value, value == "HTTP" || value == "HTTPS", "HTTP or HTTPS"
	}
	if ok {
		return "", ""
	}
	return fmt.Sprintf("%s cannot be %q", key, cut(value)), hint
}

func all(values []string, pattern *regexp.Regexp) bool {
	return !slices.ContainsFunc(values, func(v string) bool { return !pattern.MatchString(v) })
}

func number(text string, least, most int) (int, bool) {
	n, err := strconv.Atoi(text)
	return n, err == nil && n >= least && n <= most
}
