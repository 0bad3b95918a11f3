package cli

import (
	"github.com/spf13/cobra"

	"berth/internal/render"
)

func (a *app) outputsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "outputs",
		Short: "Print ids, ARNs and names for scripts",
		Long:  "Print what scripts need to know of the cluster: ids, ARNs and names, as far as it stands.",
		Example: `  berth outputs --sim
  berth outputs --sim --output json | jq -r .vpc_id`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			return a.with(c.Context(), func(s *session) error {
				seen, err := s.Survey(c.Context())
				if err != nil {
					return err
				}
				out := render.Outputs(view(seen))
				if a.json() {
					return a.printJSON(render.OutputsJSON(out))
				}
				return a.print(render.OutputsText(out))
			})
		},
	}
}
