package rule

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
)

// ZoneAttribute is the attribute that instances in one zone share.
const ZoneAttribute = "attribute:ecs.availability-zone"

// Immovable tells what keeps ECS from moving the service's tasks to emptier zones; "": nothing (ECS developer guide,
// "Balancing an Amazon ECS service across Availability Zones").
func Immovable(f draft.Folder) string {
	s := f.Service
	first := s.Get("placementStrategy", "0")
	if most, ok := draft.Number(s, "deploymentConfiguration", "maximumPercent"); ok && most <= 100 {
		return "a maximumPercent of 100"
	}
	switch {
	case Daemon(f):
		return "a daemon"
	case first.There() && (draft.Text(first, "type") != "spread" || draft.Text(first, "field") != ZoneAttribute):
		return "a first placement strategy other than a spread over zones"
	case slices.ContainsFunc(s.Get("loadBalancers").Items, func(b document.Value) bool { return b.Get("loadBalancerName").There() }):
		return "a classic load balancer"
	case slices.ContainsFunc(s.Get("placementConstraints").Items, zonal), slices.ContainsFunc(f.Definition.Get("placementConstraints").Items, zonal):
		return "a constraint on zones"
	}
	return ""
}

func zonal(constraint document.Value) bool {
	return strings.Contains(draft.Text(constraint, "expression"), "ecs.availability-zone")
}

func (c *checker) rebalancing() {
	v := c.f.Service.Get("availabilityZoneRebalancing")
	why := Immovable(c.f)
	if v.Text != "ENABLED" || why == "" || c.f.Open(v) {
		return
	}
	f := fault.Fault{
		Code: fault.CodeRebalancing, Summary: "tasks cannot move between zones with " + why, Hint: `write "availabilityZoneRebalancing": "DISABLED"`,
	}
	if first := c.f.Service.Get("placementStrategy", "0"); draft.Text(first, "type") == "binpack" {
		f.Summary = "tasks cannot be packed tightly and be moved to emptier zones"
		f.Hint += "\n" + `or spread first: "placementStrategy": [{ "type": "spread", "field": "attribute:ecs.availability-zone" }, { "type": "binpack", "field": "` +
			packed(first) + `" }]`
	}
	c.Fail(v.At, f)
}

// packed is what a strategy packs by.
func packed(strategy document.Value) string {
	if strings.EqualFold(draft.Text(strategy, "field"), "cpu") {
		return "cpu"
	}
	return "memory"
}

// deployment refuses the kinds of deployment that berth does not follow.
func (c *checker) deployment() {
	s := c.f.Service
	d := s.Get("deploymentConfiguration")
	for _, of := range []struct {
		v                document.Value
		only, said, hint string
	}{
		{s.Get("deploymentController", "type"), "ECS", "deployments of ", `leave deploymentController out, or write "type": "ECS"`},
		{d.Get("strategy"), "ROLLING", "deployments with the strategy ", `leave it out, or write "strategy": "ROLLING"`},
	} {
		if of.v.Kind == document.Text && of.v.Text != of.only && !c.f.Open(of.v) {
			c.Fail(of.v.At, fault.Fault{Code: fault.CodeDeployment, Summary: "berth does not follow " + of.said + c.f.Quote(of.v), Hint: of.hint})
		}
	}
	for _, name := range []string{"lifecycleHooks", "canaryConfiguration", "linearConfiguration", "bakeTimeInMinutes"} {
		if v := d.Get(name); v.There() && !nothing(v) {
			c.Fail(v.At, fault.Fault{Code: fault.CodeDeployment, Summary: name + " is for deployments that berth does not follow", Detail: "It deploys by ECS's rolling update.", Hint: "leave it out"})
		}
	}
	alarms := d.Get("alarms")
	if names := alarms.Get("alarmNames"); alarms.Get("enable").True() && names.Kind == document.List && len(names.Items) == 0 {
		c.Fail(names.At, fault.Fault{Code: fault.CodeDeployment, Summary: "alarms are switched on, and there are none", Hint: `name them: "alarmNames": ["web-5xx"], or leave alarms out`})
	}
	c.within("deploymentCircuitBreaker: thresholdConfiguration", d.Get("deploymentCircuitBreaker", "thresholdConfiguration"), "value", 1, 5000)
}

// nothing tells whether a value is an empty list or 0.
func nothing(v document.Value) bool {
	n, ok := v.Number()
	return ok && n == 0 || v.Kind == document.List && len(v.Items) == 0
}

// percentages checks that a deployment can move (ECS API reference, DeploymentConfiguration).
func (c *checker) percentages() {
	d := c.f.Service.Get("deploymentConfiguration")
	c.within("deploymentConfiguration", d, "minimumHealthyPercent", 0, 100)
	if !Daemon(c.f) {
		c.within("deploymentConfiguration", d, "maximumPercent", 100, 1<<20)
	}
	least, most, at, known := c.bounds(d)
	count, given := draft.Number(c.f.Service, "desiredCount")
	if !known || least > 100 || most < 100 {
		return
	}
	low, high := (count*least+99)/100, count*most/100
	switch {
	case least == 100 && most == 100:
		c.Warn(at, fault.Fault{
			Code: fault.CodeDeadlock, Summary: "a deployment could never begin, and an instance never be emptied",
			Detail: "No old task may stop, for minimumHealthyPercent 100, and no new one start beside it, for maximumPercent 100.", Hint: c.loosened(),
		})
	case given && count > 0 && count <= 5000 && low >= high:
		c.Warn(at, fault.Fault{
			Code: fault.CodeDeadlock, Summary: fmt.Sprintf("a deployment of %d tasks could never begin, and an instance never be emptied", count),
			Detail: fmt.Sprintf("At least %d must be healthy (minimumHealthyPercent %d, rounded up), and there may be at most %d (maximumPercent %d, rounded down).", low, least, high, most),
			Hint:   c.loosened(),
		})
	}
}

// bounds are the two percentages, with AWS's own for what is left out once one is given.
func (c *checker) bounds(d document.Value) (least, most int, at document.Position, known bool) {
	least, most = 100, 200
	if Daemon(c.f) {
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
		n, ok := draft.Number(v)
		if !ok {
			return 0, 0, at, false
		}
		*of.to, at, known = n, v.At, true
	}
	return least, most, at, known
}

// loosened is the line that lets a deployment move.
func (c *checker) loosened() string {
	if Daemon(c.f) {
		return `write "minimumHealthyPercent": 0`
	}
	return `write "maximumPercent": 200`
}
