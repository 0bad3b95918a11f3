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

func TestTargetGroupsHaveRoutes(t *testing.T) {
	r, problem, _ := Parse("target_group.public?path=/a%26b&host=A.b")
	if problem != "" || r.Name != "public" || r.Route.String() != "public?path=/a%26b&host=a.b&health_check=/&health_codes=200-399&deregistration_delay=30&protocol=HTTP" {
		t.Errorf("%+v, %s", r, problem)
	}
	if r, problem, _ := Parse("target_group.public"); problem != "" || r.Route.Own() || r.Route.Balancer != "public" {
		t.Errorf("%+v, %s", r, problem)
	}
	if _, problem, hint := Parse("target_group.public?path=api"); !strings.Contains(problem, "path cannot be") || hint == "" {
		t.Errorf("%q, %q", problem, hint)
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
