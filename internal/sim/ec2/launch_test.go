package ec2

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/ec2/network"
	"berth/internal/sim/world"
)

func TestLaunchTakesEverythingFromTheTemplate(t *testing.T) {
	s := newSite(t, "eu-west-1")
	profile := s.addProfile("nodes", s.Now(), "node")
	do(s, ImportKeyPair, &ec2.ImportKeyPairInput{KeyName: aws.String("ops"), PublicKeyMaterial: []byte(ed25519Line)})
	id := s.template("nodes", func(d *types.RequestLaunchTemplateData) {
		d.KeyName, d.UserData = aws.String("ops"), aws.String("I2Nsb3VkLWNvbmZpZwo=")
		d.IamInstanceProfile = &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Arn: aws.String(profile.ARN)}
		d.MetadataOptions = &types.LaunchTemplateInstanceMetadataOptionsRequest{HttpPutResponseHopLimit: aws.Int32(1)}
		d.Monitoring = &types.LaunchTemplatesMonitoringRequest{Enabled: aws.Bool(true)}
		d.BlockDeviceMappings = []types.LaunchTemplateBlockDeviceMappingRequest{{
			DeviceName: aws.String("/dev/xvda"),
			Ebs:        &types.LaunchTemplateEbsBlockDeviceRequest{VolumeSize: aws.Int32(50), Encrypted: aws.Bool(true)},
		}}
		d.TagSpecifications = []types.LaunchTemplateTagSpecificationRequest{
			{ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("template")}, {Key: aws.String("Team"), Value: aws.String("ops")}}},
			{ResourceType: types.ResourceTypeVolume, Tags: []types.Tag{{Key: aws.String("Disk"), Value: aws.String("root")}}},
			{ResourceType: types.ResourceTypeNetworkInterface, Tags: []types.Tag{{Key: aws.String("Card"), Value: aws.String("0")}}},
		}
	})
	i, err := Launch(s.World, s.Region, LaunchSpec{
		TemplateID: id, TemplateVersion: "$Latest", InstanceType: "t3.small", SubnetID: s.subnet,
		Tags: world.Tags{{Key: "Name", Value: "group"}}, Owner: "asg",
	})
	if err != nil {
		t.Fatal(err)
	}
	same(t, "state", i.State, world.InstancePending)
	same(t, "type", i.Type, "t3.small")
	same(t, "zone", i.Zone, "eu-west-1a")
	same(t, "image", i.ImageID, s.image)
	same(t, "user data", i.UserData, "I2Nsb3VkLWNvbmZpZwo=")
	same(t, "profile", i.ProfileName+" "+i.ProfileARN, "nodes "+profile.ARN)
	same(t, "template", i.TemplateID+" "+i.TemplateVersion, id+" 1")
	same(t, "owner", i.Owner, "asg")
	same(t, "tags", fmt.Sprint(i.Tags), "[{Name group} {Team ops}]")
	same(t, "metadata", fmt.Sprint(i.Metadata), "{enabled required disabled disabled 1}")
	same(t, "address", i.PrivateIP, "10.0.1.4")
	same(t, "public address", i.PublicIP, "")

	volume := do(s, DescribeVolumes, &ec2.DescribeVolumesInput{Filters: filter("attachment.instance-id", i.ID)}).Volumes[0]
	same(t, "size", *volume.Size, 50)
	same(t, "volume type", volume.VolumeType, "gp3")
	same(t, "encrypted", *volume.Encrypted, true)
	wants(t, *volume.KmsKeyId, "arn:aws:kms:eu-west-1:"+world.Account+":key/")
	same(t, "volume tag", *volume.Tags[0].Key, "Disk")
	card := do(s, network.DescribeNetworkInterfaces, &ec2.DescribeNetworkInterfacesInput{Filters: filter("attachment.instance-id", i.ID)}).NetworkInterfaces[0]
	same(t, "card", *card.NetworkInterfaceId, i.InterfaceID)
	same(t, "card's group", *card.Groups[0].GroupId, s.group)
	same(t, "card's tag", *card.TagSet[0].Key, "Card")
}

