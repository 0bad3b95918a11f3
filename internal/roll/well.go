package roll

import (
	"fmt"
	"strings"
)

// baseline is how the services are before anything is touched.
func (x *mind) baseline() {
	x.m.Services = nil
	for n := range x.Services {
		s := &x.Services[n]
		if s.Status != active {
			continue
		}
		x.m.Services = append(x.m.Services, Baseline{
			Name: s.Name, Desired: s.Desired, Running: s.Running, Healthy: s.Healthy, Failed: s.Primary().Rollout == "FAILED", Lowest: s.Healthy,
		})
	}
}

// ill says which services are worse than they were, below what their own settings allow. What was wrong before is nobody's business
// here, and what a service's own settings allow while its tasks move is no harm.
func (x *mind) ill() []Line {
	var out []Line
	for _, b := range x.m.Services {
		s := x.served[b.Name]
		if s == nil || s.Status != active || s.Daemon {
			continue
		}
		if least := x.least(s, b); s.Healthy < least {
			out = append(out, Line{s.Name, fmt.Sprintf("%d of %d tasks are healthy, fewer than the %d that must be", s.Healthy, s.Desired, least)})
		}
		if !b.Failed && s.Primary().Rollout == "FAILED" {
			out = append(out, Line{s.Name, "its deployment has failed: " + s.Primary().Reason})
		}
	}
	return out
}

// least is how many healthy tasks a service must have.
func (x *mind) least(s *Service, b Baseline) int {
	return min(b.Healthy, (min(s.Desired, b.Desired)*s.MinPct+99)/100)
}

// unsettled says which services have not got back all that they had; of what their settings allow meanwhile nothing is taken off.
func (x *mind) unsettled() []Line {
	var out []Line
	for _, b := range x.m.Services {
		s := x.served[b.Name]
		if s == nil || s.Status != active || s.Daemon {
			continue
		}
		if want := min(s.Desired, b.Healthy); s.Healthy < want {
			out = append(out, Line{s.Name, fmt.Sprintf("%d of %d tasks are healthy, %d were", s.Healthy, s.Desired, b.Healthy)})
		}
	}
	return out
}

// deploying tells whether a deployment of a service is under way.
func deploying(s *Service) bool {
	return len(s.Revisions) > 1 || s.Primary().Rollout == "IN_PROGRESS"
}

// movable tells whether ECS can replace a task of a service at all: it may start one more, or do with one less (ECS developer
// guide, "Container instance draining").
func movable(s *Service, pct int) bool {
	return s.Daemon || s.Desired == 0 || s.Desired*pct/100 > s.Desired || (s.Desired*s.MinPct+99)/100 < s.Desired
}

// patched is the maximumPercent with which a service can start one more than it is to have.
func patched(s *Service) int {
	pct := 200
	for s.Desired*pct/100 <= s.Desired {
		pct += 100
	}
	return pct
}

// edit is what was changed of a service; nil: nothing.
func (x *mind) edit(name string) *Edit {
	for n := range x.m.Edits {
		if x.m.Edits[n].Service == name {
			return &x.m.Edits[n]
		}
	}
	return nil
}

// stays tells why an instance cannot be drained whatever happens; empty: it can.
func (x *mind) stays(o *Old) string {
	var why []string
	for _, t := range x.on[o.ARN] {
		name, of := service(t)
		s := x.served[name]
		switch {
		case x.alone(t) && x.Order.Standalone == SkipThem:
			why = append(why, "the stand-alone task "+t.ID+" runs there")
		case of && s != nil && !movable(s, s.MaxPct) && x.edit(name) == nil && !x.Order.Patch:
			why = append(why, fmt.Sprintf("%s may neither start another task nor stop one (minimumHealthyPercent %d, maximumPercent %d)", name, s.MinPct, s.MaxPct))
		}
	}
	return strings.Join(why, "; ")
}
