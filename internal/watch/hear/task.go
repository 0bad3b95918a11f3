package hear

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/internal/diagnose"
	"berth/internal/diagnose/reason"
	"berth/internal/document"
	"berth/internal/live"
	"berth/internal/watch"
)

// task tells what a task's change says.
func (l *listener) task() ([]watch.Signal, error) {
	d := &l.Detail
	if err := l.ours(); err != nil {
		return nil, err
	}
	if d.Task == "" {
		return nil, refuse("a task without an ARN")
	}
	if d.Desired != "STOPPED" && d.Last != "STOPPED" {
		return nil, nil
	}
	t := d.task()
	if ended(&t).IsZero() {
		t.Stopped = l.at
	}
	found := taskSignals(t, d.definition())
	for n := range found {
		modest(&found[n])
		found[n].At = l.when(found[n].At)
	}
	return found, nil
}

// task is the task as captures have it.
func (d *detail) task() live.Task {
	t := live.Task{
		ID: lastOf(d.Task), ARN: d.Task, Group: d.Group, StartedBy: d.StartedBy, Definition: d.Definition, Last: d.Last, Desired: d.Desired,
		StopCode: d.StopCode, Reason: d.Stop, Instance: d.Instance, Zone: d.Zone, Connected: d.Agent != "DISCONNECTED",
		Created: moment(d.Created), Started: moment(d.Started), Stopping: moment(d.Stopping), Stopped: moment(d.Stopped),
	}
	for _, c := range d.Containers[:min(len(d.Containers), mostParts)] {
		t.Containers = append(t.Containers, live.Container{Name: c.Name, Image: c.Image, Last: c.Last, Reason: c.Reason, Exit: c.Exit})
	}
	return t
}

// definition is what the event tells of the task's definition: its limits of memory.
func (d *detail) definition() *live.Definition {
	var containers []document.Value
	for _, c := range d.Containers[:min(len(d.Containers), mostParts)] {
		containers = append(containers, limited(document.New("name", document.Of(c.Name)), c.Memory))
	}
	spec := limited(document.Value{Kind: document.Object}, d.Memory)
	return &live.Definition{ARN: d.Definition, Spec: spec.With("containerDefinitions", document.Items(containers...))}
}

// limited adds a limit of memory in MiB, where there is one.
func limited(spec document.Value, memory string) document.Value {
	if n, err := strconv.Atoi(memory); err == nil && n > 0 {
		return spec.With("memory", document.Int(n))
	}
	return spec
}

// taskSignals are what the end of a task says, whoever saw it: an event and a look that see the same task say the same.
func taskSignals(t live.Task, d *live.Definition) []watch.Signal {
	of := taskOf(t)
	if of.Kind == aFamily {
		t.Group = "family:" + of.Name
	}
	c := live.Capture{Tasks: []live.Task{t}}
	if d != nil {
		c.Definitions = []live.Definition{*d}
	}
	found := diagnose.Of(c)
	switch {
	case len(found) == 0 && of.Kind == aFamily && wellEnded(t):
		return []watch.Signal{{ID: t.ARN, At: ended(&t), Cause: watch.Cause{Scope: aFamily + "/" + of.Name}, Member: aFamily + "/" + of.Name, Well: true}}
	case len(found) == 0, found[0].Code == reason.ByHand, found[0].Code == reason.Unknown && t.Last != "STOPPED":
		return nil // what is to come of it will be said when it has stopped
	case familyOf(found[0].Code) == watch.Health && !t.Connected:
		return buried(t, of, found[0])
	}
	s := told(found[0], of, registryOf(t, found[0]))
	switch {
	case s.Cause.Family == watch.Host:
		return []watch.Signal{lost(t, of, found[0])}
	case s.Code == reason.Unknown: // no symptom: this task did end
		s.Cause.Family, s.Hold = watch.Ends, 0
	}
	if s.Cause.Family == watch.Health && t.Last != "STOPPED" {
		s.Hold = ailing
	}
	s.ID, s.At = t.ARN, ended(&t)
	return []watch.Signal{s}
}

// ailing is how long a task may take to end whose health check fails. Only then it is known whether its machine was the reason.
const ailing = 30 * time.Second

