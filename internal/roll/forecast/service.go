package forecast

import (
	"cmp"
	"fmt"
	"strconv"
	"strings"
	"time"

	"berth/internal/roll"
)

func itoa(n int) string { return strconv.Itoa(n) }

// raise is how a service gets the leave to start one task more.
const raise = `"maximumPercent": %d in service.json, then berth deploy; or berth roll --patch-services, which raises it for the roll and puts it back`

// arithmetic tells of services whose own settings let ECS move no task, or only by stopping it first (ECS developer guide, "Container
// instance draining").
func (c *scene) arithmetic() {
	if c.Order.Strategy == roll.Terminate {
		return
	}
	for _, name := range c.touched {
		s := c.served[name]
		if s == nil || s.Desired == 0 {
			continue
		}
		low, high := bounds(s, s.MaxPct)
		settings := fmt.Sprintf("minimumHealthyPercent %d and maximumPercent %d of %s", s.MinPct, s.MaxPct, several(s.Desired, "task"))
		f := Finding{Subject: name, Instances: c.of(name), Fix: fmt.Sprintf(raise, patched(s))}
		switch {
		case c.services[name].SetPct > 0:
			f.Code, f.Severity, f.Fix = "ROL101", Informs, ""
			f.Text = fmt.Sprintf("%s may neither start another task nor stop one (%s): its maximumPercent is %d during the roll, and %d again afterwards", name, settings, c.services[name].SetPct, s.MaxPct)
		case !movable(s, s.MaxPct):
			f.Code, f.Severity = "ROL101", Blocks
			f.Text = fmt.Sprintf("%s may neither start another task nor stop one: %s leave at least %d and at most %d", name, settings, low, high)
		case high > s.Desired:
			continue
		case low == 0:
			f.Code, f.Severity = "ROL102", Warns
			f.Text = fmt.Sprintf("%s may be without any task while it moves: %s let ECS stop the old before the new one starts", name, settings)
		default:
			f.Code, f.Severity = "ROL103", Informs
			f.Text = fmt.Sprintf("%s has as few as %d of %s while they move: %s let ECS start none beside them", name, low, several(s.Desired, "task"), settings)
		}
		c.add(f)
	}
}

// state tells of services that are not as they should be already.
func (c *scene) state() {
	for _, name := range c.touched {
		s := c.served[name]
		if s == nil {
			continue
		}
		if deploying(s) {
			c.add(Finding{
				Code: "ROL130", Severity: Warns, Subject: name, Instances: c.of(name),
				Text: fmt.Sprintf("a deployment of %s is under way: the roll waits until it is over, for at most %s, and touches nothing before", name, span(c.Order.DrainTimeout)),
				Fix:  "berth why " + name + " says what it waits for",
			})
		}
		switch p := s.Primary(); {
		case p.Rollout == "FAILED":
			c.add(Finding{
				Code: "ROL131", Severity: Warns, Subject: name, Instances: c.of(name),
				Text: fmt.Sprintf("the latest deployment of %s has failed already: %s; the roll neither minds nor mends it", name, cmp.Or(p.Reason, "AWS does not say why")),
				Fix:  "berth why " + name,
			})
		case s.Healthy < s.Desired && !deploying(s):
			c.add(Finding{
				Code: "ROL131", Severity: Warns, Subject: name, Instances: c.of(name),
				Text: fmt.Sprintf("%d of %s of %s are healthy already before the roll: that is what it is measured by", s.Healthy, several(s.Desired, "task"), name),
				Fix:  "berth why " + name,
			})
		}
	}
}

// clocks tells of tasks that take longer to go than a drain may.
func (c *scene) clocks() {
	if c.Order.Strategy == roll.Terminate {
		return
	}
	for _, name := range c.touched {
		s := c.services[name]
		if takes := s.Start + s.Delay + s.Stop; takes > seconds(c.Order.DrainTimeout) {
			c.add(Finding{
				Code: "ROL162", Severity: Blocks, Subject: name, Instances: c.of(name),
				Text: fmt.Sprintf("a task of %s takes about %s to move (start and health checks %s, deregistration delay %s, stop timeout %s), and a drain may take %s: each would be undone", name, secs(takes), secs(s.Start), secs(s.Delay), secs(s.Stop), span(c.Order.DrainTimeout)),
				Fix:  fmt.Sprintf("berth roll --drain-timeout %s", span(time.Duration(takes+300)*time.Second)),
			})
		}
	}
}

