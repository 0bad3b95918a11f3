package shape

import "testing"

func TestEveryImageHasItsParameter(t *testing.T) {
	const prefix = "/aws/service/ecs/optimized-ami/"
	for want, p := range map[string]Purpose{
		"amazon-linux-2023/recommended":       {Family: "al2023", Arch: "x86_64"},
		"amazon-linux-2023/arm64/recommended": {Family: "al2023", Arch: "arm64"},
		"amazon-linux-2/recommended":          {Family: "al2", Arch: "x86_64"},
		"amazon-linux-2/arm64/recommended":    {Family: "al2", Arch: "arm64"},

		"amazon-linux-2023/gpu/recommended":    {Family: "al2023", Arch: "x86_64", Accelerator: "gpu"},
		"amazon-linux-2023/neuron/recommended": {Family: "al2023", Arch: "x86_64", Accelerator: "neuron"},
		"amazon-linux-2/gpu/recommended":       {Family: "al2", Arch: "x86_64", Accelerator: "gpu"},
		"amazon-linux-2/inf/recommended":       {Family: "al2", Arch: "x86_64", Accelerator: "neuron"},
	} {
		if got := p.Parameter(); got != prefix+want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	for want, p := range map[string]Purpose{
		"/aws/service/bottlerocket/aws-ecs-2/arm64/latest/image_id":         {Family: "bottlerocket", Arch: "arm64"},
		"/aws/service/bottlerocket/aws-ecs-2-nvidia/x86_64/latest/image_id": {Family: "bottlerocket", Arch: "x86_64", Accelerator: "gpu"},
	} {
		if got := p.Parameter(); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if Recommendation("no JSON") != "" || Recommendation("ami-1") != "ami-1" || Recommendation(`{"image_id":"ami-1"}`) != "ami-1" {
		t.Error("the parameter is misread")
	}
}
