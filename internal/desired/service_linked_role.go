package desired

import "berth/internal/model"

// serviceRoles are ensured beforehand: AWS makes them on first use only where the caller may, and the first use right
// after that can fail.
func (b *builder) serviceRoles() []model.Resource {
	out := []model.Resource{
		model.ServiceRole{Service: "autoscaling"}, model.ServiceRole{Service: "ecs"}, model.ServiceRole{Service: "elasticloadbalancing"},
	}
	for _, g := range b.c.Groups {
		if g.Spot {
			return append(out, model.ServiceRole{Service: "spot"})
		}
	}
	return out
}
