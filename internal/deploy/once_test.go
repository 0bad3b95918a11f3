package deploy

import (
	"strings"
	"testing"

	"berth/internal/document"
	"berth/internal/live"
)

// job is a task that runs twice at once, with two essential containers and one that is not.
func job() Snapshot {
	s := Snapshot{At: noon, Run: Run{Began: noon}, Latest: revision(1)}
	s.Order = Order{Cluster: "shop", Spec: document.New("count", document.Int(2))}
	s.Order.Definition = document.New("family", document.Of("job"), "containerDefinitions", document.Items(
		document.New("name", document.Of("a")), document.New("name", document.Of("b")), document.New("name", document.Of("log"), "essential", document.Flag(false))))
	s.Latest.Spec = s.Order.Definition
	return s
}

// finished is a task whose containers ended so, in the order of their names.
func finished(id string, exits ...int) live.Task {
	t := live.Task{ID: id, ARN: id, StartedBy: StartedBy, Definition: revision(1).ARN, Last: "STOPPED", Desired: "STOPPED"}
	for i, code := range exits {
		t.Containers = append(t.Containers, live.Container{Name: []string{"a", "b", "log"}[i], Exit: new(code)})
	}
	return t
}

func TestATaskThatRunsOnceIsDoneOnlyWhenAllOfItIs(t *testing.T) {
	runs := live.Task{ID: "two", ARN: "two", StartedBy: StartedBy, Definition: revision(1).ARN, Last: "RUNNING", Desired: "RUNNING"}
	for name, c := range map[string]struct {
		known   []string
		tasks   []live.Task
		acted   bool
		refused []string
		want    Outcome
		says    string
	}{
		"all ended well":             {[]string{"one", "two"}, []live.Task{finished("one", 0, 0, 1), finished("two", 0, 0, 1)}, true, nil, Succeeded, "0"},
		"one ended badly":            {[]string{"one", "two"}, []live.Task{finished("one", 0, 0), finished("two", 0, 3)}, true, nil, Failed, "container b ended with 3"},
		"one has no container b":     {[]string{"one", "two"}, []live.Task{finished("one", 0, 0), finished("two", 0)}, true, nil, Failed, "before the container b did"},
		"one has no containers":      {[]string{"one", "two"}, []live.Task{finished("one", 0, 0), finished("two")}, true, nil, Failed, "before the container a did"},
		"one is not shown":           {[]string{"one", "two"}, []live.Task{finished("one", 0, 0)}, true, nil, Running, "does not show"},
		"one runs":                   {[]string{"one", "two"}, []live.Task{finished("one", 0, 0), runs}, true, nil, Running, "task two is running"},
		"AWS started one of two":     {[]string{"one"}, []live.Task{finished("one", 0, 0)}, true, []string{"RESOURCE:MEMORY"}, Failed, "RESOURCE:MEMORY"},
		"AWS started none":           {nil, nil, true, []string{"RESOURCE:MEMORY"}, Failed, "RESOURCE:MEMORY"},
		"one of an earlier run ends": {[]string{"one"}, []live.Task{finished("one", 0, 0)}, false, nil, Succeeded, "0"},
	} {
		s := job()
		s.Run.Tasks, s.Run.Acted, s.Run.Refused, s.Found.Tasks = c.known, c.acted, c.refused, c.tasks
		d := Decide(s)
		if d.Outcome != c.want || !strings.Contains(strings.Join(d.Why, "; "), c.says) {
			t.Errorf("%s: %q, %v", name, d.Outcome, d.Why)
		}
	}
}

func TestAllTasksOfARunThatDiedAreFollowed(t *testing.T) {
	s := job()
	for _, id := range []string{"one", "two"} {
		s.Found.Tasks = append(s.Found.Tasks, live.Task{ID: id, ARN: id, StartedBy: StartedBy, Definition: revision(1).ARN, Last: "RUNNING", Desired: "RUNNING"})
	}
	if d := Decide(s); len(d.Actions) > 0 || strings.Join(d.Run.Tasks, " ") != "one two" {
		t.Errorf("%+v", d)
	}
}

func TestATaskOfAnotherRevisionIsNotTakenForOnesOwn(t *testing.T) {
	for _, change := range []func(*live.Task){
		func(t *live.Task) { t.Definition = revision(2).ARN }, func(t *live.Task) { t.StartedBy = "somebody" }, func(t *live.Task) { t.Desired = "STOPPED" },
	} {
		s := job()
		other := live.Task{ID: "one", ARN: "one", StartedBy: StartedBy, Definition: revision(1).ARN, Last: "RUNNING", Desired: "RUNNING"}
		change(&other)
		s.Found.Tasks = []live.Task{other}
		if d := Decide(s); len(d.Actions) != 1 || d.Actions[0].Verb != RunTask {
			t.Errorf("%+v is followed", other)
		}
	}
}

func TestEveryStateOfATaskHasAWord(t *testing.T) {
	for _, state := range []string{"PROVISIONING", "PENDING", "ACTIVATING", "RUNNING", "DEACTIVATING", "STOPPING", "DEPROVISIONING"} {
		if got := describe(live.Task{Last: state}); strings.TrimSpace(got) == "" {
			t.Errorf("%s: nothing is said", state)
		}
	}
}
