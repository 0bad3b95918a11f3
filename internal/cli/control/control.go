// Package control is the verbs that take the embedded AWS in hand: move its time, break something in it, keep its state and put
// it back.
//
// In: the command line, and the program around it as a Tool. Out: what was done, said on the program's stderr. It knows two such
// worlds, the one in its folder and one that berth sim serve serves; any other AWS it must leave alone.
package control

import (
	"context"
	"errors"

	"berth/internal/cli/problem"
	"berth/internal/sim"
	"berth/internal/sim/scenario"
)

// Tool is what the verbs need of the program around them. The flags count once the command line is read, so all are asked for.
type Tool struct {
	Folder   func() string                        // where the embedded AWS keeps its state
	Open     func() (*sim.Sim, *sim.Store, error) // the world in that folder
	Endpoint func() string                        // the URL of a served world; empty: the one in the folder is meant
	Region   func() string                        // of --region; empty: none
	Reach    func(context.Context) error          // an error when nobody is at the endpoint
	Place    func() problem.Place                 // for hints
	Say      func(format string, args ...any)     // to people, beside the data
}

// simulated is the embedded AWS that a verb is about: the one in its folder, or one that berth sim serve serves.
type simulated interface {
	Play(region string, steps []scenario.Step) error
	Save() ([]byte, error)
	Load(state []byte) error
	Figures() sim.Figures
	Faults() ([]string, error)
}

// with runs f on the embedded AWS.
func (t Tool) with(ctx context.Context, f func(simulated) error) error {
	if t.Endpoint() != "" {
		return f(served{ctx, t})
	}
	world, store, err := t.Open()
	if err != nil {
		return err
	}
	return errors.Join(f(opened{world}), store.Close(world))
}

// opened is a world in its folder.
type opened struct{ *sim.Sim }

// Faults are what is wrong in it now.
func (o opened) Faults() ([]string, error) { return o.Sim.Faults(), nil }
