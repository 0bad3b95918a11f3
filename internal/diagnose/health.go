package diagnose

import (
	"fmt"
	"strings"
	"time"

	"berth/internal/diagnose/reason"
	"berth/internal/live"
)

// unhealthy finds which health check a task was stopped for.
func (s *scene) unhealthy(found *causes, t *live.Task) {
	subject := subjectOf(t)
	if strings.Contains(t.Reason, "container health check") {
		found.add(reason.OwnCheck, subject, s.sick(t)).ends(t, t.Reason)
		return
	}
	switch host := s.hosts[t.Instance]; {
	case len(s.machines) > 0 && host == nil && t.Instance != "":
		found.add(reason.HostGone, subject, "").ends(t, t.Reason).note("instance %s is no longer in the cluster", lastOf(t.Instance))
		return
	case host != nil && !host.Connected:
		return // agents tells that nobody hears of it, which is why
	}
	group := reason.Group(t.Reason)
	why := s.complaint(subject, group)
	found.add(checkCode(why), subject, group).ends(t, t.Reason).name = why
}

// sick is the container whose health check failed: the one that says so, else the one that has a check.
func (s *scene) sick(t *live.Task) string {
	name := ""
	for _, c := range t.Containers {
		if c.Health == "UNHEALTHY" {
			return c.Name
		}
		if s.spec(t, c.Name).Get("healthCheck").There() {
			name = c.Name
		}
	}
	return name
}

// complaint is what a load balancer last had against targets of a service.
func (s *scene) complaint(service, group string) string {
	key := service + "\x00" + group
	why, known := s.complaints[key]
	if !known {
		why = s.findComplaint(service, group)
		s.complaints[key] = why
	}
	return why
}

// findComplaint looks for it in the service's events, then at the targets as they are.
func (s *scene) findComplaint(service, group string) string {
	if sv := s.services[service]; sv != nil {
		for _, e := range sv.Events {
			if _, why, ok := strings.Cut(e.Text, "due to (reason "); ok && reason.Group(e.Text) == group {
				return strings.TrimSuffix(strings.TrimSuffix(why, "."), ")")
			}
		}
	}
	for _, t := range s.targets {
		if t.Group == group && strings.HasPrefix(t.State, "unhealthy") && t.Details != "" {
			return t.Details
		}
	}
	return ""
}

// allowed is how long a load balancer lets a new task be before it finds it unhealthy, and ECS then lets it be.
func (s *scene) allowed(service, group string) (time.Duration, bool) {
	check := s.checks[group]
	if check == nil {
		return 0, false
	}
	return max(s.grace(service), time.Duration(check.Interval*check.Unhealthy)*time.Second), true
}

// grace is a service's health check grace period.
func (s *scene) grace(service string) time.Duration {
	if sv := s.services[service]; sv != nil {
		return time.Duration(sv.Spec.Get("healthCheckGracePeriodSeconds").NumberOr(0)) * time.Second
	}
	return 0
}

// slack is how much later than a load balancer's verdict ECS stops a task: its scheduler has to come by, and a replacement to run.
const slack = time.Minute

// checkCode tells an answer that is wrong from one that does not come.
func checkCode(why string) string {
	if strings.Contains(strings.ToLower(why), "code") {
		return reason.WrongAnswer
	}
	return reason.NoAnswer
}

// slow calls it a slow start where nobody could even connect, and tasks were stopped as soon as their checks could fail.
func slow(s *scene, found *causes) {
	for _, c := range found.list {
		limit, known := s.allowed(c.subject, c.about)
		least, _, lived := lives(c.tasks)
		if c.code == reason.NoAnswer && known && lived && least <= limit+slack && !reason.Says(strings.ToLower(c.name), "timed out", "timeout") {
			found.rename(c, reason.SlowStart)
		}
	}
}

// sickness looks at what runs and is unhealthy, or gets no traffic.
func sickness(s *scene, found *causes) {
	busy := s.busy()
	for _, t := range s.targets {
		service := s.owners[t.Group]
		switch {
		case service == "" || s.dark[t.ID]: // agents tells of it
		case t.Reason == "Target.NotInUse":
			found.add(reason.NoListener, service, t.Group).count++
		case t.State != "unhealthy", classic(t.Group) && !busy[service+"\x00"+t.ID]:
		case t.Reason == "Target.ResponseCodeMismatch":
			s.sickTarget(found.add(reason.WrongAnswer, service, t.Group), t)
		default:
			s.sickTarget(s.silent(found, service, t.Group), t)
		}
	}
	for _, t := range s.tasks {
		if t.Last == "RUNNING" && t.Desired != "STOPPED" && t.Health == "UNHEALTHY" {
			c := found.add(reason.OwnCheck, subjectOf(t), s.sick(t))
			c.note("task %s runs and is UNHEALTHY", t.ID)
			c.count = max(c.count, len(c.tasks)) + 1
		}
	}
}

// classic tells a classic load balancer, which is known by its name, from a target group, which has an ARN.
func classic(group string) bool { return !strings.HasPrefix(group, "arn:") }

// busy are the services' instances: a classic load balancer asks every instance of a group, also those where no task is.
func (s *scene) busy() map[string]bool {
	out := map[string]bool{}
	for _, t := range s.tasks {
		if host := s.hosts[t.Instance]; host != nil && t.Last == "RUNNING" {
			out[subjectOf(t)+"\x00"+host.ID] = true
		}
	}
	return out
}

