package rule

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/fault"
	"berth/internal/spell"
)

// identity checks what the service says of itself and of its task definition (ECS API reference, CreateService).
func (c *checker) identity() {
	s := c.f.Service
	if v := s.Get("taskDefinition"); v.Kind == document.Text && v.Text != "" && !c.f.Open(v) {
		family, _, _ := strings.Cut(v.Text[strings.LastIndexByte(v.Text, '/')+1:], ":")
		if own := c.f.Definition.Get("family"); family != own.Text && !c.f.Open(own) {
			c.Fail(v.At, fault.Fault{
				Code: fault.CodeForeign, Summary: "taskDefinition " + c.f.Quote(v) + " is of another family than " + c.f.Files[0],
				Hint: "leave it out: berth registers " + c.f.Files[0] + " and deploys that revision",
			})
		}
	}
	c.within("the service", s, "desiredCount", 0, 5000)
	if v := s.Get("clientToken"); v.There() {
		c.Warn(v.At, fault.Fault{Code: fault.CodeForeign, Summary: "clientToken is berth's to choose", Detail: "It takes another one for each try.", Hint: "leave it out"})
	}
	if v := s.Get("platformVersion"); v.There() {
		c.Fail(v.At, fault.Fault{Code: fault.CodeNotEC2, Summary: "platformVersion is for Fargate, and the cluster runs on EC2 instances", Hint: "leave it out"})
	}
	if v := s.Get("role"); v.There() {
		c.Fail(v.At, fault.Fault{
			Code: fault.CodeRole, Summary: "role is a role for load balancers of old", Detail: "ECS has a service-linked role for them, which the cluster makes.", Hint: "leave it out",
		})
	}
}

// network checks that the task's network mode and the service's network configuration are for each other.
func (c *checker) network() {
	v, mode := c.f.Service.Get("networkConfiguration"), c.mode()
	switch {
	case mode == awsvpc && !v.There():
		c.Fail(c.f.Definition.Get("networkMode").At, fault.Fault{
			Code: fault.CodeNetwork, Summary: "the service does not say where the tasks' network interfaces shall be",
			Hint: `add to ` + c.f.Files[1] + `: "networkConfiguration": { "awsvpcConfiguration": { "subnets": "${berth.subnets.private}", "securityGroups": ["${berth.security_group.default}"] } }`,
		})
	case mode != awsvpc && mode != "" && v.There():
		c.Fail(v.At, fault.Fault{
			Code: fault.CodeNetwork, Summary: "networkConfiguration is for tasks with networkMode awsvpc, and these have " + mode,
			Hint: `leave it out, or write "networkMode": "awsvpc" in ` + c.f.Files[0],
		})
	}
	vpc := v.Get("awsvpcConfiguration")
	if public := vpc.Get("assignPublicIp"); public.Text == "ENABLED" {
		c.Fail(public.At, fault.Fault{Code: fault.CodeNetwork, Summary: "on EC2 a task's network interface cannot have a public address", Hint: `leave it out: the subnets reach the outside over NAT`})
	}
	for _, of := range []struct {
		name string
		most int
	}{{"subnets", 16}, {"securityGroups", 5}} {
		if list := vpc.Get(of.name); list.Kind == document.List && (len(list.Items) > of.most || len(list.Items) == 0 && of.name == "subnets") {
			c.Fail(list.At, fault.Fault{Code: fault.CodeRange, Summary: fmt.Sprintf("%s cannot have %d entries", of.name, len(list.Items)), Hint: fmt.Sprintf("from 1 to %d", of.most)})
		}
	}
}

// balancers checks the service's load balancers (ECS API reference, LoadBalancer).
func (c *checker) balancers() {
	list := c.f.Service.Get("loadBalancers")
	classic := 0
	for i, b := range list.Items {
		if b.Kind != document.Object {
			continue
		}
		said := fmt.Sprintf("loadBalancers[%d]", i)
		if b.Get("loadBalancerName").There() {
			classic++
		}
		c.balancer(said, b)
		if n := slices.IndexFunc(list.Items[:i], func(o document.Value) bool { return o.Equal(b) }); n >= 0 && !c.f.Failed(b.Get("targetGroupArn")) {
			c.Fail(b.At, fault.Fault{Code: fault.CodeBalancer, Summary: fmt.Sprintf("%s is loadBalancers[%d] again", said, n), Hint: "leave it out"})
		}
	}
	switch n := len(list.Items); {
	case classic > 0 && n > 1:
		c.Fail(list.At, fault.Fault{Code: fault.CodeBalancer, Summary: "a service behind a classic load balancer can have no other", Hint: "keep one of loadBalancers, or make two services"})
	case n > 5:
		c.Fail(list.At, fault.Fault{Code: fault.CodeBalancer, Summary: fmt.Sprintf("a service has at most 5 target groups, not %d", n)})
	}
	grace := c.f.Service.Get("healthCheckGracePeriodSeconds")
	if n, ok := grace.Number(); grace.There() && len(list.Items) == 0 {
		c.Fail(grace.At, fault.Fault{
			Code: fault.CodeGrace, Summary: "healthCheckGracePeriodSeconds means nothing without a load balancer",
			Hint: `leave it out; for a container's own check write "startPeriod" in its healthCheck`,
		})
	} else if ok && n < 0 {
		c.Fail(grace.At, fault.Fault{Code: fault.CodeRange, Summary: fmt.Sprintf("healthCheckGracePeriodSeconds cannot be %d", n), Hint: "seconds, 0 or more"})
	}
}