func TestLaunchIsRefusedWithEC2sCodes(t *testing.T) {
	type data = types.RequestLaunchTemplateData
	profile := func(name string) func(*site, *data) {
		return func(_ *site, d *data) {
			d.IamInstanceProfile = &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String(name)}
		}
	}
	for name, c := range map[string]struct {
		region string
		change func(*site, *data)
		spec   func(*site, *LaunchSpec)
		code   string
		text   string
	}{
		"no image": {change: func(_ *site, d *data) { d.ImageId = nil }, code: "MissingParameter", text: "ImageId"},
		"unknown image": {
			change: func(_ *site, d *data) { d.ImageId = aws.String("ami-00000000000000000") },
			code:   "InvalidAMIID.NotFound", text: "The image id '[ami-00000000000000000]' does not exist",
		},
		"malformed image": {
			change: func(_ *site, d *data) { d.ImageId = aws.String("ami-x") },
			code:   "InvalidAMIID.Malformed", text: `Invalid id: "ami-x" (expecting "ami-...")`,
		},
		"unknown parameter": {
			change: func(_ *site, d *data) { d.ImageId = aws.String("resolve:ssm:/nothing") },
			code:   "InvalidParameterValue", text: "/nothing",
		},
		"no type": {change: func(_ *site, d *data) { d.InstanceType = "" }, code: "MissingParameter", text: "InstanceType"},
		"unknown type": {
			spec: func(_ *site, l *LaunchSpec) { l.InstanceType = "t3.huge" },
			code: "InvalidParameterValue", text: "Invalid value 't3.huge' for InstanceType.",
		},
		"wrong architecture": {
			spec: func(_ *site, l *LaunchSpec) { l.InstanceType = "t4g.micro" },
			code: "InvalidParameterValue", text: "The architecture 'arm64' of the specified instance type does not match the architecture 'x86_64'",
		},
		"type not offered in the zone": {
			region: "us-east-1",
			spec:   func(s *site, l *LaunchSpec) { l.SubnetID = s.newSubnet("10.0.9.0/24", "us-east-1e") },
			code:   "Unsupported",
			text: "Your requested instance type (t3.micro) is not supported in your requested Availability Zone (us-east-1e). Please retry " +
				"your request by not specifying an Availability Zone or choosing us-east-1a, us-east-1b, us-east-1c, us-east-1d, us-east-1f.",
		},
		"no subnet": {
			spec: func(_ *site, l *LaunchSpec) { l.SubnetID = "" }, code: "VPCIdNotSpecified", text: "No default VPC",
		},
		"unknown subnet": {
			spec: func(_ *site, l *LaunchSpec) { l.SubnetID = "subnet-00000000000000000" },
			code: "InvalidSubnetID.NotFound", text: "subnet-00000000000000000",
		},
		"other zone than the subnet's": {
			change: func(_ *site, d *data) {
				d.Placement = &types.LaunchTemplatePlacementRequest{AvailabilityZone: aws.String("eu-west-1c")}
			},
			code: "InvalidParameterValue", text: "eu-west-1c",
		},
		"unknown group": {
			change: func(_ *site, d *data) { d.SecurityGroupIds = []string{"sg-00000000000000000"} },
			code:   "InvalidGroup.NotFound", text: "The security group 'sg-00000000000000000' does not exist",
		},
		"group of another VPC": {
			change: func(s *site, d *data) {
				vpc := do(s, network.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.9.0.0/16")}).Vpc.VpcId
				d.SecurityGroupIds = []string{*do(s, network.CreateSecurityGroup, &ec2.CreateSecurityGroupInput{
					GroupName: aws.String("x"), Description: aws.String("x"), VpcId: vpc,
				}).GroupId}
			},
			code: "InvalidParameter", text: "belong to different networks",
		},
		"groups beside an interface": {
			change: func(_ *site, d *data) {
				d.NetworkInterfaces = []types.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest{{DeviceIndex: aws.Int32(0)}}
			},
			code: "InvalidParameterCombination", text: "may not be specified on the same request",
		},
		"two interfaces": {
			change: func(_ *site, d *data) {
				d.NetworkInterfaces = make([]types.LaunchTemplateInstanceNetworkInterfaceSpecificationRequest, 2)
			},
			code: "UnsupportedOperation", text: "more than one network interface",
		},
		"unknown key": {
			change: func(_ *site, d *data) { d.KeyName = aws.String("none") },
			code:   "InvalidKeyPair.NotFound", text: "The key pair 'none' does not exist",
		},
		"unknown profile": {
			change: profile("none"), code: "InvalidParameterValue",
			text: "Value (none) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
		},
		"profile that EC2 does not see yet": {
			change: profile("young"), code: "InvalidParameterValue",
			text: "Value (young) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
		},
		"profile without a role": {
			change: profile("empty"), code: "InvalidParameterValue", text: "has no associated IAM Roles",
		},
		"disk smaller than the snapshot": {
			change: func(_ *site, d *data) {
				d.BlockDeviceMappings = []types.LaunchTemplateBlockDeviceMappingRequest{{
					DeviceName: aws.String("/dev/xvda"), Ebs: &types.LaunchTemplateEbsBlockDeviceRequest{VolumeSize: aws.Int32(8)},
				}}
			},
			code: "InvalidBlockDeviceMapping", text: "Volume of size 8GB is smaller than snapshot",
		},
		"too many vCPUs": {
			spec: func(s *site, _ *LaunchSpec) { s.Region.Quotas = map[string]int{"L-1216C47A": 1} },
			code: "VcpuLimitExceeded", text: "your current vCPU limit of 1 allows",
		},
		"unknown template": {
			spec: func(_ *site, l *LaunchSpec) { l.TemplateID = "lt-00000000000000000" },
			code: "InvalidLaunchTemplateId.NotFound", text: "lt-00000000000000000",
		},
		"unknown version": {
			spec: func(_ *site, l *LaunchSpec) { l.TemplateVersion = "7" },
			code: "InvalidLaunchTemplateId.VersionNotFound", text: "version 7",
		},
	} {
		t.Run(name, func(t *testing.T) {
			region := or(c.region, "eu-west-1")
			s := newSite(t, region)
			s.addProfile("young", s.Now().Add(time.Second), "node")
			s.addProfile("empty", s.Now())
			spec := LaunchSpec{SubnetID: s.subnet}
			spec.TemplateID = s.template("nodes", func(d *data) {
				if c.change != nil {
					c.change(s, d)
				}
			})
			if c.spec != nil {
				c.spec(s, &spec)
			}
			before := s.Region.EC2.Interfaces.Len()
			_, err := Launch(s.World, s.Region, spec)
			wants(t, refusal(t, err, c.code).Message, c.text)
			same(t, "instances", s.Region.EC2.Instances.Len(), 0)
			same(t, "interfaces", s.Region.EC2.Interfaces.Len(), before)
		})
	}
}

