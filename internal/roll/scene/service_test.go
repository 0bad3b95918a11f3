package scene

import (
	"testing"
	"time"

	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/placement"
	"berth/internal/roll"
)

func TestServicesOnOldInstances(t *testing.T) {
	deploying := func(s *roll.Service) { s.Revisions[0].Rollout = "IN_PROGRESS" }
	x := stage(
		nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c"), node("i-9", "a")),
		olds(old("i-1", "a", roll.Waiting), old("i-2", "b", roll.Draining), old("i-3", "c", roll.Waiting)),
		services(service("web", 2, deploying), service("api", 2, deploying), service("calm", 1), service("far", 1, deploying)),
		tasks(task("1", "i-1", "web"), task("2", "i-3", "web"), task("3", "i-2", "api"), task("4", "i-3", "calm"), task("5", "i-9", "far"),
			task("6", "i-1", "family:batch"), task("7", "i-1", "nobody"), task("8", "i-1", "over", last(roll.TaskStopped))))
	same(t, "that are being deployed", x.Busy(), []string{"api", "web"})
	same(t, "on those that wait", x.Touched(), map[string]bool{"web": true, "calm": true, "nobody": true})
	same(t, "without old ones", []any{stage().Busy(), stage().Touched()}, []any{[]string(nil), map[string]bool{}})
}

func TestADeploymentIsUnderWay(t *testing.T) {
	two := func(s *roll.Service) {
		s.Revisions = append(s.Revisions, live.RevisionRunning{Status: "ACTIVE", Rollout: "COMPLETED"})
	}
	for name, c := range map[string]struct {
		service roll.Service
		want    bool
	}{
		"completed":                 {service("web", 1), false},
		"in progress":               {service("web", 1, rollout("IN_PROGRESS")), true},
		"failed":                    {service("web", 1, rollout("FAILED")), false},
		"tasks of another are left": {service("web", 1, two), true},
		"without a revision":        {service("web", 1, func(s *roll.Service) { s.Revisions = nil }), false},
	} { // unordered: each by itself
		same(t, name, Deploying(&c.service), c.want)
	}
}

// The bounds are those of the ECS developer guide, "Container instance draining": the maximum is rounded down, the minimum up.
func TestAServiceCanMoveWhenItMayHaveOneMoreOrOneLess(t *testing.T) {
	for name, c := range map[string]struct {
		service roll.Service
		movable bool
	}{
		"the usual bounds":                {service("web", 1, bounds(100, 200)), true},
		"neither one more nor one less":   {service("web", 2, bounds(100, 100)), false},
		"one less":                        {service("web", 2, bounds(50, 100)), true},
		"one less is below the minimum":   {service("web", 1, bounds(50, 100)), false},
		"the minimum is rounded up":       {service("web", 3, bounds(67, 100)), false},
		"and allows one less":             {service("web", 3, bounds(66, 100)), true},
		"one more":                        {service("web", 4, bounds(100, 125)), true},
		"the maximum is rounded down":     {service("web", 4, bounds(100, 124)), false},
		"a maximum that is no whole task": {service("web", 1, bounds(100, 199)), false},
		"nothing is wanted":               {service("web", 0, bounds(100, 100)), true},
		"a daemon":                        {service("logs", 3, bounds(100, 100), daemon), true},
		"a minimum of nothing":            {service("web", 1, bounds(0, 100)), true},
	} { // unordered: each by itself
		same(t, name, Movable(&c.service, c.service.MaxPct), c.movable)
		same(t, name+", patched", Movable(&c.service, Patched), true)
	}
}

func TestConstraintsAreTheServicesOwn(t *testing.T) {
	s := service("web", 1, func(s *roll.Service) {
		s.Spec = document.New("placementConstraints", document.Items(
			document.New("type", document.Of("distinctInstance")), document.New("type", document.Of("memberOf"), "expression", document.Of("a == b"))))
	})
	same(t, "constraints", ConstraintsOf(&s), []placement.Constraint{{Type: "distinctInstance"}, {Type: "memberOf", Expression: "a == b"}})
}

