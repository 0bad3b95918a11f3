package cli

import (
	"context"

	"berth/internal/check"
	"berth/internal/desired"
	"berth/internal/model"
	"berth/internal/observe"
	"berth/internal/plan"
	"berth/internal/render"
)

// survey looks at the cluster and compares it with the file.
func (s *session) survey(ctx context.Context) (render.View, error) {
	have, facts, err := observe.All(ctx, s.cloud, s.ask)
	if err != nil {
		return render.View{}, err
	}
	want := desired.Build(s.cfg, facts)
	if err := check.Refuse(s.cfg, facts); err != nil {
		return render.View{}, err
	}
	p, err := plan.Make(want, have)
	if err != nil {
		return render.View{}, err
	}
	return s.view(want, have, facts, p)
}

// farewell is the survey of a cluster that shall go: nothing is wanted.
func (s *session) farewell(ctx context.Context) (render.View, error) {
	have, facts, err := observe.All(ctx, s.cloud, s.ask)
	if err != nil {
		return render.View{}, err
	}
	p, err := plan.Make(model.Set{}, have)
	if err != nil {
		return render.View{}, err
	}
	return s.view(model.Set{}, have, facts, p)
}

func (s *session) view(want model.Set, have model.Inventory, facts model.Facts, p plan.Plan) (render.View, error) {
	v := render.View{
		Version: Version(), At: s.cloud.Clock.Now(), Scope: facts.Scope, Want: want, Have: have, Facts: facts, Plan: p,
	}
	v.Findings = check.All(check.Input{Config: s.cfg, Facts: facts, Want: want, Have: have, Plan: p})
	return v, nil
}

// quotas finds out whether the account may have what the plan makes; it asks only for what the plan makes.
func (s *session) quotas(ctx context.Context, v render.View) error {
	limits, err := observe.Quotas(ctx, s.cloud, plan.Demand(v.Plan))
	if err != nil {
		return err
	}
	return check.Quotas(limits, plan.Demand(v.Plan))
}
