package scene

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/placement"
	"berth/internal/roll"
)

// Busy are the services on old instances that are being deployed.
func (x *Scene) Busy() []string {
	var out []string
	for _, o := range x.M.Olds {
		for _, t := range x.On[o.ARN] {
			if name, of := ServiceName(t); of && x.Served[name] != nil && Deploying(x.Served[name]) && !slices.Contains(out, name) {
				out = append(out, name)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Touched are the services that have tasks on instances that are to go.
func (x *Scene) Touched() map[string]bool {
	out := map[string]bool{}
	for _, o := range x.M.Olds {
		for _, t := range x.On[o.ARN] {
			if name, of := ServiceName(t); of && o.State == roll.Waiting {
				out[name] = true
			}
		}
	}
	return out
}

// ConstraintsOf are a service's own placement constraints.
func ConstraintsOf(s *roll.Service) []placement.Constraint {
	out := []placement.Constraint{}
	for _, c := range s.Spec.Get("placementConstraints").Items {
		out = append(out, placement.Constraint{Type: c.Get("type").Text, Expression: c.Get("expression").Text})
	}
	return out
}

// Without are the constraints but for the one with an expression.
func Without(all []placement.Constraint, expression string) []placement.Constraint {
	return slices.DeleteFunc(all, func(c placement.Constraint) bool { return c.Type == "memberOf" && c.Expression == expression })
}

// WellFor is how long everything has been well.
func (x *Scene) WellFor() time.Duration {
	if x.M.Well.IsZero() {
		return 0
	}
	return x.At.Sub(x.M.Well)
}

// Ill says which services are worse than they were, below what their own settings allow. What was wrong before is nobody's business
// here, and what a service's own settings allow while its tasks move is no harm.
func (x *Scene) Ill() []roll.Line {
	var out []roll.Line
	for _, b := range x.M.Services {
		s := x.Served[b.Name]
		if s == nil || s.Status != roll.NodeActive || s.Daemon {
			continue
		}
		if least := x.Least(s, b); s.Healthy < least {
			out = append(out, roll.Line{Subject: s.Name, Text: fmt.Sprintf("%d of %d tasks are healthy, fewer than the %d that must be", s.Healthy, s.Desired, least)})
		}
		if !b.Failed && s.Primary().Rollout == "FAILED" {
			out = append(out, roll.Line{Subject: s.Name, Text: "its deployment has failed: " + s.Primary().Reason})
		}
	}
	return out
}

// Least is how many healthy tasks a service must have.
func (x *Scene) Least(s *roll.Service, b roll.Baseline) int {
	return min(b.Healthy, (min(s.Desired, b.Desired)*s.MinPct+99)/100)
}

// Unsettled says which services have not got back all that they had; of what their settings allow meanwhile nothing is taken off.
func (x *Scene) Unsettled() []roll.Line {
	var out []roll.Line
	for _, b := range x.M.Services {
		s := x.Served[b.Name]
		if s == nil || s.Status != roll.NodeActive || s.Daemon {
			continue
		}
		if want := min(s.Desired, b.Healthy); s.Healthy < want {
			out = append(out, roll.Line{Subject: s.Name, Text: fmt.Sprintf("%d of %d tasks are healthy, %d were", s.Healthy, s.Desired, b.Healthy)})
		}
	}
	return out
}

// Deploying tells whether a deployment of a service is under way.
func Deploying(s *roll.Service) bool {
	return len(s.Revisions) > 1 || s.Primary().Rollout == "IN_PROGRESS"
}

// Movable tells whether ECS can replace a task of a service at all: it may start one more, or do with one less (ECS developer
// guide, "Container instance draining").
func Movable(s *roll.Service, pct int) bool {
	return s.Daemon || s.Desired == 0 || s.Desired*pct/100 > s.Desired || (s.Desired*s.MinPct+99)/100 < s.Desired
}

// Patched is the maximumPercent with which every service can start one more than it is to have.
const Patched = 200

// Stays tells why an instance cannot be drained whatever happens; empty: it can.
func (x *Scene) Stays(o *roll.Old) string {
	var why []string
	for _, t := range x.On[o.ARN] {
		name, of := ServiceName(t)
		s := x.Served[name]
		switch {
		case x.Alone(t) && x.Order.Standalone == roll.SkipThem:
			why = append(why, "the stand-alone task "+t.ID+" runs there")
		case of && s != nil && !Movable(s, s.MaxPct) && x.Edit(name) == nil && !x.Order.Patch:
			why = append(why, fmt.Sprintf("%s may neither start another task nor stop one (minimumHealthyPercent %d, maximumPercent %d)", name, s.MinPct, s.MaxPct))
		}
	}
	return strings.Join(why, "; ")
}

// Baselines are how the services are before anything is touched.
func (x *Scene) Baselines() []roll.Baseline {
	var out []roll.Baseline
	for n := range x.Services {
		s := &x.Services[n]
		if s.Status != roll.NodeActive {
			continue
		}
		out = append(out, roll.Baseline{
			Name: s.Name, Desired: s.Desired, Running: s.Running, Healthy: s.Healthy, Failed: s.Primary().Rollout == "FAILED", Lowest: s.Healthy,
		})
	}
	return out
}
