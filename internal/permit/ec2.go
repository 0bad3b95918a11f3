package permit

import "slices"

// networkRows are the VPC and all in it (service authorization reference, "Actions, resources, and condition keys for Amazon
// EC2"). EC2 knows its resources by ids, so their tags say whose they are; IAM cannot scope its reads.
func networkRows() []row {
	return slices.Concat(
		rows("EC2", look, `DescribeAddresses DescribeAvailabilityZones DescribeInstanceTypeOfferings DescribeInstanceTypes
			DescribeInternetGateways DescribeNatGateways DescribeNetworkInterfaces DescribeRouteTables DescribeSecurityGroups
			DescribeSubnets DescribeVpcAttribute DescribeVpcEndpoints DescribeVpcs`, anywhere),
		rows("EC2", change, "AllocateAddress CreateInternetGateway CreateVpc", ec2Make, ec2Tag),
		rows("EC2", change, "CreateNatGateway CreateRouteTable CreateSecurityGroup CreateSubnet CreateVpcEndpoint",
			ec2Make, ec2Tag, ec2Own, ec2Recover),
		rows("EC2", change, `AssociateRouteTable AttachInternetGateway AuthorizeSecurityGroupEgress AuthorizeSecurityGroupIngress
			CreateRoute CreateTags ModifySubnetAttribute ModifyVpcAttribute ModifyVpcEndpoint ReplaceRoute`, ec2Own, ec2Recover),
		rows("EC2", change, "DeleteTags", ec2Own), // whose key has been set before
		rows("EC2", leave, `DeleteInternetGateway DeleteNatGateway DeleteRoute DeleteRouteTable DeleteSecurityGroup DeleteSubnet
			DeleteVpc DeleteVpcEndpoints DetachInternetGateway DisassociateRouteTable ReleaseAddress`, ec2Own, ec2Recover),
		rows("EC2", change, "RevokeSecurityGroupEgress RevokeSecurityGroupIngress", ec2Default),
		rows("EC2", leave, "RevokeSecurityGroupEgress RevokeSecurityGroupIngress", ec2Own, ec2Recover),
	)
}

// launchRows are launch templates, images and instances.
func launchRows() []row {
	return slices.Concat(
		rows("EC2", look, "DescribeImages DescribeLaunchTemplateVersions DescribeLaunchTemplates", anywhere),
		rows("EC2", closer, "DescribeInstances", anywhere),
		rows("EC2", change, "CreateLaunchTemplate", ec2Make, ec2Tag),
		rows("EC2", change, "CreateLaunchTemplateVersion ModifyLaunchTemplate", ec2Own, ec2Recover),
		rows("EC2", leave, "DeleteLaunchTemplate", ec2Own, ec2Recover),
		rows("SSM", look, "GetParameters", parameters),
	)
}
