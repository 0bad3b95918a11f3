package ec2

import (
	"maps"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/listing"
	"berth/internal/sim/ec2/network"
	"berth/internal/sim/world"
)

func instanceOut(r *world.Region, i *world.Instance) types.Instance {
	image := types.Instance{
		InstanceId: aws.String(i.ID), ImageId: aws.String(i.ImageID), InstanceType: types.InstanceType(i.Type),
		State: stateOut(i.State), StateTransitionReason: aws.String(i.Transition), AmiLaunchIndex: aws.Int32(int32(i.LaunchIndex)),
		ClientToken: aws.String(i.ClientToken), LaunchTime: aws.Time(i.LaunchedAt), KeyName: listing.Filled(i.KeyName),
		Architecture: types.ArchitectureValues(i.Architecture), Hypervisor: types.HypervisorTypeXen,
		VirtualizationType: types.VirtualizationTypeHvm, RootDeviceName: aws.String(i.RootDevice), RootDeviceType: types.DeviceTypeEbs,
		EbsOptimized: aws.Bool(i.EBSOptimized), EnaSupport: aws.Bool(true), PlatformDetails: aws.String("Linux/UNIX"),
		UsageOperation: aws.String("RunInstances"), UsageOperationUpdateTime: aws.Time(i.LaunchedAt),
		Placement: &types.Placement{
			AvailabilityZone: aws.String(i.Zone), AvailabilityZoneId: network.ZoneID(r, i.Zone),
			GroupName: aws.String(""), Tenancy: types.Tenancy(i.Tenancy),
		},
		Monitoring: &types.Monitoring{State: monitoring(i)}, MetadataOptions: metadataOut(i.Metadata),
		Tags: listing.ToTags(i.Tags), CpuOptions: cpuOut(i), EnclaveOptions: &types.EnclaveOptions{Enabled: aws.Bool(false)},
		HibernationOptions: &types.HibernationOptions{Configured: aws.Bool(false)},
		MaintenanceOptions: &types.InstanceMaintenanceOptions{
			AutoRecovery: types.InstanceAutoRecoveryStateDefault, RebootMigration: types.InstanceRebootMigrationStateDefault,
		},
		CapacityReservationSpecification: &types.CapacityReservationSpecificationResponse{
			CapacityReservationPreference: types.CapacityReservationPreferenceOpen,
		},
		Operator: &types.OperatorResponse{Managed: aws.Bool(false)}, BlockDeviceMappings: devicesOut(r, i),
		ProductCodes: []types.ProductCode{}, SecurityGroups: []types.GroupIdentifier{}, NetworkInterfaces: []types.InstanceNetworkInterface{},
		PrivateDnsName: aws.String(""), PublicDnsName: aws.String(""), SpotInstanceRequestId: listing.Filled(i.SpotRequestID),
	}
	if i.Spot {
		image.InstanceLifecycle = types.InstanceLifecycleTypeSpot
	}
	if i.ReasonCode != "" {
		image.StateReason = &types.StateReason{Code: aws.String(i.ReasonCode), Message: aws.String(i.ReasonText)}
	}
	if i.ProfileARN != "" {
		image.IamInstanceProfile = &types.IamInstanceProfile{Arn: aws.String(i.ProfileARN), Id: aws.String(i.ProfileID)}
	}
	if n, ok := r.EC2.Interfaces.Get(i.InterfaceID); ok {
		networkOut(r, i, n, &image)
	}
	return image
}

// networkOut adds what an instance shows of its network, which a terminated one no longer has.
func networkOut(r *world.Region, i *world.Instance, n *world.Interface, out *types.Instance) {
	out.SubnetId, out.VpcId, out.PrivateIpAddress = aws.String(i.SubnetID), aws.String(i.VPCID), aws.String(n.PrivateIP)
	out.PrivateDnsName, out.PublicIpAddress = aws.String(hostName(r, i)), listing.Filled(n.PublicIP)
	out.PublicDnsName = aws.String(publicHostName(r, n))
	out.SecurityGroups = network.GroupNames(&r.EC2.Network, n.Groups)
	out.SourceDestCheck = aws.Bool(network.SourceChecked(n))
	out.PrivateDnsNameOptions = &types.PrivateDnsNameOptionsResponse{
		HostnameType:                    types.HostnameType(i.HostnameType),
		EnableResourceNameDnsARecord:    aws.Bool(i.NameA),
		EnableResourceNameDnsAAAARecord: aws.Bool(i.NameAAAA),
	}
	out.NetworkInterfaces = []types.InstanceNetworkInterface{instanceInterfaceOut(r, i, n)}
}

