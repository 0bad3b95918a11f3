package verify

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/internal/deploy"
	"berth/internal/document"
)

// targetGroups looks at the target groups of others; those that berth makes fit.
func (c *checker) targetGroups() {
	for _, b := range c.order.Spec.Get("loadBalancers").Items {
		arn := b.Get("targetGroupArn")
		w := Want{Kind: TargetKind, Name: arn.Text, At: arn.At}
		if state, note := c.state(w); state == missing {
			c.add(Finding{
				Code: "DEP131", Severity: Error, At: arn.At, Text: "there is no target group " + arn.Text,
				Fix: "correct the ARN, or let berth make one: \"targetGroupArn\": \"${berth.target_group.NAME?path=/*}\"",
			})
		} else if state == unknown {
			c.add(c.unseen(w, note))
		}
		if i := slices.IndexFunc(c.facts.Targets, func(g TargetGroup) bool { return g.ARN == arn.Text }); i >= 0 {
			c.fits(b, c.facts.Targets[i])
		}
	}
	for _, n := range c.order.Needs {
		if n.Kind == TargetKind {
			c.slow(c.made(n))
		}
	}
}

// made is a target group as berth will make it.
func (c *checker) made(n deploy.Need) (g TargetGroup, where document.Position) {
	number := func(name string) int {
		v, _ := n.Spec.Get(name).Number()
		return v
	}
	g = TargetGroup{Name: n.Name}
	g.Check.Unhealthy, g.Check.Interval = number("UnhealthyThresholdCount"), number("HealthCheckIntervalSeconds")
	for _, a := range n.Spec.Get("Attributes").Items {
		if a.Get("Key").Text == "deregistration_delay.timeout_seconds" {
			g.Delay, _ = strconv.Atoi(a.Get("Value").Text)
		}
	}
	for _, b := range c.order.Spec.Get("loadBalancers").Items {
		if b.Get("targetGroupArn").Text == deploy.Reference(TargetKind, n.Name) {
			where = b.Get("targetGroupArn").At
		}
	}
	return g, where
}

func (c *checker) fits(b document.Value, g TargetGroup) {
	where := b.Get("targetGroupArn").At
	want := "instance"
	mode := c.order.Definition.Get("networkMode").Text
	if mode == "awsvpc" {
		want = "ip"
	}
	if g.Type != want {
		c.add(Finding{
			Code: "DEP132", Severity: Error, At: where,
			Text: fmt.Sprintf("target group %s has targets of type %s, and tasks with networkMode %s are registered as %s: ECS refuses the service", g.Name, g.Type, orWord(mode, "bridge"), want),
			Fix:  "AWS never changes a target group's type: make one with the target type " + want + ", or let berth: ${berth.target_group.NAME?path=/*}",
		})
	}
	if vpc := c.vpc(); vpc != "" && g.VPC != vpc {
		c.add(Finding{
			Code: "DEP133", Severity: Error, At: where, Text: fmt.Sprintf("target group %s is in %s, and the cluster's instances are in %s", g.Name, g.VPC, vpc),
			Fix: "make the target group in " + vpc,
		})
	}
	if !g.Used {
		c.add(Finding{
			Code: "DEP134", Severity: Error, At: where, Text: fmt.Sprintf("no load balancer sends requests to target group %s: ECS refuses the service", g.Name),
			Fix: "give it a listener or a rule first, or let berth: ${berth.target_group.NAME?path=/*}",
		})
	}
	c.protocol(b, g)
	c.slow(g, where)
}

// protocol holds the target group's protocol against that of the container's port.
func (c *checker) protocol(b document.Value, g TargetGroup) {
	number, _ := b.Get("containerPort").Number()
	for _, one := range c.order.Definition.Get("containerDefinitions").Items {
		if one.Get("name").Text != b.Get("containerName").Text {
			continue
		}
		for _, p := range one.Get("portMappings").Items {
			if n, _ := p.Get("containerPort").Number(); n != number || carries(g.Protocol, p.Get("protocol").Text) {
				continue
			}
			c.add(Finding{
				Code: "DEP135", Severity: Error, At: at(p.Get("protocol"), p),
				Text: fmt.Sprintf("port %d of container %s is %s, and target group %s sends %s", number, one.Get("name").Text, orWord(p.Get("protocol").Text, "tcp"), g.Name, g.Protocol),
				Fix:  `correct "protocol" of the port mapping, or take a target group with the port's protocol`,
			})
		}
	}
}

// carries tells whether requests of a target group's protocol reach a port of a container's.
func carries(group, port string) bool {
	switch group {
	case "TCP_UDP", "":
		return true
	case "UDP":
		return port == "udp"
	}
	return port != "udp"
}

// slow looks at how long a target group takes over tasks that come and go.
func (c *checker) slow(g TargetGroup, where document.Position) {
	if limit := c.order.Policy.Timeout; limit > 0 && time.Duration(g.Delay)*time.Second >= limit {
		c.add(Finding{
			Code: "DEP138", Severity: Warning, At: where,
			Text: fmt.Sprintf("target group %s keeps tasks for %d s after they left, and berth waits %s for the end of the deployment", g.Name, g.Delay, span(limit)),
			Fix:  "shorten its deregistration delay to what the longest request takes, or wait longer: --timeout " + span(time.Duration(g.Delay)*time.Second+limit),
		})
	}
	grace, _ := c.order.Spec.Get("healthCheckGracePeriodSeconds").Number()
	allowed := grace + g.Check.Unhealthy*g.Check.Interval
	if g.Check.Interval == 0 {
		return
	}
	for _, one := range c.order.Definition.Get("containerDefinitions").Items {
		start := one.Get("healthCheck", "startPeriod")
		if n, _ := start.Number(); n > allowed {
			c.add(Finding{
				Code: "DEP139", Severity: Warning, At: at(c.order.Spec.Get("healthCheckGracePeriodSeconds"), start),
				Text: fmt.Sprintf("container %s may take %d s to start, and target group %s gives it up after %d s: %d s of grace and %d checks every %d s",
					one.Get("name").Text, n, g.Name, allowed, grace, g.Check.Unhealthy, g.Check.Interval),
				Fix: fmt.Sprintf(`write "healthCheckGracePeriodSeconds": %d in service.json`, n),
			})
		}
	}
}

// span is a time as people write it: 15m, not 15m0s.
func span(d time.Duration) string {
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// vpc is the one that the cluster's instances are in, as far as the attributes that ECS gives them tell.
func (c *checker) vpc() string {
	for _, i := range c.facts.Found.Instances {
		if v := i.Attributes["ecs.vpc-id"]; v != "" {
			return v
		}
	}
	return ""
}

func orWord(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}
