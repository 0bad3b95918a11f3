package sim

import (
	"cmp"
	"slices"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// refuse is the answer that a fault gives in place of the operation's, nil when the operation runs.
func refuse(t world.Trouble, env wire.Envelope) error {
	switch t.Fault {
	case world.Refuse:
		return (&wire.Error{Code: t.Code, Message: cmp.Or(t.Message, t.Code)}).WithStatus(cmp.Or(t.Status, 400))
	case world.Throttle:
		return throttled(env.Service)
	case world.Break, world.LoseRequest:
		return (&wire.Error{Code: "InternalError", Message: "An internal error has occurred"}).WithStatus(500)
	default:
		return nil
	}
}

// snapshot is a world as it was.
type snapshot struct{ state []byte }

// snapshots is how many writes back a stale read may see.
const snapshots = 4

// remember keeps the world as it is before a write, while the weather makes reads stale.
func (s *Sim) remember() {
	stale := slices.ContainsFunc(s.world.Troubles, func(t world.Trouble) bool { return t.Fault == world.StaleRead })
	if s.world.Weather.Stale == 0 && !stale {
		s.past = nil
		return
	}
	b, err := s.world.Save()
	if err != nil {
		return // then reads are fresh
	}
	s.past = append(s.past, snapshot{b})
	if len(s.past) > snapshots {
		s.past = s.past[1:]
	}
}

// old is the world as it was some writes ago, its time too; nil when nothing is remembered, or only what is older than
// the staleness of AWS.
func (s *Sim) old() *world.World {
	if len(s.past) == 0 {
		return nil
	}
	pick := s.past[s.world.Dice("stale").IntN(len(s.past))]
	w, err := world.Load(pick.state)
	if err != nil || s.world.Now().Sub(w.Now()) > world.Staleness {
		return nil
	}
	w.Attach(handlers(), nil)
	return w
}
