package scene

import (
	"testing"
	"time"

	"berth/internal/live"
	"berth/internal/roll"
)

func probing(t *live.Task) { t.Group, t.StartedBy = "family:probe", roll.ProbePrefix+"run-1" }

// ended is a task that has stopped, whose containers ended so.
func ended(codes ...*int) func(*live.Task) {
	return func(t *live.Task) {
		t.Last = roll.TaskStopped
		for _, code := range codes {
			t.Containers = append(t.Containers, live.Container{Exit: code})
		}
	}
}

func TestWhatATaskIs(t *testing.T) {
	type answer struct{ daemon, alone, probing bool }
	x := stage(services(service("web", 1), service("logs", 1, daemon)))
	for name, c := range map[string]struct {
		task live.Task
		want answer
	}{
		"a service's":                    {task("1", "i-1", "web"), answer{false, false, false}},
		"a daemon's":                     {task("1", "i-1", "logs"), answer{true, false, false}},
		"of a service that nobody knows": {task("1", "i-1", "nobody"), answer{false, false, false}},
		"a stand-alone one":              {task("1", "i-1", "family:batch"), answer{false, true, false}},
		"a family named like a daemon":   {task("1", "i-1", "family:logs"), answer{false, true, false}},
		"the probe":                      {task("1", "i-1", "web", probing), answer{false, false, true}},
		"somebody's with a name":         {task("1", "i-1", "family:batch", func(t *live.Task) { t.StartedBy = "me" }), answer{false, true, false}},
	} { // unordered: each by itself
		same(t, name, answer{x.Daemon(&c.task), x.Alone(&c.task), x.Probing(&c.task)}, c.want)
	}
}

func TestATaskSucceedsWhenEveryContainerEndsWith0(t *testing.T) {
	for name, c := range map[string]struct {
		task live.Task
		want bool
	}{
		"one":                      {task("1", "", "x", ended(new(0))), true},
		"two":                      {task("1", "", "x", ended(new(0), new(0))), true},
		"one of two does not":      {task("1", "", "x", ended(new(0), new(1))), false},
		"of one nobody knows how":  {task("1", "", "x", ended(new(0), nil)), false},
		"none has ever been there": {task("1", "", "x", ended()), false},
	} { // unordered: each by itself
		same(t, name, Succeeded(&c.task), c.want)
	}
	same(t, "why not", []string{Failure(&live.Task{}), Failure(&live.Task{Reason: "CannotPullContainerError"})}, []string{"a container did not end with 0", "CannotPullContainerError"})
}

func TestAProbeFailsOnlyWhenItHasEndedBadly(t *testing.T) {
	one := fresh("i-1", "a", roll.Proving)
	one.Probe = "t/p"
	for name, c := range map[string]struct {
		parts []part
		want  bool
	}{
		"nobody has seen it":   {nil, false},
		"it runs":              {[]part{tasks(task("p", "i-1", "", probing))}, false},
		"it ended with 0":      {[]part{tasks(task("p", "i-1", "", probing, ended(new(0))))}, false},
		"it ended with 3":      {[]part{tasks(task("p", "i-1", "", probing, ended(new(3))))}, true},
		"it never began":       {[]part{tasks(task("p", "i-1", "", probing, ended()))}, true},
		"another one ended so": {[]part{tasks(task("q", "i-1", "", probing, ended(new(3))))}, false},
	} { // unordered: each by itself
		same(t, name, stage(c.parts...).ProbeFailed(&one), c.want)
	}
	same(t, "none was started", stage(tasks(live.Task{Last: roll.TaskStopped})).ProbeFailed(&roll.New{}), false)
}

func TestTasksThatADrainWaitsFor(t *testing.T) {
	leaves := func(t *live.Task) { t.Desired = roll.TaskStopped }
	x := stage(services(service("web", 1), service("logs", 1, daemon)), tasks(
		task("1", "i-1", "web"), task("2", "i-1", "web", last(roll.TaskStopped)), task("3", "i-1", "web", leaves), task("4", "i-1", "logs"), task("5", "i-1", "family:batch")))
	ids := func(left []*live.Task) (out []string) {
		for _, one := range left {
			out = append(out, one.ID)
		}
		return out
	}
	all := []string{"t/1", "t/2", "t/3", "t/4", "t/5", "t/unknown"}
	same(t, "while the agent answers", ids(x.Left(all, new(node("i-1", "a")))), []string{"1", "3", "4", "5"})
	same(t, "while it does not", ids(x.Left(all, new(node("i-1", "a", deaf)))), []string{"1", "5"})
	same(t, "of none", ids(x.Left(nil, new(node("i-1", "a")))), []string(nil))
}

