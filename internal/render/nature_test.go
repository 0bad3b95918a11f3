package render

import (
	"strings"
	"testing"

	"berth/internal/model"
)

func TestStatusSaysInWhatAGroupDiffersFromOrdinaryOnes(t *testing.T) {
	for file, want := range map[string]string{
		"":                                       "",
		`ami_family = "al2"`:                     "Amazon Linux 2",
		"spot = true":                            "spot (now 1 spot and 1 On-Demand)",
		`ami_family="bottlerocket"`:              "Bottlerocket",
		"spot = true\non_demand_base = 2":        "2 On-Demand, else spot (now 1 spot and 1 On-Demand)",
		"spot = true\non_demand_percentage = 30": "30 % On-Demand, else spot (now 1 spot and 1 On-Demand)",
		"spot = true\non_demand_base = 1\non_demand_percentage = 30": "1 On-Demand and 30 % of the rest, else spot (now 1 spot and 1 On-Demand)",
	} {
		v := wanted(t, strings.Replace(original, "max_size             = 1", "max_size             = 3", 1)+file+"\n")
		image := v.Facts.Images["default"]
		v.stand()
		drift(&v, model.TemplateKey("default"), func(l *model.LaunchTemplate) {
			for _, family := range []string{"al2", "bottlerocket"} {
				if strings.Contains(file, `"`+family+`"`) {
					l.Tags = l.Tags.With(model.TagAMI, family+"/x86_64 "+image.ID)
				}
			}
		})
		drift(&v, model.GroupKey("default"), func(g *model.Group) { g.Instances = []model.Instance{{ID: "i-1"}, {ID: "i-2"}} })
		v.Spot = map[string]bool{"i-1": true, "i-2": false}
		g, _ := model.Find[model.Group](&v.Have.Set, model.GroupKey("default"))
		if got := v.nature(g); got != want {
			t.Errorf("%q: %q, want %q", file, got, want)
		}
		if text := Status(v, Style{Width: 200}); want != "" && !strings.Contains(text, "\n  default: "+want+"\n") {
			t.Errorf("the status does not say %q:\n%s", want, text)
		}
	}
}

func TestAcceleratorsAreCountedByInstance(t *testing.T) {
	v := View{Facts: model.Facts{Types: map[string]model.Type{"g5.12xlarge": {GPUs: 4}, "inf2.xlarge": {Neuron: 1}}}}
	for name, want := range map[string]string{"g5.12xlarge": "4 GPUs each", "inf2.xlarge": "1 Neuron accelerator each", "m7i.large": ""} {
		if got := v.nature(model.Group{InstanceTypes: []string{name}}); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}
