package check

import (
	"strconv"

	"berth/internal/config"
	"berth/internal/model"
)

// unknownAccelerators speaks of types whose name misled about GPUs and Neuron devices: EC2 says what they have.
func unknownAccelerators(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	eachType(c, f, func(g config.Group, i int, t model.Type) {
		has := ""
		switch {
		case t.GPUs > 0:
			has = config.GPU
		case t.Neuron > 0:
			has = config.Neuron
		}
		if has == g.Accelerator || g.AMI != "" { // an image of one's own may have what it takes
			return
		}
		names := map[string]string{config.GPU: "GPUs of NVIDIA", config.Neuron: "Neuron accelerators", "": "neither GPUs of NVIDIA nor Neuron accelerators"}
		image := "an image with drivers for " + names[g.Accelerator]
		if g.Accelerator == "" {
			image = "an image without drivers for them"
		}
		out = append(out, fault(c, config.Fault{
			Summary: strconv.Quote(t.Name) + " has " + names[has] + ", and group " + g.Name + " would start from " + image,
			Detail:  "berth tells the image by the type's name, and this one is new to it.",
			Hint:    "take another type, or name the image: aws_ecs_ami",
		}, typeSettings(c, g, i)...))
	})
	return out
}

// smallVolumes speaks of volumes that the image does not fit on.
func smallVolumes(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	for _, g := range c.Groups {
		image := f.Images[g.Name]
		if g.Volume.GiB == 0 || image.Missing || g.Volume.GiB >= image.MinGiB {
			continue
		}
		least := strconv.Itoa(image.MinGiB)
		out = append(out, fault(c, config.Fault{
			Summary: "the volume of group " + g.Name + " has " + strconv.Itoa(g.Volume.GiB) + " GiB, and the image " + image.ID + " needs " + least,
			Detail:  "EC2 starts no instance with a volume that is smaller than its snapshot.",
			Hint:    "size_gib = " + least + " or more, or leave it out",
		}, c.Setting(g.Name, "volume.size_gib"), c.Setting(g.Name, "volume")))
	}
	return out
}

// foreignFamilies speaks of AWS's images by their names: another family reads another language of user data, so that no instance
// would ever join.
func foreignFamilies(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	for _, g := range c.Groups {
		image := f.Images[g.Name]
		family, _ := image.Kind()
		if g.AMI == "" || image.Missing || family == "" || family == g.AMIFamily {
			continue
		}
		out = append(out, fault(c, config.Fault{
			Summary: "the image " + strconv.Quote(g.AMI) + " (" + image.Name + ") is of " + family + ", and group " + g.Name + " is of " + g.AMIFamily,
			Detail:  "User data is written for the family; instances of another one would never join the cluster.",
			Hint:    "ami_family = " + strconv.Quote(family) + `, or the newest of ` + g.AMIFamily + `: aws_ecs_ami = ""`,
		}, c.Setting(g.Name, "aws_ecs_ami")))
	}
	return out
}
