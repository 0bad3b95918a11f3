package rollout

import (
	"context"
	"slices"
	"strings"

	"berth/internal/cloud"
	"berth/internal/deploy"
	"berth/internal/deploy/verify"
	"berth/internal/manifest"
	"berth/internal/observe/service"
	"berth/internal/render/finding"
	shown "berth/internal/render/rollout"
)

// rehearse shows what would change, where the tasks would land, what a lost zone would leave and what would keep the deployment
// from a good end, and changes nothing. Registries are not asked. What cannot be looked at is said to be unknown.
func (j job) rehearse(ctx context.Context, d shown.Diff, warnings manifest.Faults) error {
	s := d.Snapshot
	f, err := service.Facts(ctx, j.Cloud, j.run.Scope, s)
	switch {
	case ctx.Err() != nil:
		return err
	case err != nil:
		d.Unknown = cloud.Message(err)
	default:
		if landed, known := verify.Foresee(s.Order, f, deploy.Replaces(s)); known {
			d.Forecast = &landed
		} else {
			d.Unknown = strings.Join(f.Found.Missing, "; ")
		}
		if f.Changes {
			d.Findings = listed(verify.Check(s.Order, f))
		}
	}
	if j.JSON() {
		d.Findings = slices.Concat(warned(warnings), d.Findings)
		return j.Data(d.JSON())
	}
	if err := j.Print(d.Text(j.Style(true), true)); err != nil {
		return err
	}
	j.Say("%s", finding.Text(d.Findings, j.Style(false)))
	return nil
}
