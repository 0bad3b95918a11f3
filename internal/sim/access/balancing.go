package access

import "strings"

// describedBeside are the actions of EC2 that Elastic Load Balancing evaluates beside its own (Elastic Load Balancing user guide,
// "Elastic Load Balancing API permissions").
const describedBeside = `
+ ec2:DescribeAccountAttributes *
+ ec2:DescribeAddresses *
+ ec2:DescribeInternetGateways *
+ ec2:DescribeSecurityGroups *
+ ec2:DescribeSubnets *
+ ec2:DescribeVpcs *
+ iam:CreateServiceLinkedRole #linked iam:awsservicename:=elasticloadbalancing.amazonaws.com
`

// balancingTable follows "Actions, resources, and condition keys for AWS Elastic Load Balancing V2".
const balancingTable = `
AddListenerCertificates {ListenerArn}
AddTags {ResourceArns}
CreateListener {LoadBalancerArn}
+ ?elasticloadbalancing:AddTags #listener elasticloadbalancing:createaction:=CreateListener
CreateLoadBalancer loadbalancer/{Type~app}/{Name}/*
+ ?elasticloadbalancing:AddTags loadbalancer/{Type~app}/{Name}/* elasticloadbalancing:createaction:=CreateLoadBalancer
` + describedBeside + `
CreateRule {ListenerArn}
+ ?elasticloadbalancing:AddTags #listener elasticloadbalancing:createaction:=CreateRule
CreateTargetGroup targetgroup/{Name}/*
+ ?elasticloadbalancing:AddTags targetgroup/{Name}/* elasticloadbalancing:createaction:=CreateTargetGroup
+ ec2:DescribeInternetGateways *
+ ec2:DescribeVpcs *
+ iam:CreateServiceLinkedRole #linked iam:awsservicename:=elasticloadbalancing.amazonaws.com
DeleteListener {ListenerArn}
DeleteLoadBalancer {LoadBalancerArn}
DeleteRule {RuleArn}
DeleteTargetGroup {TargetGroupArn}
DeregisterTargets {TargetGroupArn}
DescribeAccountLimits
DescribeListenerAttributes
DescribeListenerCertificates
DescribeListeners
DescribeLoadBalancerAttributes
DescribeLoadBalancers
DescribeRules
DescribeSSLPolicies
DescribeTags
DescribeTargetGroupAttributes
DescribeTargetGroups
DescribeTargetHealth
ModifyListener {ListenerArn}
ModifyListenerAttributes {ListenerArn}
ModifyLoadBalancerAttributes {LoadBalancerArn}
ModifyRule {RuleArn}
ModifyTargetGroup {TargetGroupArn}
ModifyTargetGroupAttributes {TargetGroupArn}
RegisterTargets {TargetGroupArn}
+ ec2:DescribeInstances *
+ ec2:DescribeInternetGateways *
+ ec2:DescribeSubnets *
+ ec2:DescribeVpcs *
RemoveListenerCertificates {ListenerArn}
RemoveTags {ResourceArns}
SetIpAddressType {LoadBalancerArn}
+ ec2:DescribeSubnets *
SetRulePriorities {RulePriorities.RuleArn}
SetSecurityGroups {LoadBalancerArn}
SetSubnets {LoadBalancerArn}
+ ec2:DescribeSubnets *
`

// classicTable follows "Actions, resources, and condition keys for AWS Elastic Load Balancing".
const classicTable = `
AddTags loadbalancer/{LoadBalancerNames}
ApplySecurityGroupsToLoadBalancer loadbalancer/{LoadBalancerName}
+ ec2:DescribeAccountAttributes *
+ ec2:DescribeSecurityGroups *
AttachLoadBalancerToSubnets loadbalancer/{LoadBalancerName}
+ ec2:DescribeSubnets *
ConfigureHealthCheck loadbalancer/{LoadBalancerName}
CreateLoadBalancer loadbalancer/{LoadBalancerName}
+ ?elasticloadbalancing:AddTags loadbalancer/{LoadBalancerName} elasticloadbalancing:createaction:=CreateLoadBalancer
+ ec2:DescribeAccountAttributes *
+ ec2:DescribeInternetGateways *
+ ec2:DescribeSecurityGroups *
+ ec2:DescribeSubnets *
+ ec2:DescribeVpcs *
+ iam:CreateServiceLinkedRole #linked iam:awsservicename:=elasticloadbalancing.amazonaws.com
CreateLoadBalancerListeners loadbalancer/{LoadBalancerName}
CreateLoadBalancerPolicy loadbalancer/{LoadBalancerName}
DeleteLoadBalancer loadbalancer/{LoadBalancerName}
DeleteLoadBalancerListeners loadbalancer/{LoadBalancerName}
DeregisterInstancesFromLoadBalancer loadbalancer/{LoadBalancerName}
DescribeAccountLimits
DescribeInstanceHealth
DescribeLoadBalancerAttributes
DescribeLoadBalancerPolicies
DescribeLoadBalancers
DescribeTags
DetachLoadBalancerFromSubnets loadbalancer/{LoadBalancerName}
ModifyLoadBalancerAttributes loadbalancer/{LoadBalancerName}
RegisterInstancesWithLoadBalancer loadbalancer/{LoadBalancerName}
+ ec2:DescribeInstances *
+ ec2:DescribeAccountAttributes *
RemoveTags loadbalancer/{LoadBalancerNames}
SetLoadBalancerListenerSSLCertificate loadbalancer/{LoadBalancerName}
SetLoadBalancerPoliciesOfListener loadbalancer/{LoadBalancerName}
`

// listenerOf is what is made below a load balancer or listener: a listener or a rule without an id.
func listenerOf(n need) []need {
	if arn := text(n.in, "LoadBalancerArn"); arn != "" {
		n.resource = strings.Replace(arn, ":loadbalancer/", ":listener/", 1) + "/*"
		return []need{n}
	}
	n.resource = strings.Replace(text(n.in, "ListenerArn"), ":listener/", ":listener-rule/", 1) + "/*"
	return []need{n}
}
