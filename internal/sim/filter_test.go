package sim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// filters are the names that AWS documents for each operation (EC2 API reference, 2016-11-15), but for tag:KEY and tag-key.
// The filters of DescribeInstances on network interfaces stand for their most asked ones.
const filters = `
DescribeAddresses allocation-id association-id instance-id network-border-group network-interface-id
DescribeAddresses network-interface-owner-id private-ip-address public-ip
DescribeInternetGateways attachment.state attachment.vpc-id internet-gateway-id owner-id
DescribeKeyPairs key-pair-id fingerprint key-name
DescribeNatGateways nat-gateway-id state subnet-id vpc-id
DescribeNetworkAcls association.association-id association.network-acl-id association.subnet-id default entry.cidr
DescribeNetworkAcls entry.icmp.code entry.icmp.type entry.ipv6-cidr entry.port-range.from entry.port-range.to entry.protocol
DescribeNetworkAcls entry.rule-action entry.egress entry.rule-number network-acl-id owner-id vpc-id
DescribeNetworkInterfaces association.allocation-id association.association-id addresses.association.owner-id
DescribeNetworkInterfaces addresses.association.public-ip addresses.primary addresses.private-ip-address association.ip-owner-id
DescribeNetworkInterfaces association.public-ip association.public-dns-name attachment.attach-time attachment.attachment-id
DescribeNetworkInterfaces attachment.delete-on-termination attachment.device-index attachment.instance-id
DescribeNetworkInterfaces attachment.instance-owner-id attachment.status availability-zone description group-id
DescribeNetworkInterfaces ipv6-addresses.ipv6-address interface-type mac-address network-interface-id owner-id private-dns-name
DescribeNetworkInterfaces private-ip-address requester-id requester-managed source-dest-check status subnet-id vpc-id
DescribeRouteTables association.gateway-id association.route-table-association-id association.route-table-id
DescribeRouteTables association.subnet-id association.main owner-id route-table-id route.destination-cidr-block
DescribeRouteTables route.destination-ipv6-cidr-block route.destination-prefix-list-id route.egress-only-internet-gateway-id
DescribeRouteTables route.gateway-id route.instance-id route.nat-gateway-id route.transit-gateway-id route.origin route.state
DescribeRouteTables route.vpc-peering-connection-id vpc-id
DescribeSecurityGroups description egress.ip-permission.cidr egress.ip-permission.from-port egress.ip-permission.group-id
DescribeSecurityGroups egress.ip-permission.group-name egress.ip-permission.ipv6-cidr egress.ip-permission.prefix-list-id
DescribeSecurityGroups egress.ip-permission.protocol egress.ip-permission.to-port egress.ip-permission.user-id group-id
DescribeSecurityGroups group-name ip-permission.cidr ip-permission.from-port ip-permission.group-id ip-permission.group-name
DescribeSecurityGroups ip-permission.ipv6-cidr ip-permission.prefix-list-id ip-permission.protocol ip-permission.to-port
DescribeSecurityGroups ip-permission.user-id owner-id vpc-id
DescribeSecurityGroupRules group-id security-group-rule-id
DescribeSubnets availability-zone availability-zone-id available-ip-address-count cidr-block default-for-az
DescribeSubnets ipv6-cidr-block-association.ipv6-cidr-block ipv6-cidr-block-association.association-id
DescribeSubnets ipv6-cidr-block-association.state ipv6-native map-public-ip-on-launch outpost-arn owner-id
DescribeSubnets private-dns-name-options-on-launch.hostname-type state subnet-arn subnet-id vpc-id
DescribeVpcs cidr cidr-block-association.cidr-block cidr-block-association.association-id cidr-block-association.state
DescribeVpcs dhcp-options-id ipv6-cidr-block-association.ipv6-cidr-block ipv6-cidr-block-association.association-id
DescribeVpcs ipv6-cidr-block-association.state is-default owner-id state vpc-id
DescribeImages architecture block-device-mapping.delete-on-termination block-device-mapping.device-name
DescribeImages block-device-mapping.snapshot-id block-device-mapping.volume-size block-device-mapping.volume-type
DescribeImages block-device-mapping.encrypted creation-date description ena-support hypervisor image-id image-type is-public
DescribeImages kernel-id manifest-location name owner-alias owner-id platform product-code ramdisk-id root-device-name
DescribeImages root-device-type state state-reason-code virtualization-type
DescribeInstances affinity architecture availability-zone block-device-mapping.attach-time
DescribeInstances block-device-mapping.delete-on-termination block-device-mapping.device-name block-device-mapping.status
DescribeInstances block-device-mapping.volume-id capacity-reservation-id client-token dns-name ebs-optimized ena-support
DescribeInstances hibernation-options.configured host-id hypervisor iam-instance-profile.arn iam-instance-profile.id
DescribeInstances image-id instance-id instance-lifecycle instance-state-code instance-state-name instance-type
DescribeInstances instance.group-id instance.group-name ip-address kernel-id key-name launch-index launch-time
DescribeInstances metadata-options.http-tokens metadata-options.http-put-response-hop-limit metadata-options.http-endpoint
DescribeInstances metadata-options.instance-metadata-tags monitoring-state network-interface.addresses.private-ip-address
DescribeInstances network-interface.addresses.association.public-ip network-interface.availability-zone
DescribeInstances network-interface.group-id network-interface.network-interface-id network-interface.private-dns-name
DescribeInstances network-interface.subnet-id network-interface.vpc-id owner-id placement-group-name platform
DescribeInstances platform-details private-dns-name private-ip-address product-code ramdisk-id reason requester-id
DescribeInstances reservation-id root-device-name root-device-type source-dest-check spot-instance-request-id
DescribeInstances state-reason-code state-reason-message subnet-id tenancy usage-operation virtualization-type vpc-id
DescribeInstanceStatus attached-ebs-status.status availability-zone event.code event.description event.instance-event-id
DescribeInstanceStatus event.not-after event.not-before event.not-before-deadline instance-state-code instance-state-name
DescribeInstanceStatus instance-status.reachability instance-status.status operator.managed system-status.reachability
DescribeInstanceStatus system-status.status
DescribeVolumes attachment.attach-time attachment.delete-on-termination attachment.device attachment.instance-id
DescribeVolumes attachment.status availability-zone create-time encrypted fast-restored multi-attach-enabled size snapshot-id
DescribeVolumes status volume-id volume-type
DescribeLaunchTemplates create-time launch-template-name
DescribeTags key resource-id resource-type value
`

func TestEveryFilterThatAWSNamesIsKnown(t *testing.T) {
	s, _ := embedded(1)
	for _, pair := range operations(filters) {
		op, name, _ := strings.Cut(pair, " ")
		form := url.Values{"Action": {op}, "Version": {"2016-11-15"}, "Filter.1.Name": {name}, "Filter.1.Value.1": {"x"}}
		answer := must[*http.Response](t)(s.Client().Get("http://localhost/?" + form.Encode()))
		if answer.StatusCode != http.StatusOK {
			t.Errorf("%s refuses the filter %s", op, name)
		}
		if err := answer.Body.Close(); err != nil {
			t.Fatal(err)
		}
	}
}
