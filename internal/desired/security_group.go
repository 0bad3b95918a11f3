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
	if b.interfaceEndpoints() {
		out = append(out, b.endpointsGroup())
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
		for _, port := range ports(lb) {
			s.Ingress = append(s.Ingress, model.Rule{Protocol: "tcp", From: port, To: port, CIDR: from.String(), Description: "clients"})
		}
	}
	return s
}

// ports are those that clients talk to.
func ports(lb config.LoadBalancer) []int {
	if lb.TLS.On() {
		return []int{model.PortHTTP, model.PortHTTPS}
	}
	return []int{model.PortHTTP}
}

// instanceGroup lets each load balancer reach what it sends to: an Application Load Balancer the tasks' dynamic ports,
// a classic one its fixed port of the instances that register with it; and the port of the health check, if that is another.
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
		if p := lb.Check.Port; p != 0 && (p < r.From || p > r.To) {
			s.Ingress = append(s.Ingress, model.Rule{Protocol: r.Protocol, From: p, To: p, Group: r.Group, Description: "health check"})
		}
	}
	return s
}

// endpointsGroup lets the VPC talk TLS to the interface endpoints, which begin no connection themselves.
func (b *builder) endpointsGroup() model.SecurityGroup {
	k := model.EndpointsGroupKey()
	return model.SecurityGroup{
		Role: k.Name, VPC: b.vpcKey(), GroupName: b.scope.SecurityGroupName(k), Description: "endpoints of ECS cluster " + b.scope.ClusterName(),
		Ingress: []model.Rule{{Protocol: "tcp", From: 443, To: 443, CIDR: b.c.VPCCIDR.String(), Description: "the VPC"}}, Tags: b.tags(k),
	}
}

func anywhere() model.Rule { return model.Rule{Protocol: "-1", CIDR: everywhere} }
