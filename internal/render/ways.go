package render

import (
	"slices"
	"strings"

	"berth/internal/model"
	"berth/internal/render/essence"
	"berth/internal/render/ink"
)

// waysPart says what stands beside the NAT gateways: the interface endpoints, and where the flow log goes. The gateway
// endpoint of S3 every cluster has.
func (v View) waysPart(p *ink.Page) {
	byStatus := map[model.Status][]string{}
	for e := range model.Every[model.Endpoint](&v.Have.Set) {
		if s := v.Have.Handle(e.Key()).Status; e.Service != "s3" {
			byStatus[s] = append(byStatus[s], e.Service)
		}
	}
	for _, s := range []model.Status{model.Ready, model.Pending, model.Leaving, model.Failed} {
		services := byStatus[s]
		if len(services) == 0 {
			continue
		}
		slices.Sort(services)
		tone, lead := ink.Plain, "  endpoints: "
		if s != model.Ready {
			tone, lead = ink.Warn, "  endpoints "+s.String()+": "
		}
		p.Item(lead, tone, ink.Clean(strings.Join(services, ", ")))
	}
	if f, ok := model.Find[model.FlowLog](&v.Have.Set, model.FlowLogKey()); ok {
		tone, text := ink.Plain, essence.Flow(f)
		if why := v.Have.Handle(f.Key()).Reason; why != "" {
			tone, text = ink.Bad, text+": not written, "+why
		}
		p.Item("  flow log: ", tone, ink.Clean(text))
	}
}
