package network

import (
	"cmp"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/world"
)

// PrivateDNS is the name of a private address inside its VPC.
func PrivateDNS(region, ip string) string {
	return "ip-" + strings.ReplaceAll(ip, ".", "-") + "." + PrivateDomain(region)
}

func interfaceOut(r *world.Region, i *world.Interface) types.NetworkInterface {
	association := interfaceAssociation(r, i)
	return types.NetworkInterface{
		NetworkInterfaceId: aws.String(i.ID), SubnetId: aws.String(i.SubnetID), VpcId: aws.String(i.VPCID),
		AvailabilityZone: aws.String(i.Zone), AvailabilityZoneId: ZoneID(r, i.Zone), Description: aws.String(i.Description),
		InterfaceType: types.NetworkInterfaceType(i.InterfaceType), MacAddress: aws.String(i.MAC), OwnerId: aws.String(world.Account),
		PrivateIpAddress: aws.String(i.PrivateIP), PrivateDnsName: aws.String(PrivateDNS(r.Name, i.PrivateIP)),
		RequesterId: listing.Filled(i.RequesterID), RequesterManaged: aws.Bool(i.RequesterManaged), SourceDestCheck: aws.Bool(SourceChecked(i)),
		Status: types.NetworkInterfaceStatus(i.Status), Groups: GroupNames(&r.EC2.Network, i.Groups), TagSet: listing.ToTags(i.Tags),
		Association: association, Attachment: interfaceAttachment(i), Ipv6Addresses: []types.NetworkInterfaceIpv6Address{},
		PrivateIpAddresses: []types.NetworkInterfacePrivateIpAddress{{
			Primary: aws.Bool(true), PrivateIpAddress: aws.String(i.PrivateIP),
			PrivateDnsName: aws.String(PrivateDNS(r.Name, i.PrivateIP)), Association: association,
		}},
		Operator: &types.OperatorResponse{Managed: aws.Bool(false)},
	}
}

// ZoneID is the id of a zone that is given by name; nil for an unknown one.
func ZoneID(r *world.Region, name string) *string {
	for _, z := range Zones(r.Name) {
		if z.Name == name {
			return aws.String(z.ID)
		}
	}
	return nil
}

// SourceChecked tells whether an interface drops packets that are not its own; those of gateways pass them on.
func SourceChecked(i *world.Interface) bool {
	return !i.NoSourceCheck && i.InterfaceType != "nat_gateway" && i.InterfaceType != "network_load_balancer"
}

func interfaceAssociation(r *world.Region, i *world.Interface) *types.NetworkInterfaceAssociation {
	if i.PublicIP == "" {
		return nil
	}
	return &types.NetworkInterfaceAssociation{
		PublicIp: aws.String(i.PublicIP), PublicDnsName: aws.String(PublicDNS(r.Name, i.PublicIP)),
		IpOwnerId: aws.String(IPOwner(i)), AllocationId: listing.Filled(i.Allocation), AssociationId: listing.Filled(i.AssociationID),
	}
}

// IPOwner is who owns an interface's public address: the account an Elastic IP, Amazon one that it lends.
func IPOwner(i *world.Interface) string {
	switch {
	case i.Allocation != "":
		return world.Account
	case i.PublicIP != "":
		return cmp.Or(i.RequesterID, "amazon")
	default:
		return ""
	}
}

func interfaceAttachment(i *world.Interface) *types.NetworkInterfaceAttachment {
	if i.AttachmentID == "" {
		return nil
	}
	return &types.NetworkInterfaceAttachment{
		AttachmentId: aws.String(i.AttachmentID), AttachTime: aws.Time(i.Attached), Status: types.AttachmentStatusAttached,
		DeviceIndex: aws.Int32(i.DeviceIndex), NetworkCardIndex: aws.Int32(0), DeleteOnTermination: aws.Bool(deletedWith(i)),
		InstanceId: listing.Filled(i.InstanceID), InstanceOwnerId: aws.String(i.AttachOwner),
	}
}

// deletedWith tells whether an interface goes with its instance; those of services have none to go with.
func deletedWith(i *world.Interface) bool { return i.InstanceID != "" && !i.KeepOnTermination }

