package apply

import (
	"context"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/cloud"
	"berth/internal/model"
)

func templateEntry() entry { return typed(createTemplate, updateTemplate, deleteTemplate) }

func createTemplate(ctx context.Context, j *job, t model.LaunchTemplate) (model.Handle, error) {
	out, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateLaunchTemplate, &ec2.CreateLaunchTemplateInput{
		LaunchTemplateName: aws.String(t.Name), LaunchTemplateData: j.launchData(t.Content), VersionDescription: aws.String("first"),
		TagSpecifications: tagSpec(types.ResourceTypeLaunchTemplate, t.Tags), ClientToken: aws.String(j.token()),
	})
	if err != nil {
		return model.Handle{}, err
	}
	return model.Handle{ID: aws.ToString(out.LaunchTemplate.LaunchTemplateId), Version: int(aws.ToInt64(out.LaunchTemplate.LatestVersionNumber))}, nil
}

// updateTemplate puts changed content into a new version and makes it the default, for those who launch by hand;
// groups name their version themselves.
func updateTemplate(ctx context.Context, j *job, t model.LaunchTemplate) (model.Handle, error) {
	h := j.handle()
	if changed := j.contentChanges(); len(changed) > 0 {
		out, err := cloud.Repeat(ctx, j.c, j.c.EC2.CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
			LaunchTemplateId: aws.String(h.ID), LaunchTemplateData: j.launchData(t.Content),
			VersionDescription: aws.String(description(changed)), ClientToken: aws.String(j.token()),
		})
		if err != nil {
			return h, err
		}
		h.Version = int(aws.ToInt64(out.LaunchTemplateVersion.VersionNumber))
		_, err = cloud.Repeat(ctx, j.c, j.c.EC2.ModifyLaunchTemplate, &ec2.ModifyLaunchTemplateInput{
			LaunchTemplateId: aws.String(h.ID), DefaultVersion: aws.String(strconv.Itoa(h.Version)),
		})
		if err != nil {
			return h, err
		}
	}
	return h, j.retag(ctx, h.ID, j.change.From.(model.LaunchTemplate).Tags, t.Tags)
}

// contentChanges are the changed settings that lie in a version, not on the template.
func (j *job) contentChanges() []string {
	var out []string
	for _, f := range j.change.Fields {
		if !strings.HasPrefix(f.Name, "tags.") {
			out = append(out, f.Name)
		}
	}
	return out
}

// description says what a version changed; AWS takes 255 characters.
func description(changed []string) string {
	text := "changed " + strings.Join(changed, ", ")
	return strings.ToValidUTF8(text[:min(len(text), 255)], "")
}

func deleteTemplate(ctx context.Context, j *job, _ model.LaunchTemplate) (model.Handle, error) {
	_, err := cloud.Repeat(ctx, j.c, j.c.EC2.DeleteLaunchTemplate, &ec2.DeleteLaunchTemplateInput{LaunchTemplateId: aws.String(j.id())})
	return model.Handle{}, gone(err)
}

// launchData is the content of a version as EC2 takes it.
func (j *job) launchData(l model.Launch) *types.RequestLaunchTemplateData {
	d := &types.RequestLaunchTemplateData{
		ImageId: aws.String(l.AMI), InstanceType: types.InstanceType(l.InstanceType), SecurityGroupIds: j.ids(l.SecurityGroups),
		UserData:           aws.String(base64.StdEncoding.EncodeToString([]byte(l.UserData))),
		IamInstanceProfile: j.profile(l.Profile),
		Monitoring:         &types.LaunchTemplatesMonitoringRequest{Enabled: aws.Bool(l.Monitoring)},
		MetadataOptions: &types.LaunchTemplateInstanceMetadataOptionsRequest{
			HttpTokens: types.LaunchTemplateHttpTokensState(l.HTTPTokens), HttpPutResponseHopLimit: aws.Int32(int32(l.HopLimit)),
			HttpEndpoint: types.LaunchTemplateInstanceMetadataEndpointState(l.HTTPEndpoint),
		},
		BlockDeviceMappings: volumes(l),
		TagSpecifications: []types.LaunchTemplateTagSpecificationRequest{
			{ResourceType: types.ResourceTypeInstance, Tags: ec2Tags(l.InstanceTags)},
			{ResourceType: types.ResourceTypeVolume, Tags: ec2Tags(l.VolumeTags)},
		},
	}
	if name := j.keyName(l); name != "" {
		d.KeyName = aws.String(name)
	}
	return d
}

// keyName is the name of the key pair that the instances take, if any.
func (j *job) keyName(l model.Launch) string {
	if l.KeyPair.IsZero() {
		return l.KeyName
	}
	return j.scope.KeyPairName(l.KeyPair.Name)
}

// volumes are the devices of a version: Bottlerocket's system first, as observe reads them.
func volumes(l model.Launch) []types.LaunchTemplateBlockDeviceMappingRequest {
	out := []types.LaunchTemplateBlockDeviceMappingRequest{volume(l.Volume)}
	if l.SystemVolume != (model.Volume{}) {
		out = slices.Insert(out, 0, volume(l.SystemVolume))
	}
	return out
}

// volume leaves out the figures that the type has by itself.
func volume(v model.Volume) types.LaunchTemplateBlockDeviceMappingRequest {
	e := &types.LaunchTemplateEbsBlockDeviceRequest{
		VolumeType: types.VolumeType(v.Type), VolumeSize: aws.Int32(int32(v.GiB)), Encrypted: aws.Bool(v.Encrypted), DeleteOnTermination: aws.Bool(v.Delete),
	}
	if v.IOPS > 0 {
		e.Iops = aws.Int32(int32(v.IOPS))
	}
	if v.Throughput > 0 {
		e.Throughput = aws.Int32(int32(v.Throughput))
	}
	if v.KMSKey != "" {
		e.KmsKeyId = aws.String(v.KMSKey)
	}
	return types.LaunchTemplateBlockDeviceMappingRequest{DeviceName: aws.String(v.Device), Ebs: e}
}

// profile names the instance profile by ARN, which says its path too.
func (j *job) profile(k model.Key) *types.LaunchTemplateIamInstanceProfileSpecificationRequest {
	if h := j.have.Handle(k); h.ARN != "" {
		return &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Arn: aws.String(h.ARN)}
	}
	return &types.LaunchTemplateIamInstanceProfileSpecificationRequest{Name: aws.String(j.have.ID(k))}
}
