package configuration

import (
	"encoding/base64"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/asg/listing"
	"berth/internal/sim/ec2"
	"berth/internal/sim/world"
)

// mostUserData is how many bytes user data may have before base64.
const mostUserData = 16384

// read carries a call's settings over to a launch configuration, and refuses what Auto Scaling would.
func read(c *world.Call, row *world.LaunchConfiguration, in *autoscaling.CreateLaunchConfigurationInput) error {
	if in.ClassicLinkVPCId != nil || len(in.ClassicLinkVPCSecurityGroups) > 0 {
		return listing.Invalid("EC2-Classic is not available: ClassicLink cannot be used")
	}
	for _, text := range []struct{ to, value *string }{
		{&row.ImageID, in.ImageId},
		{&row.Type, in.InstanceType},
		{&row.KeyName, in.KeyName},
		{&row.Kernel, in.KernelId},
		{&row.Ramdisk, in.RamdiskId},
		{&row.UserData, in.UserData},
		{&row.Profile, in.IamInstanceProfile},
		{&row.SpotPrice, in.SpotPrice},
		{&row.Tenancy, in.PlacementTenancy},
	} {
		if text.value != nil {
			*text.to = *text.value
		}
	}
	if row.ImageID == "" || row.Type == "" {
		return listing.Invalid("Valid requests must contain either the InstanceID parameter or both the ImageId and InstanceType parameters.")
	}
	if len(in.SecurityGroups) > 0 {
		row.Groups = slices.Clone(in.SecurityGroups)
	}
	if in.InstanceMonitoring != nil {
		row.Unmonitored = in.InstanceMonitoring.Enabled != nil && !*in.InstanceMonitoring.Enabled
	}
	if in.EbsOptimized != nil {
		row.EBSOptimized = *in.EbsOptimized
	}
	if in.AssociatePublicIpAddress != nil {
		row.PublicIP = in.AssociatePublicIpAddress
	}
	if err := readDevices(row, in.BlockDeviceMappings); err != nil {
		return err
	}
	readMetadata(row, in.MetadataOptions)
	return check(c, row)
}

func readDevices(row *world.LaunchConfiguration, in []types.BlockDeviceMapping) error {
	for _, m := range in {
		d := world.ConfigurationDevice{
			Name: aws.ToString(m.DeviceName), Virtual: aws.ToString(m.VirtualName), None: aws.ToBool(m.NoDevice), EBS: m.Ebs != nil,
		}
		if d.Name == "" {
			return listing.Missing("blockDeviceMappings.deviceName")
		}
		if d.EBS && (d.None || d.Virtual != "") {
			return listing.Invalid("Only one of Ebs, NoDevice and VirtualName may be specified for the device %s", d.Name)
		}
		if e := m.Ebs; e != nil {
			d.SnapshotID, d.Type, d.Size, d.IOPS, d.Throughput = aws.ToString(e.SnapshotId), aws.ToString(e.VolumeType), e.VolumeSize, e.Iops, e.Throughput
			d.DeleteOnTermination, d.Encrypted = e.DeleteOnTermination, e.Encrypted
		}
		row.Devices = append(row.Devices, d)
	}
	return nil
}

func readMetadata(row *world.LaunchConfiguration, in *types.InstanceMetadataOptions) {
	if in != nil {
		row.Metadata = &world.MetadataOptions{
			Endpoint: string(in.HttpEndpoint), Tokens: string(in.HttpTokens), HopLimit: int(aws.ToInt32(in.HttpPutResponseHopLimit)),
		}
	}
}

