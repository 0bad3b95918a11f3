package route

import (
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"berth/internal/sim/world"
)

// Request is what rules see of a request. What is left out is empty.
type Request struct {
	Host, Path, Method string
	Query              string              // without the question mark
	Headers            map[string][]string // names in any case
	Source             string              // address of the client
}

// Choose gives the first rule that a request meets, by ascending priority, the default one last (Application Load Balancers
// user guide, "Listener rules"); nil when there is none.
func Choose(rules []*world.ListenerRule, q Request) *world.ListenerRule {
	var best *world.ListenerRule
	for _, rule := range rules {
		if (best == nil || before(rule, best)) && (rule.Default || Meets(rule.Conditions, q)) {
			best = rule
		}
	}
	return best
}

func before(a, b *world.ListenerRule) bool {
	return !a.Default && (b.Default || a.Priority < b.Priority)
}

// Meets tells whether a request meets all conditions: of each, any value is enough (Application Load Balancers user guide,
// "Condition types for listener rules").
func Meets(conditions []world.RuleCondition, q Request) bool {
	return !slices.ContainsFunc(conditions, func(c world.RuleCondition) bool { return !holds(c, q) })
}

func holds(c world.RuleCondition, q Request) bool {
	switch c.Field {
	case "host-header":
		return matches(c, strings.ToLower(q.Host), false)
	case "path-pattern":
		return matches(c, q.Path, true)
	case "http-header":
		return slices.ContainsFunc(header(q, c.Header), func(v string) bool { return matches(c, v, false) })
	case "http-request-method":
		return slices.Contains(c.Values, q.Method)
	case "query-string":
		return slices.ContainsFunc(c.Pairs, func(p world.Tag) bool { return asked(p, q.Query) })
	case "source-ip":
		return slices.ContainsFunc(c.Values, func(block string) bool { return from(block, q.Source) })
	default:
		return false
	}
}

// header is all values of a header; names have no case.
func header(q Request, name string) []string {
	var out []string
	for key, values := range q.Headers { // unordered: it is asked only whether one of them matches
		if strings.EqualFold(key, name) {
			out = append(out, values...)
		}
	}
	return out
}

// matches tells whether a text is one of a condition's patterns, or of its regular expressions. A regular expression that is
// none matches nothing.
func matches(c world.RuleCondition, text string, exact bool) bool {
	for _, pattern := range c.Values {
		if exact && Like(pattern, text) || !exact && Like(strings.ToLower(pattern), strings.ToLower(text)) {
			return true
		}
	}
	for _, r := range c.Regex {
		if !exact {
			r = "(?i)" + r
		}
		if e, err := regexp.Compile(r); err == nil && e.MatchString(text) {
			return true
		}
	}
	return false
}

// asked tells whether a query has a pair; one without a key is about values only. Neither has a case.
func asked(p world.Tag, query string) bool {
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if pair == "" || p.Key != "" && !Like(strings.ToLower(p.Key), plain(key)) {
			continue
		}
		if Like(strings.ToLower(p.Value), plain(value)) {
			return true
		}
	}
	return false
}

// plain is a part of a query without its escapes, in lower case.
func plain(text string) string {
	if out, err := url.QueryUnescape(text); err == nil {
		text = out
	}
	return strings.ToLower(text)
}

// from tells whether an address is in a block.
func from(block, source string) bool {
	b, err := netip.ParsePrefix(block)
	a, e := netip.ParseAddr(source)
	return err == nil && e == nil && b.Contains(a)
}

// Like tells whether a text fits a pattern in which * stands for any characters, ? for exactly one, and a backslash takes
// the meaning from what follows it.
func Like(pattern, text string) bool {
	star, mark := -1, 0
	p, t := 0, 0
	for t < len(text) {
		switch n := fits(pattern, p, text[t]); {
		case n > 0:
			p, t = p+n, t+1
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, t
			p++
		case star >= 0:
			mark++
			p, t = star+1, mark
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// fits is how much of a pattern, at p, stands for one byte; 0: it does not.
func fits(pattern string, p int, b byte) int {
	switch {
	case p >= len(pattern) || pattern[p] == '*':
		return 0
	case pattern[p] == '\\' && p+1 < len(pattern):
		if pattern[p+1] == b {
			return 2
		}
		return 0
	case pattern[p] == '?' || pattern[p] == b:
		return 1
	}
	return 0
}
