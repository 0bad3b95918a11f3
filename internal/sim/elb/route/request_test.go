package route

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

func condition(field string, values ...string) world.RuleCondition {
	return world.RuleCondition{Field: field, Values: values}
}

// Application Load Balancers user guide, "Condition types for listener rules".
func TestConditionsHold(t *testing.T) {
	header := func(pattern string) world.RuleCondition {
		return world.RuleCondition{Field: "http-header", Header: "User-Agent", Values: []string{pattern}}
	}
	pair := func(key, value string) world.RuleCondition {
		return world.RuleCondition{Field: "query-string", Pairs: []world.Tag{{Key: key, Value: value}}}
	}
	regex := func(field, pattern string) world.RuleCondition {
		return world.RuleCondition{Field: field, Regex: []string{pattern}}
	}
	q := Request{
		Host: "API.example.com", Path: "/img/a.png", Method: "GET", Query: "version=v1&Name=a%20b&flag",
		Headers: map[string][]string{"user-agent": {"curl/8.1", "Other"}}, Source: "10.1.2.3",
	}
	for _, c := range []struct {
		name string
		is   world.RuleCondition
		want bool
	}{
		{"host in another case", condition("host-header", "api.EXAMPLE.com"), true},
		{"host with a star", condition("host-header", "*.example.com"), true},
		{"host with question marks", condition("host-header", "???.example.com"), true},
		{"host with too few question marks", condition("host-header", "??.example.com"), false},
		{"host below the pattern", condition("host-header", "example.com"), false},
		{"one of two hosts", condition("host-header", "www.example.com", "api.example.com"), true},
		{"host by expression", regex("host-header", `^api\.`), true},
		{"path", condition("path-pattern", "/img/*"), true},
		{"path in another case", condition("path-pattern", "/IMG/*"), false},
		{"path with two stars", condition("path-pattern", "/*/*.png"), true},
		{"path with a question mark", condition("path-pattern", "/img/?.png"), true},
		{"part of a path", condition("path-pattern", "/img"), false},
		{"path by expression", regex("path-pattern", `^/img/.*\.(png|jpg)$`), true},
		{"path by expression in another case", regex("path-pattern", `^/IMG/`), false},
		{"broken expression", regex("path-pattern", `(`), false},
		{"method", condition("http-request-method", "POST", "GET"), true},
		{"method in another case", condition("http-request-method", "get"), false},
		{"header", header("CURL/*"), true},
		{"second value of a header", header("other"), true},
		{"another header", world.RuleCondition{Field: "http-header", Header: "Accept", Values: []string{"*"}}, false},
		{"query pair", pair("Version", "V1"), true},
		{"query pair with a star", pair("vers*", "v?"), true},
		{"query value", pair("", "v1"), true},
		{"query value of another key", pair("flag", "v1"), false},
		{"escaped query", pair("name", "a b"), true},
		{"address", condition("source-ip", "192.168.0.0/16", "10.0.0.0/8"), true},
		{"another address", condition("source-ip", "10.2.0.0/16"), false},
		{"unknown field", condition("moon-phase", "*"), false},
	} {
		if got := Meets([]world.RuleCondition{c.is}, q); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
		if !c.want && Meets([]world.RuleCondition{condition("path-pattern", "*"), c.is}, q) {
			t.Errorf("%s: one condition of two is enough", c.name)
		}
	}
}

func TestRulesAreTriedByPriorityTheDefaultOneLast(t *testing.T) {
	all := []*world.ListenerRule{
		{ARN: "default", Default: true},
		{ARN: "late", Priority: 30, Conditions: []world.RuleCondition{condition("path-pattern", "/*")}},
		{ARN: "early", Priority: 10, Conditions: []world.RuleCondition{condition("path-pattern", "/a*"), condition("http-request-method", "GET")}},
	}
	for path, want := range map[string]string{"/a": "early", "/b": "late", "c": "default"} {
		if got := Choose(all, Request{Path: path, Method: "GET"}).ARN; got != want {
			t.Errorf("%s meets %s", path, got)
		}
	}
	if got := Choose(all, Request{Path: "/a", Method: "PUT"}).ARN; got != "late" {
		t.Errorf("another method meets %s", got)
	}
	if Choose(nil, Request{}) != nil {
		t.Error("no rules, and one is met")
	}
}

func TestPatternsMatchAsExpressionsDo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.RuneFrom([]rune("ab*?\\")), 0, 8, -1).Draw(t, "pattern")
		text := rapid.StringOfN(rapid.RuneFrom([]rune("ab*?\\")), 0, 8, -1).Draw(t, "text")
		var e strings.Builder
		for i := 0; i < len(pattern); i++ {
			switch c := pattern[i]; {
			case c == '*':
				e.WriteString(".*")
			case c == '?':
				e.WriteString(".")
			case c == '\\' && i+1 < len(pattern):
				i++
				e.WriteString(regexp.QuoteMeta(pattern[i : i+1]))
			default:
				e.WriteString(regexp.QuoteMeta(string(c)))
			}
		}
		if want := regexp.MustCompile("^(?s)" + e.String() + "$").MatchString(text); Like(pattern, text) != want {
			t.Fatalf("%q like %q: want %v", text, pattern, want)
		}
	})
}
