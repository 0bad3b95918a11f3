package manifest

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
)

// zoneAttribute is the attribute that instances in one zone share.
const zoneAttribute = "attribute:ecs.availability-zone"

// immovable tells what keeps ECS from moving the service's tasks to emptier zones; "": nothing (ECS developer guide,
// "Balancing an Amazon ECS service across Availability Zones").
func (f Folder) immovable() string {
	s := f.Service
	first := s.Get("placementStrategy", "0")
	if most, ok := number(s, "deploymentConfiguration", "maximumPercent"); ok && most <= 100 {
		return "a maximumPercent of 100"
	}
	switch {
	case f.isDaemon():
		return "a daemon"
	case first.There() && (text(first, "type") != "spread" || text(first, "field") != zoneAttribute):
		return "a first placement strategy other than a spread over zones"
	case slices.ContainsFunc(s.Get("loadBalancers").Items, func(b document.Value) bool { return b.Get("loadBalancerName").There() }):
		return "a classic load balancer"
	case slices.ContainsFunc(s.Get("placementConstraints").Items, zonal), slices.ContainsFunc(f.Definition.Get("placementConstraints").Items, zonal):
		return "a constraint on zones"
	}
	return ""
}

func zonal(constraint document.Value) bool {
	return strings.Contains(text(constraint, "expression"), "ecs.availability-zone")
}

func (c *checker) rebalancing() {
	v := c.f.Service.Get("availabilityZoneRebalancing")
	why := c.f.immovable()
	if v.Text != "ENABLED" || why == "" || c.open(v) {
		return
	}
	f := Fault{
		Code: codeRebalancing, Summary: "tasks cannot move between zones with " + why, Hint: `write "availabilityZoneRebalancing": "DISABLED"`,
	}
	if first := c.f.Service.Get("placementStrategy", "0"); text(first, "type") == "binpack" {
		f.Summary = "tasks cannot be packed tightly and be moved to emptier zones"
		f.Hint += "\n" + `or spread first: "placementStrategy": [{ "type": "spread", "field": "attribute:ecs.availability-zone" }, { "type": "binpack", "field": "` +
			orText(text(first, "field"), "memory") + `" }]`
	}
	c.Fail(v.At, f)
}

// deployment refuses the kinds of deployment that berth does not follow.
func (c *checker) deployment() {
	s := c.f.Service
	if v := s.Get("deploymentController", "type"); v.Kind == document.Text && v.Text != "ECS" && !c.open(v) {
		c.Fail(v.At, Fault{Code: codeDeployment, Summary: "berth does not follow deployments of " + c.quote(v), Hint: `leave deploymentController out, or write "type": "ECS"`})
	}
	d := s.Get("deploymentConfiguration")
	if v := d.Get("strategy"); v.Kind == document.Text && v.Text != "ROLLING" && !c.open(v) {
		c.Fail(v.At, Fault{Code: codeDeployment, Summary: "berth does not follow deployments with the strategy " + c.quote(v), Hint: `leave it out, or write "strategy": "ROLLING"`})
	}
	for _, name := range []string{"lifecycleHooks", "canaryConfiguration", "linearConfiguration", "bakeTimeInMinutes"} {
		v := d.Get(name)
		if n, ok := v.Number(); v.There() && (!ok || n != 0) && (v.Kind != document.List || len(v.Items) > 0) {
			c.Fail(v.At, Fault{Code: codeDeployment, Summary: name + " is for deployments that berth does not follow", Detail: "It deploys by ECS's rolling update.", Hint: "leave it out"})
		}
	}
	alarms := d.Get("alarms")
	if alarms.Get("enable").True() && alarms.Get("alarmNames").Kind == document.List && len(alarms.Get("alarmNames").Items) == 0 {
		c.Fail(alarms.Get("alarmNames").At, Fault{Code: codeDeployment, Summary: "alarms are switched on, and there are none", Hint: `name them: "alarmNames": ["web-5xx"], or leave alarms out`})
	}
	c.within("deploymentCircuitBreaker: thresholdConfiguration", d.Get("deploymentCircuitBreaker", "thresholdConfiguration"), "value", 1, 5000)
}

// percentages checks that a deployment can move (ECS API reference, DeploymentConfiguration).
func (c *checker) percentages() {
	d := c.f.Service.Get("deploymentConfiguration")
	c.within("deploymentConfiguration", d, "minimumHealthyPercent", 0, 100)
	if !c.f.isDaemon() {
		c.within("deploymentConfiguration", d, "maximumPercent", 100, 1<<20)
	}
	least, most, at, known := c.bounds(d)
	count, given := number(c.f.Service, "desiredCount")
	if !known || least > 100 || most < 100 {
		return
	}
	low, high := (count*least+99)/100, count*most/100
	switch {
	case least == 100 && most == 100:
		c.Warn(at, Fault{
			Code: codeDeadlock, Summary: "a deployment could never begin, and an instance never be emptied",
			Detail: "No old task may stop, for minimumHealthyPercent 100, and no new one start beside it, for maximumPercent 100.", Hint: c.loosened(),
		})
	case given && count > 0 && count <= 5000 && low >= high:
		c.Warn(at, Fault{
			Code: codeDeadlock, Summary: fmt.Sprintf("a deployment of %d tasks could never begin, and an instance never be emptied", count),
			Detail: fmt.Sprintf("At least %d must be healthy (minimumHealthyPercent %d, rounded up), and there may be at most %d (maximumPercent %d, rounded down).", low, least, high, most),
			Hint:   c.loosened(),
		})
	}
}

// bounds are the two percentages, with AWS's own for what is left out once one is given.
func (c *checker) bounds(d document.Value) (least, most int, at document.Position, known bool) {
	least, most = 100, 200
	if c.f.isDaemon() {
		least, most = 0, 100
	}
	for _, of := range []struct {
		name string
		to   *int
	}{{"minimumHealthyPercent", &least}, {"maximumPercent", &most}} {
		v := d.Get(of.name)
		if !v.There() {
			continue
		}
		n, ok := number(v)
		if !ok {
			return 0, 0, at, false
		}
		*of.to, at, known = n, v.At, true
	}
	return least, most, at, known
}

// loosened is the line that lets a deployment move.
func (c *checker) loosened() string {
	if c.f.isDaemon() {
		return `write "minimumHealthyPercent": 0`
	}
	return `write "maximumPercent": 200`
}
