package permit

import "slices"

// networkRows are the VPC and all in it (service authorization reference, "Actions, resources, and condition keys for Amazon
// EC2"). EC2 knows its resources by ids, so their tags say whose they are; IAM cannot scope its reads.
func networkRows() []row {
	return slices.Concat(
		rows("EC2", look, `DescribeAddresses DescribeAvailabilityZones DescribeInstanceTypeOfferings DescribeInstanceTypes
			DescribeFlowLogs DescribeInternetGateways DescribeNatGateways DescribeNetworkInterfaces DescribeRouteTables
			DescribeSecurityGroups DescribeSubnets DescribeVpcAttribute DescribeVpcEndpointServices DescribeVpcEndpoints DescribeVpcs`, anywhere),
		rows("EC2", change, "AllocateAddress CreateInternetGateway CreateVpc", ec2Make, ec2Tag),
		rows("EC2", change, "CreateNatGateway CreateRouteTable CreateSubnet",
			ec2Make, ec2Tag, ec2Own, ec2Recover),
		rows("EC2", change, "CreateSecurityGroup", ec2Make, ec2Tag, ec2Own, ec2Recover, othersVPC),
		rows("EC2", change, `AssociateRouteTable AttachInternetGateway AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress
			CreateRoute CreateTags ModifySubnetAttribute ModifyVpcAttribute ModifyVpcEndpoint ReplaceRoute`, ec2Own, ec2Recover),
		rows("EC2", change, "DeleteTags", ec2Own), // whose key has been set before
		rows("EC2", leave, `DeleteInternetGateway DeleteNatGateway DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet
			DeleteVpc DeleteVpcEndpoints DetachInternetGateway DisassociateRouteTable ReleaseAddress`, ec2Own, ec2Recover),
		rows("EC2", change, "RevokeSecurityGroupEgress RevokeSecurityGroupIngress", ec2Default),
		rows("EC2", leave, "RevokeSecurityGroupEgress RevokeSecurityGroupIngress", ec2Own, ec2Recover),
		[]row{
			one("EC2.CreateVpcEndpoint", change, append(made("ec2:CreateVpcEndpoint"), grant{"route53:AssociateVPCWithHostedZone", privateNames})...),
			one("EC2.CreateFlowLogs", change, append(made("ec2:CreateFlowLogs"), grant{"iam:PassRole", rolePass}, grant{"logs:CreateLogDelivery", anywhere})...),
			one("EC2.DeleteFlowLogs", leave, grant{"ec2:DeleteFlowLogs", ec2Own}, grant{"ec2:DeleteFlowLogs", ec2Recover},
				grant{"logs:DeleteLogDelivery", anywhere}),
		},
	)
}

// made is an action that makes something of the cluster in or on something else of it. Flow logs to a bucket are a delivery of
// CloudWatch Logs too (VPC user guide, "Publish flow logs to Amazon S3"); an endpoint with private names joins a hosted zone of
// AWS's (service authorization reference, CreateVpcEndpoint).
func made(action string) []grant {
	return []grant{{action, ec2Make}, {"ec2:CreateTags", ec2Tag}, {action, ec2Own}, {action, ec2Recover}}
}

// launchRows are launch templates, images and instances.
func launchRows() []row {
	return slices.Concat(
		rows("EC2", look, "DescribeImages DescribeKeyPairs DescribeLaunchTemplateVersions DescribeLaunchTemplates", anywhere),
		rows("EC2", closer, "DescribeInstances", anywhere),
		rows("EC2", change, "CreateLaunchTemplate ImportKeyPair", ec2Make, ec2Tag),
		rows("EC2", change, "CreateLaunchTemplateVersion ModifyLaunchTemplate", ec2Own, ec2Recover),
		rows("EC2", leave, "DeleteKeyPair DeleteLaunchTemplate", ec2Own, ec2Recover),
		rows("SSM", look, "GetParameters", parameters),
	)
}
