package shape

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

func TestTheParameterOfAnImageFollowsFromItsName(t *testing.T) {
	const root = "/aws/service/ecs/optimized-ami/"
	for name, want := range map[string]string{
		"al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-x86_64":         "amazon-linux-2023/",
		"al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-arm64":          "amazon-linux-2023/arm64/",
		"al2023-ami-ecs-gpu-hvm-2023.0.20261015-kernel-6.1-x86_64-ebs": "amazon-linux-2023/gpu/",
		"al2023-ami-ecs-neuron-hvm-2023.0.20261015-kernel-6.1-x86_64":  "amazon-linux-2023/neuron/",
		"amzn2-ami-ecs-hvm-2.0.20261015-x86_64-ebs":                    "amazon-linux-2/",
		"amzn2-ami-ecs-inf-hvm-2.0.20261015-x86_64-ebs":                "amazon-linux-2/inf/",
		"amzn2-ami-ecs-kernel-5.10-hvm-2.0.20261015-arm64-ebs":         "amazon-linux-2/kernel-5.10/arm64/",
		"amzn2-ami-ecs-kernel-5.10-gpu-hvm-2.0.20261015-x86_64-ebs":    "amazon-linux-2/kernel-5.10/gpu/",
		"bottlerocket-aws-ecs-2-x86_64-v1.59.0-c04cc119":               "",
		"golden-2026-10": "",
	} {
		arch := "x86_64"
		if len(name) > 5 && (name[len(name)-5:] == "arm64" || name[len(name)-9:] == "arm64-ebs") {
			arch = "arm64"
		}
		if want != "" {
			want = root + want + name
		}
		if got := Published(name, arch); got != want {
			t.Errorf("%s: got %s, want %s", name, got, want)
		}
	}
}

func TestAReleaseIsReadFromImageAndParameter(t *testing.T) {
	r := Release(types.Image{
		ImageId: aws.String("ami-1"), Name: aws.String("n"), CreationDate: aws.String("2026-10-15T20:14:32.000Z"), DeprecationTime: aws.String("2028-10-15T20:14:32.000Z"),
	})
	at := time.Date(2026, 10, 15, 20, 14, 32, 0, time.UTC)
	if want := (model.Release{ID: "ami-1", Name: "n", Built: at, Deprecated: at.AddDate(2, 0, 0)}); r != want {
		t.Errorf("%+v", r)
	}
	for text, want := range map[string][2]string{
		`{"ecs_agent_version":"1.107.0","ecs_runtime_version":"Docker version 25.0.17","image_id":"ami-1"}`: {"1.107.0", "25.0.17"},
		`{"ecs_agent_version":"1.107.0","image_id":"ami-2"}`:                                                {}, // another image's
		`ami-1`: {}, `{}`: {}, `[1]`: {}, ``: {},
	} {
		one := r
		if SetSoftware(&one, text); one.Agent != want[0] || one.Docker != want[1] {
			t.Errorf("%s: %+v", text, one)
		}
	}
	if r := Release(types.Image{CreationDate: aws.String("yesterday")}); !r.Built.IsZero() || !r.Deprecated.IsZero() {
		t.Errorf("%+v", r)
	}
}
