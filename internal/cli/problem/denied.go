package problem

import (
	"regexp"
	"slices"
	"strings"

	"berth/internal/cloud"
	"berth/internal/permit"
)

// denied is a call that AWS refused for want of a permission, with the statement that grants it; or one that a policy forbids,
// which no further statement can change.
func denied(p cloud.Problem, at Place) Problem {
	text := p.String()
	if m := regexp.MustCompile(`with an explicit deny in (?:an? |the )?(.*?)(?: \(|: |\.? ?$)`).FindStringSubmatch(p.Message); m != nil {
		return Problem{
			Code: "AUTH001", Text: "a policy forbids " + p.Action + ": " + text, Exit: Denied,
			Hints: []string{
				"adding a permission does not help: find what denies " + p.Action + " in " + kindOf(m[1]) + ", and have it changed",
				"then: " + at.Command,
			},
		}
	}
	out := Problem{Code: "AWS002", Text: "missing permission " + p.Action + ": " + text, Exit: Denied}
	out.Hints = append(out.Hints, grant(p, at)...)
	if slices.Contains(permit.Verbs(), at.Verb) {
		out.Hints = append(out.Hints, "all that this verb needs: berth iam policy --for "+at.Verb+at.Flags+account(p.Message))
	}
	out.Hints = append(out.Hints, "then: "+at.Command)
	return out
}

// grant says where to allow the action, and with which statement.
func grant(p cloud.Problem, at Place) []string {
	where := "to the identity that runs berth"
	if m := regexp.MustCompile(`because no ([a-z -]+?)(?: policy)? allows`).FindStringSubmatch(p.Message); m != nil && m[1] != "identity-based" {
		where = "in the " + m[1] + " too, which bounds what the identity's own policies allow"
	}
	cluster, resource := at.Cluster, ""
	if id := strings.TrimPrefix(account(p.Message), " --account "); id != "" {
		cluster.Account = id
	}
	if m := regexp.MustCompile(`on resource: "?(\S+?)"?[.,]?(?: |$)`).FindStringSubmatch(p.Message); m != nil {
		resource = m[1]
	}
	missing := permit.Missing(cluster, p.Action, resource)
	if cluster.Region == "" || len(missing) == 0 {
		return []string{"allow " + p.Action + " " + where}
	}
	hint := "allow " + p.Action + " " + where + ": " + missing[0].JSON()
	if others := missing[1:]; len(others) > 0 {
		hint += " (if that is allowed already, it is missing in " + sids(others) + " of this verb's policy)"
	}
	hints := []string{hint}
	if strings.Contains(p.Message, "not authorized to use launch template") {
		hints = append(hints, "Auto Scaling does not say which is missing of ec2:RunInstances, ec2:CreateTags and iam:PassRole")
	}
	return hints
}

// sids are the names of statements.
func sids(statements []permit.Statement) string {
	var names []string
	for _, s := range statements {
		names = append(names, s.Sid)
	}
	return strings.Join(names, " or ")
}

// account is the flag with the account that AWS's text speaks of; empty when it speaks of none.
func account(message string) string {
	if m := regexp.MustCompile(`arn:[a-z-]+:(?:iam|sts)::(\d{12}):`).FindStringSubmatch(message); m != nil {
		return " --account " + m[1]
	}
	return ""
}

// kindOf is the kind of policy that AWS names.
func kindOf(said string) string {
	if said == "" {
		return "one of the policies that apply to the identity"
	}
	if said == "identity-based policy" {
		return "the identity's own policies"
	}
	return "the " + said
}