// guarded tells of tasks that are protected from scale-in.
func (c *scene) guarded() {
	last, count := map[string]time.Time{}, map[string]int{}
	where := c.holders(func(t *Task) bool { return !t.Protected.IsZero() })
	for _, o := range c.olds {
		for _, t := range o.Tasks {
			if !t.Protected.IsZero() {
				count[t.Name]++
				if t.Protected.After(last[t.Name]) {
					last[t.Name] = t.Protected
				}
			}
		}
	}
	for _, name := range c.touched {
		if count[name] == 0 {
			continue
		}
		left := last[name].Sub(c.At)
		f := Finding{
			Code: "ROL105", Severity: Warns, Subject: name, Instances: where[name],
			Text: fmt.Sprintf("%s of %s protected from scale-in until %s (%s from now): no drain begins before", areTasks(count[name]), name+" "+are(count[name]), last[name].UTC().Format("2006-01-02 15:04"), span(left)),
			Fix:  "the task itself ends its protection when its work is done; or aws ecs update-task-protection --no-protection-enabled --tasks TASK",
		}
		if c.Order.Strategy == roll.Terminate {
			f.Severity, f.Text, f.Fix = Warns, fmt.Sprintf("%s of %s protected from scale-in, and ended all the same", areTasks(count[name]), name+" "+are(count[name])), ""
		}
		c.add(f)
	}
}

func areTasks(n int) string { return several(n, "task") }

func are(n int) string {
	if n == 1 {
		return "is"
	}
	return "are"
}

// alone tells of tasks that nobody starts anew.
func (c *scene) alone() {
	for _, o := range c.olds {
		for _, t := range o.Tasks {
			if t.Kind == StandAlone {
				c.single(o, &t)
			}
		}
	}
}

func (c *scene) single(o *Old, t *Task) {
	f := Finding{Code: "ROL106", Severity: Warns, Subject: o.ID, Instances: []string{o.ID}}
	who := fmt.Sprintf("the stand-alone task %s of %s on %s", t.ID, t.Name, o.ID)
	if c.scheduled(o.ARN, t.ARN) {
		who = fmt.Sprintf("the scheduled task %s of %s on %s", t.ID, t.Name, o.ID)
	}
	switch {
	case c.Order.Strategy == roll.Terminate:
		f.Text = who + " ends with its instance, and nobody starts it anew"
	case c.Order.Standalone == roll.StopThem:
		f.Text, f.Fix = who+" is stopped once all services have left the instance, and nobody starts it anew", "berth roll --standalone wait lets it end by itself"
	case c.Order.Standalone == roll.SkipThem:
		f.Severity, f.Text, f.Fix = Blocks, who+" keeps the instance as it is", "berth roll again when it has ended; or --standalone wait"
	default:
		f.Text = fmt.Sprintf("%s must end by itself within %s; until then the instance drains, and after that it is given back as it is", who, span(c.Order.DrainTimeout))
		f.Fix = "berth roll --standalone stop ends it, --standalone skip leaves the instance out, --drain-timeout gives it longer"
	}
	c.add(f)
}

// scheduled tells whether a rule or a schedule of EventBridge has started a task.
func (c *scene) scheduled(instance, arn string) bool {
	for _, t := range c.on[instance] {
		if t.ARN == arn {
			return strings.HasPrefix(t.StartedBy, "events-rule/") || strings.HasPrefix(t.StartedBy, "chronos-schedule/")
		}
	}
	return false
}

// unknown tells of tasks of which nobody knows what they want.
func (c *scene) unknown() {
	dark := c.holders(func(t *Task) bool { return t.Kind == OfService && !t.Known })
	for _, name := range c.touched {
		if len(dark[name]) > 0 {
			c.add(Finding{
				Code: "ROL108", Severity: Warns, Subject: name, Instances: dark[name],
				Text: fmt.Sprintf("what a task of %s wants could not be read, so nobody knows where it fits: the roll trusts that the new instance has what the old one had", name),
				Fix:  "let berth read the task definition: berth iam policy --for roll says what it needs",
			})
		}
	}
	for _, what := range c.Missing {
		c.add(Finding{Code: "ROL163", Severity: Warns, Text: "not everything could be read: " + what, Fix: "berth iam policy --for roll says what it needs"})
	}
}

// span is a time in short: "90s", "30m", "2h30m".
func span(d time.Duration) string {
	d = d.Round(time.Second)
	if d < 2*time.Minute {
		return itoa(int(d/time.Second)) + "s"
	}
	d = d.Round(time.Minute)
	h, m := int(d/time.Hour), int(d%time.Hour/time.Minute)
	switch {
	case h == 0:
		return itoa(m) + "m"
	case m == 0:
		return itoa(h) + "h"
	}
	return itoa(h) + "h" + itoa(m) + "m"
}

func secs(n int) string { return span(time.Duration(n) * time.Second) }
