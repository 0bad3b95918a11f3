package diagnose

import (
	"fmt"
	"maps"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// settling is how long a service may have too few tasks before that needs a cause.
const settling = 2 * time.Minute

// rest looks at services that do not run what they should, without anything that tells why.
func rest(s *scene, found *causes) {
	for _, sv := range s.ordered {
		if sv.Status != "ACTIVE" || sv.Running >= sv.Desired || found.about[sv.Name] || s.moving(sv) {
			continue
		}
		c := found.add(reason.Unknown, sv.Name, "short")
		c.count = sv.Desired - sv.Running
		c.note("%s runs %d of %d tasks, %d are pending", sv.Name, sv.Running, sv.Desired, sv.Pending)
		for i, e := range sv.Events {
			if i == 3 {
				break
			}
			c.note("at %s ECS said: %s", s.clock(e.At), short(e.Text))
		}
	}
}

// moving tells whether something happened to a service so lately that it may just be at work.
func (s *scene) moving(sv *live.Service) bool {
	latest := sv.Since
	for _, r := range sv.Revisions {
		if r.At.After(latest) {
			latest = r.At
		}
	}
	for _, e := range sv.Events {
		if e.At.After(latest) {
			latest = e.At
		}
	}
	return s.At.Sub(latest) < settling
}

// unknownTeller words what nobody knows the cause of: it says what was seen.
func unknownTeller(s *scene, c *cause) (string, string, bool) {
	if len(c.tasks) > 0 {
		s.notes(c)
		t := c.tasks[len(c.tasks)-1]
		return fmt.Sprintf("tasks of %s end for a reason that berth does not know (%s)", c.subject, or(t.StopCode, "no stop code")),
			"AWS's words are all there is; what the program wrote may tell more: " + logs(s, c, s.main(t)), false
	}
	return fmt.Sprintf("%s does not run what it should, and nothing that was seen tells why", c.subject),
		fmt.Sprintf("look again in some minutes; berth why %s --save FILE keeps what was seen", c.subject), false
}

// wording is the words for every code.
//
//nolint:gochecknoglobals // a table
var wording = tellers()

// tellers makes that table.
func tellers() map[string]teller {
	out := map[string]teller{reason.Unknown: unknownTeller}
	for _, some := range []map[string]teller{
		imageTellers(), exitTellers(), healthTellers(), roomTellers(), secretTellers(), capacityTellers(), turnTellers(),
	} {
		maps.Copy(out, some)
	}
	return out
}

// main is the container that a task is about: the first essential one.
func (s *scene) main(t *live.Task) string {
	for _, c := range t.Containers {
		if essential(s.spec(t, c.Name)) {
			return c.Name
		}
	}
	return ""
}
