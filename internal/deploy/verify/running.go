package verify

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/live"
)

// arithmetic looks for percentages that let no task move, with the number of tasks that autoscaling has given the service; a
// number in the folder is the folder's own fault (DEP037).
func (c *checker) arithmetic() {
	sv, runs := c.facts.service()
	config := c.order.Spec.Get("deploymentConfiguration")
	if !runs || sv.Daemon || sv.Desired == 0 || c.order.Spec.Get("desiredCount").There() {
		return
	}
	low, high := bounds(c.order.Spec, sv.Desired)
	if low < high || high > sv.Desired || low < sv.Desired {
		return
	}
	c.add(Finding{
		Code: "DEP151", Severity: Error, At: at(config, c.order.Spec),
		Text: fmt.Sprintf("autoscaling wants %d of its tasks now; %d must stay healthy, and there may be at most %d: no deployment can begin, and no instance be emptied", sv.Desired, low, high),
		Fix:  `write "maximumPercent": 200`,
	})
}

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
		text += fmt.Sprintf(", and of its targets %d fail their checks", len(sick))
	}
	c.add(Finding{
		Code: "DEP161", Severity: Warning, Text: text,
		Fix: "find out why first: berth why " + sv.Name,
	})
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
