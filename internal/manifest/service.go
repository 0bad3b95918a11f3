package manifest

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/document"
)

// identity checks what the service says of itself and of its task definition (ECS API reference, CreateService).
func (c *checker) identity() {
	s := c.f.Service
	if v := s.Get("taskDefinition"); v.Kind == document.Text && v.Text != "" && !c.open(v) {
		family, _, _ := strings.Cut(v.Text[strings.LastIndexByte(v.Text, '/')+1:], ":")
		if own := c.f.Definition.Get("family"); family != own.Text && !c.open(own) {
			c.Fail(v.At, Fault{
				Code: codeForeign, Summary: "taskDefinition " + c.quote(v) + " is of another family than " + c.f.files[0],
				Hint: "leave it out: berth registers " + c.f.files[0] + " and deploys that revision",
			})
		}
	}
	c.within("the service", s, "desiredCount", 0, 5000)
	if v := s.Get("clientToken"); v.There() {
		c.Warn(v.At, Fault{Code: codeForeign, Summary: "clientToken is berth's to choose", Detail: "It takes another one for each try.", Hint: "leave it out"})
	}
	for _, name := range []string{"platformVersion"} {
		if v := s.Get(name); v.There() {
			c.Fail(v.At, Fault{Code: codeNotEC2, Summary: name + " is for Fargate, and the cluster runs on EC2 instances", Hint: "leave it out"})
		}
	}
	if v := s.Get("role"); v.There() {
		c.Fail(v.At, Fault{
			Code: codeRole, Summary: "role is a role for load balancers of old", Detail: "ECS has a service-linked role for them, which the cluster makes.", Hint: "leave it out",
		})
	}
}

