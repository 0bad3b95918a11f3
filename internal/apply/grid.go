package apply

import "berth/internal/model"

// grid has an entry for every kind of resource.
func grid() map[model.Kind]entry {
	return map[model.Kind]entry{
		model.KindVPC: vpcEntry(),
	}
}
