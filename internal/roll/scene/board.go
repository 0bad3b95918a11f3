package scene

import (
	"fmt"
	"strings"
	"time"

	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/roll"
	"berth/internal/roll/fit"
)

// Board is where tasks fit, made when it is first asked for: most looks ask nothing.
type Board struct {
	of    *fit.Board
	taken map[string]bool // EC2 ids of the instances that go by this decision
}

// placing is how long ECS may take to start the tasks that an instance which drains still has elsewhere: so long their room is kept.
const placing = time.Minute

// Move takes an old instance's tasks elsewhere on the board; it says what does not fit, and then nothing has moved. The board is open.
// What nobody knows the wants of is left to the new instance, which is like the old one.
func (b *Board) Move(o *roll.Old) string {
	for _, m := range b.of.Move(o.ARN) {
		if m.Known && !m.Fits() {
			b.of.Back(o.ARN)
			_, name, _ := strings.Cut(m.Group, ":")
			return fmt.Sprintf("a task of %s fits nowhere else: %s", name, m.Why)
		}
	}
	b.taken[o.ID] = true
	return ""
}

// Back undoes Move.
func (b *Board) Back(o *roll.Old) {
	b.of.Back(o.ARN)
	delete(b.taken, o.ID)
}

// Open makes the board of a scene, once.
func (b *Board) Open(x *Scene) {
	if b.of != nil {
		return
	}
	nodes := make([]live.Instance, 0, len(x.Nodes))
	for n := range x.Nodes {
		if node := &x.Nodes[n]; node.ARN != "" && !roll.LeavesAlone(node.State) {
			nodes = append(nodes, node.Instance)
		}
	}
	b.of = fit.New(nodes, x.Tasks, func(t live.Task) (placement.Demand, bool) {
		need, known := x.Demands[WantOf(t)]
		return need.Demand, known && need.Known
	})
	b.taken = x.Taken
	for n := range x.M.Olds {
		if o := &x.M.Olds[n]; o.State == roll.Draining && x.At.Sub(o.Began) < placing {
			b.of.Move(o.ARN)
		}
	}
	for n := range x.M.News {
		if one := &x.M.News[n]; one.State == roll.Retiring && one.ARN != "" {
			b.of.Close(one.ARN)
		}
	}
}
