package desired

import "berth/internal/model"

func (b *builder) defaultGroups() []model.Resource { return []model.Resource{model.DefaultGroup{}} }
