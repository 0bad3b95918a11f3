package scene

import (
	"strings"

	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/roll"
)

// Misfit says what keeps a task of an old instance off every instance that stays, however empty it were, once a new one works in its
// zone; empty: nothing does, or nobody knows yet.
func (x *Scene) Misfit(o *roll.Old) string {
	like := x.successor(o)
	if like == nil {
		return ""
	}
	for _, t := range x.On[o.ARN] {
		name, of := ServiceName(t)
		need := x.Demands[WantOf(*t)]
		if s := x.Served[name]; !of || !need.Known || t.Desired == roll.TaskStopped || s == nil || s.Daemon || Deploying(s) {
			continue
		}
		lacks := placement.Lacks(need.Demand, *like, placement.Site{})
		if placement.Possible(lacks) || x.possible(need.Demand) {
			continue
		}
		var why []string
		for _, l := range lacks {
			if l.Ever {
				why = append(why, l.String())
			}
		}
		return "a task of " + name + " fits on no new instance, however empty: " + strings.Join(why, "; ")
	}
	return ""
}

// successor is a new instance that works where an old one does.
func (x *Scene) successor(o *roll.Old) *live.Instance {
	for n := range x.M.News {
		one := &x.M.News[n]
		if node := x.Node[one.ID]; one.Group == o.Group && one.Zone == o.Zone && one.State == roll.Working && node != nil && x.Works(node) {
			return &node.Instance
		}
	}
	return nil
}

// possible tells whether an instance that stays could ever have a task.
func (x *Scene) possible(d placement.Demand) bool {
	judge := placement.NewJudge(d, placement.Site{})
	for n := range x.Nodes {
		node := &x.Nodes[n]
		if o := x.Old[node.ID]; o != nil && o.State != roll.Skipped && o.State != roll.Stuck || node.ARN == "" || node.Group != "" && roll.LeavesAlone(node.State) {
			continue
		}
		if placement.Possible(judge.Lacks(&node.Instance)) {
			return true
		}
	}
	return false
}
