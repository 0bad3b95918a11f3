package world

import (
	"slices"
	"strings"
	"time"
)

// Trouble is what somebody wants to go wrong with calls, as long as it lasts. The first that fits a call decides.
type Trouble struct {
	Call  string // "service.Operation"; a service may be "*", and an operation may end in "*"
	Fault Fault
	Until time.Time // the zero time: until it is healed
	Times int       // how many calls are left; 0: any number

	Code, Message string // of Refuse
	Status        int    // of Refuse
}

// fits tells whether a call is meant.
func (t Trouble) fits(service, operation string) bool {
	s, o, _ := strings.Cut(t.Call, ".")
	if s != "*" && s != service {
		return false
	}
	if start, many := strings.CutSuffix(o, "*"); many {
		return strings.HasPrefix(operation, start)
	}
	return o == operation
}

// Happens tells what goes wrong with a call: the trouble that somebody made, or else what the weather brings.
func (w *World) Happens(service, operation string) Trouble {
	w.Troubles = slices.DeleteFunc(w.Troubles, func(t Trouble) bool { return !t.Until.IsZero() && !t.Until.After(w.Time) })
	for n, t := range w.Troubles {
		if !t.fits(service, operation) || t.Fault == StaleRead && !Reads(operation) {
			continue
		}
		if t.Times == 1 {
			w.Troubles = slices.Delete(w.Troubles, n, n+1)
		} else if t.Times > 1 {
			w.Troubles[n].Times--
		}
		return t
	}
	return Trouble{Fault: w.Weather.Throw(w, service, operation)}
}
