package config

import (
	"regexp"
	"strings"

	"berth/internal/config/tfvars"
)

// The accelerators that images have drivers for.
const (
	GPU    = "gpu"    // NVIDIA's
	Neuron = "neuron" // AWS's Inferentia and Trainium
)

var (
	// gpuFamily is NVIDIA's: p5, p4de, g4dn, g6e, gr6, g5g. g4ad has AMD's, which no ECS image drives.
	gpuFamily    = regexp.MustCompile(`^(p|g|gr)[0-9]`)
	amdFamily    = regexp.MustCompile(`^g[0-9]+a`)
	neuronFamily = regexp.MustCompile(`^(inf|trn)[0-9]`)
)

// Accelerator is what an instance type's family says that it has: GPU, Neuron or "" (EC2 user guide, "Accelerated
// computing").
func Accelerator(instanceType string) string {
	family, _, _ := strings.Cut(instanceType, ".")
	switch {
	case amdFamily.MatchString(family):
		return ""
	case gpuFamily.MatchString(family):
		return GPU
	case neuronFamily.MatchString(family):
		return Neuron
	default:
		return ""
	}
}

// accelerated is how people call what a type has.
func accelerated(accelerator string) string {
	switch accelerator {
	case GPU:
		return "has GPUs"
	case Neuron:
		return "has Neuron accelerators"
	default:
		return "has neither GPUs nor Neuron accelerators"
	}
}

// accelerator is what the types of a group have, all of them: all start from one image.
func (s settings) accelerator(types []string) string {
	if len(types) == 0 {
		return ""
	}
	first := Accelerator(types[0])
	list, _ := s.list("instance_type")
	for _, w := range list {
		if a := Accelerator(w.text); a != first && instanceType.MatchString(w.text) {
			s.Fail(w.At, Fault{
				Code: codeMixedDrivers, Summary: w.Path + " " + tfvars.Quote(w.text) + " " + accelerated(a) + ", and " + tfvars.Quote(types[0]) + " " + accelerated(first),
				Detail: "All instances of a group start from one image, and its drivers fit the one or the other.",
				Hint:   "move it to a group of its own in instance_groups",
			})
		}
	}
	return first
}

// checkImage refuses a group that AWS makes no image for; an image of one's own may have what it takes.
func (s settings) checkImage(g Group) {
	v := s.values["instance_type"]
	if g.AMI != "" || len(g.InstanceTypes) == 0 {
		return
	}
	f := Fault{Code: codeNoImage}
	at := s.values["ami_family"].At
	if at.IsDefault() {
		at = v.At
	}
	switch family, _, _ := strings.Cut(g.InstanceTypes[0], "."); {
	case amdFamily.MatchString(family):
		at = v.At
		f.Summary = tfvars.Quote(g.InstanceTypes[0]) + " has GPUs of AMD, and no ECS image has drivers for them"
		f.Hint = "take a type with NVIDIA's, such as \"g6.xlarge\"\nor name an image of your own: aws_ecs_ami"
	case g.Accelerator == Neuron && g.AMIFamily == Bottlerocket:
		f.Summary = "there is no image of Bottlerocket for " + tfvars.Quote(g.InstanceTypes[0]) + ", which " + accelerated(g.Accelerator)
		f.Hint = `write ami_family = "al2023"`
	case g.Accelerator != "" && g.Arch == ARM && g.AMIFamily != Bottlerocket:
		f.Summary = "there is no image of " + g.AMIFamily + " for " + tfvars.Quote(g.InstanceTypes[0]) + ", which is arm64 and " + accelerated(g.Accelerator)
		f.Hint = `write ami_family = "bottlerocket", which has one`
	default:
		return
	}
	s.Fail(at, f)
}