// hostName is the private name: made of the address, or of the instance's id.
func hostName(r *world.Region, i *world.Instance) string {
	if i.PrivateIP == "" {
		return ""
	}
	if i.HostnameType == string(types.HostnameTypeResourceName) {
		return i.ID + "." + network.PrivateDomain(r.Name)
	}
	return network.PrivateDNS(r.Name, i.PrivateIP)
}

// publicHostName is empty unless the VPC hands out host names.
func publicHostName(r *world.Region, n *world.Interface) string {
	v, ok := r.EC2.VPCs.Get(n.VPCID)
	if !ok || !v.DNSHostnames || n.PublicIP == "" {
		return ""
	}
	return network.PublicDNS(r.Name, n.PublicIP)
}

func instanceInterfaceOut(r *world.Region, i *world.Instance, n *world.Interface) types.InstanceNetworkInterface {
	var public *types.InstanceNetworkInterfaceAssociation
	if n.PublicIP != "" {
		public = &types.InstanceNetworkInterfaceAssociation{
			PublicIp: aws.String(n.PublicIP), IpOwnerId: aws.String(network.IPOwner(n)), PublicDnsName: aws.String(publicHostName(r, n)),
		}
	}
	return types.InstanceNetworkInterface{
		NetworkInterfaceId: aws.String(n.ID), SubnetId: aws.String(n.SubnetID), VpcId: aws.String(n.VPCID),
		OwnerId: aws.String(world.Account), Status: types.NetworkInterfaceStatus(n.Status), Description: aws.String(n.Description),
		MacAddress: aws.String(n.MAC), PrivateIpAddress: aws.String(n.PrivateIP), PrivateDnsName: aws.String(hostName(r, i)),
		SourceDestCheck: aws.Bool(network.SourceChecked(n)), InterfaceType: aws.String(n.InterfaceType), Association: public,
		Groups: network.GroupNames(&r.EC2.Network, n.Groups), Ipv6Addresses: []types.InstanceIpv6Address{},
		PrivateIpAddresses: []types.InstancePrivateIpAddress{{
			Primary: aws.Bool(true), PrivateIpAddress: aws.String(n.PrivateIP), PrivateDnsName: aws.String(hostName(r, i)), Association: public,
		}},
		Attachment: &types.InstanceNetworkInterfaceAttachment{
			AttachmentId: aws.String(n.AttachmentID), AttachTime: aws.Time(n.Attached), DeviceIndex: aws.Int32(n.DeviceIndex),
			NetworkCardIndex: aws.Int32(0), Status: types.AttachmentStatusAttached, DeleteOnTermination: aws.Bool(!n.KeepOnTermination),
		},
		Operator: &types.OperatorResponse{Managed: aws.Bool(false)},
	}
}

func devicesOut(r *world.Region, i *world.Instance) []types.InstanceBlockDeviceMapping {
	out := make([]types.InstanceBlockDeviceMapping, 0, len(i.Devices))
	for _, d := range i.Devices {
		var since time.Time
		if v, ok := r.EC2.Volumes.Get(d.VolumeID); ok {
			since = v.AttachedAt
		}
		out = append(out, types.InstanceBlockDeviceMapping{
			DeviceName: aws.String(d.Name),
			Ebs: &types.EbsInstanceBlockDevice{
				VolumeId: aws.String(d.VolumeID), Status: types.AttachmentStatusAttached, AttachTime: aws.Time(since),
				DeleteOnTermination: aws.Bool(d.DeleteOnTermination),
			},
		})
	}
	return out
}

