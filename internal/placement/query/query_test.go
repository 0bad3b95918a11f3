package query

import (
	"errors"
	"strings"
	"testing"
	"time"

	"berth/internal/live"
)

func medium() *live.Instance {
	return &live.Instance{
		ID: "i-abcd1234", Connected: true, Agent: "1.14.4", Running: 2, Registered: time.Date(2018, 2, 12, 22, 28, 28, 5e8, time.UTC),
		Attributes: map[string]string{
			"com.amazonaws.ecs.capability.privileged-container": "", "ecs.instance-type": "t2.medium",
			"ecs.availability-zone": "us-east-1b", "stack": "prod", "note": "it's [so]", "size": "9",
		},
	}
}

func TestExpressionsMeanWhatTheGuideSays(t *testing.T) {
	for text, want := range map[string]bool{
		`attribute:ecs.instance-type == t2.small`:                                               false,
		`attribute:ecs.availability-zone in [us-east-1a, us-east-1b]`:                           true,
		`attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d`: false,
		`attribute:ecs.instance-type =~ t[23]\..*`:                                              true,
		`(attribute:ecs.instance-type =~ [^a-s]2\..*)`:                                          true,
		`task:group == service:production`:                                                      true,
		`not(task:group == database)`:                                                           true,
		`task:group !exists`:                                                                    false,
		`runningTasksCount < 2`:                                                                 false,
		`agentVersion < 1.14.5`:                                                                 true,
		`agentVersion >= 1.9`:                                                                   true,
		`registeredAt < 2018-02-13`:                                                             true,
		`registeredAt == 2018-02-12T22:28:28Z`:                                                  true,
		`ec2InstanceId in ['i-abcd1234', "i-wxyx7890"]`:                                         true,
		`attribute:missing != prod`:                                                             false,
		`attribute:missing not_exists`:                                                          true,
		`attribute:stack matches pr`:                                                            false,
		`attribute:size > 10`:                                                                   true, // as texts
		`attribute:note == 'it\'s [so]'`:                                                        true,
		`attribute:com.amazonaws.ecs.capability.privileged-container exists`:                    true,
		`agentConnected == false or attribute:stack == prod && runningTasksCount == 2`:          true,
		`!(agentConnected == true)`:                                                             false,
	} {
		e, err := Parse(text)
		if err != nil {
			t.Errorf("%s: %s", text, err)
		} else if got := e.Matches(medium(), []string{"service:production", "family:web"}); got != want {
			t.Errorf("%s: got %v", text, got)
		}
	}
}

func TestAFaultSaysWhereAndWhatWasMeant(t *testing.T) {
	for text, want := range map[string]Error{
		"":                                  {0, "a subject is missing, the end stands there", "write a comparison"},
		"agentConnected":                    {14, "an operator is missing, the end", "operators are =="},
		"agentConnected = true":             {15, `an operator is missing, "="`, "write == for equal"},
		"attribute:a ~ b":                   {12, `an operator is missing, "~"`, "write =~"},
		"agentConnected > true":             {15, "> cannot be used with agentConnected", "it takes == true"},
		"ecs.instance-type == t2":           {0, `there is no subject "ecs.instance-type"`, "did you mean attribute:ecs.instance-type?"},
		"  RunningTaskscount > 1":           {2, "there is no subject", "did you mean runningTasksCount?"},
		"attribute.stack == prod":           {0, "there is no subject", "write attribute: and the name"},
		"attribute: == x":                   {0, `"" is no name of an attribute`, "1 to 128"},
		"agentVersion == latest":            {16, `"latest" is no value of agentVersion`, "1.80.0"},
		"registeredAt > 2018-02-30":         {15, "is no value of registeredAt", "2026-03-01"},
		"runningTasksCount == many":         {21, "is no value of runningTasksCount", "whole number"},
		"attribute:a == ":                   {15, "a value is missing, the end", "behind the operator"},
		"attribute:a =~ (b|c)":              {15, "a value is missing, \"(\"", "in quotes"},
		"attribute:a == 'x":                 {15, "a quote is not closed", "write ' at its end"},
		"attribute:a in x":                  {15, "a list is missing", "in brackets"},
		"attribute:a in [x y]":              {18, `"," or "]" is missing, "y"`, "commas"},
		"attribute:a == x AND agentVersion": {17, `"AND" stands behind the end`, "write and, in lower case"},
		"attribute:a == x)":                 {16, `")" stands behind the end`, "closes no parenthesis"},
		"(attribute:a == x":                 {17, `")" is missing`, "close"},
		"attribute:a == x[1]":               {16, `"[" stands behind`, "in quotes"},
		"attribute:a =~ '(?=a)'":            {15, "is no pattern", "regular expression"},
		"attribute:a =~ '[a[b]]'":           {15, "a class within a class", "regular expression"},
		"attribute:a =~ '(?P<x>a)'":         {15, "a group of a kind", "regular expression"},
		strings.Repeat("(", 60):             {50, "nested deeper than 50", ""},
		strings.Repeat(" ", Longest+1):      {2000, "too long", "custom attribute"},
	} {
		_, err := Parse(text)
		e, ok := errors.AsType[*Error](err)
		if !ok {
			t.Errorf("%q is taken", text)
		} else if e.At != want.At || !strings.Contains(e.Text, want.Text) || !strings.Contains(e.Hint, want.Hint) {
			t.Errorf("%q: %d %q %q", text, e.At, e.Text, e.Hint)
		}
	}
}

func TestAnExpressionSaysWhatItLooksAt(t *testing.T) {
	e, err := Parse("attribute:b exists or not(attribute:a == 1 and attribute:b == 2 and task:group exists)")
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(e.Attributes(), " "); got != "b a" || !e.Counts() || !e.Moves() {
		t.Error(got, e.Counts(), e.Moves())
	}
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"attribute:ecs.instance-type =~ g[23].* and attribute:ecs.availability-zone != us-east-1d", "not(task:group == database)",
		`ec2InstanceId in ['i-abcd1234', "i-wxyx7890"]`, "registeredAt < 2018-02-13||!(agentVersion >= 1.14.5-a+b)", `attribute:a =~ '[^]\w(?i:x)]'`,
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text)
		if err != nil {
			if e, ok := errors.AsType[*Error](err); !ok || e.At < 0 || e.At > len(text) || e.Text == "" {
				t.Errorf("%q: %#v", text, err)
			}
			return
		}
		if other, err := Parse("not(" + text + ")"); err == nil && other.Matches(medium(), nil) == e.Matches(medium(), nil) {
			t.Errorf("%q and its opposite are the same", text)
		}
	})
}
