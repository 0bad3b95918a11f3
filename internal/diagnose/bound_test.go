package diagnose

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/txtar"

	"berth/internal/document"
	"berth/internal/live"
)

// golden is the capture of a case.
func golden(t *testing.T, code string) live.Capture {
	t.Helper()
	a, err := txtar.ParseFile("testdata/" + code + ".txtar")
	if err != nil {
		t.Fatal(err)
	}
	var c live.Capture
	if err := json.Unmarshal(a.Files[0].Data, &c); err != nil {
		t.Fatal(err)
	}
	return c
}

// withCode is the diagnosis of a code.
func withCode(found []Diagnosis, code string) (Diagnosis, bool) {
	i := slices.IndexFunc(found, func(d Diagnosis) bool { return d.Code == code })
	if i < 0 {
		return Diagnosis{}, false
	}
	return found[i], true
}

func TestAShortWaitAndAnOldEventAreNoCause(t *testing.T) {
	waits := golden(t, "WHY411")
	for n, task := range waits.Tasks {
		if task.Last == "PROVISIONING" {
			waits.Tasks[n].Created = waits.At.Add(time.Second - patience)
		}
	}
	if d, told := withCode(Of(waits), "WHY411"); told {
		t.Errorf("it has only begun to wait: %+v", d)
	}
	old := golden(t, "WHY401")
	old.At = old.At.Add(fresh)
	if d, told := withCode(Of(old), "WHY401"); told {
		t.Errorf("that was half an hour ago: %+v", d)
	}
}

func TestAGroupThatNobodyMakesLargerIsFull(t *testing.T) {
	for managed, want := range map[bool]string{true: "wait for managed scaling", false: "raise max_size"} {
		c := golden(t, "WHY401")
		c.Groups[0].Managed, c.Groups[0].Max = managed, c.Groups[0].Desired+1
		if d, _ := withCode(Of(c), "WHY401"); !strings.Contains(d.Fix, want) {
			t.Errorf("managed %v: %s", managed, d.Fix)
		}
	}
}

func TestWhatOneInstanceCouldHaveIsNotLackedForEver(t *testing.T) {
	c := golden(t, "WHY402")
	if d, _ := withCode(Of(c), "WHY402"); !d.Final {
		t.Fatalf("none can have it: %+v", d)
	}
	c.Instances[0].Total.Memory = 64000
	if d, _ := withCode(Of(c), "WHY402"); d.Final {
		t.Errorf("one could, were it empty: %+v", d)
	}
}

func TestWhatAnInstanceLacksAloneIsTheCause(t *testing.T) {
	c := golden(t, "WHY401")
	for n := range 2 {
		c.Instances[n].Status, c.Instances[n].Connected = "DRAINING", false
		c.Instances[n].Free.CPU = c.Instances[n].Total.CPU
	}
	if d, _ := withCode(Of(c), "WHY401"); !strings.Contains(d.Fix, "CPU units more must become free") {
		t.Errorf("%+v", d)
	}
}

func TestInterfacesThatNobodyCountedAreNeitherFreeNorTaken(t *testing.T) {
	c := golden(t, "WHY401")
	d := &c.Definitions[slices.IndexFunc(c.Definitions, func(d live.Definition) bool { return d.ARN == c.Services[0].Definition })]
	d.Spec = d.Spec.With("networkMode", document.Of("awsvpc"))
	for n := range c.Instances {
		i := &c.Instances[n]
		i.Attributes["ecs.capability.task-eni"], i.Attributes["com.amazonaws.ecs.capability.task-eni"] = "", ""
		i.Total.ENIs, i.Free.ENIs, i.Free.CPU, i.Free.Memory = 0, 0, 1<<20, 1<<20
	}
	for _, one := range Of(c) {
		if text := strings.Join(one.Evidence, "; "); strings.Contains(text, "has room now") || strings.Contains(text, "interface") {
			t.Errorf("%s: %s", one.Code, text)
		}
	}
}

func TestAnOlderDeploymentChangesNothing(t *testing.T) {
	for _, code := range []string{"WHY701", "WHY706"} {
		c := golden(t, code)
		before := Of(c)
		c.Deployments = append(c.Deployments, live.Deployment{
			ARN: "older", Service: c.Services[0].Name, Status: "SUCCESSFUL", Created: c.At.Add(-100 * time.Hour), Finished: c.At.Add(-99 * time.Hour),
		})
		if after := Of(c); spelled(after) != spelled(before) {
			t.Errorf("%s: %s", code, spelled(after))
		}
	}
}
