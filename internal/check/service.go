package check

import (
	"fmt"
	"slices"
)

// Service is what rules ask of a service that runs.
type Service struct {
	Name   string
	Daemon bool
	Wanted int
	Zones  map[string]int // how many of its tasks run in each zone of the cluster
}

// serviceRule finds one kind of thing about a service.
type serviceRule struct {
	code string
	look func(Service) (Finding, bool)
}

func serviceRules() []serviceRule {
	return []serviceRule{{"HA121", loneTask}, {"HA122", inOneZone}}
}

// With adds what there is to say about services to findings, in All's order.
func With(found []Finding, services []Service) []Finding {
	out := slices.Clone(found)
	for _, r := range serviceRules() {
		for _, s := range services {
			if f, is := r.look(s); is {
				f.Code, f.Severity = r.code, Info
				out = append(out, f)
			}
		}
	}
	slices.SortStableFunc(out, compare)
	return out
}

// loneTask is a service that stands still whenever its only task is moved or lost.
func loneTask(s Service) (Finding, bool) {
	return Finding{
		Text: fmt.Sprintf("service %s wants one task: while it is started anew elsewhere, nobody answers", s.Name),
		Fix:  "\"desiredCount\": 2 in its service.json, then berth deploy",
	}, !s.Daemon && s.Wanted == 1
}

// inOneZone is a service of several tasks that one zone takes with it, though the cluster has others.
func inOneZone(s Service) (Finding, bool) {
	all, most, where := 0, 0, ""
	for z, n := range s.Zones { // unordered: the largest of one is no choice
		all += n
		if n > most {
			most, where = n, z
		}
	}
	return Finding{
		Text: fmt.Sprintf("all %d tasks of service %s run in %s: its loss stops them all", all, s.Name, where),
		Fix:  "\"placementStrategy\": [{\"type\": \"spread\", \"field\": \"attribute:ecs.availability-zone\"}] in its service.json, then berth deploy",
	}, !s.Daemon && s.Wanted > 1 && len(s.Zones) > 1 && all > 1 && most == all
}
