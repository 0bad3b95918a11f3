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

func TestUserDataIsReadAsText(t *testing.T) {
	for data, want := range map[string]string{"ZWNobyDDpA==": "echo ä", "": "", "no base64!": "no base64!"} {
		if got := plainText(data); got != want {
			t.Errorf("%q is %q", data, got)
		}
	}
}

func TestAProfileIsOursByARNAndByName(t *testing.T) {
	l := groupLook()
	profile := func(arn, name *string) *types.LaunchTemplateIamInstanceProfileSpecification {
		return &types.LaunchTemplateIamInstanceProfileSpecification{Arn: arn, Name: name}
	}
	if k := l.profileOf(profile(nil, aws.String(""))); k != model.Foreign("") {
		t.Errorf("no name is %s", k)
	}
	l.add(model.Profile{}, model.Handle{ID: "ours", ARN: "arn:ours"})
	for _, one := range []struct {
		arn, name *string
		want      model.Key
	}{
		{aws.String("arn:ours"), nil, model.ProfileKey()},
		{nil, aws.String("ours"), model.ProfileKey()},
		{aws.String("arn:theirs"), nil, model.Foreign("arn:theirs")},
		{nil, aws.String("theirs"), model.Foreign("theirs")},
	} {
		if k := l.profileOf(profile(one.arn, one.name)); k != one.want {
			t.Errorf("got %s, want %s", k, one.want)
		}
	}
}

func TestEveryImageHasItsParameter(t *testing.T) {
	const prefix = "/aws/service/ecs/optimized-ami/"
	for want, g := range map[string]Group{
		"amazon-linux-2023/recommended":       {Family: "al2023", Arch: "x86_64"},
		"amazon-linux-2023/arm64/recommended": {Family: "al2023", Arch: "arm64"},
		"amazon-linux-2/recommended":          {Family: "al2", Arch: "x86_64"},
		"amazon-linux-2/arm64/recommended":    {Family: "al2", Arch: "arm64"},

		"amazon-linux-2023/gpu/recommended":    {Family: "al2023", Arch: "x86_64", Accelerator: "gpu"},
		"amazon-linux-2023/neuron/recommended": {Family: "al2023", Arch: "x86_64", Accelerator: "neuron"},
		"amazon-linux-2/gpu/recommended":       {Family: "al2", Arch: "x86_64", Accelerator: "gpu"},
		"amazon-linux-2/inf/recommended":       {Family: "al2", Arch: "x86_64", Accelerator: "neuron"},
	} {
		if got := parameter(g); got != prefix+want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for want, g := range map[string]Group{
		"/aws/service/bottlerocket/aws-ecs-2/arm64/latest/image_id":         {Family: "bottlerocket", Arch: "arm64"},
		"/aws/service/bottlerocket/aws-ecs-2-nvidia/x86_64/latest/image_id": {Family: "bottlerocket", Arch: "x86_64", Accelerator: "gpu"},
	} {
		if got := parameter(g); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if recommendation("no JSON") != "" || recommendation("ami-1") != "ami-1" || recommendation(`{"image_id":"ami-1"}`) != "ami-1" {
		t.Error("the parameter is misread")
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

func TestAnARNTellsThePartOfAWS(t *testing.T) {
	for arn, want := range map[string]string{"arn:aws-cn:iam::1:user/x": "aws-cn", "arn:aws:sts::1:x": "aws", "": "aws", "x": "aws"} {
		if got := partition(arn); got != want {
			t.Errorf("%s is in %s", arn, got)
		}
	}
}