func (c *checker) balancer(said string, b document.Value) {
	group, name := b.Get("targetGroupArn"), b.Get("loadBalancerName")
	if v := b.Get("advancedConfiguration"); v.There() {
		c.Fail(v.At, fault.Fault{Code: fault.CodeDeployment, Summary: said + " has an advancedConfiguration, which is for blue/green deployments", Detail: "berth deploys by ECS's rolling update.", Hint: "leave it out"})
	}
	switch {
	case group.There() == name.There():
		what := said + " has neither targetGroupArn nor loadBalancerName"
		if name.There() {
			what = said + " has both targetGroupArn and loadBalancerName"
		}
		c.Fail(b.At, fault.Fault{
			Code: fault.CodeBalancer, Summary: what, Hint: `an application load balancer: "targetGroupArn": "${berth.target_group.public?path=/api/*}"` + "\n" +
				`a classic one: "loadBalancerName": "${berth.load_balancer.legacy}"`,
		})
	case group.Kind == document.Text && !c.f.Open(group) && !strings.Contains(group.Text, ":targetgroup/"):
		c.Fail(group.At, fault.Fault{Code: fault.CodeBalancer, Summary: said + ": " + c.f.Quote(group) + " is not the ARN of a target group", Hint: `write "targetGroupArn": "${berth.target_group.public}"`})
	}
	one, ok := c.target(said, b)
	if !ok {
		return
	}
	i := slices.IndexFunc(one.Get("portMappings").Items, func(m document.Value) bool { return m.Get("containerPort").Equal(b.Get("containerPort")) })
	if i < 0 {
		c.unmapped(said, one, b.Get("containerPort"))
	} else if name.There() {
		c.classic(said, one.Get("portMappings", fmt.Sprint(i)), name)
	}
}

// target finds the container that a load balancer sends to.
func (c *checker) target(said string, b document.Value) (container, bool) {
	v, port := b.Get("containerName"), b.Get("containerPort")
	if !v.There() || !port.There() {
		missing, line := "containerName", `"containerName": "web"`
		if v.There() {
			missing, line = "containerPort", `"containerPort": 80`
		}
		c.Fail(b.At, fault.Fault{Code: fault.CodeBalancer, Summary: said + " has no " + missing, Hint: "add " + line})
		return container{}, false
	}
	if v.Kind != document.Text || c.f.Open(v) {
		return container{}, false
	}
	for _, one := range c.containers() {
		if one.name == v.Text || c.f.Open(one.Get("name")) {
			return one, port.Kind == document.Number && one.name == v.Text
		}
	}
	names := c.shown(c.f.Definition.Get("containerDefinitions").Items)
	f := fault.Fault{Code: fault.CodeTarget, Summary: said + ": there is no container " + c.f.Quote(v) + " in " + c.f.Files[0], Hint: "there are " + strings.Join(names, ", ")}
	if near := spell.Meant(v.Text, names); near != "" || len(names) == 1 {
		f.Hint = `write "containerName": "` + orText(near, strings.Join(names, "")) + `"`
	}
	c.Fail(v.At, f)
	return container{}, false
}

func (c *checker) unmapped(said string, one container, port document.Value) {
	f := fault.Fault{
		Code: fault.CodeUnmapped, Summary: said + ": " + one.said + " has no port " + port.Text + " in its portMappings",
		Hint: `add to it: "portMappings": [{ "containerPort": ` + port.Text + ` }]`,
	}
	if mapped := one.Get("portMappings").Items; len(mapped) == 1 && mapped[0].Get("containerPort").Kind == document.Number {
		f.Hint = `write "containerPort": ` + mapped[0].Get("containerPort").Text + "\nor " + f.Hint
	}
	c.Fail(port.At, f)
}

// classic checks a port behind a classic load balancer, which sends to one port of the instance.
func (c *checker) classic(said string, m, name document.Value) {
	mode := c.mode()
	host, fixed := hostOf(mode, m)
	switch {
	case mode == awsvpc:
		c.Fail(name.At, fault.Fault{
			Code: fault.CodeClassic, Summary: said + ": a classic load balancer cannot reach tasks with networkMode awsvpc",
			Hint: `write "networkMode": "bridge" and a hostPort, or take an application load balancer`,
		})
	case !fixed && mode != "":
		c.Fail(portAt(m), fault.Fault{
			Code: fault.CodeClassic, Summary: said + ": a classic load balancer cannot find tasks at changing ports",
			Detail: "It sends to one port of every instance, the instance_port of the load balancer in ecs.tfvars.",
			Hint:   `write "hostPort": 8080, or whatever its instance_port is`,
		})
	case fixed && host.protocol != "tcp":
		c.Fail(portAt(m), fault.Fault{Code: fault.CodeClassic, Summary: said + ": a classic load balancer forwards TCP, not " + host.protocol, Hint: `write "protocol": "tcp"`})
	}
}
