package watching

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"time"

	"berth/internal/notify"
	"berth/internal/watch"
)

// Bounds of letters.
const (
	mostLetters = 5000           // that are kept
	oldLetter   = 24 * time.Hour // after which one that still fails is given up
	slowPost    = 20 * time.Second
	longestWait = time.Hour // that a receiver can ask for
)

// pauses are the times between two tries of a letter, and of a sink that fails; the last one goes on.
var pauses = []time.Duration{5 * time.Second, 15 * time.Second, time.Minute, 5 * time.Minute, 15 * time.Minute} //nolint:gochecknoglobals // a table

func pauseAfter(tries int) time.Duration { return pauses[min(max(tries, 1), len(pauses))-1] }

// write makes letters of changes.
func (s *shift) write(changes []watch.Change) {
	for _, c := range changes {
		l := watch.Letter{Change: c}
		for _, r := range s.Receivers {
			if r.Wants(c) {
				l.To = append(l.To, watch.Delivery{Sink: r.Name})
			}
		}
		if len(l.To) > 0 {
			s.memory.Letters = append(s.memory.Letters, l)
		}
	}
}

// crowded tells that there are more letters than are kept, and sheds them. While it cannot, messages stay in the queue: there they
// are safe for days.
func (s *shift) crowded() bool {
	over := len(s.memory.Letters) - mostLetters
	return over > 0 && s.shed(over, "there are more than 5,000 messages that could not be delivered") != nil
}

// shed gives the oldest letters up.
func (s *shift) shed(n int, why string) error {
	defer s.tidy()
	for i := range s.memory.Letters[:n] {
		l := &s.memory.Letters[i]
		for k := range l.To {
			if err := s.bury(l.Change, l.To[k], why); err != nil {
				return err
			}
			l.To[k].Sink, s.dirty = "", true
		}
	}
	return nil
}

// bury writes a letter into the file of dead letters, and says so. An error means that it is not there.
func (s *shift) bury(c watch.Change, to watch.Delivery, why string) error {
	m := s.message(c)
	if s.DeadLetters == nil {
		return errors.New("there is no file for dead letters")
	}
	if to.Last != "" {
		why += "; the last try: " + to.Last
	}
	if err := s.DeadLetters(m, to.Sink, why); err != nil {
		s.say(true, "message %s for alert %s can neither be delivered nor written into the file of dead letters, so it is kept: %v", c.ID, to.Sink, err)
		return err
	}
	s.say(true, "message %s for alert %s is given up and in the file of dead letters: %s", c.ID, to.Sink, why)
	return nil
}

// errand is a letter for one sink.
type errand struct {
	letter, to int // their places in the memory
	tries      int
}

// handful is how many letters a sink gets before the others are looked at again.
const handful = 5

// deliver sends what is due. It comes back after some time whatever happens, so that neither lease nor queue wait for long.
func (s *shift) deliver(ctx context.Context) {
	for began := s.c.Clock.Now(); ctx.Err() == nil; {
		round := s.errands()
		if len(round) == 0 || s.renew(ctx) != nil {
			break
		}
		jobs := make([]notify.Job, len(round))
		for i, e := range round {
			l := s.memory.Letters[e.letter]
			jobs[i] = notify.Job{Sink: s.sink(l.To[e.to].Sink), Message: s.message(l.Change)}
		}
		bounded, cancel := context.WithTimeout(ctx, slowPost)
		s.account(bounded, round, s.send(bounded, jobs))
		cancel()
		if s.full || s.c.Clock.Now().Sub(began) > slowPost {
			break
		}
	}
}

func (s *shift) send(ctx context.Context, jobs []notify.Job) []error {
	if s.Deliver != nil {
		return s.Deliver(ctx, jobs)
	}
	return notify.Deliver(ctx, jobs)
}

// errands are the next letters, some for each sink that can be tried: those that were tried least first, then the oldest. Letters of
// one incident do not overtake each other.
func (s *shift) errands() []errand {
	s.dropStrangers()
	now := s.c.Clock.Now()
	due := map[string][]errand{}
	for e, d := range s.heads() {
		if !d.After.After(now) && !s.blocked[d.Sink].After(now) && s.sink(d.Sink) != nil {
			due[d.Sink] = append(due[d.Sink], e)
		}
	}
	var out []errand
	for _, some := range due { // unordered: sorted below
		slices.SortStableFunc(some, func(a, b errand) int { return cmp.Compare(a.tries, b.tries) })
		out = append(out, some[:min(len(some), handful)]...)
	}
	slices.SortFunc(out, func(a, b errand) int { return cmp.Or(cmp.Compare(a.letter, b.letter), cmp.Compare(a.to, b.to)) })
	return out
}

