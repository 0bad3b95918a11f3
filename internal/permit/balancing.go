package permit

import "slices"

// balancingRows are load balancers of both APIs, which share a prefix. Beside some actions of theirs IAM evaluates reads of EC2
// (Elastic Load Balancing user guide, "Elastic Load Balancing API permissions").
func balancingRows() []row {
	const v2, v1 = "Elastic Load Balancing v2", "Elastic Load Balancing"
	return slices.Concat(
		rows(v2, look, `DescribeListenerCertificates DescribeListeners DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags
			DescribeTargetGroupAttributes DescribeTargetGroups`, anywhere),
		rows(v1, look, "DescribeLoadBalancerAttributes DescribeLoadBalancers DescribeTags", anywhere),
		rows(v2, change, `AddListenerCertificates AddTags CreateListener CreateTargetGroup ModifyListener ModifyTargetGroup ModifyTargetGroupAttributes
			RemoveListenerCertificates RemoveTags 			SetSecurityGroups SetSubnets`, balancers),
		rows(v2, leave, "DeleteListener DeleteLoadBalancer DeleteTargetGroup ModifyLoadBalancerAttributes", balancers),
		rows(v1, change, `AddTags AttachLoadBalancerToSubnets ConfigureHealthCheck CreateLoadBalancerListeners CreateLoadBalancerPolicy DeleteLoadBalancerListeners
			DetachLoadBalancerFromSubnets ModifyLoadBalancerAttributes RemoveTags
			SetLoadBalancerListenerSSLCertificate SetLoadBalancerPoliciesOfListener`, balancers),
		rows(v1, leave, "DeleteLoadBalancer", balancers),
		[]row{
			balanced(v2+".CreateLoadBalancer", "CreateLoadBalancer", "ec2:DescribeAccountAttributes"),
			balanced(v1+".CreateLoadBalancer", "CreateLoadBalancer", "ec2:DescribeAccountAttributes"),
			balanced(v1+".ApplySecurityGroupsToLoadBalancer", "ApplySecurityGroupsToLoadBalancer", "ec2:DescribeAccountAttributes"),
			balanced(v1+".RegisterInstancesWithLoadBalancer", "RegisterInstancesWithLoadBalancer", "ec2:DescribeAccountAttributes", "ec2:DescribeInstances"),
		},
	)
}

// balanced is an operation with the reads of EC2 that no look has already.
func balanced(operation, action string, beside ...string) row {
	r := one(operation, change, grant{"elasticloadbalancing:" + action, balancers})
	for _, b := range beside {
		r.grants = append(r.grants, grant{b, anywhere})
	}
	return r
}
