package configuration

import (
	"encoding/json"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

// Data is a launch configuration as EC2's launch settings.
func Data(row *world.LaunchConfiguration) json.RawMessage {
	d := types.RequestLaunchTemplateData{
		ImageId: text(row.ImageID), InstanceType: types.InstanceType(row.Type), KeyName: text(row.KeyName), UserData: text(row.UserData),
		KernelId: text(row.Kernel), RamDiskId: text(row.Ramdisk), EbsOptimized: aws.Bool(row.EBSOptimized),
		Monitoring: &types.LaunchTemplatesMonitoringRequest{Enabled: aws.Bool(!row.Unmonitored)},
	}
	if row.PublicIP == nil {
		d.SecurityGroupIds = row.Groups
	} else {
		d.NetworkInterfaces = []types.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest{{
			DeviceIndex: aws.Int32(0), AssociatePublicIpAddress: row.PublicIP, Groups: row.Groups,
		}}
	}
	switch {
	case strings.HasPrefix(row.Profile, "arn:"):
		d.IamInstanceProfile = &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Arn: text(row.Profile)}
	case row.Profile != "":
		d.IamInstanceProfile = &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: text(row.Profile)}
	}
	if row.SpotPrice != "" {
		d.InstanceMarketOptions = &types.LaunchTemplateInstanceMarketOptionsRequest{
			MarketType: types.MarketTypeSpot, SpotOptions: &types.LaunchTemplateSpotMarketOptionsRequest{MaxPrice: text(row.SpotPrice)},
		}
	}
	if row.Tenancy != "" {
		d.Placement = &types.LaunchTemplatePlacementRequest{Tenancy: types.Tenancy(row.Tenancy)}
	}
	if m := row.Metadata; m != nil {
		d.MetadataOptions = &types.LaunchTemplateInstanceMetadataOptionsRequest{
			HttpEndpoint: types.LaunchTemplateInstanceMetadataEndpointState(m.Endpoint), HttpTokens: types.LaunchTemplateHttpTokensState(m.Tokens),
		}
		if m.HopLimit > 0 {
			d.MetadataOptions.HttpPutResponseHopLimit = aws.Int32(int32(m.HopLimit))
		}
	}
	for _, x := range row.Devices {
		d.BlockDeviceMappings = append(d.BlockDeviceMappings, device(x))
	}
	b, _ := json.Marshal(d) // plain data always has JSON
	return b
}

func device(d world.ConfigurationDevice) types.LaunchTemplateBlockDeviceMappingRequest {
	m := types.LaunchTemplateBlockDeviceMappingRequest{DeviceName: aws.String(d.Name), VirtualName: text(d.Virtual)}
	if d.None {
		m.NoDevice = aws.String("")
	}
	if d.EBS {
		m.Ebs = &types.LaunchTemplateEbsBlockDeviceRequest{
			SnapshotId: text(d.SnapshotID), VolumeType: types.VolumeType(d.Type), VolumeSize: d.Size, Iops: d.IOPS, Throughput: d.Throughput,
			DeleteOnTermination: d.DeleteOnTermination, Encrypted: d.Encrypted,
		}
	}
	return m
}
