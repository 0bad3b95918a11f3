package apply_test

import (
	"encoding/base64"
	"slices"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
	"berth/internal/plan"
)

// overwrite makes a new version of the default group's template with some settings changed, as somebody in the console would.
func (a *account) overwrite(data types.RequestLaunchTemplateData) {
	a.t.Helper()
	do(a, a.cloud.EC2.CreateLaunchTemplateVersion, &ec2.CreateLaunchTemplateVersionInput{
		LaunchTemplateId: aws.String(a.have.ID(model.TemplateKey("default"))), SourceVersion: aws.String("$Latest"), LaunchTemplateData: &data,
	})
}

func TestAVersionWrittenByOthersIsSeenAndReplaced(t *testing.T) {
	a := newAccount(t, nil)
	volume := func(gib int32, kind types.VolumeType, encrypted, deleted bool, device string) []types.LaunchTemplateBlockDeviceMappingRequest {
		return []types.LaunchTemplateBlockDeviceMappingRequest{{DeviceName: aws.String(device), Ebs: &types.LaunchTemplateEbsBlockDeviceRequest{
			VolumeSize: aws.Int32(gib), VolumeType: kind, Encrypted: aws.Bool(encrypted), DeleteOnTermination: aws.Bool(deleted),
		}}}
	}
	for name, one := range map[string]struct {
		data  types.RequestLaunchTemplateData
		drift []string
	}{
		"type":      {types.RequestLaunchTemplateData{InstanceType: "m7i.xlarge"}, []string{"instance_type"}},
		"key":       {types.RequestLaunchTemplateData{KeyName: aws.String("k")}, []string{"key_name"}},
		"groups":    {types.RequestLaunchTemplateData{SecurityGroupIds: []string{a.have.ID(model.InstanceGroupKey("batch"))}}, []string{"security_groups"}},
		"user data": {types.RequestLaunchTemplateData{UserData: aws.String(base64.StdEncoding.EncodeToString([]byte("echo")))}, []string{"user_data"}},
		"profile": {
			types.RequestLaunchTemplateData{IamInstanceProfile: &types.LaunchTemplateIamInstanceProfileSpecificationRequest{
				Arn: aws.String("arn:aws:iam::123456789012:instance-profile/theirs"),
			}}, []string{"instance_profile"},
		},
		"size":   {types.RequestLaunchTemplateData{BlockDeviceMappings: volume(99, "gp3", true, true, "/dev/xvda")}, []string{"volume.size_gib"}},
		"sort":   {types.RequestLaunchTemplateData{BlockDeviceMappings: volume(30, "gp2", true, true, "/dev/xvda")}, []string{"volume.type"}},
		"clear":  {types.RequestLaunchTemplateData{BlockDeviceMappings: volume(30, "gp3", false, true, "/dev/xvda")}, []string{"volume.encrypted"}},
		"stays":  {types.RequestLaunchTemplateData{BlockDeviceMappings: volume(30, "gp3", true, false, "/dev/xvda")}, []string{"volume.delete_on_termination"}},
		"device": {types.RequestLaunchTemplateData{BlockDeviceMappings: volume(30, "gp3", true, true, "/dev/sdz")}, []string{"volume.device"}},
		"figures": {types.RequestLaunchTemplateData{BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMappingRequest{
			{DeviceName: aws.String("/dev/xvda"), Ebs: &types.LaunchTemplateEbsBlockDeviceRequest{
				VolumeSize: aws.Int32(30), VolumeType: "gp3", Encrypted: aws.Bool(true), DeleteOnTermination: aws.Bool(true),
				Iops: aws.Int32(4000), Throughput: aws.Int32(200), KmsKeyId: aws.String("alias/theirs"),
			}},
		}}, []string{"volume.iops", "volume.throughput", "volume.kms_key_id"}},
		"monitoring": {types.RequestLaunchTemplateData{Monitoring: &types.LaunchTemplatesMonitoringRequest{Enabled: aws.Bool(true)}}, []string{"detailed_monitoring"}},
		"metadata": {types.RequestLaunchTemplateData{MetadataOptions: &types.LaunchTemplateInstanceMetadataOptionsRequest{
			HttpTokens: "optional", HttpEndpoint: "disabled", HttpPutResponseHopLimit: aws.Int32(2),
		}}, []string{"metadata.http_tokens", "metadata.http_endpoint", "metadata.hop_limit"}},
		"tags": {types.RequestLaunchTemplateData{TagSpecifications: []types.LaunchTemplateTagSpecificationRequest{
			{ResourceType: types.ResourceTypeInstance, Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("x")}}},
		}}, []string{
			"instance_tags.Cluster", "instance_tags.Environment", "instance_tags.InstanceGroup", "instance_tags.Name", "instance_tags.team",
			"volume_tags.Cluster", "volume_tags.Environment", "volume_tags.InstanceGroup", "volume_tags.Name", "volume_tags.team",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			a.t = t
			a.mends(model.TemplateKey("default"), func() { a.overwrite(one.data) }, one.drift...)
			found, _ := model.Find[model.LaunchTemplate](&a.have.Set, model.TemplateKey("default"))
			if found.DefaultVersion != found.LatestVersion || found.LatestVersion != a.have.Handle(found.Key()).Version {
				t.Errorf("version %d is the newest, %d the default one", found.LatestVersion, found.DefaultVersion)
			}
		})
	}
}

