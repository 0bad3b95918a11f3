package access

import (
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/sim/world"
)

// ec2Table follows the service authorization reference, "Actions, resources, and condition keys for Amazon EC2". What is made is
// written with "/*": it has no id yet.
const ec2Table = `
AllocateAddress elastic-ip/*
AssociateAddress elastic-ip/{AllocationId} instance/{InstanceId} network-interface/{NetworkInterfaceId}
AssociateRouteTable route-table/{RouteTableId} subnet/{SubnetId} internet-gateway/{GatewayId}
AttachInternetGateway internet-gateway/{InternetGatewayId} vpc/{VpcId}
AuthorizeSecurityGroupEgress security-group/{GroupId}
AuthorizeSecurityGroupIngress security-group/{GroupId}
CreateFlowLogs vpc-flow-log/* vpc/{ResourceIds}
+ iam:PassRole {DeliverLogsPermissionArn} iam:passedtoservice:=vpc-flow-logs.amazonaws.com
+ logs:CreateLogDelivery #delivery
CreateInternetGateway internet-gateway/*
CreateKeyPair key-pair/*
CreateLaunchTemplate launch-template/*
CreateLaunchTemplateVersion #template
CreateNatGateway natgateway/* subnet/{SubnetId} elastic-ip/{AllocationId} vpc/{VpcId}
CreateNetworkInterface network-interface/* subnet/{SubnetId} security-group/{Groups}
CreateRoute route-table/{RouteTableId}
CreateRouteTable route-table/* vpc/{VpcId}
CreateSecurityGroup security-group/* vpc/{VpcId}
CreateSubnet subnet/* vpc/{VpcId}
CreateTags #tagged
CreateVpc vpc/*
CreateVpcEndpoint vpc-endpoint/* vpc/{VpcId} route-table/{RouteTableIds} subnet/{SubnetIds} security-group/{SecurityGroupIds}
+ route53:AssociateVPCWithHostedZone #privatenames
DeleteFlowLogs vpc-flow-log/{FlowLogIds}
+ logs:DeleteLogDelivery #delivery
DeleteInternetGateway internet-gateway/{InternetGatewayId}
DeleteKeyPair #keypair
DeleteLaunchTemplate #template
DeleteLaunchTemplateVersions #template
DeleteNatGateway natgateway/{NatGatewayId}
DeleteNetworkInterface network-interface/{NetworkInterfaceId}
DeleteRoute route-table/{RouteTableId}
DeleteRouteTable route-table/{RouteTableId}
DeleteSecurityGroup security-group/{GroupId}
DeleteSubnet subnet/{SubnetId}
DeleteTags #tagged
DeleteVpc vpc/{VpcId}
DeleteVpcEndpoints vpc-endpoint/{VpcEndpointIds}
DescribeAccountAttributes
DescribeAddresses
DescribeAddressesAttribute
DescribeAvailabilityZones
DescribeDhcpOptions
DescribeFlowLogs
DescribeImages
DescribeInstanceAttribute instance/{InstanceId}
DescribeInstanceStatus
DescribeInstanceTypeOfferings
DescribeInstanceTypes
DescribeInstances
DescribeInternetGateways
DescribeKeyPairs
DescribeLaunchTemplateVersions
DescribeLaunchTemplates
DescribeManagedPrefixLists
DescribeNatGateways
DescribeNetworkAcls
DescribeNetworkInterfaces
DescribePrefixLists
DescribeRegions
DescribeRouteTables
DescribeSecurityGroupRules
DescribeSecurityGroups
DescribeSpotInstanceRequests
DescribeSubnets
DescribeTags
DescribeVolumes
DescribeVpcAttribute vpc/{VpcId}
DescribeVpcEndpointServices
DescribeVpcEndpoints
DescribeVpcs
DetachInternetGateway internet-gateway/{InternetGatewayId} vpc/{VpcId}
DisassociateAddress #association
DisassociateRouteTable #association
GetManagedPrefixListEntries prefix-list/{PrefixListId}
ImportKeyPair key-pair/*
ModifyInstanceAttribute instance/{InstanceId} security-group/{Groups}
ModifyLaunchTemplate #template
ModifySecurityGroupRules security-group/{GroupId} security-group-rule/{SecurityGroupRules.SecurityGroupRuleId}
ModifySubnetAttribute subnet/{SubnetId}
ModifyVpcAttribute vpc/{VpcId}
ModifyVpcEndpoint vpc-endpoint/{VpcEndpointId} route-table/{AddRouteTableIds} route-table/{RemoveRouteTableIds} subnet/{AddSubnetIds} subnet/{RemoveSubnetIds} security-group/{AddSecurityGroupIds} security-group/{RemoveSecurityGroupIds}
RebootInstances instance/{InstanceIds}
ReleaseAddress elastic-ip/{AllocationId}
ReplaceRoute route-table/{RouteTableId}
ReplaceRouteTableAssociation route-table/{RouteTableId} #association
RevokeSecurityGroupEgress security-group/{GroupId}
RevokeSecurityGroupIngress security-group/{GroupId}
RunInstances #launch
StartInstances instance/{InstanceIds}
StopInstances instance/{InstanceIds}
TerminateInstances instance/{InstanceIds}
UpdateSecurityGroupRuleDescriptionsEgress security-group/{GroupId}
UpdateSecurityGroupRuleDescriptionsIngress security-group/{GroupId}
`

