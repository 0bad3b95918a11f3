package dst

import (
	"fmt"
	"slices"
	"strings"
	"testing"
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

	ear  *ear
	c    *config.Config
	talk []string // what the watcher said of itself
}

// watched is the stand with somebody who listens.
func (s *stand) watched(texts ...string) *vigil {
	s.t.Helper()
	v := &vigil{stand: s, ear: newEar(s.t, s.Sim.Now)}
	v.c = Load(s.t, append([]string{shop, v.ear.alerts()}, texts...)...)
	return v
}

// watches runs the watcher for a while. What it knows lies in the bucket, so that the next one goes on.
func (v *vigil) watches(d time.Duration) {
	v.t.Helper()
	cluster, who := v.acting(v.c, "watch")
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
	for _, text := range v.talk {
		v.t.Errorf("the watcher warns: %s", text)
	}
}

// deaf takes the queue away, so that looks must do.
func (v *vigil) deaf() {
	v.Sim.With(func(w *world.World) { w.Region("eu-west-1").SQS.Queues.Delete("acc_acc_events") })
}

// plight is something that must be told of.
type plight struct {
	name   string
	does   func(*vigil)
	mends  func(*vigil)  // nil: it is over by itself
	within time.Duration // until it is told; longer fails
	lasts  time.Duration // until it is mended; 0: as soon as it was told
	over   time.Duration // until it is told to be over; 0: it never is
	want   []string      // "CODE severity member": the incidents that open, in their order
	title  string        // words of the first one's title
	deaf   bool          // is told by looks alone as well
	files  []string
}

// event is one incident as people got it.
func (p post) event() string {
	var members []string
	for _, m := range p.Incident.Members {
		members = append(members, m.Name)
	}
	return fmt.Sprintf("%s %s %s", p.Incident.Code, p.Incident.Severity, strings.Join(members, ","))
}

// since are the messages of a kind.
func kinds(posts []post, kind string) []post {
	return slices.DeleteFunc(slices.Clone(posts), func(p post) bool { return p.Kind != kind })
}

func TestScratch(t *testing.T) {
	base := newStand(t)
	began := time.Now()
	v := base.fork(t).watched()
	v.watches(10 * time.Minute)
	t.Logf("10 minutes take %s", time.Since(began))
	if got := v.ear.heard(t); len(got) > 0 {
		t.Error(got)
	}
	for _, some := range []map[string]mishap{images(), wants(), worlds(), standstills()} {
		for name, m := range some {
			t.Run(name, func(t *testing.T) {
				for _, deaf := range []bool{false, true} {
					began := time.Now()
					v := base.fork(t).watched()
					if deaf {
						v.deaf()
					}
					v.watches(2 * time.Minute)
					cause := v.Sim.Now()
					m.does(v.stand)
					v.watches(40 * time.Minute)
					t.Logf("deaf %v, real %s", deaf, time.Since(began))
					for _, p := range v.ear.heard(t) {
						t.Logf("  %5.0f %s %s %s | %s | also %q", p.came.Sub(cause).Seconds(), p.Kind, p.ID, p.event(), p.Title, p.Incident.Also)
					}
				}
			})
		}
	}
}
