package dst

import (
	"slices"
	"time"

	"berth/internal/roll"
)

// protectedModes begin with tasks that are protected from scale-in.
func protectedModes() []mode {
	return []mode{
		{"05 tasks that are protected for a while", func(r *rota) { r.spares(15) }},
		{"05 tasks that are protected for longer than a drain may take", func(r *rota) {
			r.order.DrainTimeout, r.order.JoinTimeout = 5*time.Minute, 5*time.Minute
			r.spares(240)
		}},
		{"05 one task is protected, and its instance goes last", func(r *rota) {
			r.must(protect(r.t.Context(), r.ecs, 1, 20))
			host := r.host(r.firstOf("web"))
			r.ends(roll.Replaced)
			r.replaced(3)
			var gone []string
			for _, o := range r.looks[len(r.looks)-1].Memory.Olds {
				if o.ID == host && (o.Canary || o.Began.Sub(r.began) < 19*time.Minute) {
					r.t.Errorf("%s was drained after %s, canary: %v\n%s", host, o.Began.Sub(r.began), o.Canary, r.story())
				}
				gone = append(gone, o.ID)
			}
			if !slices.Contains(gone, host) {
				r.t.Errorf("%s is none of %v", host, gone)
			}
		}},
		{"05 a task protects itself while its instance waits", func(r *rota) {
			r.must(protect(r.t.Context(), r.ecs, 1, 1)) // so that it is known to do such things
			r.once(halfway, func(r *rota) { r.must(protect(r.t.Context(), r.ecs, 6, 30)) })
			r.ends(roll.Replaced)
			r.replaced(3)
			if took := r.Sim.Now().Sub(r.began); took < 30*time.Minute {
				r.t.Errorf("it took %s\n%s", took, r.story())
			}
		}},
		{"05 tasks that are protected again and again", func(r *rota) {
			r.order.DrainTimeout = 5 * time.Minute
			r.must(protect(r.t.Context(), r.ecs, 6, 10))
			for n := range 60 {
				r.later(time.Duration(n)*time.Minute, func(r *rota) { r.must(protect(r.t.Context(), r.ecs, 6, 10)) })
			}
			_, d, err := r.rolls()
			r.must2(err)
			r.deeds = nil
			r.is(d, roll.Incomplete, "a task of web was protected until ", "and is again until ")
			r.asBefore()
			r.replaced(0)
			r.spared()
		}},
		{"05 a protected task, on an instance that shall go nevertheless", func(r *rota) {
			r.must(protect(r.t.Context(), r.ecs, 6, 600))
			host := r.host(r.firstOf("web"))
			r.order.DrainTimeout, r.order.Instances, r.order.Force = 4*time.Minute, []string{host}, []string{host}
			r.comes(roll.Replaced)
			r.Settle()
			if left := r.remain(); slices.Contains(left, host) {
				r.t.Errorf("%s is left\n%s", host, r.story())
			}
		}},
	}
}

// spares wants instances with tasks that are protected for so many minutes to be drained afterwards, and not before.
func (r *rota) spares(minutes int32) {
	r.t.Helper()
	r.must(protect(r.t.Context(), r.ecs, 6, minutes))
	end := r.Sim.Now().Add(time.Duration(minutes) * time.Minute)
	r.ends(roll.Replaced)
	r.replaced(3)
	if !r.said("drains when a task of web is protected no more (until ") {
		r.t.Errorf("nobody says for how long:\n%s", r.story())
	}
	for _, o := range r.looks[len(r.looks)-1].Memory.Olds {
		if o.Began.Before(end) || o.Began.After(end.Add(2*time.Hour)) {
			r.t.Errorf("%s was drained at %s, and its tasks are protected until %s\n%s", o.ID, o.Began, end, r.story())
		}
	}
}
