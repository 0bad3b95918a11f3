// Package rolling carries out what roll decides: one action at a time, in as many calls as AWS needs for it.
//
// In: a roll.Action. Out: what AWS made of it, and what of it AWS refused, thing by thing; an error where it could not be carried
// out as a whole. Every action may be carried out twice. It chooses nothing, looks at nothing, and stays below half of the rates
// that AWS documents.
package rolling

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/cloud"
	"berth/internal/roll"
)

// Writer carries out the actions of one run.
type Writer struct {
	Cloud   *cloud.Cloud
	Cluster string // its name

	budget cloud.Budget
}

type deed func(context.Context, roll.Action) (roll.Made, error)

// Do carries out an action.
func (w *Writer) Do(ctx context.Context, a roll.Action) (roll.Made, error) {
	does, known := w.verbs()[a.Verb]
	if !known {
		return roll.Made{}, fmt.Errorf("nothing is known about how to %s", a.Verb)
	}
	return does(ctx, a)
}

func (w *Writer) verbs() map[roll.Verb]deed {
	return map[roll.Verb]deed{
		roll.Mark:        w.mark,
		roll.Unmark:      w.unmark,
		roll.SetMax:      w.setMax,
		roll.SetMin:      w.setMin,
		roll.LaunchNew:   w.launch,
		roll.Protect:     w.protection(true),
		roll.Unprotect:   w.protection(false),
		roll.Suspend:     w.suspend,
		roll.Resume:      w.resume,
		roll.SetMark:     w.setAttribute,
		roll.DropMark:    w.dropAttribute,
		roll.StartDrain:  w.state(types.ContainerInstanceStatusDraining),
		roll.Activate:    w.state(types.ContainerInstanceStatusActive),
		roll.StopTasks:   w.stop,
		roll.Give:        w.give,
		roll.Deregister:  w.deregister,
		roll.EditService: w.edit,
		roll.RunProbe:    w.probe,
	}
}

// change makes one call that may be made twice, as soon as the budget lets it pass.
func change[I, O, P any](ctx context.Context, w *Writer, k cloud.Kind, f func(context.Context, *I, ...func(*P)) (*O, error), in *I) (*O, error) {
	if _, err := w.budget.Grant(ctx, w.Cloud.Clock, k, 1); err != nil {
		return nil, err
	}
	defer w.budget.Made(w.Cloud.Clock, k)
	return cloud.Repeat(ctx, w.Cloud, f, in)
}

// token is an action's token in letters that every API takes: ECS up to 64, Auto Scaling as well.
func token(text string) *string {
	sum := sha256.Sum256([]byte(text))
	return aws.String(hex.EncodeToString(sum[:16]))
}

// refusals collects why not.
type refusals map[string]string

func (r refusals) made(of roll.Made) roll.Made {
	if len(r) > 0 {
		of.Refused = r
	}
	return of
}

// pieces asks for some at once, as many as AWS takes, and collects those that AWS refuses. Where it refuses a whole piece because of
// one of them, each is asked for by itself.
func pieces(names []string, size int, refuses func(error) bool, ask func(...string) error) (refusals, error) {
	not := refusals{}
	for some := range slices.Chunk(names, size) {
		err := ask(some...)
		if err == nil {
			continue
		}
		if !refuses(err) {
			return not, err
		}
		if len(some) == 1 {
			not[some[0]] = cloud.Message(err)
			continue
		}
		for _, name := range some {
			switch err := ask(name); {
			case err == nil:
			case refuses(err):
				not[name] = cloud.Message(err)
			default:
				return not, err
			}
		}
	}
	return not, nil
}
