package sim

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"berth/internal/sim/world"
)

// Faults are the sentences that say again what is wrong in the world now, each for the time that it has left. What has struck
// and is over, such as a terminated instance, is no fault any more; nor is what a scenario will say later.
func (s *Sim) Faults() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	out := troubles(s.world)
	for _, r := range s.world.Regions.All() {
		out = append(out, outages(s.world, r)...)
		for _, code := range sortedCodes(r.Quotas) {
			out = append(out, fmt.Sprintf("quota %s is %d", code, r.Quotas[code]))
		}
	}
	return out
}

// troubles are what goes wrong with calls.
func troubles(w *world.World) []string {
	var out []string
	for _, t := range w.Troubles {
		if over(w, t.Until) {
			continue
		}
		text := saying(t) + left(w, t.Until)
		if t.Times > 0 {
			text += fmt.Sprintf(" %d times", t.Times)
		}
		out = append(out, text)
	}
	for _, name := range []string{"rough", "storm"} {
		if w.Weather == weathers(name) {
			out = append(out, "weather "+name)
		}
	}
	return out
}

// saying is a trouble without how long it lasts.
func saying(t world.Trouble) string {
	if t.Fault == world.Refuse {
		text := "refuse " + t.Call + " with " + t.Code
		if t.Message != "" {
			text += " saying " + strconv.Quote(t.Message)
		}
		if t.Status != 0 {
			text += fmt.Sprintf(" status %d", t.Status)
		}
		return text
	}
	return map[world.Fault]string{
		world.Throttle: "throttle", world.Break: "break", world.LoseRequest: "lose requests of", world.LoseAnswer: "lose answers of",
		world.StaleRead: "stale reads of",
	}[t.Fault] + " " + t.Call
}

// outages are what is broken beside calls in a region, and what cannot be had.
func outages(w *world.World, r *world.Region) []string {
	var out []string
	for _, o := range r.EC2.Outages.All() {
		if text := struck(o); text != "" && o.State == world.OutageActive && !over(w, o.Until) {
			out = append(out, text+left(w, o.Until))
		}
	}
	for _, s := range r.EC2.Shortages {
		if s.Outage == "" && !over(w, s.Until) {
			out = append(out, lacking(s.Type, s.Zone)+left(w, s.Until))
		}
	}
	for image, o := range r.ECS.Unpullable.All() {
		if !over(w, o.Until) {
			out = append(out, "pulls of "+image+" fail as "+o.Kind+left(w, o.Until))
		}
	}
	return out
}

// struck is an outage without how long it lasts; empty for those that strike once.
func struck(o *world.Disruption) string {
	switch o.Kind {
	case world.OutagePower:
		return "zone " + o.Zone + " down"
	case world.OutageNetwork:
		return "zone " + o.Zone + " cut off"
	case world.OutageCapacity:
		return lacking(o.Type, o.Zone)
	case world.OutageImpaired:
		return "instance " + o.Instance + " impaired"
	case world.OutageAgent:
		return "agent of " + o.Instance + " gone"
	case world.OutageDeadImage:
		return "image " + o.Image + " never boots"
	case world.OutageMuteImage:
		return "image " + o.Image + " never registers"
	}
	return ""
}

func lacking(kind, zone string) string {
	text := "no capacity"
	if kind != "" {
		text += " for " + kind
	}
	if zone != "" {
		text += " in " + zone
	}
	return text
}

// left is how long something lasts from now on; empty where it lasts until it is healed.
func left(w *world.World, until time.Time) string {
	if until.IsZero() {
		return ""
	}
	return " for " + max(until.Sub(w.Now()).Round(time.Second), time.Second).String()
}

func over(w *world.World, until time.Time) bool { return !until.IsZero() && !until.After(w.Now()) }

func sortedCodes(quotas map[string]int) []string {
	var codes []string
	for code := range quotas { // unordered: sorted below
		codes = append(codes, code)
	}
	slices.Sort(codes)
	return codes
}
