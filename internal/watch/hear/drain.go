package hear

import (
	"fmt"
	"time"

	"berth/internal/diagnose"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// slowDrain is how long an instance may take to empty where nothing is known to keep it.
const slowDrain = 30 * time.Minute

// drains tells of the instances that shall empty: which ones cannot, and which ones have.
func (k *sight) drains() {
	on := map[string][]live.Task{}
	for _, t := range k.Tasks {
		if t.Last != "STOPPED" && t.Desired != "STOPPED" && t.Instance != "" {
			on[t.Instance] = append(on[t.Instance], t)
		}
	}
	for _, i := range k.Instances {
		if i.Status == "DRAINING" && i.ARN != "" && i.Connected { // without its agent nothing can empty it, which is told of that
			k.state(k.drain(i, on[i.ARN]))
		}
	}
}

// drain is one instance that shall empty. Daemons stay until nothing else is there (ECS developer guide, "Managed instance
// draining").
func (k *sight) drain(i live.Instance, tasks []live.Task) watch.Signal {
	of := live.Subject{Kind: aInstance, Name: i.ID}
	stay := 0
	for _, t := range tasks {
		if sv := k.services[taskOf(t).Name]; taskOf(t).Kind != aService || sv == nil || !sv.Daemon {
			stay++
		}
	}
	if stay == 0 && (i.Running == 0 || len(tasks) > 0) {
		return watch.Signal{Cause: watch.Cause{Family: watch.Drain, Scope: aInstance + "/" + i.ID}, Member: aInstance + "/" + i.ID, Well: true}
	}
	for _, d := range diagnose.Of(live.Capture{At: k.At, Services: k.Services, Instances: []live.Instance{i}, Tasks: tasks}) {
		if familyOf(d.Code) == watch.Drain {
			return told(d, of, "")
		}
	}
	s := told(diagnose.Diagnosis{
		Code: reason.Unknown, Text: fmt.Sprintf("instance %s drains, and still has tasks", i.ID), Evidence: []string{fmt.Sprintf("%d tasks are on it that shall go elsewhere", max(stay, 1))},
		Fix: "see what keeps it: berth why " + i.ID,
	}, of, "")
	s.Cause.Family, s.Hold = watch.Drain, slowDrain
	return s
}