func TestServicesThatAreWorseThanTheyWere(t *testing.T) {
	was := roll.Baseline{Name: "web", Desired: 4, Healthy: 4}
	says := func(text string) []roll.Line { return []roll.Line{{Subject: "web", Text: text}} }
	for name, c := range map[string]struct {
		was            roll.Baseline
		service        roll.Service
		ill, unsettled []roll.Line
	}{
		"as it was": {was, service("web", 4), nil, nil},
		"fewer than must be": {
			was, service("web", 4, healthy(3)), says("3 of 4 tasks are healthy, fewer than the 4 that must be"), says("3 of 4 tasks are healthy, 4 were"),
		},
		"as few as it allows":           {was, service("web", 4, healthy(2), bounds(50, 200)), nil, says("2 of 4 tasks are healthy, 4 were")},
		"one fewer than it allows":      {was, service("web", 4, healthy(1), bounds(50, 200)), says("1 of 4 tasks are healthy, fewer than the 2 that must be"), says("1 of 4 tasks are healthy, 4 were")},
		"the minimum is rounded up":     {was, service("web", 4, healthy(1), bounds(26, 200)), says("1 of 4 tasks are healthy, fewer than the 2 that must be"), says("1 of 4 tasks are healthy, 4 were")},
		"rounded up from a hundredth":   {roll.Baseline{Name: "web", Desired: 3, Healthy: 3}, service("web", 3, healthy(2), bounds(67, 200)), says("2 of 3 tasks are healthy, fewer than the 3 that must be"), says("2 of 3 tasks are healthy, 3 were")},
		"it was no better before":       {roll.Baseline{Name: "web", Desired: 4, Healthy: 1}, service("web", 4, healthy(1)), nil, nil},
		"it is worse than bad":          {roll.Baseline{Name: "web", Desired: 4, Healthy: 2}, service("web", 4, healthy(1)), says("1 of 4 tasks are healthy, fewer than the 2 that must be"), says("1 of 4 tasks are healthy, 2 were")},
		"somebody makes it smaller":     {was, service("web", 2), nil, nil},
		"somebody makes it larger":      {was, service("web", 8, healthy(4)), nil, nil},
		"larger, and worse":             {was, service("web", 8, healthy(3)), says("3 of 8 tasks are healthy, fewer than the 4 that must be"), says("3 of 8 tasks are healthy, 4 were")},
		"somebody stops it":             {was, service("web", 0), nil, nil},
		"a daemon is counted elsewhere": {was, service("web", 4, healthy(1), daemon), nil, nil},
		"it is being deleted":           {was, service("web", 4, healthy(0), gone), nil, nil},
		"it is gone":                    {roll.Baseline{Name: "gone", Desired: 4, Healthy: 4}, service("web", 4), nil, nil},
		"its deployment has failed": {
			was, service("web", 4, rollout("FAILED"), func(s *roll.Service) { s.Revisions[0].Reason = "tasks failed to start." }),
			says("its deployment has failed: tasks failed to start."), nil,
		},
		"it had failed before": {roll.Baseline{Name: "web", Desired: 4, Healthy: 4, Failed: true}, service("web", 4, rollout("FAILED")), nil, nil},
	} { // unordered: each by itself
		x := stage(services(c.service), func(s *roll.Snapshot) { s.Memory.Services = []roll.Baseline{c.was} })
		same(t, name, [][]roll.Line{x.Ill(), x.Unsettled()}, [][]roll.Line{c.ill, c.unsettled})
	}
}

func TestServicesNewSinceTheBeginningAreNobodysBusiness(t *testing.T) {
	x := stage(services(service("web", 4, healthy(0))))
	same(t, "a service that was not there", [][]roll.Line{x.Ill(), x.Unsettled()}, [][]roll.Line{nil, nil})
}

func TestHowLongAllHasBeenWell(t *testing.T) {
	same(t, "not at all", stage().WellFor(), time.Duration(0))
	same(t, "for a while", stage(func(s *roll.Snapshot) { s.Memory.Well = noon().Add(-time.Minute) }).WellFor(), time.Minute)
}

func TestInstancesThatCannotBeDrained(t *testing.T) {
	skip := order(func(o *roll.Order) { o.Standalone = roll.SkipThem })
	patch := order(func(o *roll.Order) { o.Patch = true })
	stiff := services(service("web", 2, bounds(100, 100)))
	edited := func(s *roll.Snapshot) { s.Memory.Edits = []roll.Edit{{Service: "web"}} }
	probe := task("p", "i-1", "family:probe", func(t *live.Task) { t.StartedBy = roll.ProbePrefix + "run-1" })
	for name, c := range map[string]struct {
		want  string
		parts []part
	}{
		"empty":                                 {"", nil},
		"a service that moves":                  {"", []part{services(service("web", 2)), tasks(task("1", "i-1", "web"))}},
		"a stiff one":                           {"web may neither start another task nor stop one (minimumHealthyPercent 100, maximumPercent 100)", []part{stiff, tasks(task("1", "i-1", "web"))}},
		"a stiff one that may be patched":       {"", []part{stiff, tasks(task("1", "i-1", "web")), patch}},
		"a stiff one that is patched":           {"", []part{stiff, tasks(task("1", "i-1", "web")), edited}},
		"a stiff one elsewhere":                 {"", []part{stiff, tasks(task("1", "i-2", "web"))}},
		"one that nobody knows":                 {"", []part{tasks(task("1", "i-1", "nobody"))}},
		"a stand-alone task that is waited for": {"", []part{tasks(task("1", "i-1", "family:batch"))}},
		"a stand-alone task":                    {"the stand-alone task 1 runs there", []part{skip, tasks(task("1", "i-1", "family:batch"))}},
		"one that has stopped":                  {"", []part{skip, tasks(task("1", "i-1", "family:batch", last(roll.TaskStopped)))}},
		"the roll's own probe":                  {"", []part{skip, tasks(probe)}},
		"both": {
			"the stand-alone task 1 runs there; web may neither start another task nor stop one (minimumHealthyPercent 100, maximumPercent 100)",
			[]part{skip, stiff, tasks(task("1", "i-1", "family:batch"), task("2", "i-1", "web"))},
		},
	} { // unordered: each by itself
		one := old("i-1", "a", roll.Waiting)
		x := stage(append(c.parts, nodes(node("i-1", "a"), node("i-2", "b")), olds(one))...)
		same(t, name, x.Stays(&one), c.want)
	}
}
