package desired

import (
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

// The dynamic host ports of bridge-mode tasks: what the ECS agent hands out on the ECS-optimized images, up to the
// highest port that a kernel setting can make it use.
const (
	firstDynamicPort = 32768
	lastDynamicPort  = 65535
)

func (b *builder) securityGroups() []model.Resource {
	var out []model.Resource
	for _, lb := range b.c.LoadBalancers {
		out = append(out, b.balancerGroup(lb))
	}
	for _, g := range b.c.Groups {
		out = append(out, b.instanceGroup(g))
	}
	return out
}

func (b *builder) balancerGroup(lb config.LoadBalancer) model.SecurityGroup {
	k := model.BalancerGroupKey(lb.Key)
	s := model.SecurityGroup{
		Role: k.Name, VPC: b.vpcKey(), GroupName: b.scope.SecurityGroupName(k), Description: "who may talk to load balancer " + b.scope.BalancerName(lb.Key),
		Egress: []model.Rule{anywhere()}, Tags: b.tags(k),
	}
	for _, from := range lb.AllowCIDRs {
		s.Ingress = append(s.Ingress, model.Rule{Protocol: "tcp", From: 80, To: 80, CIDR: from.String(), Description: "clients"})
	}
	return s
}

// instanceGroup lets each load balancer reach what it sends to: an Application Load Balancer the tasks' dynamic ports,
// a classic one its fixed port of the instances that register with it.
func (b *builder) instanceGroup(g config.Group) model.SecurityGroup {
	k := model.InstanceGroupKey(g.Name)
	s := model.SecurityGroup{
		Role: k.Name, VPC: b.vpcKey(), GroupName: b.scope.SecurityGroupName(k), Description: "instances of group " + b.scope.GroupName(g.Name),
		Egress: []model.Rule{anywhere()}, Tags: b.tags(k),
	}
	for _, lb := range b.c.LoadBalancers {
		r := model.Rule{Protocol: "tcp", From: firstDynamicPort, To: lastDynamicPort, Group: model.BalancerGroupKey(lb.Key), Description: "dynamic ports"}
		if lb.Type == config.Classic {
			r.From, r.To, r.Description = lb.InstancePort, lb.InstancePort, "instance port"
		}
		if lb.Type == config.Classic && !slices.Contains(g.LoadBalancers, lb.Key) {
			continue
		}
		s.Ingress = append(s.Ingress, r)
	}
	return s
}

func anywhere() model.Rule { return model.Rule{Protocol: "-1", CIDR: everywhere} }
