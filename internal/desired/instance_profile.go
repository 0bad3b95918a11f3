package desired

import "berth/internal/model"

func (b *builder) profiles() []model.Resource {
	return []model.Resource{model.Profile{
		Name: b.scope.RoleName("instance"), Path: b.scope.RolePath(), Role: model.RoleKey("instance"), Tags: b.tags(model.ProfileKey()),
	}}
}
