package shape

import (
	"cmp"
	"encoding/json"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/model"
)

// Purpose is what an image is for: a family of systems, an architecture, and the devices that it needs drivers for.
type Purpose struct {
	Family      string // "al2023", "al2", "bottlerocket"
	Arch        string // "x86_64", "arm64"
	Accelerator string // "gpu", "neuron" or nothing
}

// String writes a purpose as a template's tag remembers it: "al2023/arm64", "bottlerocket-gpu/x86_64".
func (p Purpose) String() string {
	if p.Accelerator != "" {
		return p.Family + "-" + p.Accelerator + "/" + p.Arch
	}
	return p.Family + "/" + p.Arch
}

// Parameter is AWS's public parameter of an ECS-optimized image (ECS developer guide, "Retrieving Amazon ECS-optimized
// Linux AMI metadata", "Retrieving an Amazon ECS-optimized Bottlerocket AMI").
func (p Purpose) Parameter() string {
	switch p.Family {
	case "bottlerocket":
		variant := map[string]string{"gpu": "aws-ecs-2-nvidia"}[p.Accelerator]
		return "/aws/service/bottlerocket/" + cmp.Or(variant, "aws-ecs-2") + "/" + p.Arch + "/latest/image_id"
	case "al2":
		flavour := map[string]string{"gpu": "/gpu", "neuron": "/inf"}[p.Accelerator]
		return "/aws/service/ecs/optimized-ami/amazon-linux-2" + cmp.Or(flavour, p.architecture()) + "/recommended"
	default:
		flavour := map[string]string{"gpu": "/gpu", "neuron": "/neuron"}[p.Accelerator]
		return "/aws/service/ecs/optimized-ami/amazon-linux-2023" + cmp.Or(flavour, p.architecture()) + "/recommended"
	}
}

func (p Purpose) architecture() string {
	if p.Arch == "arm64" {
		return "/arm64"
	}
	return ""
}

// Recommendation reads the image id out of a parameter, which is the id itself (Bottlerocket) or JSON that contains it; empty
// when there is none in it.
func Recommendation(text string) string {
	if strings.HasPrefix(text, "ami-") {
		return text
	}
	var v struct {
		Image string `json:"image_id"`
	}
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return ""
	}
	return v.Image
}

// Describe takes over what EC2 says of an image. Of Bottlerocket's two volumes the second is for images and containers.
func Describe(i *model.Image, d types.Image, family string) {
	i.Name, i.Arch = aws.ToString(d.Name), string(d.Architecture)
	i.Device = aws.ToString(d.RootDeviceName)
	i.MinGiB = diskGiB(d, i.Device)
	if at, err := time.Parse(time.RFC3339, aws.ToString(d.DeprecationTime)); err == nil {
		i.Deprecated = at
	}
	if second := storage(d); family == "bottlerocket" && second != "" {
		i.System, i.SystemGiB = i.Device, i.MinGiB
		i.Device, i.MinGiB = second, diskGiB(d, second)
	}
}

// storage is the name of an image's first volume beside its root volume.
func storage(d types.Image) string {
	for _, m := range d.BlockDeviceMappings {
		if m.Ebs != nil && aws.ToString(m.DeviceName) != aws.ToString(d.RootDeviceName) {
			return aws.ToString(m.DeviceName)
		}
	}
	return ""
}

// diskGiB is the size of one of an image's volumes.
func diskGiB(i types.Image, device string) int {
	for _, m := range i.BlockDeviceMappings {
		if m.Ebs != nil && aws.ToString(m.DeviceName) == device {
			return int(aws.ToInt32(m.Ebs.VolumeSize))
		}
	}
	return 0
}
