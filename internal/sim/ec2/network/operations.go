package network

import (
	"maps"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// Operations are the API operations of VPCs and what is wired in them.
func Operations() map[string]wire.Operation[*world.Call] {
	all := writes()
	maps.Copy(all, reads())
	return all
}

func reads() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"GetManagedPrefixListEntries": wire.Op(GetManagedPrefixListEntries),
		"DescribeAccountAttributes":   wire.Op(DescribeAccountAttributes),
		"DescribeAddresses":           wire.Op(DescribeAddresses),
		"DescribeAddressesAttribute":  wire.Op(DescribeAddressesAttribute),
		"DescribeAvailabilityZones":   wire.Op(DescribeAvailabilityZones),
		"DescribeDhcpOptions":         wire.Op(DescribeDhcpOptions),
		"DescribeFlowLogs":            wire.Op(DescribeFlowLogs),
		"DescribeInternetGateways":    wire.Op(DescribeInternetGateways),
		"DescribeManagedPrefixLists":  wire.Op(DescribeManagedPrefixLists),
		"DescribeNatGateways":         wire.Op(DescribeNatGateways),
		"DescribeNetworkAcls":         wire.Op(DescribeNetworkAcls),
		"DescribeNetworkInterfaces":   wire.Op(DescribeNetworkInterfaces),
		"DescribePrefixLists":         wire.Op(DescribePrefixLists),
		"DescribeRegions":             wire.Op(DescribeRegions),
		"DescribeRouteTables":         wire.Op(DescribeRouteTables),
		"DescribeSecurityGroupRules":  wire.Op(DescribeSecurityGroupRules),
		"DescribeSecurityGroups":      wire.Op(DescribeSecurityGroups),
		"DescribeSubnets":             wire.Op(DescribeSubnets),
		"DescribeVpcAttribute":        wire.Op(DescribeVpcAttribute),
		"DescribeVpcEndpointServices": wire.Op(DescribeVpcEndpointServices),
		"DescribeVpcEndpoints":        wire.Op(DescribeVpcEndpoints),
		"DescribeVpcs":                wire.Op(DescribeVpcs),
	}
}

func writes() map[string]wire.Operation[*world.Call] {
	return map[string]wire.Operation[*world.Call]{
		"AllocateAddress":                            wire.Op(AllocateAddress),
		"AssociateAddress":                           wire.Op(AssociateAddress),
		"AssociateRouteTable":                        wire.Op(AssociateRouteTable),
		"AttachInternetGateway":                      wire.Op(AttachInternetGateway),
		"AuthorizeSecurityGroupEgress":               wire.Op(AuthorizeSecurityGroupEgress),
		"AuthorizeSecurityGroupIngress":              wire.Op(AuthorizeSecurityGroupIngress),
		"CreateFlowLogs":                             wire.Op(CreateFlowLogs),
		"CreateInternetGateway":                      wire.Op(CreateInternetGateway),
		"CreateNatGateway":                           wire.Op(CreateNatGateway),
		"CreateNetworkInterface":                     wire.Op(CreateNetworkInterface),
		"CreateRoute":                                wire.Op(CreateRoute),
		"CreateRouteTable":                           wire.Op(CreateRouteTable),
		"CreateSecurityGroup":                        wire.Op(CreateSecurityGroup),
		"CreateSubnet":                               wire.Op(CreateSubnet),
		"CreateVpc":                                  wire.Op(CreateVpc),
		"CreateVpcEndpoint":                          wire.Op(CreateVpcEndpoint),
		"DeleteFlowLogs":                             wire.Op(DeleteFlowLogs),
		"DeleteInternetGateway":                      wire.Op(DeleteInternetGateway),
		"DeleteNatGateway":                           wire.Op(DeleteNatGateway),
		"DeleteNetworkInterface":                     wire.Op(DeleteNetworkInterface),
		"DeleteRoute":                                wire.Op(DeleteRoute),
		"DeleteRouteTable":                           wire.Op(DeleteRouteTable),
		"DeleteSecurityGroup":                        wire.Op(DeleteSecurityGroup),
		"DeleteSubnet":                               wire.Op(DeleteSubnet),
		"DeleteVpc":                                  wire.Op(DeleteVpc),
		"DeleteVpcEndpoints":                         wire.Op(DeleteVpcEndpoints),
		"DetachInternetGateway":                      wire.Op(DetachInternetGateway),
		"DisassociateAddress":                        wire.Op(DisassociateAddress),
		"DisassociateRouteTable":                     wire.Op(DisassociateRouteTable),
		"ModifySecurityGroupRules":                   wire.Op(ModifySecurityGroupRules),
		"ModifySubnetAttribute":                      wire.Op(ModifySubnetAttribute),
		"ModifyVpcAttribute":                         wire.Op(ModifyVpcAttribute),
		"ModifyVpcEndpoint":                          wire.Op(ModifyVpcEndpoint),
		"ReleaseAddress":                             wire.Op(ReleaseAddress),
		"ReplaceRoute":                               wire.Op(ReplaceRoute),
		"ReplaceRouteTableAssociation":               wire.Op(ReplaceRouteTableAssociation),
		"RevokeSecurityGroupEgress":                  wire.Op(RevokeSecurityGroupEgress),
		"RevokeSecurityGroupIngress":                 wire.Op(RevokeSecurityGroupIngress),
		"UpdateSecurityGroupRuleDescriptionsEgress":  wire.Op(UpdateSecurityGroupRuleDescriptionsEgress),
		"UpdateSecurityGroupRuleDescriptionsIngress": wire.Op(UpdateSecurityGroupRuleDescriptionsIngress),
	}
}

// Handlers are the events of the network.
func Handlers() world.Handlers {
	return world.Handlers{
		vpcAvailable:  {becomeVPC},
		natSettled:    {settleNAT},
		natGone:       {endNAT},
		natForgotten:  {forgetNAT},
		endpointReady: {becomeEndpoint},
		endpointGone:  {endEndpoint},
	}
}

// Kinds are the kinds of the network that carry tags.
func Kinds() []listing.Taggable {
	return []listing.Taggable{
		dhcpKind(), addressKind(), gatewayKind(), natKind(), aclKind(), interfaceKind(), tableKind(), groupKind(), ruleKind(),
		Subnets(), vpcKind(), endpointKind(), flowLogKind(),
	}
}