func monitoring(i *world.Instance) types.MonitoringState {
	if i.Monitored {
		return types.MonitoringStateEnabled
	}
	return types.MonitoringStateDisabled
}

func metadataOut(m world.MetadataOptions) *types.InstanceMetadataOptionsResponse {
	return &types.InstanceMetadataOptionsResponse{
		State: types.InstanceMetadataOptionsStateApplied, HttpEndpoint: types.InstanceMetadataEndpointState(m.Endpoint),
		HttpTokens: types.HttpTokensState(m.Tokens), HttpPutResponseHopLimit: aws.Int32(int32(m.HopLimit)),
		HttpProtocolIpv6: types.InstanceMetadataProtocolState(m.IPv6), InstanceMetadataTags: types.InstanceMetadataTagsState(m.Tags),
	}
}

func cpuOut(i *world.Instance) *types.CpuOptions {
	t, _ := FindInstanceType(i.Type) // it was launched, so the type is known
	return &types.CpuOptions{CoreCount: aws.Int32(int32(t.cores())), ThreadsPerCore: aws.Int32(int32(max(t.threads, 1)))}
}

// instanceFields are the filters of DescribeInstances (EC2 API reference) that this simulator's instances can answer.
func instanceFields(r *world.Region) listing.Fields[world.Instance] {
	type row = *world.Instance
	text := func(f func(row) string) func(row) []string { return func(i row) []string { return listing.One(f(i)) } }
	fixed := func(v string) func(row) []string { return func(row) []string { return listing.One(v) } }
	known := listing.Fields[world.Instance]{
		"affinity":                       func(row) []string { return nil },
		"architecture":                   text(func(i row) string { return i.Architecture }),
		"availability-zone":              text(func(i row) string { return i.Zone }),
		"availability-zone-id":           text(func(i row) string { return aws.ToString(network.ZoneID(r, i.Zone)) }),
		"client-token":                   text(func(i row) string { return i.ClientToken }),
		"dns-name":                       text(func(i row) string { return aws.ToString(instanceOut(r, i).PublicDnsName) }),
		"ebs-optimized":                  func(i row) []string { return listing.Yes(i.EBSOptimized) },
		"hypervisor":                     fixed("xen"),
		"iam-instance-profile.arn":       text(func(i row) string { return i.ProfileARN }),
		"iam-instance-profile.id":        text(func(i row) string { return i.ProfileID }),
		"iam-instance-profile.name":      text(func(i row) string { return i.ProfileName }),
		"image-id":                       text(func(i row) string { return i.ImageID }),
		"instance-id":                    text(func(i row) string { return i.ID }),
		"instance-lifecycle":             text(lifecycle),
		"instance-state-code":            func(i row) []string { return listing.Number(stateCode(i.State)) },
		"instance-state-name":            text(func(i row) string { return i.State }),
		"instance-type":                  text(func(i row) string { return i.Type }),
		"ip-address":                     text(func(i row) string { return i.PublicIP }),
		"key-name":                       text(func(i row) string { return i.KeyName }),
		"launch-index":                   func(i row) []string { return listing.Number(i.LaunchIndex) },
		"launch-time":                    func(i row) []string { return listing.Moment(i.LaunchedAt) },
		"metadata-options.http-endpoint": text(func(i row) string { return i.Metadata.Endpoint }),
		"metadata-options.http-tokens":   text(func(i row) string { return i.Metadata.Tokens }),

		"metadata-options.http-put-response-hop-limit": func(i row) []string { return listing.Number(i.Metadata.HopLimit) },
		"metadata-options.instance-metadata-tags":      text(func(i row) string { return i.Metadata.Tags }),
		"monitoring-state":                             func(i row) []string { return listing.One(monitoring(i)) },
		"owner-id":                                     fixed(world.Account),
		"placement-group-name":                         func(row) []string { return nil },
		"platform":                                     func(row) []string { return nil },
		"private-dns-name":                             text(func(i row) string { return hostName(r, i) }),
		"private-ip-address":                           text(func(i row) string { return i.PrivateIP }),
		"reason":                                       text(func(i row) string { return i.Transition }),
		"requester-id":                                 text(func(i row) string { return aws.ToString(requester(i)) }),
		"reservation-id":                               text(func(i row) string { return i.ReservationID }),
		"root-device-name":                             text(func(i row) string { return i.RootDevice }),
		"root-device-type":                             fixed("ebs"),
		"spot-instance-request-id":                     text(func(i row) string { return i.SpotRequestID }),
		"state-reason-code":                            text(func(i row) string { return i.ReasonCode }),
		"state-reason-message":                         text(func(i row) string { return i.ReasonText }),
		"subnet-id":                                    networked(func(i row) string { return i.SubnetID }),
		"tenancy":                                      text(func(i row) string { return i.Tenancy }),
		"virtualization-type":                          fixed("hvm"),
		"vpc-id":                                       networked(func(i row) string { return i.VPCID }),
	}
	addInterfaceFields(r, known)
	addDeviceFields(r, known)
	addFixedFields(known)
	return known
}

