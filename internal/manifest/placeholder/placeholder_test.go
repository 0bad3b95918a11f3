package placeholder

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func values(pairs ...string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		i := slices.Index(pairs, name)
		if i < 0 {
			return "", false
		}
		return pairs[i+1], true
	}
}

func TestVariablesAreFilledIn(t *testing.T) {
	given := values("A", "x", "EMPTY", "", "TRICK", "${A}$${A}")
	for text, want := range map[string]string{
		"plain $HOME $":       "plain $HOME $",
		"${A}":                "x",
		"-${A}-${A}-":         "-x-x-",
		"${EMPTY}":            "",
		"${EMPTY:-none}":      "none",
		"${MISSING:-none}":    "none",
		"${MISSING:-}":        "",
		"${A:-none}":          "x",
		`${MISSING:-a "b" c}`: `a "b" c`,
		"$${A}":               "${A}",
		"$$${A}":              "$${A}",
		"${TRICK}":            "${A}$${A}",
		"${A}$${A}${A}":       "x${A}x",
	} {
		if e, problems := Expand(text, given); len(problems) > 0 || e.Text != want {
			t.Errorf("%s: %q, %v; want %q", text, e.Text, problems, want)
		}
	}
}

func TestWhatIsNoPlaceholderIsTold(t *testing.T) {
	for text, want := range map[string]Problem{
		"a ${":              {Kind: Malformed, Piece: "${"},
		"${}":               {Kind: Malformed, Piece: "${}"},
		"${1}":              {Kind: Malformed, Piece: "${1}"},
		"${A-b}":            {Kind: Malformed, Piece: "${A-b}"},
		"${A":               {Kind: Malformed, Piece: "${A"},
		"${berth.cluster":   {Kind: Malformed, Piece: "${berth.cluster"},
		"x${MISSING}":       {Kind: Unset, Piece: "${MISSING}", Name: "MISSING"},
		"${berth.clusters}": {Kind: NotReference, Piece: "${berth.clusters}", Text: "there is no ${berth.clusters}", Hint: "did you mean ${berth.cluster}?"},
	} {
		if _, problems := Expand(text, values()); !slices.Equal(problems, []Problem{want}) {
			t.Errorf("%s: %+v", text, problems)
		}
	}
}

func TestReferencesKeepTheirPlaces(t *testing.T) {
	e, problems := Expand("${A}/${berth.log_prefix}/${berth.region}", values("A", "wéb"))
	if len(problems) > 0 || len(e.References) != 2 || e.Whole {
		t.Fatalf("%+v, %v", e, problems)
	}
	for _, r := range e.References {
		if e.Text[r.Start:r.End] != r.String() {
			t.Errorf("%s stands at %q", r, e.Text[r.Start:r.End])
		}
	}
	if e, _ := Expand("${berth.subnets.private}", values()); !e.Whole {
		t.Error("a text that is one reference is not whole")
	}
	if e, _ := Expand("$${berth.cluster}", values()); len(e.References) > 0 {
		t.Error("an escaped reference is one")
	}
}

func TestTargetGroupsOfTheServicesOwnSayWhatTheyAreLike(t *testing.T) {
	for text, want := range map[string]Rule{
		"path=/api/*":                       {Paths: []string{"/api/*"}, HealthCheck: "/", Codes: "200-399", Delay: 30, Protocol: "HTTP"},
		"host=a.example.com,*.b.c&path=/x?": {Paths: []string{"/x?"}, Hosts: []string{"a.example.com", "*.b.c"}, HealthCheck: "/", Codes: "200-399", Delay: 30, Protocol: "HTTP"},
		"path=/&priority=7&health_check=/h?x=1&health_codes=200,404-410&deregistration_delay=0&protocol=HTTPS": {
			Paths: []string{"/"}, Priority: 7, HealthCheck: "/h?x=1", Codes: "200,404-410", Delay: 0, Protocol: "HTTPS",
		},
	} {
		r, problem, _ := Parse("target_group.public?" + text)
		if problem != "" || r.Name != "public" || !r.Rule.Given() || !same(r.Rule, want) {
			t.Errorf("%s: %+v, %s", text, r, problem)
		}
	}
}

func same(a, b Rule) bool {
	return slices.Equal(a.Paths, b.Paths) && slices.Equal(a.Hosts, b.Hosts) && a.Priority == b.Priority && a.HealthCheck == b.HealthCheck &&
		a.Codes == b.Codes && a.Delay == b.Delay && a.Protocol == b.Protocol
}

func TestRulesThatElasticLoadBalancingWouldRefuseAreRefused(t *testing.T) {
	for text, why := range map[string]string{
		"":                                  "is no key",
		"priority=1":                        "needs a path or a host",
		"path=":                             "path cannot be",
		"path=api":                          "path cannot be",
		"path=/a b":                         "path cannot be",
		"path=/" + strings.Repeat("a", 128): "path cannot be",
		"path=/a&path=/b":                   "given twice",
		"path=/a,/b,/c&host=a.b,c.d,e.f":    "at most 5 values",
		"host=localhost":                    "host cannot be",
		"host=a_b.c":                        "host cannot be",
		"path=/&priority=0":                 "priority cannot be",
		"path=/&priority=50001":             "priority cannot be",
		"path=/&health_check=x":             "health_check cannot be",
		"path=/&health_codes=500":           "health_codes cannot be",
		"path=/&health_codes=2xx":           "health_codes cannot be",
		"path=/&deregistration_delay=3601":  "deregistration_delay cannot be",
		"path=/&protocol=http":              "protocol cannot be",
		"path=/&target=ip":                  "is no key",
	} {
		if _, problem, hint := Parse("target_group.public?" + text); !strings.Contains(problem, why) || hint == "" {
			t.Errorf("%s: %q, %q; want %s", text, problem, hint, why)
		}
	}
}

func TestSafetyNoTextBreaksTheReaderAndNoValueIsTold(t *testing.T) {
	const secret = "hunter2"
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`(\$|\{|\}|A|:-|berth\.|target_group\.|x|\?|path=/|&|subnets\.private){0,12}`)).Draw(t, "text")
		e, problems := Expand(text, func(string) (string, bool) { return secret, true })
		for _, p := range problems {
			if strings.Contains(p.Text+p.Hint+p.Piece+p.Name, secret) && !strings.Contains(text, secret) {
				t.Fatalf("%q tells a value: %+v", text, p)
			}
		}
		for _, r := range e.References {
			if r.Start > r.End || r.End > len(e.Text) || !strings.HasPrefix(e.Text[r.Start:], "${berth.") {
				t.Fatalf("%q: %+v is not in %q", text, r, e.Text)
			}
		}
	})
}
