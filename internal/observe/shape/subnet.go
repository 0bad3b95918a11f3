package shape

import (
	"strings"

	"berth/internal/model"
)

// TierOf splits the name of a subnet's or route table's key.
func TierOf(k model.Key) (model.Tier, string) {
	tier, zone, _ := strings.Cut(k.Name, "/")
	return model.Tier(tier), zone
}
