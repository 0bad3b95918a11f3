package shape

import (
	"encoding/base64"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// Launch turns the content of a template's version into what berth knows of one, nil into the empty content; profile is the name
// of the cluster's instance profile, empty where it does not stand.
func Launch(key Keys, profile string, d *types.ResponseLaunchTemplateData) model.Launch {
	if d == nil {
		return model.Launch{}
	}
	out := model.Launch{
		AMI: aws.ToString(d.ImageId), InstanceType: string(d.InstanceType),
		Profile: profileOf(key, profile, d.IamInstanceProfile), UserData: plainText(aws.ToString(d.UserData)),
		Monitoring: d.Monitoring != nil && aws.ToBool(d.Monitoring.Enabled),
	}
	if k := key(aws.ToString(d.KeyName)); k.Kind == model.KindKeyPair {
		out.KeyPair = k
	} else {
		out.KeyName = k.Name
	}
	for _, id := range slices.Concat(d.SecurityGroupIds, d.SecurityGroups) {
		out.SecurityGroups = append(out.SecurityGroups, key(id))
	}
	setVolumes(&out, d.BlockDeviceMappings)
	if m := d.MetadataOptions; m != nil {
		out.HTTPTokens, out.HTTPEndpoint, out.HopLimit = string(m.HttpTokens), string(m.HttpEndpoint), int(aws.ToInt32(m.HttpPutResponseHopLimit))
	}
	for _, s := range d.TagSpecifications {
		switch s.ResourceType {
		case types.ResourceTypeInstance:
			out.InstanceTags = EC2Tags(s.Tags)
		case types.ResourceTypeVolume:
			out.VolumeTags = EC2Tags(s.Tags)
		default: // berth tags nothing else
		}
	}
	return out
}

// profileOf is the instance profile of a template, which names it by ARN or by name.
func profileOf(key Keys, profile string, p *types.LaunchTemplateIamInstanceProfileSpecification) model.Key {
	if p == nil {
		return model.Key{}
	}
	if p.Arn != nil {
		return key(*p.Arn)
	}
	if aws.ToString(p.Name) == profile && aws.ToString(p.Name) != "" {
		return model.ProfileKey()
	}
	return model.Foreign(aws.ToString(p.Name))
}

// setVolumes reads the volumes: one is what everything lives on; of two, as berth writes them, the first is Bottlerocket's
// own system and the other one is for images and containers.
func setVolumes(out *model.Launch, mappings []types.LaunchTemplateBlockDeviceMapping) {
	for i, m := range mappings {
		v := volume(m)
		switch i {
		case 0:
			out.Volume = v
		case 1:
			out.SystemVolume, out.Volume = out.Volume, v
		}
	}
}

func volume(m types.LaunchTemplateBlockDeviceMapping) model.Volume {
	out := model.Volume{Device: aws.ToString(m.DeviceName)}
	if e := m.Ebs; e != nil {
		out.Type, out.GiB = string(e.VolumeType), int(aws.ToInt32(e.VolumeSize))
		out.IOPS, out.Throughput, out.KMSKey = int(aws.ToInt32(e.Iops)), int(aws.ToInt32(e.Throughput)), aws.ToString(e.KmsKeyId)
		out.Encrypted, out.Delete = aws.ToBool(e.Encrypted), aws.ToBool(e.DeleteOnTermination)
	}
	return out
}

// plainText decodes user data; what is no base64 stays as it is, and so differs from what berth writes.
func plainText(data string) string {
	b, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return data
	}
	return string(b)
}
