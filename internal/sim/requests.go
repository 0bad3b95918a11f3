package sim

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"berth/internal/sim/traffic"
	"berth/internal/sim/world"
)

// Requests is what became of the requests that met one listener rule and were meant for one target group.
type Requests struct {
	Region   string          `json:"region"`
	Balancer string          `json:"load_balancer"` // its name
	Port     int32           `json:"port"`          // of the listener
	Rule     string          `json:"rule,omitempty"`
	Group    string          `json:"target_group,omitempty"`
	Service  string          `json:"service,omitempty"` // "cluster/service"
	Rate     int64           `json:"rate"`              // requests a second that meet the rule now
	Offered  int64           `json:"offered"`
	Served   int64           `json:"served"`
	InFlight int64           `json:"in_flight"`
	Failed   int64           `json:"failed"`
	Reasons  []FailedFor     `json:"reasons,omitempty"` // why, where any did
	Seconds  int64           `json:"seconds,omitempty"` // of the clock in which requests failed
	First    *time.Time      `json:"first_failure,omitempty"`
	Last     *time.Time      `json:"last_failure,omitempty"`
	Failures []FailedStretch `json:"failures,omitempty"` // the latest stretches, oldest first
}

// FailedFor counts the requests that failed for one reason.
type FailedFor struct {
	Reason string `json:"reason"` // "no_target", "refused", "error", "cut"
	Count  int64  `json:"count"`
}

// Count is how many requests were offered, and what became of them.
type Count struct {
	Offered, Served int64
	Failed          []FailedFor // by reason, where any did
}

// Count sums up all requests so far.
func (f Figures) Count() Count {
	var all Count
	for _, r := range f.Requests {
		all.Offered += r.Offered
		all.Served += r.Served
		for _, why := range r.Reasons {
			all.add(why.Reason, why.Count)
		}
	}
	return all
}

// Since is what came to a count since an earlier one.
func (c Count) Since(before Count) Count {
	out := Count{Offered: c.Offered - before.Offered, Served: c.Served - before.Served}
	for _, why := range c.Failed {
		out.add(why.Reason, why.Count)
	}
	for _, why := range before.Failed {
		out.add(why.Reason, -why.Count)
	}
	out.Failed = slices.DeleteFunc(out.Failed, func(f FailedFor) bool { return f.Count <= 0 })
	return out
}

func (c *Count) add(reason string, n int64) {
	for i := range c.Failed {
		if c.Failed[i].Reason == reason {
			c.Failed[i].Count += n
			return
		}
	}
	c.Failed = append(c.Failed, FailedFor{reason, n})
}

// String is a count in words: "3600 requests served, 12 failed (7 refused, 5 cut)".
func (c Count) String() string {
	failed, why := int64(0), []string{}
	for _, f := range c.Failed {
		failed += f.Count
		why = append(why, fmt.Sprintf("%d %s", f.Count, strings.ReplaceAll(f.Reason, "_", " ")))
	}
	text := fmt.Sprintf("%d requests served, %d failed", c.Served, failed)
	if failed > 0 {
		text += " (" + strings.Join(why, ", ") + ")"
	}
	return text
}

// FailedStretch is when requests failed for one reason.
type FailedStretch struct {
	FailedFor
	From   time.Time `json:"from"`
	To     time.Time `json:"to"`
	Target string    `json:"target,omitempty"`
}

// requests counts what became of the requests of all regions by now.
func requests(w *world.World) []Requests {
	out := []Requests{}
	for _, f := range traffic.Figures(w) {
		one := Requests{
			Region: f.Region, Balancer: f.Balancer, Port: f.Port, Rule: f.Rule, Group: f.Group, Service: f.Service, Rate: f.Rate,
			Offered: f.Offered, Served: f.Served, InFlight: f.InFlight, Failed: f.Failed(), Seconds: f.Seconds,
		}
		for _, why := range []FailedFor{{traffic.NoTarget, f.NoTarget}, {traffic.Refused, f.Refused}, {traffic.Errors, f.Errors}, {traffic.Cut, f.Cut}} {
			if why.Count > 0 {
				one.Reasons = append(one.Reasons, why)
			}
		}
		if one.Failed > 0 {
			one.First, one.Last = &f.First, &f.Last
		}
		for _, x := range f.Failures {
			one.Failures = append(one.Failures, FailedStretch{FailedFor{x.Reason, x.Count}, x.From, x.To, x.Target})
		}
		out = append(out, one)
	}
	return out
}
