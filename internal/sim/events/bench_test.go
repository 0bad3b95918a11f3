package events

import (
	"fmt"
	"testing"

	"berth/internal/sim/world"
)

// What a notice costs: with no rule, with rules about other things, and with one that takes it to a queue.
func BenchmarkNotice(b *testing.B) {
	for name, rules := range map[string][]string{
		"nobody listens": nil,
		"other sources":  {`{"source":["a"]}`, `{"source":["b"]}`, `{"source":["c"]}`, `{"source":["d"]}`},
		"one matches":    {`{"source":["a"]}`, `{"source":["b"]}`, `{"source":["c"]}`, aboutTasks},
	} {
		b.Run(name, func(b *testing.B) {
			w := world.New(1)
			w.Attach(Handlers(), nil)
			s := stage{&world.Call{World: w, Region: w.Region("eu-west-1")}, nil}
			for i, pattern := range rules {
				s.Region.Events.Rules.Put(fmt.Sprint("default/", i), &world.EventRule{Bus: "default", Pattern: pattern})
				r, _ := s.Region.Events.Rules.Get(fmt.Sprint("default/", i))
				r.Sources, r.DetailTypes = named(pattern)
			}
			for b.Loop() {
				s.emit("STOPPED")
			}
		})
	}
}
