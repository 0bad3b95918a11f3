package shape

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

func TestUserDataIsReadAsText(t *testing.T) {
	for data, want := range map[string]string{"ZWNobyDDpA==": "echo ä", "": "", "no base64!": "no base64!"} {
		if got := plainText(data); got != want {
			t.Errorf("%q is %q", data, got)
		}
	}
}

func TestAProfileIsOursByARNAndByName(t *testing.T) {
	key := keys(map[string]model.Key{"arn:ours": model.ProfileKey()})
	profile := func(arn, name *string) *types.LaunchTemplateIamInstanceProfileSpecification {
		return &types.LaunchTemplateIamInstanceProfileSpecification{Arn: arn, Name: name}
	}
	if k := profileOf(key, "", profile(nil, aws.String(""))); k != model.Foreign("") {
		t.Errorf("no name is %s", k)
	}
	for _, one := range []struct {
		arn, name *string
		want      model.Key
	}{
		{aws.String("arn:ours"), nil, model.ProfileKey()},
		{nil, aws.String("ours"), model.ProfileKey()},
		{aws.String("arn:theirs"), nil, model.Foreign("arn:theirs")},
		{nil, aws.String("theirs"), model.Foreign("theirs")},
	} {
		if k := profileOf(key, "ours", profile(one.arn, one.name)); k != one.want {
			t.Errorf("got %s, want %s", k, one.want)
		}
	}
}
