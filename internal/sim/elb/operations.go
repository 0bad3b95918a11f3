package elb

import (
	"berth/internal/sim/elb/cipher"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations is the API of classic load balancers (2012-06-01) by operation name.
func Operations() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"AddTags":                               wire.Op(AddClassicTags),
		"ApplySecurityGroupsToLoadBalancer":     wire.Op(ApplySecurityGroups),
		"AttachLoadBalancerToSubnets":           wire.Op(AttachSubnets),
		"ConfigureHealthCheck":                  wire.Op(ConfigureClassicHealthCheck),
		"CreateLoadBalancer":                    wire.Op(CreateClassicLoadBalancer),
		"CreateLoadBalancerListeners":           wire.Op(CreateClassicListeners),
		"CreateLoadBalancerPolicy":              wire.Op(cipher.Create),
		"DeleteLoadBalancer":                    wire.Op(DeleteClassicLoadBalancer),
		"DeleteLoadBalancerListeners":           wire.Op(DeleteClassicListeners),
		"DeregisterInstancesFromLoadBalancer":   wire.Op(DeregisterClassicInstances),
		"DescribeAccountLimits":                 wire.Op(DescribeClassicAccountLimits),
		"DescribeInstanceHealth":                wire.Op(DescribeInstanceHealth),
		"DescribeLoadBalancerAttributes":        wire.Op(DescribeClassicAttributes),
		"DescribeLoadBalancerPolicies":          wire.Op(cipher.Describe),
		"DescribeLoadBalancers":                 wire.Op(DescribeClassicLoadBalancers),
		"DescribeTags":                          wire.Op(DescribeClassicTags),
		"DetachLoadBalancerFromSubnets":         wire.Op(DetachSubnets),
		"ModifyLoadBalancerAttributes":          wire.Op(ModifyClassicAttributes),
		"RegisterInstancesWithLoadBalancer":     wire.Op(RegisterClassicInstances),
		"RemoveTags":                            wire.Op(RemoveClassicTags),
		"SetLoadBalancerListenerSSLCertificate": wire.Op(SetClassicCertificate),
		"SetLoadBalancerPoliciesOfListener":     wire.Op(cipher.Set),
	}
}

// OperationsV2 is the API of application and network load balancers (2015-12-01) by operation name.
func OperationsV2() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"AddListenerCertificates":        wire.Op(AddListenerCertificates),
		"AddTags":                        wire.Op(AddTags),
		"CreateListener":                 wire.Op(CreateListener),
		"CreateLoadBalancer":             wire.Op(CreateLoadBalancer),
		"CreateRule":                     wire.Op(CreateRule),
		"CreateTargetGroup":              wire.Op(CreateTargetGroup),
		"DeleteListener":                 wire.Op(DeleteListener),
		"DeleteLoadBalancer":             wire.Op(DeleteLoadBalancer),
		"DeleteRule":                     wire.Op(DeleteRule),
		"DeleteTargetGroup":              wire.Op(DeleteTargetGroup),
		"DeregisterTargets":              wire.Op(DeregisterTargets),
		"DescribeAccountLimits":          wire.Op(DescribeAccountLimits),
		"DescribeListenerAttributes":     wire.Op(DescribeListenerAttributes),
		"DescribeListenerCertificates":   wire.Op(DescribeListenerCertificates),
		"DescribeListeners":              wire.Op(DescribeListeners),
		"DescribeLoadBalancerAttributes": wire.Op(DescribeLoadBalancerAttributes),
		"DescribeLoadBalancers":          wire.Op(DescribeLoadBalancers),
		"DescribeRules":                  wire.Op(DescribeRules),
		"DescribeSSLPolicies":            wire.Op(DescribeSSLPolicies),
		"DescribeTags":                   wire.Op(DescribeTags),
		"DescribeTargetGroupAttributes":  wire.Op(DescribeTargetGroupAttributes),
		"DescribeTargetGroups":           wire.Op(DescribeTargetGroups),
		"DescribeTargetHealth":           wire.Op(DescribeTargetHealth),
		"ModifyListener":                 wire.Op(ModifyListener),
		"ModifyListenerAttributes":       wire.Op(ModifyListenerAttributes),
		"ModifyLoadBalancerAttributes":   wire.Op(ModifyLoadBalancerAttributes),
		"ModifyRule":                     wire.Op(ModifyRule),
		"ModifyTargetGroup":              wire.Op(ModifyTargetGroup),
		"ModifyTargetGroupAttributes":    wire.Op(ModifyTargetGroupAttributes),
		"RegisterTargets":                wire.Op(RegisterTargets),
		"RemoveListenerCertificates":     wire.Op(RemoveListenerCertificates),
		"RemoveTags":                     wire.Op(RemoveTags),
		"SetIpAddressType":               wire.Op(SetIPAddressType),
		"SetRulePriorities":              wire.Op(SetRulePriorities),
		"SetSecurityGroups":              wire.Op(SetSecurityGroups),
		"SetSubnets":                     wire.Op(SetSubnets),
	}
}
