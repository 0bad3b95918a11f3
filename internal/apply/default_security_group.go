package apply

import (
	"context"

	"berth/internal/model"
)

func defaultGroupEntry() entry { return typed(setDefaultGroup, setDefaultGroup, keepDefaultGroup) }

// setDefaultGroup makes the rules that were found the wanted ones: none. Making the group means the same as changing
// it: AWS has made it with the VPC.
func setDefaultGroup(ctx context.Context, j *job, want model.DefaultGroup) (model.Handle, error) {
	h := j.handle()
	found, _ := model.Find[model.DefaultGroup](&j.have.Set, model.DefaultGroupKey())
	from := model.SecurityGroup{Ingress: found.Ingress, Egress: found.Egress}
	return h, j.setRules(ctx, h.ID, from, model.SecurityGroup{Ingress: want.Ingress, Egress: want.Egress})
}

// keepDefaultGroup does nothing: the group goes with its VPC.
func keepDefaultGroup(context.Context, *job, model.DefaultGroup) (model.Handle, error) {
	return model.Handle{}, nil
}
