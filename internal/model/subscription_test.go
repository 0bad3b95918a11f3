package model_test

import (
	"strings"
	"testing"

	"berth/internal/model"
)

func TestOfAWebAddressOnlyTheHostShows(t *testing.T) {
	for endpoint, want := range map[string]string{
		"https://hooks.example.com/private/path": "https://hooks.example.com",
		"https://hooks.example.com":              "https://hooks.example.com",
		"ops@example.com":                        "ops@example.com",
		"arn:aws:sqs:eu-west-1:123456789012:ops": "arn:aws:sqs:eu-west-1:123456789012:ops",
	} {
		s := model.Subscription{Name: "x", Endpoint: endpoint}
		if s.Address() != want {
			t.Errorf("%s shows as %s", endpoint, s.Address())
		}
		for _, a := range s.Attrs() {
			if strings.Contains(a.Value, "private") {
				t.Errorf("the setting %s shows %s", a.Name, a.Value)
			}
		}
	}
}

func TestMarksTellOurSubscriptionsFromThoseOfOthers(t *testing.T) {
	ours := []model.Subscription{
		{Protocol: model.ProtocolEmail, Endpoint: "ops@example.com"}, {Protocol: model.ProtocolHTTPS, Endpoint: "https://hooks.example.com/a"},
	}
	marks := model.SubscriptionMarks(ours)
	for _, s := range ours {
		if !s.Marked(marks) || s.Marked("") {
			t.Errorf("%s is marked: %v", s.Endpoint, s.Marked(marks))
		}
	}
	for _, other := range []model.Subscription{
		{Protocol: model.ProtocolSQS, Endpoint: "ops@example.com"}, {Protocol: model.ProtocolHTTPS, Endpoint: "https://hooks.example.com/b"},
	} {
		if other.Marked(marks) {
			t.Errorf("%s is taken for ours", other.Endpoint)
		}
	}
	if most := model.SubscriptionMarks(make([]model.Subscription, 40)); len(most) > 256 {
		t.Errorf("the marks of 40 alerts are %d characters, and a tag holds 256", len(most))
	}
}

func TestAPendingSubscriptionHasNoARN(t *testing.T) {
	for _, arn := range []string{"pending confirmation", "PendingConfirmation"} {
		if h := model.SubscriptionHandle(arn); h.ARN != "" || h.Reason != model.Unconfirmed || h.Status != model.Ready {
			t.Errorf("%+v", h)
		}
	}
	if h := model.SubscriptionHandle("arn:x"); h.ARN != "arn:x" || h.Reason != "" {
		t.Errorf("%+v", h)
	}
}

func TestARuleIsOursByItsNameAndWhatItsDescriptionSays(t *testing.T) {
	s, other := shop(), shop()
	other.Cluster = "shop-2"
	name, description := s.RuleName("task_failed"), s.RuleDescription("task_failed", "a task failed")
	if !s.OwnsRule("task_failed", name, description) || !strings.HasPrefix(name, s.RulePrefix()) {
		t.Errorf("%s, %s is not ours", name, description)
	}
	if s.OwnsRule("events", name, description) || s.OwnsRule("task_failed", name, "a task failed") || other.OwnsRule("task_failed", name, description) {
		t.Error("it is taken for another rule or cluster")
	}
	if strings.HasPrefix(other.RuleName("events"), s.RulePrefix()) {
		t.Errorf("%s begins with %s", other.RuleName("events"), s.RulePrefix())
	}
	long := s
	long.Environment, long.Cluster = strings.Repeat("e", 32), strings.Repeat("c", 32)
	if n := long.RuleName("deployment_failed"); len(n) > 64 || !strings.HasPrefix(n, long.RulePrefix()) {
		t.Errorf("%s does not begin with %s", n, long.RulePrefix())
	}
}