// GroupNames are the groups of an interface with their names.
func GroupNames(n *world.Network, ids []string) []types.GroupIdentifier {
	out := make([]types.GroupIdentifier, 0, len(ids))
	for _, id := range ids {
		x := types.GroupIdentifier{GroupId: aws.String(id)}
		if g, ok := n.SecurityGroups.Get(id); ok {
			x.GroupName = aws.String(g.Name)
		}
		out = append(out, x)
	}
	return out
}

// InterfaceFields are the filters of network interfaces; instances have them too, under a prefix.
func InterfaceFields(r *world.Region) listing.Fields[world.Interface] {
	type row = *world.Interface
	text := func(f func(row) string) func(row) []string { return func(i row) []string { return listing.One(f(i)) } }
	attached := func(f func(row) []string) func(row) []string {
		return func(i row) []string {
			if i.AttachmentID == "" {
				return nil
			}
			return f(i)
		}
	}
	owner := text(IPOwner)
	publicIP := text(func(i row) string { return i.PublicIP })
	privateIP := text(func(i row) string { return i.PrivateIP })
	return listing.Fields[world.Interface]{
		"addresses.association.owner-id":   owner,
		"addresses.association.public-ip":  publicIP,
		"addresses.primary":                func(row) []string { return listing.Yes(true) },
		"addresses.private-ip-address":     privateIP,
		"association.allocation-id":        text(func(i row) string { return i.Allocation }),
		"association.association-id":       text(func(i row) string { return i.AssociationID }),
		"association.ip-owner-id":          owner,
		"association.public-ip":            publicIP,
		"association.public-dns-name":      text(func(i row) string { return aws.ToString(publicName(r, i)) }),
		"attachment.attach-time":           attached(func(i row) []string { return listing.Moment(i.Attached) }),
		"attachment.attachment-id":         text(func(i row) string { return i.AttachmentID }),
		"attachment.delete-on-termination": attached(func(i row) []string { return listing.Yes(deletedWith(i)) }),
		"attachment.device-index":          attached(func(i row) []string { return listing.Number(i.DeviceIndex) }),
		"attachment.instance-id":           text(func(i row) string { return i.InstanceID }),
		"attachment.instance-owner-id":     text(func(i row) string { return i.AttachOwner }),
		"attachment.status":                attached(func(row) []string { return listing.One("attached") }),
		"availability-zone":                text(func(i row) string { return i.Zone }),
		"availability-zone-id":             text(func(i row) string { return aws.ToString(ZoneID(r, i.Zone)) }),
		"description":                      text(func(i row) string { return i.Description }),
		"group-id":                         func(i row) []string { return i.Groups },
		"group-name": func(i row) []string {
			return listing.Gather(GroupNames(&r.EC2.Network, i.Groups), func(g types.GroupIdentifier) string { return aws.ToString(g.GroupName) })
		},
		"interface-type":              text(func(i row) string { return i.InterfaceType }),
		"mac-address":                 text(func(i row) string { return i.MAC }),
		"ipv6-addresses.ipv6-address": func(row) []string { return nil },
		"network-interface-id":        text(func(i row) string { return i.ID }),
		"operator.managed":            func(row) []string { return listing.Yes(false) },
		"operator.principal":          func(row) []string { return nil },
		"owner-id":                    func(row) []string { return listing.One(world.Account) },
		"private-dns-name":            text(func(i row) string { return PrivateDNS(r.Name, i.PrivateIP) }),
		"private-ip-address":          privateIP,
		"requester-id":                text(func(i row) string { return i.RequesterID }),
		"requester-managed":           func(i row) []string { return listing.Yes(i.RequesterManaged) },
		"source-dest-check":           func(i row) []string { return listing.Yes(SourceChecked(i)) },
		"status":                      text(func(i row) string { return i.Status }),
		"subnet-id":                   text(func(i row) string { return i.SubnetID }),
		"vpc-id":                      text(func(i row) string { return i.VPCID }),
	}
}

func publicName(r *world.Region, i *world.Interface) *string {
	if i.PublicIP == "" {
		return nil
	}
	return aws.String(PublicDNS(r.Name, i.PublicIP))
}
