package rule

import (
	"fmt"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
)

// Daemon tells whether the service has one task on each instance.
func Daemon(f draft.Folder) bool { return draft.Text(f.Service, "schedulingStrategy") == "DAEMON" }

// capacity checks where the tasks run.
func (c *checker) capacity() {
	s := c.f.Service
	launch, strategy := s.Get("launchType"), s.Get("capacityProviderStrategy")
	if launch.Kind == document.Text && launch.Text != "EC2" && !c.f.Open(launch) {
		c.Fail(launch.At, fault.Fault{Code: fault.CodeNotEC2, Summary: "launchType " + c.f.Quote(launch) + ": the cluster runs on EC2 instances", Hint: "leave it out for the cluster's default capacity"})
	}
	if launch.There() && strategy.There() {
		c.Fail(launch.At, fault.Fault{Code: fault.CodeCapacity, Summary: "launchType and capacityProviderStrategy exclude each other", Hint: "leave launchType out"})
	}
	heaviest, bases := 0, 0
	for _, item := range strategy.Items {
		v := item.Get("capacityProvider")
		if strings.HasPrefix(draft.Text(item, "capacityProvider"), "FARGATE") {
			c.Fail(v.At, fault.Fault{Code: fault.CodeNotEC2, Summary: "the cluster has no Fargate", Hint: `write "capacityProvider": "${berth.capacity_provider.default}"`})
		}
		c.within("capacityProviderStrategy", item, "weight", 0, 1000)
		c.within("capacityProviderStrategy", item, "base", 0, 100000)
		weight, _ := draft.Number(item, "weight")
		heaviest = max(heaviest, weight)
		if base, _ := draft.Number(item, "base"); base > 0 {
			bases++
		}
		if c.f.Open(item.Get("weight")) {
			heaviest = 1
		}
	}
	switch {
	case bases > 1:
		c.Fail(strategy.At, fault.Fault{Code: fault.CodeCapacity, Summary: "only one capacity provider of a strategy can have a base", Hint: "keep one base"})
	case len(strategy.Items) > 0 && heaviest == 0:
		c.Fail(strategy.At, fault.Fault{Code: fault.CodeCapacity, Summary: "no capacity provider of the strategy has a weight, which is 0 when it is left out", Hint: `add "weight": 1`})
	case len(strategy.Items) > 20:
		c.Fail(strategy.At, fault.Fault{Code: fault.CodeRange, Summary: "a strategy has at most 20 capacity providers"})
	}
}

// daemon refuses what a service with one task on each instance cannot have.
func (c *checker) daemon() {
	if !Daemon(c.f) {
		return
	}
	s := c.f.Service
	for _, of := range []struct{ name, why string }{
		{"desiredCount", "It has as many tasks as there are instances that suit."},
		{"placementStrategy", "There is nothing to choose: each instance has one."},
		{"capacityProviderStrategy", "It follows the instances, and asks for none."},
	} {
		if v := s.Get(of.name); v.There() && (v.Kind != document.List || len(v.Items) > 0) {
			c.Fail(v.At, fault.Fault{Code: fault.CodeDaemon, Summary: "a daemon takes no " + of.name, Detail: of.why, Hint: "leave it out"})
		}
	}
	for _, p := range s.Get("placementConstraints").Items {
		if draft.Text(p, "type") == "distinctInstance" {
			c.Fail(p.At, fault.Fault{Code: fault.CodeDaemon, Summary: "a daemon is on distinct instances anyhow, and takes no such constraint", Hint: "leave it out"})
		}
	}
	if n, ok := draft.Number(s, "deploymentConfiguration", "maximumPercent"); ok && n != 100 {
		c.Fail(s.Get("deploymentConfiguration", "maximumPercent").At, fault.Fault{
			Code: fault.CodeDaemon, Summary: fmt.Sprintf("a daemon's maximumPercent is 100, not %d", n), Hint: "leave it out",
		})
	}
}

// strategy checks the placement strategy (ECS API reference, PlacementStrategy).
func (c *checker) strategy() {
	list := c.f.Service.Get("placementStrategy")
	if n := len(list.Items); n > 5 {
		c.Fail(list.Items[5].At, fault.Fault{Code: fault.CodeStrategy, Summary: fmt.Sprintf("at most 5 strategies count, not %d", n)})
	}
	for i, one := range list.Items {
		field := one.Get("field")
		f := fault.Fault{Code: fault.CodeStrategy, Summary: fmt.Sprintf("placementStrategy[%d] cannot go by %s", i, c.f.Quote(field))}
		if !field.There() {
			f.Summary = fmt.Sprintf("placementStrategy[%d] has no field", i)
		}
		known := field.Kind == document.Text && !c.f.Open(field)
		switch kind := draft.Text(one, "type"); {
		case !one.Get("type").There():
			c.Fail(one.At, fault.Fault{Code: fault.CodeStrategy, Summary: fmt.Sprintf("placementStrategy[%d] has no type", i), Hint: `add "type": "spread"`})
		case kind == "binpack" && (known && !strings.EqualFold(field.Text, "cpu") && !strings.EqualFold(field.Text, "memory") || !field.There()):
			f.Hint = `write "field": "memory" or "field": "cpu"`
			c.Fail(orAt(field, one), f)
		case kind == "spread" && (known && !spreads(field.Text) || !field.There()):
			f.Hint = `write "field": "attribute:ecs.availability-zone" or "field": "instanceId"`
			c.Fail(orAt(field, one), f)
		}
	}
}

func spreads(field string) bool {
	attribute, ok := strings.CutPrefix(field, "attribute:")
	return field == "instanceId" || field == "host" || ok && attribute != ""
}

// constraints checks placement constraints, of the definition or of the service (ECS API reference, PlacementConstraint); others
// is how many the tasks have besides.
func (c *checker) constraints(list document.Value, others int) {
	for i, one := range list.Items {
		if one.Kind == document.Object && !c.f.Open(one.Get("type")) {
			c.constraint(fmt.Sprintf("placementConstraints[%d]", i), one)
		}
	}
	if n := len(list.Items); n > 0 && n+others > 10 {
		c.Fail(list.At, fault.Fault{Code: fault.CodeConstraint, Summary: "a task has at most 10 placement constraints, with those of its definition", Hint: "join some with &&"})
	}
}

func (c *checker) constraint(said string, one document.Value) {
	kind, e := one.Get("type"), one.Get("expression")
	f := fault.Fault{Code: fault.CodeConstraint}
	switch {
	case !kind.There():
		f.Summary, f.Hint = said+" has no type", `add "type": "memberOf"`
	case kind.Text == "distinctInstance" && e.There():
		f.Summary, f.Hint = said+": distinctInstance takes no expression", "leave it out"
	case kind.Text == "memberOf" && e.Text == "":
		f.Summary, f.Hint = said+": memberOf has no expression", `add "expression": "attribute:ecs.availability-zone == eu-west-1a"`
	case kind.Text == "memberOf" && e.Kind == document.Text && !c.f.Open(e) && c.f.Expression != nil:
		problem, hint := c.f.Expression(e.Text)
		if problem == "" {
			return
		}
		f.Summary, f.Hint = said+": "+c.f.Quote(e)+" is no expression", `such as "expression": "attribute:ecs.instance-type =~ t3.*"`
		if !c.f.FromVariable(e) { // else they could repeat its value
			f.Detail, f.Hint = sentence(problem), orText(hint, f.Hint)
		}
	default:
		return
	}
	c.Fail(orAt(e, one), f)
}

// sentence is a line with a capital at its beginning and a full stop.
func sentence(line string) string { return strings.ToUpper(line[:1]) + line[1:] + "." }