// heads are the oldest letters of each incident for each sink.
func (s *shift) heads() iter.Seq2[errand, watch.Delivery] {
	return func(yield func(errand, watch.Delivery) bool) {
		behind := map[[2]string]bool{} // incident and sink
		for i := range s.memory.Letters {
			l := &s.memory.Letters[i]
			for k, d := range l.To {
				key := [2]string{l.Change.Incident.ID, d.Sink}
				if !behind[key] && !yield(errand{i, k, d.Tries}, d) {
					return
				}
				behind[key] = true
			}
		}
	}
}

// dropStrangers gives up the letters for sinks that the file has no more.
func (s *shift) dropStrangers() {
	for i := range s.memory.Letters {
		l := &s.memory.Letters[i]
		for k := range l.To {
			if d := &l.To[k]; s.sink(d.Sink) == nil && !s.unburied.After(s.c.Clock.Now()) {
				s.giveUp(l.Change, d, "the file has no such alert any more")
			}
		}
	}
	s.tidy()
}

// giveUp buries a letter, or keeps it where that fails.
func (s *shift) giveUp(c watch.Change, d *watch.Delivery, why string) {
	if s.bury(c, *d, why) == nil {
		d.Sink = ""
	} else {
		d.After = s.c.Clock.Now().Add(pauseAfter(len(pauses)))
		s.unburied = d.After
	}
	s.dirty = true
}

// account notes what came of errands.
func (s *shift) account(ctx context.Context, round []errand, came []error) {
	now := s.c.Clock.Now()
	failed := map[string]bool{}
	for n, e := range round {
		l := &s.memory.Letters[e.letter]
		d := &l.To[e.to]
		err := came[n]
		f, known := errors.AsType[*notify.Failure](err)
		switch {
		case err == nil:
			delete(s.blocked, d.Sink)
			delete(s.fails, d.Sink)
			d.Sink, s.dirty = "", true
		case ctx.Err() != nil && errors.Is(err, ctx.Err()): // it was not let finish
		case known && f.Final:
			d.Last = ""
			s.giveUp(l.Change, d, "it was refused: "+err.Error())
		case now.Sub(l.Change.At) > oldLetter:
			d.Last = ""
			s.giveUp(l.Change, d, fmt.Sprintf("it could not be delivered for %.0f hours: %v", oldLetter.Hours(), err))
		default:
			s.postpone(d, err, failed[d.Sink])
			failed[d.Sink] = true
		}
	}
	s.tidy()
}

// tidy drops the deliveries that were made, and the letters that nobody waits for.
func (s *shift) tidy() {
	s.memory.Letters = slices.DeleteFunc(s.memory.Letters, func(l watch.Letter) bool {
		return !slices.ContainsFunc(l.To, func(d watch.Delivery) bool { return d.Sink != "" })
	})
	for i := range s.memory.Letters {
		l := &s.memory.Letters[i]
		l.To = slices.DeleteFunc(l.To, func(d watch.Delivery) bool { return d.Sink == "" })
	}
}

// postpone notes when to try a letter again, and its sink; again: the sink has failed in this round already. What a receiver asks for
// counts, up to an hour.
func (s *shift) postpone(d *watch.Delivery, err error, again bool) {
	if s.fails[d.Sink] == 0 {
		s.say(true, "alert %s does not take messages; they are kept and sent again: %v", d.Sink, err)
	}
	if !again {
		s.fails[d.Sink]++
	}
	d.Tries++
	d.Last = err.Error()
	asked := time.Duration(0)
	if f, ok := errors.AsType[*notify.Failure](err); ok {
		asked = min(f.After, longestWait)
	}
	now := s.c.Clock.Now()
	d.After = now.Add(max(pauseAfter(d.Tries), asked))
	s.blocked[d.Sink] = now.Add(max(pauseAfter(s.fails[d.Sink]), asked))
	s.dirty = true
}

// next is when the next letter is due; zero: there is none.
func (s *shift) next() time.Time {
	var next time.Time
	for _, d := range s.heads() {
		at := d.After
		if b := s.blocked[d.Sink]; b.After(at) {
			at = b
		}
		if next.IsZero() || at.Before(next) {
			next = at
		}
	}
	return next
}

// sink is a way to tell people by its name; nil: the file has none.
func (s *shift) sink(name string) notify.Sink {
	for _, one := range s.Sinks {
		if one.Name() == name {
			return one
		}
	}
	return nil
}
