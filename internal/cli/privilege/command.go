package privilege

import (
	"fmt"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/permit"
)

// Tool is what the command needs of the program around it.
type Tool struct {
	Load  func() (*config.Config, error)
	Flags func() string // those that name the cluster, for commands to be copied
	Say   func(format string, args ...any)
	Print func(text string) error
}

type policyFlags struct {
	verb    string
	account string
	part    int
}

// Command is berth iam policy.
func Command(tool Tool) *cobra.Command {
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
		RunE: func(c *cobra.Command, _ []string) error { return tool.policy(c, f) },
	}
	c.Flags().StringVar(&f.verb, "for", "", "the `VERB`: "+Verbs())
	c.Flags().StringVar(&f.account, "account", "", "the `ID` of the account, 12 digits")
	c.Flags().IntVar(&f.part, "part", 0, "print only the `N`th part that fits into a managed policy")
	return c
}

func (tool Tool) policy(c *cobra.Command, f policyFlags) error {
	if err := checkVerb(c.Root(), f.verb); err != nil {
		return err
	}
	if err := CheckAccount(f.account); err != nil {
		return err
	}
	cfg, err := tool.Load()
	if err != nil {
		return err
	}
	d, _ := permit.Policy(f.verb, Cluster(cfg, f.account))
	parts := d.Parts()
	switch {
	case c.Flags().Changed("part") && (f.part < 1 || f.part > len(parts)):
		return problem.Usage(fmt.Sprintf("--part is a number from 1 to %d", len(parts)), c.CommandPath()+" --for "+f.verb+" --part 1")
	case f.part > 0:
		d = parts[f.part-1]
	case len(parts) > 1:
		tool.Say("note: %d characters, and a managed policy takes %d: attach it in %d parts, berth iam policy --for %s%s --part 1 and so on\n",
			d.Size(), permit.MostManaged, len(parts), f.verb, tool.Flags())
	}
	return tool.Print(d.JSON())
}