// buried is the end of a task whose health check failed, and of whose instance nothing is heard. While ECS cannot stop a task that
// the agent does not let go of, that is told of the instance; a task that did stop went with its machine, and nothing was wrong with
// its health.
func buried(t live.Task, of live.Subject, d diagnose.Diagnosis) []watch.Signal {
	if t.Last != "STOPPED" {
		return nil
	}
	d.Code, d.Fix = reason.HostGone, "look for why it went: aws autoscaling describe-scaling-activities, and the EC2 console; ECS starts its tasks elsewhere"
	d.Evidence = []string{"AWS says: " + t.Reason}
	s := lost(t, of, d)
	well := watch.Signal{ID: t.ARN + "/health", At: s.At, Cause: watch.CauseOf(reason.NoAnswer, of, ""), Member: of.Kind + "/" + of.Name, Well: true}
	return []watch.Signal{s, well}
}

// lost is the end of a task that went with its machine.
func lost(t live.Task, of live.Subject, d diagnose.Diagnosis) watch.Signal {
	host := live.Subject{Kind: aInstance, Name: or(machineIn(t.Reason), or(lastOf(t.Instance), of.Name))}
	s := told(d, host, t.Zone)
	s.Text = "instance " + host.Name + " was stopped or terminated with tasks on it, of " + of.Name + " among others"
	if d.Code == reason.SpotTaken {
		s.Text = "EC2 took Spot Instance " + host.Name + " back with tasks on it, of " + of.Name + " among others"
	}
	if of.Kind == aFamily { // nobody tries a job again
		s.Severity = watch.Error
	}
	s.ID, s.At = t.ARN+"/host", t.Stopped
	if s.At.IsZero() {
		s.At = ended(&t)
	}
	return s
}

// modest takes back what is said of things that an event does not tell: how a health check was answered, and where logs are.
func modest(s *watch.Signal) {
	of := nameOf(s.Member)
	why := "berth why " + of
	switch s.Code {
	case reason.NoAnswer:
		s.Text = "the load balancer finds tasks of " + of + " unhealthy, and ECS replaces them"
		s.Fix = "ask what its health check was answered: " + why
	case reason.ExitCode, reason.Killed, reason.Crashed, reason.Unknown:
		s.Fix = "read the last lines of its log, which has the reason: " + why + " prints the command"
	}
}

// told is a diagnosis as a signal.
func told(d diagnose.Diagnosis, of live.Subject, about string) watch.Signal {
	return watch.Signal{
		Cause: watch.CauseOf(d.Code, of, about), Member: of.Kind + "/" + of.Name, Code: d.Code, Severity: severity(d.Code, of, d.Final),
		Text: d.Text, Fix: d.Fix, Evidence: d.Evidence, Hold: hold(d.Code),
	}
}

// taskOf is whose task it is: a service's, or else one of its family, whatever group somebody gave it.
func taskOf(t live.Task) live.Subject {
	if name, ok := strings.CutPrefix(t.Group, "service:"); ok && name != "" {
		return live.Subject{Kind: aService, Name: name}
	}
	family, _, _ := strings.Cut(lastOf(t.Definition), ":")
	if family == "" {
		family = or(strings.TrimPrefix(t.Group, "family:"), t.ID)
	}
	return live.Subject{Kind: aFamily, Name: family}
}

// wellEnded tells whether a task did what it should: it ended by itself, and with 0.
func wellEnded(t live.Task) bool {
	return t.Last == "STOPPED" && t.StopCode == "EssentialContainerExited" &&
		slices.ContainsFunc(t.Containers, func(c live.Container) bool { return c.Exit != nil && *c.Exit == 0 })
}

// registryOf is the registry of the image that a diagnosis names; empty: it names none.
func registryOf(t live.Task, d diagnose.Diagnosis) string {
	if familyOf(d.Code) != watch.Registry {
		return ""
	}
	for _, c := range t.Containers {
		if c.Image != "" && strings.Contains(d.Text, c.Image) {
			return reason.Registry(c.Image)
		}
	}
	return ""
}

// machineIn is the EC2 instance that a text names; empty: none.
func machineIn(text string) string {
	_, rest, ok := strings.Cut(text, "i-")
	n := 0
	for n < len(rest) && strings.IndexByte("0123456789abcdef", rest[n]) >= 0 {
		n++
	}
	if !ok || n < 8 || n > 17 {
		return ""
	}
	return "i-" + rest[:n]
}

// ended is when a task was known to end; the zero time while it runs.
func ended(t *live.Task) time.Time {
	if t.Stopping.IsZero() {
		return t.Stopped
	}
	return t.Stopping
}

// lastOf is what stands behind the last slash of an ARN.
func lastOf(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