// specials are the needs that no member of the input names, by the word behind "#".
func specials() map[string]func(need) []need {
	return map[string]func(need) []need{
		"template": template, "tagged": tagged, "keypair": keyPair, "association": association, "launch": launch, "asglaunch": groupLaunch,
		"listener": listenerOf, "linked": linkedRole, "parameters": parameters, "role": role, "profile": profile, "profilerole": profileRole,
		"objects": objects, "ownership": ownership, "ifmatch": ifMatch, "secret": secret, "queue": queue,
		"delivery": delivery, "privatenames": privateNames, "subscription": subscription, "rule": rule, "aliased": aliased, "ofservice": ofService,
		"definition": definition, "member": member,
	}
}

// on is a need on a resource of the call's region by what stands behind the account.
func (n need) on(rest string) need {
	n.resource = whole(n.Call, service(n.action), rest)
	return n
}

// template is a launch template by its id or name.
func template(n need) []need {
	id := text(n.in, "LaunchTemplateId")
	if name := text(n.in, "LaunchTemplateName"); id == "" && name != "" {
		id = name
		for t := range n.Region.EC2.Templates.Rows() {
			if t.Name == name {
				id = t.ID
			}
		}
	}
	return []need{n.on("launch-template/" + id)}
}

// keyPair is a key pair by its id or name; ARNs have the name.
func keyPair(n need) []need {
	name := text(n.in, "KeyName")
	if k, ok := n.Region.EC2.KeyPairs.Get(text(n.in, "KeyPairId")); ok {
		name = k.Name
	}
	return []need{n.on("key-pair/" + name)}
}

// association is a route table and a subnet, or an address and an interface, by what ties them together.
func association(n need) []need {
	id := text(n.in, "AssociationId")
	for t := range n.Region.EC2.RouteTables.Rows() {
		for _, a := range t.Associations {
			if a.ID == id {
				return []need{n.on("route-table/" + t.ID), n.on("subnet/" + a.SubnetID)}
			}
		}
	}
	for a := range n.Region.EC2.Addresses.Rows() {
		if id != "" && a.AssociationID == id {
			return []need{n.on("elastic-ip/" + a.ID), n.on("network-interface/" + a.Interface)}
		}
	}
	return nil
}

// tagged are resources by ids that say what kind they are.
func tagged(n need) []need {
	var out []need
	for _, id := range texts(n.in, "Resources") {
		mark, _, _ := strings.Cut(id, "-")
		kind := ec2Kinds()[mark]
		if k, ok := n.Region.EC2.KeyPairs.Get(id); ok {
			id = k.Name
		}
		out = append(out, n.on(kind+"/"+id))
	}
	return out
}

// ec2Kinds are the kinds of resources in ARNs by how their ids begin.
func ec2Kinds() map[string]string {
	return map[string]string{
		"vpc": "vpc", "subnet": "subnet", "rtb": "route-table", "igw": "internet-gateway", "eipalloc": "elastic-ip", "nat": "natgateway",
		"sg": "security-group", "sgr": "security-group-rule", "acl": "network-acl", "eni": "network-interface", "vpce": "vpc-endpoint",
		"dopt": "dhcp-options", "lt": "launch-template", "i": "instance", "vol": "volume", "key": "key-pair", "ami": "image",
		"fl": "vpc-flow-log", "pl": "prefix-list", "sir": "spot-instances-request",
	}
}

// taggings are the tags that a call puts on what it makes: EC2 evaluates ec2:CreateTags for each kind (EC2 user guide, "Grant
// permission to tag Amazon EC2 resources during creation").
func taggings(c *world.Call, in any) []need {
	var kinds []string
	for _, s := range texts(in, "TagSpecifications.ResourceType") {
		if !slices.Contains(kinds, s) && len(requestTags(in, s)) > 0 {
			kinds = append(kinds, s)
		}
	}
	out := make([]need, len(kinds))
	for i, kind := range kinds {
		out[i] = need{
			Call: c, action: "ec2:CreateTags", in: in, made: true, also: map[string]string{"ec2:createaction": c.Operation},
		}.on(kind + "/*")
	}
	return out
}

// delivery is the delivery to a bucket behind flow logs, of a request or of those that stand.
func delivery(n need) []need {
	bucket := text(n.in, "LogDestinationType") == "s3"
	for _, id := range texts(n.in, "FlowLogIds") {
		if f, ok := n.Region.EC2.FlowLogs.Get(id); ok && f.To == "s3" {
			bucket = true
		}
	}
	if !bucket {
		return nil
	}
	n.resource = "*"
	return []need{n}
}

// privateNames is the joining of AWS's hosted zone by which an interface endpoint has the service's usual name.
func privateNames(n need) []need {
	in, ok := n.in.(*ec2.CreateVpcEndpointInput)
	if !ok || !aws.ToBool(in.PrivateDnsEnabled) {
		return nil
	}
	n.resource = "arn:aws:route53:::hostedzone/*"
	return []need{n}
}

// launch is what starting instances takes, from the request and the launch template that it names.
func launch(n need) []need {
	in, ok := n.in.(*ec2.RunInstancesInput)
	if !ok {
		return nil
	}
	l := launching{subnets: texts(in, "SubnetId"), images: texts(in, "ImageId"), groups: texts(in, "SecurityGroupIds"), keys: texts(in, "KeyName")}
	if p := in.IamInstanceProfile; p != nil {
		l.profile = aws.ToString(p.Arn) + aws.ToString(p.Name)
	}
	if t := in.LaunchTemplate; t != nil {
		l.read(n.Region, aws.ToString(t.LaunchTemplateId), aws.ToString(t.LaunchTemplateName), aws.ToString(t.Version))
	}
	return l.needs(n)
}