// network checks that the task's network mode and the service's network configuration are for each other.
func (c *checker) network() {
	v, mode := c.f.Service.Get("networkConfiguration"), c.mode()
	switch {
	case mode == awsvpc && !v.There():
		c.Fail(c.f.Definition.Get("networkMode").At, Fault{
			Code: codeNetwork, Summary: "the service does not say where the tasks' network interfaces shall be",
			Hint: `add to ` + c.f.files[1] + `: "networkConfiguration": { "awsvpcConfiguration": { "subnets": "${berth.subnets.private}", "securityGroups": ["${berth.security_group.default}"] } }`,
		})
	case mode != awsvpc && mode != "" && v.There():
		c.Fail(v.At, Fault{
			Code: codeNetwork, Summary: "networkConfiguration is for tasks with networkMode awsvpc, and these have " + mode,
			Hint: `leave it out, or write "networkMode": "awsvpc" in ` + c.f.files[0],
		})
	}
	vpc := v.Get("awsvpcConfiguration")
	if public := vpc.Get("assignPublicIp"); public.Text == "ENABLED" {
		c.Fail(public.At, Fault{Code: codeNetwork, Summary: "on EC2 a task's network interface cannot have a public address", Hint: `leave it out: the subnets reach the outside over NAT`})
	}
	for _, of := range []struct {
		name string
		most int
	}{{"subnets", 16}, {"securityGroups", 5}} {
		if list := vpc.Get(of.name); list.Kind == document.List && (len(list.Items) > of.most || len(list.Items) == 0 && of.name == "subnets") {
			c.Fail(list.At, Fault{Code: codeRange, Summary: fmt.Sprintf("%s cannot have %d entries", of.name, len(list.Items)), Hint: fmt.Sprintf("from 1 to %d", of.most)})
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
		if n := slices.IndexFunc(list.Items[:i], func(o document.Value) bool { return o.Equal(b) }); n >= 0 {
			c.Fail(b.At, Fault{Code: codeBalancer, Summary: fmt.Sprintf("%s is loadBalancers[%d] again", said, n), Hint: "leave it out"})
		}
	}
	switch n := len(list.Items); {
	case classic > 0 && n > 1:
		c.Fail(list.At, Fault{Code: codeBalancer, Summary: "a service behind a classic load balancer can have no other", Hint: "keep one of loadBalancers, or make two services"})
	case n > 5:
		c.Fail(list.At, Fault{Code: codeBalancer, Summary: fmt.Sprintf("a service has at most 5 target groups, not %d", n)})
	}
	grace := c.f.Service.Get("healthCheckGracePeriodSeconds")
	if n, ok := grace.Number(); grace.There() && len(list.Items) == 0 {
		c.Fail(grace.At, Fault{
			Code: codeGrace, Summary: "healthCheckGracePeriodSeconds means nothing without a load balancer",
			Hint: `leave it out; for a container's own check write "startPeriod" in its healthCheck`,
		})
	} else if ok && n < 0 {
		c.Fail(grace.At, Fault{Code: codeRange, Summary: fmt.Sprintf("healthCheckGracePeriodSeconds cannot be %d", n), Hint: "seconds, 0 or more"})
	}
}

func (c *checker) balancer(said string, b document.Value) {
	group, name := b.Get("targetGroupArn"), b.Get("loadBalancerName")
	if v := b.Get("advancedConfiguration"); v.There() {
		c.Fail(v.At, Fault{Code: codeDeployment, Summary: said + " has an advancedConfiguration, which is for blue/green deployments", Detail: "berth deploys by ECS's rolling update.", Hint: "leave it out"})
	}
	switch {
	case group.There() == name.There():
		what := said + " has neither targetGroupArn nor loadBalancerName"
		if name.There() {
			what = said + " has both targetGroupArn and loadBalancerName"
		}
		c.Fail(b.At, Fault{
			Code: codeBalancer, Summary: what, Hint: `an application load balancer: "targetGroupArn": "${berth.target_group.public?path=/api/*}"` + "\n" +
				`a classic one: "loadBalancerName": "${berth.load_balancer.legacy}"`,
		})
	case group.Kind == document.Text && !c.open(group) && !strings.Contains(group.Text, ":targetgroup/"):
		c.Fail(group.At, Fault{Code: codeBalancer, Summary: said + ": " + c.quote(group) + " is not the ARN of a target group", Hint: `write "targetGroupArn": "${berth.target_group.public}"`})
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
		c.Fail(b.At, Fault{Code: codeBalancer, Summary: said + " has no " + missing, Hint: "add " + line})
		return container{}, false
	}
	if v.Kind != document.Text || c.open(v) {
		return container{}, false
	}
	var names []string
	for _, one := range c.containers() {
		if one.name == v.Text {
			return one, port.Kind == document.Number
		}
		names = append(names, one.name)
	}
	f := Fault{Code: codeTarget, Summary: said + ": there is no container " + c.quote(v) + " in " + c.f.files[0], Hint: "there are " + strings.Join(names, ", ")}
	if near := nearest(v.Text, names); near != "" || len(names) == 1 {
		f.Hint = `write "containerName": "` + orText(near, strings.Join(names, "")) + `"`
	}
	c.Fail(v.At, f)
	return container{}, false
}

func (c *checker) unmapped(said string, one container, port document.Value) {
	f := Fault{
		Code: codeUnmapped, Summary: said + ": " + one.said + " has no port " + port.Text + " in its portMappings",
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
		c.Fail(name.At, Fault{
			Code: codeClassic, Summary: said + ": a classic load balancer cannot reach tasks with networkMode awsvpc",
			Hint: `write "networkMode": "bridge" and a hostPort, or take an application load balancer`,
		})
	case !fixed && mode != "":
		c.Fail(portAt(m), Fault{
			Code: codeClassic, Summary: said + ": a classic load balancer cannot find tasks at changing ports",
			Detail: "It sends to one port of every instance, the instance_port of the load balancer in ecs.tfvars.",
			Hint:   `write "hostPort": 8080, or whatever its instance_port is`,
		})
	case fixed && host.protocol != "tcp":
		c.Fail(portAt(m), Fault{Code: codeClassic, Summary: said + ": a classic load balancer forwards TCP, not " + host.protocol, Hint: `write "protocol": "tcp"`})
	}
}
