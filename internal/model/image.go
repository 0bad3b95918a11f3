package model

import (
	"regexp"
	"time"
)

// Image is an AMI.
type Image struct {
	ID         string
	Name       string
	Origin     string    // what it was resolved for: "family/arch", "family-gpu/arch", or "given"
	Kept       bool      // it is the one that the template has already
	Newest     string    // the one that AWS recommends now; empty when not asked
	Device     string    // the name of the device that tasks live on: the root device, or Bottlerocket's second one
	MinGiB     int       // the size of its snapshot
	System     string    // Bottlerocket only: the root device's name
	SystemGiB  int       // the size of its snapshot
	Arch       string    // "x86_64" or "arm64"
	Missing    bool      // a given id that does not exist
	Private    bool      // another account shares it with this one
	Deprecated time.Time // from when on AWS hides it from others than its owner; zero for never
}

// optimized are the names that AWS gives to ECS-optimized images (ECS developer guide, "Amazon ECS-optimized Linux AMIs").
var optimized = regexp.MustCompile(`^(?:(al2023)-ami-ecs-|(amzn2)-ami-ecs-(?:kernel-[0-9.]+-)?|(bottlerocket)-aws-ecs-[0-9]+-)(gpu-|nvidia-|neuron-|inf-)?`)

// Kind is what an image's name tells: its family ("al2023", "al2", "bottlerocket") and which accelerators it has drivers for
// ("gpu", "neuron", or empty). The family is empty for an image that bears none of AWS's names.
func (i Image) Kind() (family, accelerator string) {
	m := optimized.FindStringSubmatch(i.Name)
	if m == nil {
		return "", ""
	}
	family = m[1] + m[3]
	if m[2] != "" {
		family = "al2"
	}
	switch m[4] {
	case "gpu-", "nvidia-":
		accelerator = "gpu"
	case "neuron-", "inf-":
		accelerator = "neuron"
	}
	return family, accelerator
}
