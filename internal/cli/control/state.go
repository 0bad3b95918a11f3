package control

import (
	"os"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
)

// Save is berth sim save.
func (t Tool) Save() *cobra.Command {
	return &cobra.Command{
		Use:     "save FILE",
		Short:   "Write the embedded AWS's whole state into a file",
		Example: "  berth sim save before.json",
		RunE: func(c *cobra.Command, args []string) error {
			return t.with(c.Context(), func(s simulated) error {
				state, err := s.Save()
				if err == nil {
					err = os.WriteFile(args[0], state, 0o600) // it holds what AWS would keep secret
				}
				if err == nil {
					t.Say("saved: %s\n", args[0])
				}
				return err
			})
		},
	}
}

// Load is berth sim load.
func (t Tool) Load() *cobra.Command {
	return &cobra.Command{
		Use:     "load FILE",
		Short:   "Put a saved state in the place of the embedded AWS's own",
		Example: "  berth sim load before.json",
		RunE: func(c *cobra.Command, args []string) error {
			state, err := os.ReadFile(args[0])
			if err != nil {
				return err
			}
			return t.with(c.Context(), func(s simulated) error {
				if err := s.Load(state); err != nil {
					return problem.Usage(args[0]+": "+err.Error(), "berth sim save "+args[0])
				}
				t.Say("loaded: %s\n", args[0])
				return nil
			})
		},
	}
}