func TestWhatADrainWaitsForIsSaid(t *testing.T) {
	at := func(ago time.Duration) func(*live.Task) {
		return func(t *live.Task) { t.Last, t.Stopping = "DEACTIVATING", noon().Add(-ago) }
	}
	until := func(after time.Duration) func(*live.Task) {
		return func(t *live.Task) { t.Protected = noon().Add(after) }
	}
	web := func(changes ...func(*live.Task)) live.Task { return task("1", "i-1", "web", changes...) }
	for name, c := range map[string]struct {
		left []live.Task
		want string
	}{
		"nothing that is known": {nil, "3 tasks left"},
		"one":                   {[]live.Task{web()}, "1 task left: web"},
		"in order of the names": {[]live.Task{web(), task("2", "i-1", "api")}, "2 tasks left: api, web"},
		"deregistering":         {[]live.Task{web(at(90*time.Second + 400*time.Millisecond))}, "1 task left: web (deregistering 1m30s)"},
		"deactivating":          {[]live.Task{web(last("DEACTIVATING"))}, "1 task left: web (deactivating)"},
		"stopping":              {[]live.Task{web(at(time.Minute), last("STOPPING"))}, "1 task left: web (stopping)"},
		"protected":             {[]live.Task{web(until(time.Hour))}, "1 task left: web (protected until 13:00)"},
		"protected no longer":   {[]live.Task{web(until(0))}, "1 task left: web"},
		"stand-alone":           {[]live.Task{task("1", "i-1", "family:batch")}, "1 task left: batch (stand-alone)"},
		"the probe":             {[]live.Task{web(probing)}, "1 task left: probe"},
		"five":                  {[]live.Task{web(), web(), web(), web(), web()}, "5 tasks left: web, web, web, web, web"},
		"six":                   {[]live.Task{web(), web(), web(), web(), web(), task("6", "i-1", "zoo")}, "6 tasks left: web, web, web, web, web, 1 more"},
		"many":                  {[]live.Task{web(), web(), web(), web(), web(), web(), web()}, "7 tasks left: web, web, web, web, web, 2 more"},
	} { // unordered: each by itself
		x, left := stage(), []*live.Task{}
		for n := range c.left {
			left = append(left, &c.left[n])
		}
		n := node("i-1", "a", func(n *roll.Node) { n.Running, n.Pending = 2, 1 })
		same(t, name, x.Waits(left, &n), "draining: "+c.want)
	}
	x, one := stage(), web()
	same(t, "what keeps it", x.Keeps([]*live.Task{&one}, new(node("i-1", "a"))), "web")
	same(t, "nobody knows what", x.Keeps(nil, new(node("i-1", "a"))), "nobody knows what keeps it")
}

func TestHalfwayIsAServiceWithMoreThanItIsToHaveAndNotAllHealthy(t *testing.T) {
	has := func(running, pending, healthy int) roll.Service {
		return service("web", 2, func(s *roll.Service) { s.Running, s.Pending, s.Healthy = running, pending, healthy })
	}
	for name, c := range map[string]struct {
		service roll.Service
		held    string
		want    bool
	}{
		"as many as it is to have": {has(2, 0, 1), "service:web", false},
		"one more runs":            {has(3, 0, 2), "service:web", true},
		"one more begins":          {has(2, 1, 2), "service:web", true},
		"one more, and all well":   {has(3, 0, 3), "service:web", false},
		"fewer":                    {has(1, 0, 0), "service:web", false},
		"nothing of it hung there": {has(3, 0, 2), "service:api", false},
		"a stand-alone task":       {has(3, 0, 2), "family:web", false},
	} { // unordered: each by itself
		one := old("i-1", "a", roll.Draining)
		one.Held = []string{c.held}
		same(t, name, stage(services(c.service)).Halfway(&one), c.want)
	}
	same(t, "nothing hung there", stage(services(has(3, 0, 2))).Halfway(new(old("i-1", "a", roll.Draining))), false)
}
