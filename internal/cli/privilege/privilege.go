// Package privilege is what stands between a verb and the permissions that it needs.
//
// In: a verb, the checked file, or a file with a policy. Out: the cluster as policies name it, the policy that a rehearsal runs
// under, or what is wrong. It asks nobody and decides nothing about a cluster.
package privilege

import (
	"errors"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/permit"
	"berth/internal/sim/access"
	"berth/internal/sim/policy"
	"berth/internal/sim/world"
)

// Cluster is the cluster of a file as policies name it; without an account it is that of any.
func Cluster(c *config.Config, account string) permit.Cluster {
	out := permit.Cluster{
		Scope:     model.Scope{Account: account, Region: c.Region, Environment: c.Environment, Cluster: c.Cluster},
		LogPrefix: c.LogPrefix,
	}
	for _, a := range c.Alerts {
		if a.QueueARN != "" {
			out.AlertQueues = append(out.AlertQueues, a.QueueARN)
		}
		if a.TopicARN != "" {
			out.AlertTopics = append(out.AlertTopics, a.TopicARN)
		}
	}
	for _, s := range c.SystemContainers {
		if s.TaskRoleARN != "" {
			out.TaskRoles = append(out.TaskRoles, s.TaskRoleARN)
		}
	}
	for _, r := range c.Registries {
		if r.SecretARN != "" {
			out.GivenSecrets = append(out.GivenSecrets, r.SecretARN)
		}
	}
	if e := c.Existing; e != nil {
		out.VPC, out.Subnets = permit.Borrowed{Tags: tags(e.Tags)}, permit.Borrowed{IDs: e.Private.IDs, Tags: tags(e.Private.Tags)}
		if e.ID != "" {
			out.VPC.IDs = []string{e.ID}
		}
	}
	return out
}

func tags(given []config.Tag) model.Tags {
	var out model.Tags
	for _, t := range given {
		out = out.With(t.Key, t.Value)
	}
	return out
}

// Rehearsal is the policy that iam policy prints for a verb. The embedded AWS allows that and no more, so that what works there
// does not fail elsewhere for want of a permission.
func Rehearsal(verb string, c *config.Config) (*access.Policy, error) {
	d, ok := permit.Policy(verb, Cluster(c, world.Account))
	if !ok {
		return nil, fmt.Errorf("nobody has said what berth %s may ask of AWS", verb)
	}
	return access.New(d.JSON())
}

// Read reads the policy in a file; an empty name is no policy, which allows everything.
func Read(file string) (*access.Policy, error) {
	if file == "" {
		return nil, nil //nolint:nilnil // no policy is a policy: everything
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	p, err := access.New(string(text))
	if bad, ok := errors.AsType[*policy.Fault](err); ok {
		return nil, &problem.Problem{
			Code: "AUTH002", Text: fmt.Sprintf("%s:%d:%d: %s", file, bad.Line, bad.Column, bad.Text), Exit: problem.Misused,
			Hints: []string{"a policy to begin with: berth iam policy --for apply"},
		}
	}
	return p, err
}

// checkVerb refuses what is no verb, or needs nothing from AWS.
func checkVerb(root *cobra.Command, verb string) error {
	if slices.Contains(permit.Verbs(), verb) {
		return nil
	}
	p := &problem.Problem{Code: "USE005", Exit: problem.Misused, Hints: []string{"the verbs that need permissions are " + Verbs()}}
	found, _, err := root.Find([]string{verb})
	switch {
	case verb == "":
		p.Text = "--for wants the verb that the policy is for"
	case err == nil && found != root:
		p.Text = "berth " + verb + " asks AWS nothing, so it needs no policy"
	default:
		p.Text = fmt.Sprintf("there is no verb %q", verb)
		for _, s := range root.SuggestionsFor(verb) {
			if slices.Contains(permit.Verbs(), s) {
				p.Hints = append([]string{"did you mean: berth iam policy --for " + s}, p.Hints...)
			}
		}
	}
	return p
}

// Verbs are the verbs that need permissions, for people.
func Verbs() string { return strings.Join(permit.Verbs(), ", ") }

// CheckAccount refuses what is no id of an account; none is fine.
func CheckAccount(id string) error {
	if id == "" || regexp.MustCompile(`^\d{12}$`).MatchString(id) {
		return nil
	}
	return problem.Usage(fmt.Sprintf("--account is an id of 12 digits, not %q", id), "aws sts get-caller-identity --query Account")
}
