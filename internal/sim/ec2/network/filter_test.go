package network

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/world"
)

// bears asks every filter of a kind about the zero row, which is how names are checked, and gives the names.
func bears[T any](known listing.Fields[T]) []string {
	for _, f := range known { // unordered: only panics matter
		f(new(T))
	}
	return slices.Sorted(maps.Keys(known))
}

// TestDocumentedFiltersAreKnown holds the filters that the EC2 API reference lists, but those of Outposts and tags.
func TestDocumentedFiltersAreKnown(t *testing.T) {
	s := newSite(t)
	n := &s.Region.EC2.Network
	for _, x := range []struct {
		kind  string
		known []string
		want  string
	}{
		{"vpc", bears(vpcFields()), `cidr cidr-block-association.cidr-block cidr-block-association.association-id
			cidr-block-association.state dhcp-options-id is-default owner-id state vpc-id`},
		{"subnet", bears(subnetFields(s.Region)), `availability-zone availability-zone-id available-ip-address-count cidr-block
			default-for-az map-customer-owned-ip-on-launch map-public-ip-on-launch outpost-arn owner-id
			private-dns-name-options-on-launch.hostname-type private-dns-name-options-on-launch.enable-resource-name-dns-a-record
			private-dns-name-options-on-launch.enable-resource-name-dns-aaaa-record state subnet-arn subnet-id vpc-id`},
		{"route table", bears(tableFields(n)), `association.gateway-id association.route-table-association-id
			association.route-table-id association.subnet-id association.main owner-id route-table-id
			route.destination-cidr-block route.destination-prefix-list-id route.egress-only-internet-gateway-id
			route.gateway-id route.instance-id route.nat-gateway-id route.transit-gateway-id route.origin route.state
			route.vpc-peering-connection-id vpc-id`},
		{"address", bears(addressFields(s.Region)), `allocation-id association-id instance-id network-border-group
			network-interface-id network-interface-owner-id private-ip-address public-ip`},
		{"security group", bears(groupFields(n)), `description egress.ip-permission.cidr egress.ip-permission.from-port
			egress.ip-permission.group-id egress.ip-permission.group-name egress.ip-permission.prefix-list-id
			egress.ip-permission.protocol egress.ip-permission.to-port egress.ip-permission.user-id group-id group-name
			ip-permission.cidr ip-permission.from-port ip-permission.group-id ip-permission.group-name
			ip-permission.prefix-list-id ip-permission.protocol ip-permission.to-port ip-permission.user-id owner-id vpc-id`},
		{"interface", bears(InterfaceFields(s.Region)), `association.allocation-id association.association-id
			addresses.association.owner-id addresses.association.public-ip addresses.primary addresses.private-ip-address
			association.ip-owner-id association.public-ip association.public-dns-name attachment.attach-time
			attachment.attachment-id attachment.delete-on-termination attachment.device-index attachment.instance-id
			attachment.instance-owner-id attachment.status availability-zone availability-zone-id description group-id
			interface-type mac-address network-interface-id operator.managed operator.principal owner-id private-dns-name
			private-ip-address requester-id requester-managed source-dest-check status subnet-id vpc-id`},
		{"network ACL", bears(aclFields()), `association.association-id association.network-acl-id association.subnet-id
			default entry.cidr entry.icmp.code entry.icmp.type entry.port-range.from entry.port-range.to entry.protocol
			entry.rule-action entry.egress entry.rule-number network-acl-id owner-id vpc-id`},
		{"zone", bears(zoneFields("eu-west-1")), `group-long-name group-name message opt-in-status parent-zone-id
			parent-zone-name region-name state zone-id zone-name zone-type`},
	} {
		for name := range strings.FieldsSeq(x.want) {
			if !slices.Contains(x.known, name) {
				t.Errorf("%s: no filter %s", x.kind, name)
			}
		}
	}
}

func TestEveryFilterBearsARealRow(t *testing.T) {
	s := newSite(t)
	vpc := s.vpc("10.0.0.0/16")
	subnet := s.subnet(vpc, "10.0.1.0/24", "eu-west-1a")
	s.gateway(vpc)
	s.nat(subnet, s.address())
	s.table(vpc, subnet)
	s.group(vpc, "web")
	n := &s.Region.EC2.Network
	ask(&n.VPCs, vpcFields())
	ask(&n.Subnets, subnetFields(s.Region))
	ask(&n.RouteTables, tableFields(n))
	ask(&n.SecurityGroups, groupFields(n))
	ask(&n.NetworkACLs, aclFields())
	ask(&n.Addresses, addressFields(s.Region))
	ask(&n.Interfaces, InterfaceFields(s.Region))
}

func ask[T any](t *world.Table[T], known listing.Fields[T]) {
	for row := range t.Rows() {
		for _, f := range known { // unordered: only panics matter
			f(row)
		}
	}
}
