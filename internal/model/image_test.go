package model_test

import (
	"testing"

	"berth/internal/model"
)

func TestTheNameOfAnImageTellsItsKind(t *testing.T) {
	for name, want := range map[string][2]string{
		"al2023-ami-ecs-hvm-2023.0.20260715-kernel-6.1-x86_64":         {"al2023", ""},
		"al2023-ami-ecs-gpu-hvm-2023.0.20260715-kernel-6.1-x86_64-ebs": {"al2023", "gpu"},
		"al2023-ami-ecs-neuron-hvm-2023.0.20260715-kernel-6.1-x86_64":  {"al2023", "neuron"},
		"amzn2-ami-ecs-hvm-2.0.20260715-arm64-ebs":                     {"al2", ""},
		"amzn2-ami-ecs-gpu-hvm-2.0.20260715-x86_64-ebs":                {"al2", "gpu"},
		"amzn2-ami-ecs-inf-hvm-2.0.20260715-x86_64-ebs":                {"al2", "neuron"},
		"amzn2-ami-ecs-kernel-5.10-gpu-hvm-2.0.20260715-x86_64-ebs":    {"al2", "gpu"},
		"bottlerocket-aws-ecs-2-x86_64-v1.58.0-0123abcd":               {"bottlerocket", ""},
		"bottlerocket-aws-ecs-2-nvidia-arm64-v1.58.0-0123abcd":         {"bottlerocket", "gpu"},
		"bottlerocket-aws-k8s-1.34-x86_64-v1.58.0-0123abcd":            {"", ""},
		"golden-image-7": {"", ""},
		"":               {"", ""},
	} {
		if family, accelerator := (model.Image{Name: name}).Kind(); family != want[0] || accelerator != want[1] {
			t.Errorf("%s is %q %q", name, family, accelerator)
		}
	}
}
