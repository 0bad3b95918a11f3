package deploy

import (
	"fmt"
	"strings"
	"time"
)

// After is what a run knows after AWS has carried out an action, which it had decided on for a snapshot.
func (r Run) After(a Action, s Snapshot, made Made) Run {
	r.Acted = true
	if key := keyOf(a); key == r.Last {
		r.Times++
	} else {
		r.Last, r.Times = key, 1
	}
	switch {
	case a.Verb == Register:
		r.Registered = made.ARN
	case a.Verb == RunTask:
		r.Tasks, r.Refused = made.Tasks, made.Refused
	case a.Begins:
		r = r.Unsure(s)
		r.Started = s.At
	}
	return r
}

// Unsure is what a run knows while it is open whether AWS has carried out an action that begins a deployment: which ones there
// were before.
func (r Run) Unsure(s Snapshot) Run {
	r.Before, r.Sent = []string{}, s.At
	for _, d := range s.Found.Deployments {
		r.Before = append(r.Before, d.ARN)
	}
	return r
}

// keyOf tells an action apart from others.
func keyOf(a Action) string { return a.Verb + " " + a.Name + " " + a.Spec.JSON() }

// most is how often an action is carried out that shows no effect, and patience how long it is waited between two times: AWS may
// answer with old news for a while.
const (
	most     = 5
	patience = 8 * time.Second
)

// unavailing ends a run whose action AWS takes again and again without anything changing.
func unavailing(s Snapshot, d Decision) Decision {
	if len(d.Actions) == 0 || keyOf(d.Actions[len(d.Actions)-1]) != s.Run.Last {
		return d
	}
	d.Again = patience
	if s.Run.Times >= most {
		a := d.Actions[len(d.Actions)-1]
		out := one(end(s, Failed, fmt.Sprintf("AWS took \"%s %s\" %d times, and nothing has changed: %s", a.Verb, a.Name, most, strings.Join(d.Why, "; "))))
		out.Code = "DEP207"
		return out
	}
	return d
}
