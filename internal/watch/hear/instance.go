package hear

import (
	"fmt"

	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/watch"
)

// instance tells what a container instance's change says.
func (l *listener) instance() ([]watch.Signal, error) {
	d := &l.Detail
	if err := l.ours(); err != nil {
		return nil, err
	}
	if d.Instance == "" || d.Connected == nil {
		return nil, refuse("a container instance without an ARN or a state")
	}
	found := instanceSignals(d.instance())
	for n := range found {
		found[n].At = l.when(moment(d.Updated))
		found[n].ID = l.ID
		if n > 0 {
			found[n].ID = fmt.Sprintf("%s/%d", l.ID, n)
		}
	}
	return found, nil
}

// instance is the instance as captures have it. Nobody knows how many tasks are on it where the event does not tell: then there may be
// one.
func (d *detail) instance() live.Instance {
	i := live.Instance{ID: or(d.Machine, lastOf(d.Instance)), ARN: d.Instance, Status: d.Status, Reason: d.StatusReason, Connected: *d.Connected, Agent: d.Versions.Agent, Running: 1}
	if d.Running != nil {
		i.Running = *d.Running
	}
	for _, a := range d.Attributes {
		switch a.Name {
		case "ecs.availability-zone":
			i.Zone = a.Value
		case "ecs.instance-type":
			i.Type = a.Value
		}
	}
	return i
}

// instanceSignals are what one instance's state says. One that goes, and has no tasks any more, is none of anybody's trouble.
func instanceSignals(i live.Instance) []watch.Signal {
	of := live.Subject{Kind: aInstance, Name: i.ID}
	connected := watch.Signal{Cause: watch.Cause{Family: watch.Host, Scope: within("zone", i.Zone)}, Member: aInstance + "/" + i.ID, Well: true}
	drained := watch.Signal{Cause: watch.Cause{Family: watch.Drain, Scope: aInstance + "/" + i.ID}, Member: aInstance + "/" + i.ID, Well: true}
	switch {
	case i.Status == "INACTIVE" || i.Status == "DEREGISTERING":
		return []watch.Signal{{Cause: watch.Cause{Scope: aInstance + "/" + i.ID}, Member: aInstance + "/" + i.ID, Well: true}}
	case i.Status == "REGISTERING":
		return nil
	case i.Status == "REGISTRATION_FAILED" || i.ARN == "":
		return absent(i, of)
	case i.Status == "DRAINING" && i.Running == 0:
		return []watch.Signal{connected, drained}
	case !i.Connected:
		return dark(i, of)
	case i.Status == "DRAINING":
		return []watch.Signal{connected}
	}
	return []watch.Signal{connected, drained}
}

// dark is an instance whose agent does not answer.
func dark(i live.Instance, of live.Subject) []watch.Signal {
	for _, d := range diagnose.Of(live.Capture{Instances: []live.Instance{i}}) {
		return []watch.Signal{told(d, of, i.Zone)}
	}
	return nil
}

// absent is a machine that has not become an instance of the cluster.
func absent(i live.Instance, of live.Subject) []watch.Signal {
	i.ARN, i.Group = "", or(i.Group, "unknown")
	return dark(i, of)
}
