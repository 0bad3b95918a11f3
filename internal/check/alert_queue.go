package check

import (
	"encoding/json"
	"slices"
	"strings"

	"berth/internal/model"
)

// deafQueues are queues of alerts that the topic cannot send to: SNS drops the messages and tells nobody.
func deafQueues(in Input) []Finding {
	var out []Finding
	for _, a := range in.Config.Alerts {
		i := slices.IndexFunc(in.Facts.Heard, func(q model.AlertQueue) bool { return q.ARN == a.QueueARN })
		if a.QueueARN == "" || i < 0 {
			continue
		}
		if text, fix := deaf(in.Facts.Heard[i], in.Facts.Scope); text != "" {
			out = append(out, in.at(Finding{Severity: Warning, Text: "alert " + a.Name + " arrives nowhere: " + text, Fix: fix}, "alerts."+a.Name+".sqs_arn"))
		}
	}
	return out
}

// deaf says why a queue cannot get what the topic sends, and what to do; empty: nothing stands in the way, as far as its
// policy tells.
func deaf(q model.AlertQueue, s model.Scope) (text, fix string) {
	switch {
	case q.Missing:
		return "there is no queue " + q.ARN, "make the queue, or name another"
	case strings.HasSuffix(q.Key, "alias/aws/sqs"):
		return "the queue is encrypted with AWS's own key, which lets SNS in never", "encrypt it with SQS-managed keys, or with a key whose policy lets sns.amazonaws.com use kms:GenerateDataKey* and kms:Decrypt"
	case !letsIn(q.Policy, s):
		return "the policy of the queue does not let the topic send", "add to its policy: " + statementFor(q.ARN, s.TopicARN())
	}
	return "", ""
}

func statementFor(queue, topic string) string {
	return `{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "sqs:SendMessage", "Resource": "` + queue +
		`", "Condition": {"ArnEquals": {"aws:SourceArn": "` + topic + `"}}}`
}

// grant is a statement of a queue's policy.
type grant struct {
	Effect    string
	Principal texts
	Action    texts
	Condition map[string]map[string]texts
}

// texts is a text, a list of them, or an object of either, whose names do not matter here.
type texts []string

// UnmarshalJSON takes all forms that IAM takes.
func (w *texts) UnmarshalJSON(b []byte) error {
	var one string
	var list []string
	var object map[string]texts
	switch {
	case json.Unmarshal(b, &one) == nil:
		*w = texts{one}
	case json.Unmarshal(b, &list) == nil:
		*w = list
	case json.Unmarshal(b, &object) == nil:
		for _, more := range object { // unordered: they are searched
			*w = append(*w, more...)
		}
	}
	return nil // what is of another form holds no text
}

// letsIn tells whether a policy lets the cluster's topic send. What it cannot judge counts as yes.
func letsIn(policy string, s model.Scope) bool {
	var doc struct{ Statement json.RawMessage }
	if policy == "" || json.Unmarshal([]byte(policy), &doc) != nil {
		return policy != ""
	}
	var all []grant
	if json.Unmarshal(doc.Statement, &all) != nil {
		all = make([]grant, 1)
		if json.Unmarshal(doc.Statement, &all[0]) != nil {
			return true
		}
	}
	return slices.ContainsFunc(all, func(g grant) bool { return g.allows(s) })
}

func (g grant) allows(s model.Scope) bool {
	who := slices.Contains(g.Principal, "*") || slices.Contains(g.Principal, "sns.amazonaws.com")
	what := slices.ContainsFunc(g.Action, func(a string) bool {
		return slices.Contains([]string{"*", "sqs:*", "sqs:sendmessage", "sqs:send*"}, strings.ToLower(a))
	})
	return g.Effect == "Allow" && who && what && g.holds(s)
}

// holds tells whether the conditions about where a message comes from hold for the topic.
func (g grant) holds(s model.Scope) bool {
	for _, keys := range g.Condition { // unordered: all of them must hold
		for name, values := range keys { // unordered: all of them must hold
			if strings.EqualFold(name, "aws:SourceArn") && !slices.ContainsFunc(values, func(v string) bool { return matches(v, s.TopicARN()) }) ||
				strings.EqualFold(name, "aws:SourceAccount") && !slices.Contains(values, s.Account) {
				return false
			}
		}
	}
	return true
}

// matches tells whether a text is as a pattern says in which * stands for anything.
func matches(pattern, text string) bool {
	first, rest, more := strings.Cut(pattern, "*")
	text, ok := strings.CutPrefix(text, first)
	if !ok || !more {
		return ok && text == ""
	}
	for i := range len(text) + 1 {
		if matches(rest, text[i:]) {
			return true
		}
	}
	return false
}