func TestAProfileNamedInsteadOfItsARNIsTheSame(t *testing.T) {
	a := newAccount(t, nil)
	a.overwrite(types.RequestLaunchTemplateData{IamInstanceProfile: &types.LaunchTemplateIamInstanceProfileSpecificationRequest{
		Name: aws.String(a.have.ID(model.ProfileKey())),
	}})
	a.look()
	if got := a.differs(model.TemplateKey("default")); len(got) > 0 {
		t.Errorf("drift %v", got)
	}
}

func TestTagsOfATemplateAreMended(t *testing.T) {
	a := newAccount(t, nil)
	id := a.have.ID(model.TemplateKey("default"))
	a.mends(model.TemplateKey("default"), func() {
		do(a, a.cloud.EC2.CreateTags, &ec2.CreateTagsInput{Resources: []string{id}, Tags: []types.Tag{{Key: aws.String("theirs"), Value: aws.String("y")}}})
		do(a, a.cloud.EC2.DeleteTags, &ec2.DeleteTagsInput{Resources: []string{id}, Tags: []types.Tag{{Key: aws.String("team")}, {Key: aws.String(model.TagKey)}}})
	}, "tags.berth:key", "tags.team")
	if v := a.have.Handle(model.TemplateKey("default")).Version; v != 1 {
		t.Errorf("tags made version %d", v)
	}
}

func TestAVersionThatWasDeletedUnderTheGroupIsReplaced(t *testing.T) {
	a := newAccount(t, nil)
	id := aws.String(a.have.ID(model.TemplateKey("default")))
	a.overwrite(types.RequestLaunchTemplateData{InstanceType: "m7i.large"})
	do(a, a.cloud.EC2.ModifyLaunchTemplate, &ec2.ModifyLaunchTemplateInput{LaunchTemplateId: id, DefaultVersion: aws.String("2")})
	a.mends(model.GroupKey("default"), func() {
		do(a, a.cloud.EC2.DeleteLaunchTemplateVersions, &ec2.DeleteLaunchTemplateVersionsInput{LaunchTemplateId: id, Versions: []string{"1"}})
	}, "launch_template")
	if s := a.group("default").MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification; aws.ToString(s.Version) != "2" {
		t.Errorf("the group launches from version %s", aws.ToString(s.Version))
	}
}

func TestAVersionSaysWhatItChanged(t *testing.T) {
	a := newAccount(t, nil)
	a.file.Groups[0].CustomUserData, a.file.Groups[0].KeyName = "echo", "k"
	a.look()
	a.carryOut(a.plan())
	out := do(a, a.cloud.EC2.DescribeLaunchTemplateVersions, &ec2.DescribeLaunchTemplateVersionsInput{
		LaunchTemplateName: aws.String("prod_shop_default"), Versions: []string{"$Latest"},
	})
	if text := aws.ToString(out.LaunchTemplateVersions[0].VersionDescription); text != "changed key_name, user_data" {
		t.Errorf("description %q", text)
	}
}

func TestAnImageStaysUntilItsFamilyChanges(t *testing.T) {
	a := emptyAccount(t)
	a.look()
	first := a.facts.Images["default"]
	a.settle()
	if now := a.facts.Images["default"]; !now.Kept || now.ID != first.ID || now.Device == "" || now.MinGiB == 0 || now.Arch != "x86_64" {
		t.Errorf("the image is %+v, was %+v", now, first)
	}
	if first.Kept {
		t.Error("the first image was kept from nowhere")
	}
	a.file.Groups[0].AMIFamily = "al2"
	a.look()
	if now := a.facts.Images["default"]; now.Kept || now.ID == first.ID || now.ID != now.Newest || now.Origin != "al2/x86_64" {
		t.Errorf("the image is %+v, was %+v", now, first)
	}
	if got := a.differs(model.TemplateKey("default")); !slices.Contains(got, "ami") || !slices.Contains(got, "tags.berth:ami") {
		t.Errorf("drift %v", got)
	}
	a.settle()
	change, _ := a.plan().Find(plan.Step{Verb: plan.Update, Key: model.GroupKey("default")})
	if len(change.Fields) > 0 {
		t.Errorf("the group still changes: %v", change.Fields)
	}
}
