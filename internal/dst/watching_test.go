package dst

import (
	"context"
	"fmt"
	"time"

	"berth/internal/cli/source"
	listeners "berth/internal/cli/watching"
	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/drive/watching"
	"berth/internal/lease"
	"berth/internal/observe"
	"berth/internal/sim/world"
	"berth/internal/watch"
)

// vigil is a stand that is watched, as berth watch does and with its permissions.
type vigil struct {
	*stand

	ear   *ear
	c     *config.Config
	talk  []string  // what the watcher said of itself
	cause time.Time // when the last thing happened
}

// watched is the stand with somebody who listens.
func (s *stand) watched(texts ...string) *vigil {
	s.t.Helper()
	v := &vigil{stand: s, ear: newEar(s.t, s.Sim.Now), cause: s.Sim.Now()}
	v.c = Load(s.t, append([]string{shop, v.ear.alerts()}, texts...)...)
	return v
}

// blow is what happens while somebody watches.
type blow struct {
	after time.Duration
	does  func(*vigil)
}

// fate is a clock on which things happen while the watcher sleeps.
type fate struct {
	*vigil

	began time.Time
	deeds []blow
}

// Now is the world's time.
func (f *fate) Now() time.Time { return f.Sim.Now() }

// Sleep lets the world's time pass, and does what is due meanwhile.
func (f *fate) Sleep(ctx context.Context, d time.Duration) error {
	end := f.Now().Add(d)
	for len(f.deeds) > 0 && !f.began.Add(f.deeds[0].after).After(end) {
		if err := f.Sim.Sleep(ctx, max(0, f.began.Add(f.deeds[0].after).Sub(f.Now()))); err != nil {
			return err
		}
		next := f.deeds[0]
		f.deeds = f.deeds[1:]
		f.cause = f.Now()
		next.does(f.vigil)
	}
	return f.Sim.Sleep(ctx, max(0, end.Sub(f.Now())))
}

// watches runs the watcher for a while, in which things happen.
func (v *vigil) watches(d time.Duration, deeds ...blow) {
	v.t.Helper()
	cluster, who := v.acting(v.c, "watch")
	time := &fate{v, v.Sim.Now(), deeds}
	cluster.Cloud.Clock = time
	scope, err := observe.Who(v.t.Context(), cluster.Cloud, v.c.Environment, v.c.Cluster)
	v.must(err)
	w := watching.Watch{
		Cloud: cluster.Cloud, Scope: scope, Who: lease.Holder{Owner: who.Owner, Host: who.Host, Verb: "watch", Run: who.Run}, Alerts: desired.Subscriptions(v.c),
		Tell: func(n watching.Told) {
			if n.Grave {
				v.talk = append(v.talk, n.Text)
			}
		},
		DeadLetters: func(m watch.Message, sink, why string) error {
			return fmt.Errorf("%s is not delivered to %s: %s", m.ID, sink, why)
		},
	}
	tool := listeners.Tool{Sim: func() bool { return true }, Say: func(format string, args ...any) { v.t.Errorf(format, args...) }, Folder: v.t.TempDir}
	w.Sinks, w.Receivers, err = tool.Sinks(listeners.Cluster{Cloud: cluster.Cloud, Config: v.c, Secrets: func() (map[string]source.Alert, error) {
		known, _, err := source.Alerts(v.c, func(string) string { return "" })
		return known, err
	}})
	v.must(err)
	v.must(w.Run(v.t.Context(), false, d))
	if len(time.deeds) > 0 {
		v.t.Errorf("%d deeds were not done", len(time.deeds))
	}
	for _, text := range v.talk {
		v.t.Errorf("the watcher warns: %s", text)
	}
}

// deaf takes the queue away, so that looks must do.
func (v *vigil) deaf() {
	v.Sim.With(func(w *world.World) { w.Region("eu-west-1").SQS.Queues.Delete("acc_acc_events") })
}
