package cli

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/model"
	"berth/internal/permit"
)

func (a *app) iamCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "iam",
		Short: "Say what AWS must allow to the one who runs berth",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return noVerb(c, args[0])
			}
			return nil
		},
		RunE:                       func(c *cobra.Command, _ []string) error { return c.Help() },
		SuggestionsMinimumDistance: 2,
	}
	c.AddCommand(a.iamPolicyCommand())
	return c
}

type policyFlags struct {
	verb    string
	account string
	part    int
}

func (a *app) iamPolicyCommand() *cobra.Command {
	var f policyFlags
	c := &cobra.Command{
		Use:   "policy --for VERB",
		Short: "Print the least privilege that a verb needs on this cluster",
		Long: `Print the policy document that lets an identity run one verb on the cluster of the file, and nothing else. It works
offline, without credentials: names and tags say what it is about. Without --account the ARNs are of any account. A document
too long for one managed policy can be had in parts, each of which is one; together they allow the same.`,
		Example: `  berth iam policy --for plan
  berth iam policy --for apply --account 123456789012 --part 1
  berth iam policy --for destroy -f prod.tfvars > destroy.json`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error { return a.iamPolicy(c, f) },
	}
	c.Flags().StringVar(&f.verb, "for", "", "the `VERB`: "+strings.Join(permit.Verbs(), ", "))
	c.Flags().StringVar(&f.account, "account", "", "the `ID` of the account, 12 digits")
	c.Flags().IntVar(&f.part, "part", 0, "print only the `N`th part that fits into a managed policy")
	complete(c, "for", permit.Verbs()...)
	return c
}

func (a *app) iamPolicy(c *cobra.Command, f policyFlags) error {
	if err := checkVerb(c.Root(), f.verb); err != nil {
		return err
	}
	if f.account != "" && !regexp.MustCompile(`^\d{12}$`).MatchString(f.account) {
		return problem.Usage(fmt.Sprintf("--account is an id of 12 digits, not %q", f.account), "aws sts get-caller-identity --query Account")
	}
	cfg, err := a.load()
	if err != nil {
		return err
	}
	d, _ := permit.Policy(f.verb, permitted(cfg, f.account))
	parts := d.Parts()
	switch {
	case c.Flags().Changed("part") && (f.part < 1 || f.part > len(parts)):
		return problem.Usage(fmt.Sprintf("--part is a number from 1 to %d", len(parts)), c.CommandPath()+" --for "+f.verb+" --part 1")
	case f.part > 0:
		d = parts[f.part-1]
	case len(parts) > 1:
		a.say("note: %d characters, and a managed policy takes %d: attach it in %d parts, berth iam policy --for %s%s --part 1 and so on\n",
			d.Size(), permit.MostManaged, len(parts), f.verb, a.suffix())
	}
	return a.print(d.JSON())
}

// permitted is the cluster of a file as policies name it; without an account it is that of any.
func permitted(cfg *config.Config, account string) permit.Cluster {
	return permit.Cluster{
		Scope:     model.Scope{Account: account, Region: cfg.Region, Environment: cfg.Environment, Cluster: cfg.Cluster},
		LogPrefix: cfg.LogPrefix,
	}
}

// checkVerb refuses what is no verb, or needs nothing from AWS.
func checkVerb(root *cobra.Command, verb string) error {
	if slices.Contains(permit.Verbs(), verb) {
		return nil
	}
	p := &problem.Problem{Code: "USE005", Exit: problem.Misused, Hints: []string{"the verbs that need permissions are " + strings.Join(permit.Verbs(), ", ")}}
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