// check refuses names that stand for nothing. What is deleted later fails at launch.
func check(c *world.Call, row *world.LaunchConfiguration) error {
	if _, ok := ec2.FindImage(c.Region.Name, row.ImageID, c.Now()); !ok {
		return listing.Invalid("The image id '[%s]' does not exist", row.ImageID)
	}
	if _, ok := ec2.FindInstanceType(row.Type); !ok {
		return listing.Invalid("Invalid requested instance type: %s", row.Type)
	}
	if row.KeyName != "" && !keyExists(c.Region, row.KeyName) {
		return listing.Invalid("The key pair '%s' does not exist", row.KeyName)
	}
	for _, id := range row.Groups {
		if _, ok := c.Region.EC2.SecurityGroups.Get(id); !ok {
			return listing.Invalid("The security group '%s' does not exist", id)
		}
	}
	if row.Profile != "" && !profileVisible(c, row.Profile) {
		return listing.Invalid("Invalid IamInstanceProfile: %s", row.Profile)
	}
	if b, err := base64.StdEncoding.DecodeString(row.UserData); err != nil {
		return listing.Invalid("Invalid BASE64 encoding of user data.")
	} else if len(b) > mostUserData {
		return listing.Invalid("User data is limited to %d bytes", mostUserData)
	}
	if row.Tenancy != "" && row.Tenancy != "default" && row.Tenancy != "dedicated" {
		return listing.Outside(row.Tenancy, "placementTenancy", "default, dedicated")
	}
	return nil
}

func keyExists(r *world.Region, name string) bool {
	for k := range r.EC2.KeyPairs.Rows() {
		if k.Name == name {
			return true
		}
	}
	return false
}

// profileVisible tells whether an instance profile, by name or ARN, has reached the services that look at it by now.
func profileVisible(c *world.Call, nameOrARN string) bool {
	for p := range c.IAM.Profiles.Rows() {
		if p.Name == nameOrARN || p.ARN == nameOrARN {
			return !p.Visible.After(c.Now())
		}
	}
	return false
}

func view(row *world.LaunchConfiguration) types.LaunchConfiguration {
	v := types.LaunchConfiguration{
		LaunchConfigurationName: aws.String(row.Name), LaunchConfigurationARN: aws.String(row.ARN), CreatedTime: aws.Time(row.Created),
		ImageId: aws.String(row.ImageID), InstanceType: aws.String(row.Type), KeyName: aws.String(row.KeyName),
		KernelId: aws.String(row.Kernel), RamdiskId: aws.String(row.Ramdisk), UserData: aws.String(row.UserData),
		SecurityGroups: slices.Clone(row.Groups), ClassicLinkVPCSecurityGroups: []string{},
		InstanceMonitoring: &types.InstanceMonitoring{Enabled: aws.Bool(!row.Unmonitored)}, EbsOptimized: aws.Bool(row.EBSOptimized),
		AssociatePublicIpAddress: row.PublicIP, IamInstanceProfile: text(row.Profile), SpotPrice: text(row.SpotPrice),
		PlacementTenancy: text(row.Tenancy), BlockDeviceMappings: []types.BlockDeviceMapping{},
	}
	for _, d := range row.Devices {
		v.BlockDeviceMappings = append(v.BlockDeviceMappings, viewDevice(d))
	}
	if m := row.Metadata; m != nil {
		v.MetadataOptions = &types.InstanceMetadataOptions{
			HttpEndpoint: types.InstanceMetadataEndpointState(m.Endpoint), HttpTokens: types.InstanceMetadataHttpTokensState(m.Tokens),
		}
		if m.HopLimit > 0 {
			v.MetadataOptions.HttpPutResponseHopLimit = aws.Int32(int32(m.HopLimit))
		}
	}
	return v
}

func viewDevice(d world.ConfigurationDevice) types.BlockDeviceMapping {
	m := types.BlockDeviceMapping{DeviceName: aws.String(d.Name), VirtualName: text(d.Virtual)}
	if d.None {
		m.NoDevice = aws.Bool(true)
	}
	if d.EBS {
		m.Ebs = &types.Ebs{
			SnapshotId: text(d.SnapshotID), VolumeType: text(d.Type), VolumeSize: d.Size, Iops: d.IOPS, Throughput: d.Throughput,
			DeleteOnTermination: d.DeleteOnTermination, Encrypted: d.Encrypted,
		}
	}
	return m
}

// text is an answer's member that is left out when there is nothing to say.
func text(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}
