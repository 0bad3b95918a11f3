package shape

import "berth/internal/model"

// MapTags are tags as ours that AWS hands out as a map.
func MapTags(tags map[string]string) model.Tags {
	var out model.Tags
	for k, v := range tags { // unordered: NewTags and With sort
		out = out.With(k, v)
	}
	return out
}