// silent is what was found already about targets that do not answer.
func (s *scene) silent(found *causes, service, group string) *cause {
	for _, code := range []string{reason.SlowStart, reason.WrongAnswer} {
		if c := found.byKey[keyOf(code, service, group)]; c != nil {
			return c
		}
	}
	return found.add(reason.NoAnswer, service, group)
}

func (s *scene) sickTarget(c *cause, t *live.Target) {
	c.count = max(c.count, len(c.tasks)) + 1
	if c.name == "" {
		c.name = t.Details
	}
	if len(c.lines) < 3 {
		c.note("target %s port %d is unhealthy now: %s", t.ID, t.Port, or(t.Details, t.Reason))
	}
}

// healthTellers word what health checks find.
func healthTellers() map[string]teller {
	return map[string]teller{
		reason.WrongAnswer: func(s *scene, c *cause) (string, string, bool) {
			s.timing(c)
			return fmt.Sprintf("the health check of %s gets a wrong answer%s: %s", reason.GroupName(c.about), s.asks(c.about), or(c.name, "another code than it wants")),
				"let the program answer that path with a code that the check takes, or change the path and the codes (health_check and health_codes in ${berth.target_group.NAME?…}, health_check of a load balancer in ecs.tfvars); a code of 500 and above is the program's own fault: read its log", false
		},
		reason.NoAnswer: func(s *scene, c *cause) (string, string, bool) {
			s.timing(c)
			return fmt.Sprintf("the health check of %s gets no answer%s: %s", reason.GroupName(c.about), s.asks(c.about), or(c.name, "nobody listens")),
				"see whether the program listens on the containerPort of taskdef.json and on 0.0.0.0, not on 127.0.0.1; whether it hangs (its log tells); and with awsvpc whether the task's security group lets the load balancer in", false
		},
		reason.SlowStart: func(s *scene, c *cause) (string, string, bool) {
			s.timing(c)
			limit, _ := s.allowed(c.subject, c.about)
			_, most, _ := lives(c.tasks)
			return fmt.Sprintf("the tasks do not answer in time: %s after their start the health check of %s still fails, and ECS stops them", span(limit), reason.GroupName(c.about)),
				fmt.Sprintf("give them longer to start, \"healthCheckGracePeriodSeconds\": %d in service.json; if they do not answer then either, they never listen: check the containerPort in taskdef.json and the program's log", graceFor(max(limit, most))), false
		},
		reason.OwnCheck: func(s *scene, c *cause) (string, string, bool) {
			s.ownTiming(c)
			return fmt.Sprintf("the container health check of %s fails", or(c.about, "the task")),
				"run the command of \"healthCheck\" in the container by hand: it must end with 0, and the image must have it (curl often is not there); where the program needs longer to start, raise \"startPeriod\" in taskdef.json", false
		},
		reason.NoListener: func(_ *scene, c *cause) (string, string, bool) {
			return fmt.Sprintf("target group %s gets no traffic: no listener of a load balancer forwards to it, or none in the zone of its targets", reason.GroupName(c.about)),
				"forward to it: ${berth.target_group.NAME?path=/…} in service.json makes the listener's rule; or deploy into the load balancer's zones", true
		},
	}
}

// asks is what a check asks, where that is known.
func (s *scene) asks(group string) string {
	c := s.checks[group]
	switch {
	case c == nil:
		return ""
	case c.Path == "":
		return fmt.Sprintf(" (%s, port %s)", c.Protocol, c.Port)
	case c.Codes == "":
		return fmt.Sprintf(" (%s %s)", c.Protocol, c.Path)
	}
	return fmt.Sprintf(" (%s %s, wants %s)", c.Protocol, c.Path, c.Codes)
}

// timing notes what the check allows beside what the tasks took.
func (s *scene) timing(c *cause) {
	if check := s.checks[c.about]; check != nil {
		limit, _ := s.allowed(c.subject, c.about)
		c.note("a target is unhealthy after %d failed checks, %d seconds apart, and healthy again after %d good ones; the grace period is %s: a task has %s to be healthy",
			check.Unhealthy, check.Interval, check.Healthy, span(s.grace(c.subject)), span(limit))
	}
	s.notes(c)
}

// ownTiming is timing of a container's own check (ECS API reference, HealthCheck: 30 seconds, 3 retries, no start period).
func (s *scene) ownTiming(c *cause) {
	if len(c.tasks) > 0 {
		check := s.spec(c.tasks[len(c.tasks)-1], c.about).Get("healthCheck")
		every, tries, grace := check.Get("interval").NumberOr(30), check.Get("retries").NumberOr(3), check.Get("startPeriod").NumberOr(0)
		if check.There() {
			var words []string
			for _, w := range check.Get("command").Items {
				words = append(words, w.Text)
			}
			c.note("the check is %s, %d times in a row, %d seconds apart, after a start period of %d seconds", strings.Join(words, " "), tries, every, grace)
		}
		if _, most, ok := lives(c.tasks); ok && most <= time.Duration(every*tries+grace)*time.Second+slack {
			c.note("no task lived longer than the check takes to fail: the program may just need longer to start")
		}
	}
	s.notes(c)
}

// graceFor is a grace period to try, in seconds: twice what did not do, and two minutes at least.
func graceFor(tried time.Duration) int { return max(2*int(tried.Round(time.Minute)/time.Second), 120) }