// networked is a filter on the network that an instance lies in, which a terminated one no longer does.
func networked(f func(*world.Instance) string) func(*world.Instance) []string {
	return func(i *world.Instance) []string {
		if i.InterfaceID == "" {
			return nil
		}
		return listing.One(f(i))
	}
}

// addDeviceFields are the filters on an instance's volumes.
func addDeviceFields(r *world.Region, known listing.Fields[world.Instance]) {
	type row = *world.Instance
	maps.Copy(known, listing.Fields[world.Instance]{
		"block-device-mapping.device-name": func(i row) []string {
			return listing.Gather(i.Devices, func(d world.Device) string { return d.Name })
		},
		"block-device-mapping.attach-time": func(i row) []string {
			return listing.Gather(i.Devices, func(d world.Device) string { return attachedAt(r, d) })
		},
		"block-device-mapping.delete-on-termination": func(i row) []string {
			return listing.Gather(i.Devices, func(d world.Device) string { return strconv.FormatBool(d.DeleteOnTermination) })
		},
		"block-device-mapping.status": func(i row) []string {
			return listing.Gather(i.Devices, func(world.Device) string { return string(types.AttachmentStatusAttached) })
		},
		"block-device-mapping.volume-id": func(i row) []string {
			return listing.Gather(i.Devices, func(d world.Device) string { return d.VolumeID })
		},
	})
}

// addFixedFields are the filters that have the same value for every instance here, or none.
func addFixedFields(known listing.Fields[world.Instance]) {
	for name, value := range map[string]string{ // unordered: it fills a map
		"capacity-reservation-id":        "",
		"ena-support":                    "true",
		"hibernation-options.configured": "false",
		"host-id":                        "",
		"kernel-id":                      "",
		"platform-details":               "Linux/UNIX",
		"product-code":                   "",
		"ramdisk-id":                     "",
		"usage-operation":                "RunInstances",
	} {
		known[name] = func(*world.Instance) []string { return listing.One(value) }
	}
}

// attachedAt is when a device was attached, as the API prints it.
func attachedAt(r *world.Region, d world.Device) string {
	v, ok := r.EC2.Volumes.Get(d.VolumeID)
	if !ok {
		return ""
	}
	return v.AttachedAt.UTC().Format(apiTime)
}

// addInterfaceFields adds the filters that look at the primary interface; those of groups exist under two names.
func addInterfaceFields(r *world.Region, known listing.Fields[world.Instance]) {
	all := network.InterfaceFields(r)
	of := func(name string) func(*world.Instance) []string {
		return func(i *world.Instance) []string {
			n, ok := r.EC2.Interfaces.Get(i.InterfaceID)
			if !ok {
				return nil
			}
			return all[name](n)
		}
	}
	known["instance.group-id"], known["instance.group-name"] = of("group-id"), of("group-name")
	known["source-dest-check"] = of("source-dest-check")
	for name := range all { // unordered: every name makes one entry
		known["network-interface."+name] = of(name)
	}
}

func lifecycle(i *world.Instance) string {
	if i.Spot {
		return "spot"
	}
	return ""
}
