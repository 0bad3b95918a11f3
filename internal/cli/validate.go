package cli

import (
	"encoding/json"

	"github.com/spf13/cobra"
)

func (a *app) validateCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "validate",
		Short: "Check the file, offline",
		Long:  "Check the file without asking AWS: every fault with its file, line and column, all in one run.",
		RunE:  only(func(*cobra.Command) error { return a.validate() }),
	}
}

func (a *app) validate() error {
	if err := a.checkFlags(); err != nil {
		return err
	}
	cfg, err := a.load()
	if err != nil {
		return err
	}
	if a.json() {
		b, err := json.Marshal(map[string]any{"version": 1, "valid": true, "environment": cfg.Environment, "cluster": cfg.Cluster})
		if err != nil {
			return err
		}
		return a.print(string(b) + "\n")
	}
	a.say("valid: cluster %s of environment %s, %d zones in %s, %d instance group(s), %d load balancer(s)\n",
		cfg.Cluster, cfg.Environment, len(cfg.Zones), cfg.Region, len(cfg.Groups), len(cfg.LoadBalancers))
	return nil
}
