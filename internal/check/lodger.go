package check

import (
	"berth/internal/check/words"
	"berth/internal/model"
	"berth/internal/plan"
)

// unreachable speaks of services whose load balancer goes. AWS asks nobody: the rules go with it, the tasks run on, and no
// request finds them.
func unreachable(in Input) []Finding {
	var out []Finding
	for _, c := range in.Plan.Changes {
		if c.Verb != plan.Delete || c.Key.Kind != model.KindLoadBalancer && c.Key.Kind != model.KindClassic {
			continue
		}
		var services []string
		for _, l := range in.Have.Lodgers {
			if l.Balancer == c.Key {
				services = append(services, l.Service)
			}
		}
		if len(services) == 0 {
			continue
		}
		f := Finding{
			Severity: Error,
			Text:     "load balancer " + c.Key.Name + " goes, and requests reach " + serviceText(services) + " through it",
			Fix:      "keep it in load_balancers; or first take it out of service.json of " + serviceText(services) + " and run berth deploy",
		}
		if c.Replaces {
			f.Text = "load balancer " + c.Key.Name + " is made anew, and requests reach " + serviceText(services) + " through the old one"
			f.Fix = "add the new one under another name in load_balancers, move " + serviceText(services) + " there with berth deploy, then take this one out"
		}
		out = append(out, in.at(f, "load_balancers."+c.Key.Name, "load_balancers"))
	}
	return out
}

func serviceText(names []string) string {
	if len(names) == 1 {
		return "service " + names[0]
	}
	return "services " + words.Enumerate(names)
}
