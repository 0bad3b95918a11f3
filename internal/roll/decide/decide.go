// Package decide says what a roll does next.
//
// In: a roll.Snapshot: what is ordered, remembered and seen. Out: a roll.Decision: what to do now and what to remember before it is done,
// or that it is over and how. It never begins to drain an instance unless as many others work as are meant to, never gives up an instance
// whose tasks have not stopped, and never touches what somebody else has begun.
package decide

import (
	"slices"
	"time"

	"berth/internal/roll"
	"berth/internal/roll/scene"
)

// Decide says what to do next.
func Decide(s roll.Snapshot) roll.Decision {
	x := newMind(s)
	if x.M.Stage == roll.Over {
		return x.decision()
	}
	x.notice()
	x.floors()
	switch {
	case x.M.Stage == roll.Begin && (x.Interrupted || x.Command == roll.Abort || x.Command == roll.Undo):
		x.refuse(roll.Interrupted, "", "it was interrupted before anything was touched")
	case x.M.Stage == roll.Begin:
		x.begin()
	case x.M.Stage != roll.Leaving && !x.told():
		x.advance()
	}
	swept := x.sweep()
	if x.M.Stage == roll.Leaving {
		x.leave(swept)
	}
	return x.decision()
}

// mind is one decision on its way.
type mind struct {
	*scene.Scene

	acts  []roll.Action
	why   []roll.Line
	watch roll.Scope
	again time.Duration
	board scene.Board
	back  []string // ARNs of the instances that this decision gives back
}

func newMind(s roll.Snapshot) *mind { return &mind{Scene: scene.New(s), again: often} }

// pauses between looks.
const (
	soon  = time.Second // after a write
	often = 5 * time.Second
)

// fullEvery is how old what was seen of everything may be.
const fullEvery = 5 * time.Minute

// decision is what came out.
func (x *mind) decision() roll.Decision {
	d := roll.Decision{Memory: x.M, Actions: x.acts, Again: x.again, Watch: x.watch, Why: x.why}
	if len(x.acts) > 0 {
		d.Again = soon
	}
	if x.M.Stage == roll.Over {
		d.Outcome = x.M.End
	}
	if x.At.Sub(x.M.Full) >= fullEvery {
		x.M.Full, d.Watch.Full, d.Memory.Full = x.At, true, x.At
	}
	for _, list := range []*[]string{&d.Watch.Instances, &d.Watch.Nodes, &d.Watch.Services, &d.Watch.Tasks} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	return d
}

// do adds an action.
func (x *mind) do(a roll.Action) { x.acts = append(x.acts, a) }

// say adds a line about what happens.
func (x *mind) say(subject, text string) {
	x.why = append(x.why, roll.Line{Subject: subject, Text: text})
}

// moved notes that something went on.
func (x *mind) moved() { x.M.Moved = x.At }

// stage goes to another stage.
func (x *mind) stage(s roll.Stage) {
	x.M.Stage, x.M.Since = s, x.At
	x.moved()
}

// end begins to put everything back, and says how the roll will have ended.
func (x *mind) end(o roll.Outcome, fix string, why ...string) {
	if x.M.Stage == roll.Leaving {
		return
	}
	early := x.M.Stage == roll.Canary || x.M.Stage == roll.Bake
	x.M.Back = o == roll.Undone || early && (o == roll.Failed || o == roll.Aborted || o == roll.Interrupted)
	x.M.End, x.M.Why, x.M.Fix = o, append(why, x.M.Why...), fix
	x.watch.Full = true
	x.stage(roll.Leaving)
}

// told obeys who wants the roll to end.
func (x *mind) told() bool {
	switch {
	case x.Interrupted:
		x.end(roll.Interrupted, "berth roll --yes begins again", "it was interrupted")
	case x.Command == roll.Undo:
		x.end(roll.Undone, "", "somebody wants it undone")
	case x.Command == roll.Abort:
		x.end(roll.Aborted, "berth roll --yes begins again", "somebody has aborted it")
	}
	return x.M.Stage == roll.Leaving
}