func TestProfileBecomesVisibleWithTime(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.addProfile("young", s.Now().Add(10*time.Second), "node")
	in := s.run(func(in *ec2.RunInstancesInput) {
		in.IamInstanceProfile = &types.IamInstanceProfileSpecification{Name: aws.String("young")}
	})
	refused(s, RunInstances, in, "InvalidParameterValue")
	s.Advance(10 * time.Second)
	out := do(s, RunInstances, in)
	wants(t, *out.Instances[0].IamInstanceProfile.Arn, "/ecs/young")
}

func TestShortageRefusesLaunchesUntilItEnds(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.Region.EC2.Shortages = []world.Shortage{{Type: "t3.micro", Zone: "eu-west-1a", Until: s.Now().Add(time.Minute)}}
	_, err := RunInstances(s.Call, s.run(nil))
	e := refusal(t, err, "InsufficientInstanceCapacity")
	same(t, "status", e.Status, 500)
	wants(t, e.Message, "We currently do not have sufficient t3.micro capacity in the Availability Zone you requested (eu-west-1a).")
	wants(t, e.Message, "choosing eu-west-1b, eu-west-1c.")
	do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) { in.InstanceType = "t3.small" }))
	do(s, RunInstances, s.run(func(in *ec2.RunInstancesInput) { in.SubnetId = aws.String(s.small) }))
	s.Advance(time.Minute)
	do(s, RunInstances, s.run(nil))
}

