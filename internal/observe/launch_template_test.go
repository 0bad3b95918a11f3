package observe

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

func TestWhatATemplateLeavesOutIsEmpty(t *testing.T) {
	l := groupLook()
	for _, d := range []*types.ResponseLaunchTemplateData{
		nil, {}, {BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMapping{{}}, IamInstanceProfile: nil},
	} {
		if got := l.launch(d).Digest(); got != (model.Launch{}).Digest() {
			t.Errorf("%+v is not empty", l.launch(d))
		}
	}
}

func TestAKeptImageThatIsGoneIsToldByItsTemplate(t *testing.T) {
	l := groupLook()
	l.ask.Groups[0].Family, l.ask.Groups[0].Arch = "al2023", "x86_64"
	l.recommended = map[string]string{"al2023/x86_64": "ami-new"}
	tags := l.ours(model.TemplateKey("default")).With(model.TagAMI, "al2023/x86_64 ami-old")
	found := types.LaunchTemplate{LaunchTemplateId: aws.String("lt-1"), LatestVersionNumber: aws.Int64(2)}
	for _, t := range tags {
		found.Tags = append(found.Tags, types.Tag{Key: aws.String(t.Key), Value: aws.String(t.Value)})
	}
	l.templates = []types.LaunchTemplate{found}
	l.versions["lt-1"][2] = &types.ResponseLaunchTemplateData{ImageId: aws.String("ami-old"), BlockDeviceMappings: []types.LaunchTemplateBlockDeviceMapping{
		{DeviceName: aws.String("/dev/xvda"), Ebs: &types.LaunchTemplateEbsBlockDevice{VolumeSize: aws.Int32(40)}},
	}}
	foldTemplates(l)
	if err := l.unresolved(); err != nil {
		t.Error(err)
	}
	want := model.Image{ID: "ami-old", Origin: "al2023/x86_64", Kept: true, Newest: "ami-new", Device: "/dev/xvda", MinGiB: 40, Arch: "x86_64"}
	if got := l.images()["default"]; got != want {
		t.Errorf("%+v", got)
	}
	l.ask.Groups[0].Arch = "arm64" // for which nothing was resolved yet
	l.recommended["al2023/arm64"] = "ami-arm"
	if got := l.choice(l.ask.Groups[0]); got.Kept || got.ID != "ami-arm" {
		t.Errorf("%+v", got)
	}
}
