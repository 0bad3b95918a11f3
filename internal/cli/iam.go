package cli

import (
	"fmt"

	"github.com/spf13/cobra"

	"berth/internal/cli/privilege"
	"berth/internal/cli/problem"
	"berth/internal/permit"
)

func (a *app) iamCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "iam",
		Short: "Say what AWS must allow to the one who runs berth",
		Args:  verbOf, RunE: func(c *cobra.Command, _ []string) error { return c.Help() }, SuggestionsMinimumDistance: 2,
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
	c.Flags().StringVar(&f.verb, "for", "", "the `VERB`: "+privilege.Verbs())
	c.Flags().StringVar(&f.account, "account", "", "the `ID` of the account, 12 digits")
	c.Flags().IntVar(&f.part, "part", 0, "print only the `N`th part that fits into a managed policy")
	complete(c, "for", permit.Verbs()...)
	return c
}

func (a *app) iamPolicy(c *cobra.Command, f policyFlags) error {
	if err := privilege.CheckVerb(c.Root(), f.verb); err != nil {
		return err
	}
	if err := privilege.CheckAccount(f.account); err != nil {
		return err
	}
	cfg, err := a.load()
	if err != nil {
		return err
	}
	d, _ := permit.Policy(f.verb, privilege.Cluster(cfg, f.account))
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
