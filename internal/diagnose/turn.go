package diagnose

import (
	"fmt"
	"strings"
	"time"

	"berth/internal/diagnose/advice"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// turns looks at the newest deployment of every service, and at what its scheduler says of itself.
func turns(s *scene, found *causes) {
	for _, sv := range s.ordered {
		s.schedulerOf(found, sv)
	}
	for i := range s.Deployments {
		if d := &s.Deployments[i]; s.newest[d.Service] == d {
			s.turn(found, d)
		}
	}
}

// held looks at tasks of earlier deployments that ECS may not stop (ECS developer guide, "Protect your Amazon ECS tasks from being
// terminated by scale-in events").
func held(s *scene, found *causes) {
	for _, t := range s.tasks {
		sv := s.services[serviceOf(t)]
		if sv == nil || t.Last != "RUNNING" || !t.Protected.After(s.At) || sv.Primary().ID == "" || sv.Primary().ID == t.StartedBy {
			continue
		}
		c := found.add(reason.Held, sv.Name, "")
		c.tasks = append(c.tasks, t)
		c.note("task %s of %s runs on%s", t.ID, revision(t.Definition), s.guarded(t))
	}
}

// guarded is until when a task is protected, for the end of a line.
func (s *scene) guarded(t *live.Task) string {
	if !t.Protected.After(s.At) {
		return ""
	}
	return ", protected from scale-in until " + s.clock(t.Protected)
}

// turn finds how a deployment ended, if that is not well.
func (s *scene) turn(found *causes, d *live.Deployment) {
	code := reason.Turn(d)
	if code == "" {
		return
	}
	if code == reason.Stopped && !reason.Says(d.Reason, "user") && s.followed(d) {
		code = reason.Superseded
	}
	c := found.add(code, d.Service, d.ARN)
	c.quote = or(d.Reason, d.Why)
	c.note("deployment %s began at %s and is %s%s", lastOf(d.ARN), s.clock(d.Created), d.Status, s.until(d))
	if d.Breaker.Threshold > 0 {
		c.note("the circuit breaker counted %d failed tasks of %d", d.Breaker.Failures, d.Breaker.Threshold)
	}
	if len(d.Triggered) > 0 {
		c.note("alarms that went off: %s", strings.Join(d.Triggered, ", "))
	}
	c.name = revision(d.Definition)
}

// followed tells whether another deployment of the service came after one, by its end.
func (s *scene) followed(d *live.Deployment) bool {
	for i := range s.Deployments {
		if n := &s.Deployments[i]; n.Service == d.Service && n.Created.After(d.Created) {
			return true
		}
	}
	return strings.Contains(d.Reason, "updated") || strings.Contains(d.Reason, "new deployment")
}

// successor is the deployment that came after another one.
func (s *scene) successor(arn, service string) string {
	var from, next *live.Deployment
	for i := range s.Deployments {
		if d := &s.Deployments[i]; d.ARN == arn {
			from = d
		}
	}
	for i := range s.Deployments {
		d := &s.Deployments[i]
		if from == nil || d.Service != service || !d.Created.After(from.Created) {
			continue
		}
		if next == nil || d.Created.Before(next.Created) || d.Created.Equal(next.Created) && d.ARN < next.ARN {
			next = d
		}
	}
	if next == nil {
		return "another one"
	}
	return "deployment " + lastOf(next.ARN)
}

// until is when a deployment ended, for the end of a line.
func (s *scene) until(d *live.Deployment) string {
	for _, at := range []time.Time{d.Finished, d.Stopped} {
		if !at.IsZero() {
			return " since " + s.clock(at)
		}
	}
	return ""
}

// revision is a task definition's family and revision, from its ARN.
func revision(arn string) string { return or(lastOf(arn), "its revision") }

// schedulerOf looks at what a service's scheduler says about what it cannot do.
func (s *scene) schedulerOf(found *causes, sv *live.Service) {
	for _, e := range sv.Events {
		code := ""
		switch {
		case s.At.Sub(e.At) > fresh, strings.Contains(e.Text, "has reached a steady state"):
			return
		case strings.Contains(e.Text, "because of the service deployment configuration"):
			code = reason.Stuck
		case reason.Says(e.Text, "unable to consistently start tasks", "operations are being throttled"):
			code = reason.Throttled
		case reason.Says(e.Text, "unable to assume the role", "nable to assume role"):
			code = reason.BadRole
		}
		if code == "" {
			continue
		}
		c := found.add(code, sv.Name, reason.Thing(code, e.Text))
		if c.quote == "" {
			c.quote = e.Text
			c.note("ECS said so last at %s", s.clock(e.At))
		}
	}
}

// turnTellers word what becomes of deployments.
func turnTellers() map[string]teller {
	return map[string]teller{
		reason.ByBreaker: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the circuit breaker stopped the deployment of %s to %s and went back to the revision before", c.subject, c.name),
				"mend what its tasks failed of (the diagnoses before this one), then berth deploy again", true
		},
		reason.ByAlarm: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("an alarm stopped the deployment of %s to %s", c.subject, c.name),
				"look at the alarm and at what the new tasks did while it went off: aws cloudwatch describe-alarm-history --alarm-name NAME; then berth deploy again", true
		},
		reason.Superseded: func(s *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the deployment of %s to %s was overtaken by %s before it was done", c.subject, c.name, s.successor(c.about, c.subject)),
				"ask about the newer one: berth why " + c.subject, true
		},
		reason.Stopped: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("somebody stopped the deployment of %s to %s", c.subject, c.name),
				"find who: CloudTrail's event StopServiceDeployment names them; then berth deploy again", true
		},
		reason.Failed: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the deployment of %s to %s failed, and nothing was rolled back", c.subject, c.name),
				fmt.Sprintf("go back with berth rollback %s, or mend what its tasks failed of and berth deploy again; rollback in deploymentCircuitBreaker does it by itself", c.subject), true
		},
		reason.Looping: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("tasks of %s start and end again and again; none of them stays", c.subject),
				"mend what they end of (the diagnoses before this one); going on waiting does not help", true
		},
		reason.Stuck: func(s *scene, c *cause) (string, string, bool) {
			if sv := s.services[c.subject]; sv != nil {
				least, most := bounds(sv)
				c.note("minimumHealthyPercent is %d and maximumPercent %d of %d tasks", least, most, sv.Desired)
			}
			return fmt.Sprintf("%s can neither stop a task nor start one: its deployment configuration allows neither", c.subject),
				"set \"maximumPercent\" to 200, or \"minimumHealthyPercent\" lower, in service.json, then berth deploy", true
		},
		reason.Throttled: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("ECS starts tasks of %s at ever longer intervals, since they keep failing to start", c.subject),
				"mend what they fail of (the diagnoses before this one) and berth deploy again: a new deployment begins without the wait", false
		},
		reason.ByHand: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("somebody stopped tasks of %s", c.subject),
				"find who: CloudTrail's event StopTask names them; the service starts others by itself", false
		},
		reason.Held: func(s *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the deployment of %s waits for %s of an earlier revision, protected from scale-in", c.subject, several(len(c.tasks), "task")),
				advice.Unprotect(s.Region, s.Cluster, c.ids()), false
		},
		reason.BackFailed: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("the deployment of %s to %s failed, and so did going back", c.subject, c.name),
				"put an image that is known to run into taskdef.json, then berth deploy", true
		},
	}
}
