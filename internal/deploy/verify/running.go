package verify

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/live"
)

// arithmetic looks for percentages that let no task move, with the number of tasks that autoscaling has given the service. For a
// number in the folder the folder is warned already (DEP037), which is an error once tasks that run are to be replaced.
func (c *checker) arithmetic() {
	sv, runs := c.facts.service()
	given, count := c.order.Spec.Get("desiredCount").There(), countOf(c.order, c.facts)
	if !runs || sv.Daemon || count == 0 || given && (!c.facts.Replaces || sv.Running == 0) {
		return
	}
	low, high := bounds(c.order.Spec, count)
	if low < high || high > count || low < count {
		return
	}
	who := "autoscaling wants"
	if given {
		who = "the folder wants"
	}
	c.add(Finding{
		Code: "DEP151", Severity: Error, At: at(c.order.Spec.Get("deploymentConfiguration"), c.order.Spec),
		Text: fmt.Sprintf("%s %d of its tasks now; %d must stay healthy, and there may be at most %d: no deployment can begin, and no instance be emptied", who, count, low, high),
		Fix:  `write "maximumPercent": 200`,
	})
}

// number looks whether a service that is to be made knows how many tasks it is to have: ECS makes none without (ECS API reference,
// CreateService, desiredCount).
func (c *checker) number() {
	_, stands := c.facts.service()
	spec := c.order.Spec
	if stands || !c.facts.Changes || c.order.Service == "" || spec.Get("schedulingStrategy").Text == "DAEMON" || spec.Get("desiredCount").There() {
		return
	}
	c.add(Finding{
		Code: numberless, Severity: Error, At: at(spec),
		Text: "service.json does not say how many tasks the new service is to have",
		Fix:  `write "desiredCount": 2; once the service stands it may be left out, and the number is autoscaling's`,
	})
}

// numberless is the code of a new service without a number of tasks.
const numberless = "DEP164"

// Refused tells whether AWS would refuse the deployment because of the finding, after some of it was made.
func Refused(f Finding) bool { return f.Code == numberless }

// running looks at how the service is before anything is changed.
func (c *checker) running() {
	sv, runs := c.facts.service()
	if !runs || !c.facts.Changes {
		return
	}
	if sv.Current != "" && c.underWay(sv.Current) {
		c.add(Finding{
			Code: "DEP162", Severity: Warning, Text: fmt.Sprintf("a deployment of %s is under way, which this one takes the place of: %s", sv.Name, lastPart(sv.Current)),
			Fix: "wait for its end, or stop it first: berth deploy --cancel --service " + sv.Name,
		})
		return
	}
	sick := c.sick()
	if sv.Running >= sv.Desired && len(sick) == 0 {
		return
	}
	text := fmt.Sprintf("%s is not well already: %d of %d tasks run", sv.Name, sv.Running, sv.Desired)
	if len(sick) > 0 {
		text += fmt.Sprintf(", and %s", failing(len(sick)))
	}
	c.add(Finding{
		Code: "DEP161", Severity: Warning, Text: text,
		Fix: "find out why first: berth why " + sv.Name,
	})
}

func failing(targets int) string {
	if targets == 1 {
		return "1 of its targets fails its check"
	}
	return fmt.Sprintf("%d of its targets fail their checks", targets)
}

func (c *checker) underWay(arn string) bool {
	i := slices.IndexFunc(c.facts.Found.Deployments, func(d live.Deployment) bool { return d.ARN == arn })
	return i < 0 || slices.Contains([]string{"PENDING", "IN_PROGRESS", "STOP_REQUESTED", "ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS"}, c.facts.Found.Deployments[i].Status)
}

func (c *checker) sick() []live.Target {
	return slices.DeleteFunc(slices.Clone(c.facts.Found.Targets), func(t live.Target) bool { return t.State != "unhealthy" })
}

func lastPart(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// breaker looks whether anything ends a deployment that fails.
func (c *checker) breaker() {
	config := c.order.Spec.Get("deploymentConfiguration")
	b := config.Get("deploymentCircuitBreaker")
	if c.order.Service == "" || b.Get("enable").True() || config.Get("alarms", "enable").True() {
		return
	}
	c.add(Finding{
		Code: "DEP163", Severity: Warning, At: at(b.Get("enable"), b, config, c.order.Spec),
		Text: "the deployment circuit breaker is off: ECS starts tasks that fail again and again, and never goes back by itself",
		Fix:  `write "deploymentCircuitBreaker": { "enable": true, "rollback": true }, or leave it out: berth switches it on`,
	})
}
