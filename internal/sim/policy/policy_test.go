package policy

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const rule = "arn:aws:events:eu-west-1:123456789012:rule/ops"

// asks is EventBridge that wants to publish for a rule.
func asks() Request {
	return Request{
		Service: "events.amazonaws.com", Account: "123456789012", Action: "sns:Publish", Resource: "arn:aws:sns:eu-west-1:123456789012:ops",
		Context: map[string]string{"aws:SourceArn": rule, "aws:SourceAccount": "123456789012"},
	}
}

// doc is a policy of one statement.
func doc(effect, principal, more string) string {
	return fmt.Sprintf(`{"Version":"2012-10-17","Statement":[{"Effect":%q,"Principal":%s,"Action":"sns:Publish","Resource":"*"%s}]}`, effect, principal, more)
}

const events = `{"Service":"events.amazonaws.com"}`

func TestPoliciesAllowWhatTheySay(t *testing.T) {
	tests := map[string]struct {
		policy string
		want   bool
	}{
		"the service":         {doc("Allow", events, ""), true},
		"one of the services": {doc("Allow", `{"Service":["sns.amazonaws.com","events.amazonaws.com"]}`, ""), true},
		"another service":     {doc("Allow", `{"Service":"sns.amazonaws.com"}`, ""), false},
		"everybody":           {doc("Allow", `"*"`, ""), true},
		"every account":       {doc("Allow", `{"AWS":"*"}`, ""), true},
		"the account":         {doc("Allow", `{"AWS":"123456789012"}`, ""), false},
		"denied":              {doc("Deny", events, ""), false},
		"its rule":            {doc("Allow", events, `,"Condition":{"ArnEquals":{"aws:SourceArn":"`+rule+`"}}`), true},
		"any rule":            {doc("Allow", events, `,"Condition":{"ArnLike":{"AWS:SourceArn":"arn:aws:events:*:*:rule/*"}}`), true},
		"another rule":        {doc("Allow", events, `,"Condition":{"ArnEquals":{"aws:SourceArn":"`+rule+`2"}}`), false},
		"one of the rules":    {doc("Allow", events, `,"Condition":{"ArnEquals":{"aws:SourceArn":["a","`+rule+`"]}}`), true},
		"a star over colons":  {doc("Allow", events, `,"Condition":{"ArnLike":{"aws:SourceArn":"arn:aws:events:*"}}`), false},
		"a star in a string":  {doc("Allow", events, `,"Condition":{"StringLike":{"aws:SourceArn":"arn:aws:events:*"}}`), true},
		"its account":         {doc("Allow", events, `,"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"}}`), true},
		"another account":     {doc("Allow", events, `,"Condition":{"StringEquals":{"aws:SourceAccount":"999999999999"}}`), false},
		"not another account": {doc("Allow", events, `,"Condition":{"StringNotEquals":{"aws:SourceAccount":"999999999999"}}`), true},
		"a key that is not":   {doc("Allow", events, `,"Condition":{"StringEquals":{"aws:SourceOwner":"123456789012"}}`), false},
		"if it exists":        {doc("Allow", events, `,"Condition":{"StringEqualsIfExists":{"aws:SourceOwner":"1"}}`), true},
		"negated absence":     {doc("Allow", events, `,"Condition":{"StringNotLike":{"aws:SourceOwner":"1"}}`), true},
		"is not there":        {doc("Allow", events, `,"Condition":{"Null":{"aws:SourceOwner":"true"}}`), true},
		"is there":            {doc("Allow", events, `,"Condition":{"Null":{"aws:SourceArn":true}}`), false},
		"both conditions":     {doc("Allow", events, `,"Condition":{"StringEquals":{"aws:SourceAccount":"123456789012"},"ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:*"}}`), false},
		"a deny wins":         {`{"Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"},{"Effect":"Deny","Principal":` + events + `,"Action":"sns:*","Resource":"*"}]}`, false},
		"single statement":    {`{"Statement":{"Effect":"Allow","Principal":"*","Action":"SNS:publish","Resource":"arn:aws:sns:eu-west-1:123456789012:o?s"}}`, true},
		"another action":      {`{"Statement":{"Effect":"Allow","Principal":"*","Action":["sns:Get*"],"Resource":"*"}}`, false},
		"all but an action":   {`{"Statement":{"Effect":"Allow","Principal":"*","NotAction":"sns:Delete*","Resource":"*"}}`, true},
		"another resource":    {`{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"arn:aws:sns:eu-west-1:123456789012:x"}}`, false},
		"all but a resource":  {`{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","NotResource":"arn:aws:sns:eu-west-1:123456789012:ops"}}`, false},
		"all but a principal": {`{"Statement":{"Effect":"Deny","NotPrincipal":{"AWS":"1"},"Action":"*","Resource":"*"}}`, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			p, err := Parse(tt.policy)
			if err != nil {
				t.Fatal(err)
			}
			if got := p.Allows(asks()); got != tt.want {
				t.Errorf("%s: %t", tt.policy, got)
			}
		})
	}
}

func TestAccountsAreKnownByTheirPrincipals(t *testing.T) {
	for principal, want := range map[string]bool{
		"123456789012": true, "arn:aws:iam::123456789012:root": true, "arn:aws:iam::123456789012:role/x": true, "arn:aws:iam::999999999999:root": false,
	} {
		p, err := Parse(doc("Allow", `{"AWS":"`+principal+`"}`, ""))
		if err != nil {
			t.Fatal(err)
		}
		if got := p.Allows(Request{Account: "123456789012", Action: "sns:Publish", Resource: "x"}); got != want {
			t.Errorf("%s: %t", principal, got)
		}
	}
}

func TestWhatIsNoPolicyIsRefused(t *testing.T) {
	for name, text := range map[string]string{
		"no JSON":           `{`,
		"empty":             `{}`,
		"version":           `{"Version":"2020-01-01","Statement":[]}`,
		"effect":            doc("Perhaps", events, ""),
		"no principal":      `{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`,
		"no action":         `{"Statement":{"Effect":"Allow","Principal":"*","Resource":"*"}}`,
		"no resource":       `{"Statement":{"Effect":"Allow","Principal":"*","Action":"*"}}`,
		"unknown condition": doc("Allow", events, `,"Condition":{"IpAddress":{"aws:SourceIp":"10.0.0.0/8"}}`),
		"unknown element":   doc("Allow", events, `,"Conditions":{}`),
		"action of objects": `{"Statement":{"Effect":"Allow","Principal":"*","Action":{"a":1},"Resource":"*"}}`,
		"kind of principal": doc("Allow", `{"Robot":"x"}`, ""),
	} {
		if _, err := Parse(text); err == nil {
			t.Errorf("%s: %s was taken", name, text)
		}
	}
	if (Policy{}).Allows(asks()) {
		t.Error("no policy allows something")
	}
}

func TestWildcardsAgreeWithRegularExpressions(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*?]{0,8}`).Draw(t, "pattern")
		text := rapid.StringMatching(`[ab]{0,8}`).Draw(t, "text")
		r := regexp.MustCompile("^" + strings.NewReplacer("*", ".*", "?", ".").Replace(pattern) + "$")
		if got, want := like(pattern, text), r.MatchString(text); got != want {
			t.Fatalf("%q on %q: %t", pattern, text, got)
		}
	})
}
