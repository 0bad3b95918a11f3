package dst

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"berth/internal/config"
	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/observe/service"
)

// why asks what is wrong with something, as berth why does and with its permissions.
func (s *stand) why(c *config.Config, name string) []diagnose.Diagnosis {
	s.t.Helper()
	cluster, _ := s.acting(c, "why")
	scope := model.Scope{Region: c.Region, Environment: c.Environment, Cluster: c.Cluster}
	subject, err := service.Find(s.t.Context(), cluster.Cloud, scope, name)
	s.must(err)
	var found live.Capture
	found, err = service.Why(s.t.Context(), cluster.Cloud, scope, subject)
	s.must(err)
	return diagnose.Of(found)
}

// codes are the codes of diagnoses, in their order.
func codes(found []diagnose.Diagnosis) []string {
	var out []string
	for _, d := range found {
		out = append(out, d.Code)
	}
	return out
}

// mishap is a way in which a service comes to fail.
type mishap struct {
	does func(*stand)
	wait time.Duration // until it shows
	want []string      // codes that must be among the diagnoses, the first one before all others
}

// mishaps are all that the world can bring about.
func mishaps() map[string]mishap {
	deploys := func(image string, wait time.Duration, want ...string) mishap {
		return mishap{func(s *stand) { s.update(image) }, wait, want}
	}
	return map[string]mishap{
		"an image that is not there":            deploys("berth.sim/web:2?pull=missing", 2*time.Minute, "WHY101", "WHY706"),
		"a repository that lets nobody in":      deploys("berth.sim/web:2?pull=unauthorized", 2*time.Minute, "WHY102"),
		"a registry that has had enough":        deploys("berth.sim/web:2?pull=ratelimited", 2*time.Minute, "WHY103"),
		"a registry without a way to it":        deploys("berth.sim/web:2?pull=unreachable", 2*time.Minute, "WHY105"),
		"an image for another processor":        deploys("berth.sim/web:2?pull=wrong-arch", 2*time.Minute, "WHY104"),
		"a program that ends with an exit code": deploys("berth.sim/web:2?crash=3s&exit=3", 4*time.Minute, "WHY201", "WHY706"),
		"a server that is done":                 deploys("berth.sim/web:2?once=3s", 4*time.Minute, "WHY202"),
		"a program that takes too much memory":  deploys("berth.sim/web:2?oom=5s", 4*time.Minute, "WHY203"),
		"a program that answers with errors":    deploys("berth.sim/web:2?unhealthy", 8*time.Minute, "WHY301"),
		"a program that never answers":          deploys("berth.sim/web:2?silent", 8*time.Minute, "WHY302"),
		"a program that starts slowly":          deploys("berth.sim/web:2?boot=10m", 8*time.Minute, "WHY303"),
	}
}

func TestEveryMishapIsDiagnosed(t *testing.T) {
	base, c := newStand(t), Load(t, shop)
	if found := base.why(c, "web"); len(found) > 0 {
		t.Fatalf("nothing is wrong, and yet: %+v", found)
	}
	for name, m := range mishaps() {
		t.Run(name, func(t *testing.T) {
			s := base.fork(t)
			m.does(s)
			s.pass(m.wait)
			found := s.why(c, "web")
			got := codes(found)
			for _, want := range m.want {
				if !slices.Contains(got, want) || got[0] != m.want[0] {
					t.Fatalf("%v, want %v first:\n%s", got, m.want, spelled(found))
				}
			}
			if testing.Verbose() {
				t.Log("\n" + spelled(found))
			}
		})
	}
}

// spelled are diagnoses for people who read a failed test.
func spelled(found []diagnose.Diagnosis) string {
	text := ""
	for _, d := range found {
		text += fmt.Sprintf("%s %s: %s (%d)\n", d.Code, d.Subject, d.Text, d.Count)
		for _, e := range d.Evidence {
			text += "    " + e + "\n"
		}
		text += "    fix: " + d.Fix + "\n"
	}
	return text
}
