package container

import (
	"cmp"
	"net/http"
	"time"

	"berth/internal/sim/ecs/program"
	"berth/internal/sim/world"
)

// good tells whether a health check of a container's program passes.
func good(x world.TaskContainer, p program.Program) bool {
	return x.Listens && !x.Sick && !p.Silent && cmp.Or(p.Status, http.StatusOK) < http.StatusBadRequest
}

// check notices how a container's health checks end, and turns its health when they are enough.
func (c crew) check(n int) bool {
	x := &c.t.Containers[n]
	if c.d.Containers[n].CheckEvery == 0 || !x.SignalAt.IsZero() {
		return false
	}
	if passes := good(*x, c.programs[n]); passes != x.Passing {
		x.Passing, x.Since = passes, c.now
		return true
	}
	if !c.turns(n).due(c.now) {
		return false
	}
	x.Health = map[bool]string{true: Healthy, false: Unhealthy}[x.Passing]
	return true
}

// turns is when a container's health turns if its checks keep ending as they do. The first check is made an interval after
// the start. One success is enough; failures must come in a row, and do not count in the start period of a container that
// was not healthy yet (ECS API reference, HealthCheck).
func (c crew) turns(n int) moment {
	x, spec := c.t.Containers[n], c.d.Containers[n]
	if spec.CheckEvery == 0 || !x.SignalAt.IsZero() || x.Passing && x.Health == Healthy || !x.Passing && x.Health == Unhealthy {
		return moment{}
	}
	every, since := time.Duration(spec.CheckEvery)*time.Second, x.Since.Sub(x.StartedAt)
	if !x.Passing && x.Health == "" {
		since = max(since, time.Duration(spec.CheckGrace)*time.Second)
	}
	first := max((since+every-1)/every, 1) * every
	if !x.Passing {
		first += time.Duration(spec.CheckRetries-1) * every
		if c.programs[n].Silent {
			first += time.Duration(spec.CheckTimeout) * time.Second
		}
	}
	return moment(x.StartedAt.Add(first))
}
