package apply

import (
	"context"

	"berth/internal/model"
)

func defaultGroupEntry() entry { return typed(emptyDefaultGroup, emptyDefaultGroup, keepDefaultGroup) }

// emptyDefaultGroup takes out every rule that was found. Making the group means the same as changing it: AWS has made
// it with the VPC.
func emptyDefaultGroup(ctx context.Context, j *job, _ model.DefaultGroup) (model.Handle, error) {
	h := j.handle()
	found, _ := model.Find[model.DefaultGroup](&j.have.Set, model.DefaultGroupKey())
	if err := j.revoke(ctx, h.ID, found.Ingress, false); err != nil {
		return h, err
	}
	return h, j.revoke(ctx, h.ID, found.Egress, true)
}

// keepDefaultGroup does nothing: the group goes with its VPC.
func keepDefaultGroup(context.Context, *job, model.DefaultGroup) (model.Handle, error) {
	return model.Handle{}, nil
}