func TestSpotShortageSparesOnDemand(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.Region.EC2.Shortages = []world.Shortage{{SpotOnly: true}}
	id := s.template("nodes", nil)
	spec := LaunchSpec{TemplateID: id, SubnetID: s.subnet, Spot: true}
	_, err := Launch(s.World, s.Region, spec)
	same(t, "text", refusal(t, err, "InsufficientInstanceCapacity").Message, "There is no Spot capacity available that matches your request.")
	s.Region.EC2.Shortages = nil
	i, err := Launch(s.World, s.Region, spec)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "lifecycle", s.shown(i.ID).InstanceLifecycle, types.InstanceLifecycleTypeSpot)
	same(t, "quota", s.Region.EC2.VCPUs["L-34B43A08"], 2)
}

func TestImageMayBeAPublicParameterThatIsResolvedAtEveryLaunch(t *testing.T) {
	s := newSite(t, "eu-west-1")
	id := s.template("nodes", func(d *types.RequestLaunchTemplateData) {
		d.ImageId = aws.String("resolve:ssm:" + ecsParameters + "amazon-linux-2023/recommended/image_id")
	})
	spec := LaunchSpec{TemplateID: id, SubnetID: s.subnet}
	first, err := Launch(s.World, s.Region, spec)
	if err != nil {
		t.Fatal(err)
	}
	s.Advance(20 * 24 * time.Hour)
	second, err := Launch(s.World, s.Region, spec)
	if err != nil {
		t.Fatal(err)
	}
	same(t, "first", first.ImageID, s.image)
	same(t, "second", second.ImageID, s.imageOf("amazon-linux-2023"))
	if first.ImageID == second.ImageID {
		t.Error("the newer release was not taken")
	}
}

func TestFullSubnetRefusesLaunches(t *testing.T) {
	s := newSite(t, "eu-west-1")
	in := s.run(func(in *ec2.RunInstancesInput) { in.SubnetId, in.MaxCount = aws.String(s.small), aws.Int32(20) })
	same(t, "instances", len(do(s, RunInstances, in).Instances), 11)
	refused(s, RunInstances, in, "InsufficientFreeAddressesInSubnet")
}

func TestRunInstancesLaunchesBetweenMinAndMaxUnderOneReservation(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.Region.Quotas = map[string]int{"L-1216C47A": 7} // three of two vCPUs each
	count := func(least, most int32) func(*ec2.RunInstancesInput) {
		return func(in *ec2.RunInstancesInput) { in.MinCount, in.MaxCount = &least, &most }
	}
	refused(s, RunInstances, s.run(count(4, 9)), "VcpuLimitExceeded")
	out := do(s, RunInstances, s.run(count(2, 9)))
	same(t, "instances", len(out.Instances), 3)
	same(t, "index", *out.Instances[2].AmiLaunchIndex, 2)
	refused(s, RunInstances, s.run(count(0, 1)), "InvalidParameterValue")
	refused(s, RunInstances, s.run(count(3, 2)), "InvalidParameterValue")
	all := do(s, DescribeInstances, &ec2.DescribeInstancesInput{})
	same(t, "reservations", len(all.Reservations), 1)
}

