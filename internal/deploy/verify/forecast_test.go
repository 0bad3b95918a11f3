package verify

import (
	"fmt"
	"slices"
	"testing"

	"berth/internal/deploy"
	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/placement"
)

func parsed(t *testing.T, text string) document.Value {
	t.Helper()
	v, err := document.Parse("x.json", []byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// full is a cluster of two instances on each of which two tasks of web run, one of job, and there is room for one more.
func full() Facts {
	f := Facts{Cluster: true, Default: []placement.Provider{{Name: "p", Weight: 1}}}
	for n := range 2 {
		i := live.Instance{
			ID: fmt.Sprint("i-", n), ARN: fmt.Sprint("arn:", n), Status: "ACTIVE", Connected: true, Provider: "p", Zone: fmt.Sprint("z", n),
			Total: live.Room{CPU: 4096, Memory: 512}, Free: live.Room{CPU: 4096, Memory: 128},
			Attributes: map[string]string{"com.amazonaws.ecs.capability.docker-remote-api.1.18": ""},
		}
		f.Found.Instances = append(f.Found.Instances, i)
		for k, group := range []string{"service:web", "service:web", "family:job"} {
			f.Found.Tasks = append(f.Found.Tasks, live.Task{
				ID: fmt.Sprint(n, k), Group: group, Instance: i.ARN, Zone: i.Zone, Last: "RUNNING", Desired: "RUNNING",
			})
		}
	}
	other := f.Found.Instances[1]
	other.ID, other.ARN, other.Provider, other.Zone, other.Free = "i-2", "arn:2", "q", "z2", other.Total
	f.Found.Instances = append(f.Found.Instances, other)
	return f
}

func TestAForecastShowsTheEnd(t *testing.T) {
	taskdef := `{"family": "job", "containerDefinitions": [{"name": "a", "image": "a:1", "memory": 128}]}`
	for name, c := range map[string]struct {
		service, spec string
		anew          bool
		standing      int
		on            []string // by order of landing; "": it finds none
		lost          int      // zones that have something to lose
	}{
		"all of an update are placed anew":              {"web", `{"desiredCount": 4}`, true, 0, []string{"i-0", "i-1", "i-0", "i-1"}, 2},
		"what an update adds comes beside the others":   {"web", `{"desiredCount": 5}`, false, 4, []string{"i-0"}, 2},
		"nothing lands when nothing is added":           {"web", `{"desiredCount": 4}`, false, 4, nil, 2},
		"nobody knows which ones stop":                  {"web", `{"desiredCount": 3}`, false, 0, []string{"i-0", "i-1", "i-0"}, 2},
		"a new service finds what others leave":         {"new", `{"desiredCount": 3}`, false, 0, []string{"i-0", "i-1", ""}, 2},
		"the folder's provider goes before the default": {"new", `{"desiredCount": 1, "capacityProviderStrategy": [{"capacityProvider": "q", "weight": 1}]}`, false, 0, []string{"i-2"}, 1},
		"a launch type takes any instance":              {"new", `{"desiredCount": 3, "launchType": "EC2"}`, false, 0, []string{"i-0", "i-1", "i-2"}, 3},
		"a daemon comes to each":                        {"agent", `{"schedulingStrategy": "DAEMON", "launchType": "EC2"}`, false, 0, []string{"i-0", "i-1", "i-2"}, 3},
		"a task that runs once comes beside others":     {"", `{"count": 1}`, false, 2, []string{"i-0"}, 2},
		"none is to run":                                {"new", `{"desiredCount": 0}`, false, 0, nil, 0},
	} {
		o := deploy.Order{Service: c.service, Definition: parsed(t, taskdef), Spec: parsed(t, c.spec)}
		got, known := Foresee(o, full(), c.anew)
		var on []string
		for _, l := range got.Landings {
			on = append(on, l.Instance)
		}
		if !known || got.Standing != c.standing || !slices.Equal(on, c.on) || len(got.Loss) != c.lost {
			t.Errorf("%s: %v, %d standing, %q, %+v", name, known, got.Standing, on, got.Loss)
		}
	}
	if _, known := Foresee(deploy.Order{}, Facts{}, true); known {
		t.Error("a cluster that nobody looked at is known")
	}
}

func TestATaskThatRunsOnceLeavesNoDeploymentWaiting(t *testing.T) {
	def := parsed(t, `{"family": "job", "containerDefinitions": [{"name": "a", "image": "a:1", "memory": 512}]}`)
	f := full()
	f.Default[0].Name = "q" // with one instance, on which it leaves no room for another
	if found := Check(deploy.Order{Definition: def, Spec: parsed(t, `{"count": 1}`)}, f); len(found) > 0 {
		t.Errorf("%+v", found)
	}
}
