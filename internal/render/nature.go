package render

import (
	"fmt"
	"strings"

	"berth/internal/model"
	"berth/internal/render/essence"
	"berth/internal/render/ink"
)

// family is what a group's image was looked up for: "al2023", "bottlerocket"; of an image that the file names what its name
// tells, and empty when that is nothing.
func (v View) family(g model.Group) string {
	t, _ := model.Find[model.LaunchTemplate](&v.Have.Set, model.TemplateKey(g.Group))
	origin, _, _ := strings.Cut(t.Tags.Get(model.TagAMI), " ")
	if looked, _, ok := strings.Cut(origin, "/"); ok {
		family, _, _ := strings.Cut(looked, "-")
		return family
	}
	family, _ := v.Facts.Images[g.Group].Kind()
	return family
}

// gpus is how many GPUs each instance of a group has: of its first type that is known.
func (v View) gpus(g model.Group) (gpus, neuron int) {
	for _, name := range g.InstanceTypes {
		if t, known := v.Facts.Types[name]; known {
			return t.GPUs, t.Neuron
		}
	}
	return 0, 0
}

// nature says in what a group's instances differ from ordinary ones: Amazon Linux 2023, On-Demand, without accelerators. It is
// empty when they do not.
func (v View) nature(g model.Group) string {
	var parts []string
	if f := v.family(g); f != "" && f != "al2023" {
		parts = append(parts, map[string]string{"al2": "Amazon Linux 2", "bottlerocket": "Bottlerocket"}[f])
	}
	gpus, neuron := v.gpus(g)
	if gpus > 0 {
		parts = append(parts, ink.Several(gpus, "GPU")+" each")
	}
	if neuron > 0 {
		parts = append(parts, ink.Several(neuron, "Neuron accelerator")+" each")
	}
	if g.Spot {
		parts = append(parts, essence.Purchase(g)+v.bought(g))
	}
	return strings.Join(parts, ", ")
}

// bought is what a group has bought by now, where that is known.
func (v View) bought(g model.Group) string {
	spot, known := 0, 0
	for _, i := range g.Instances {
		is, told := v.Spot[i.ID]
		if told {
			known++
		}
		if is {
			spot++
		}
	}
	if known == 0 {
		return ""
	}
	return fmt.Sprintf(" (now %d spot and %d On-Demand)", spot, known-spot)
}