func TestRunInstancesWithATokenLaunchesOnce(t *testing.T) {
	s := newSite(t, "eu-west-1")
	s.Operation = "RunInstances"
	in := s.run(func(in *ec2.RunInstancesInput) { in.ClientToken = aws.String("again") })
	first := do(s, RunInstances, in)
	s.Advance(time.Minute)
	second := do(s, RunInstances, in)
	same(t, "instance", *second.Instances[0].InstanceId, *first.Instances[0].InstanceId)
	same(t, "instances", s.Region.EC2.Instances.Len(), 1)
	other := *in
	other.InstanceType = "t3.small"
	refused(s, RunInstances, &other, "IdempotentParameterMismatch")
}

func TestRunInstancesLaysItsSettingsOverTheTemplates(t *testing.T) {
	s := newSite(t, "eu-west-1")
	tag := func(k, v string) []types.Tag { return []types.Tag{{Key: &k, Value: &v}} }
	s.template("nodes", func(d *types.RequestLaunchTemplateData) {
		d.UserData = aws.String("YQ==")
		d.TagSpecifications = []types.LaunchTemplateTagSpecificationRequest{{ResourceType: types.ResourceTypeInstance, Tags: tag("From", "template")}}
	})
	out := do(s, RunInstances, &ec2.RunInstancesInput{
		LaunchTemplate: &types.LaunchTemplateSpecification{LaunchTemplateName: aws.String("nodes")},
		InstanceType:   "t3.large", SubnetId: aws.String(s.subnet), MinCount: aws.Int32(1), MaxCount: aws.Int32(1),
		PrivateIpAddress:  aws.String("10.0.1.77"),
		TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeInstance, Tags: tag("Own", "yes")}},
	})
	i, _ := s.Region.EC2.Instances.Get(*out.Instances[0].InstanceId)
	same(t, "type", i.Type, "t3.large")
	same(t, "image", i.ImageID, s.image)
	same(t, "user data", i.UserData, "YQ==")
	same(t, "address", i.PrivateIP, "10.0.1.77")
	same(t, "tags", fmt.Sprint(i.Tags), "[{From template} {Own yes}]")
}

func TestPublicAddressFollowsTheSubnetUnlessTheLaunchSaysOtherwise(t *testing.T) {
	s := newSite(t, "eu-west-1")
	do(s, network.ModifyVpcAttribute, &ec2.ModifyVpcAttributeInput{VpcId: aws.String(s.vpc), EnableDnsHostnames: &types.AttributeBooleanValue{Value: aws.Bool(true)}})
	do(s, network.ModifySubnetAttribute, &ec2.ModifySubnetAttributeInput{
		SubnetId: aws.String(s.subnet), MapPublicIpOnLaunch: &types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
	card := func(public bool) func(*ec2.RunInstancesInput) {
		return func(in *ec2.RunInstancesInput) {
			in.SubnetId, in.SecurityGroupIds = nil, nil
			in.NetworkInterfaces = []types.InstanceNetworkInterfaceSpecification{{
				DeviceIndex: aws.Int32(0), SubnetId: aws.String(s.subnet), Groups: []string{s.group}, AssociatePublicIpAddress: &public,
			}}
		}
	}
	with := s.shown(s.launched().ID)
	if with.PublicIpAddress == nil {
		t.Fatal("no public address")
	}
	same(t, "name", *with.PublicDnsName, "ec2-"+strings.ReplaceAll(*with.PublicIpAddress, ".", "-")+".eu-west-1.compute.amazonaws.com")
	same(t, "association", *with.NetworkInterfaces[0].Association.PublicIp, *with.PublicIpAddress)
	without := do(s, RunInstances, s.run(card(false))).Instances[0]
	if without.PublicIpAddress != nil {
		t.Error("a public address although the launch forbids it")
	}
	same(t, "its name", *without.PublicDnsName, "")
}
