package rolling

import (
	shown "berth/internal/render/rolling"
	"berth/internal/sim"
)

// requests is what became of the requests meanwhile.
func requests(c sim.Count) *shown.Requests {
	out := &shown.Requests{Served: c.Served, Text: c.String()}
	for _, why := range c.Failed {
		out.Failed += why.Count
	}
	return out
}
