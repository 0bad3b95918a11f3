package observe

import (
	"encoding/base64"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// launch turns the content of a template's version into what berth knows of one. Nil is the empty content.
func (l *look) launch(d *types.ResponseLaunchTemplateData) model.Launch {
	if d == nil {
		return model.Launch{}
	}
	out := model.Launch{
		AMI: aws.ToString(d.ImageId), InstanceType: string(d.InstanceType), KeyName: aws.ToString(d.KeyName),
		Profile: l.profileOf(d.IamInstanceProfile), UserData: plainText(aws.ToString(d.UserData)),
		Monitoring: d.Monitoring != nil && aws.ToBool(d.Monitoring.Enabled),
	}
	for _, id := range slices.Concat(d.SecurityGroupIds, d.SecurityGroups) {
		out.SecurityGroups = append(out.SecurityGroups, l.key(id))
	}
	setVolume(&out, d.BlockDeviceMappings)
	if m := d.MetadataOptions; m != nil {
		out.HTTPTokens, out.HTTPEndpoint, out.HopLimit = string(m.HttpTokens), string(m.HttpEndpoint), int(aws.ToInt32(m.HttpPutResponseHopLimit))
	}
	for _, s := range d.TagSpecifications {
		switch s.ResourceType {
		case types.ResourceTypeInstance:
			out.InstanceTags = ec2Tags(s.Tags)
		case types.ResourceTypeVolume:
			out.VolumeTags = ec2Tags(s.Tags)
		default: // berth tags nothing else
		}
	}
	return out
}

// profileOf is the instance profile of a template, which names it by ARN or by name.
func (l *look) profileOf(p *types.LaunchTemplateIamInstanceProfileSpecification) model.Key {
	if p == nil {
		return model.Key{}
	}
	if p.Arn != nil {
		return l.key(*p.Arn)
	}
	if aws.ToString(p.Name) == l.inv.ID(model.ProfileKey()) && aws.ToString(p.Name) != "" {
		return model.ProfileKey()
	}
	return model.Foreign(aws.ToString(p.Name))
}

// setVolume reads the root volume: berth gives a template one volume, so the first one is it.
func setVolume(out *model.Launch, mappings []types.LaunchTemplateBlockDeviceMapping) {
	if len(mappings) == 0 {
		return
	}
	out.DeviceName = aws.ToString(mappings[0].DeviceName)
	if e := mappings[0].Ebs; e != nil {
		out.VolumeType, out.VolumeGiB = string(e.VolumeType), int(aws.ToInt32(e.VolumeSize))
		out.Encrypted, out.DeleteVolume = aws.ToBool(e.Encrypted), aws.ToBool(e.DeleteOnTermination)
	}
}

// plainText decodes user data; what is no base64 stays as it is, and so differs from what berth writes.
func plainText(data string) string {
	b, err := base64.StdEncoding.DecodeString(data)
	if err != nil {
		return data
	}
	return string(b)
}
