package desired

import (
	"berth/internal/config"
	"berth/internal/model"
)

// everywhere is the destination of a default route.
const everywhere = "0.0.0.0/0"

func (b *builder) routes() []model.Resource {
	var out []model.Resource
	for _, z := range b.zones() {
		out = append(out, model.Route{Tier: model.Public, Zone: z, Destination: everywhere, Target: model.InternetGatewayKey()})
		if b.c.NAT != config.None {
			out = append(out, model.Route{Tier: model.Private, Zone: z, Destination: everywhere, Target: model.NATGatewayKey(b.natZone(z))})
		}
	}
	return out
}
