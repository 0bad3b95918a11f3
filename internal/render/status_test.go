package render

import (
	"encoding/json"
	"testing"

	"berth/internal/model"
)

// lived is a shop some time after it was made.
func lived(t *testing.T) View {
	v := wanted(t, shop)
	v.stand()
	drift(&v, model.GroupKey("default"), func(g *model.Group) {
		g.Desired = 5
		g.Instances = g.Instances[:5]
		g.Instances[1].Reasons = []model.Reason{{Kind: model.OldAMI, Have: "ami-0aaaaaaaaaaaaaaaa", Want: "ami-0bbbbbbbbbbbbbbbb"}, {Kind: model.OldUserData}}
		g.Instances[2].Reasons = g.Instances[1].Reasons
		g.Instances[2].Type = "m6i.large"
	})
	v.AMIs["i-default1"] = "ami-0aaa"
	v.Agents["i-default4"] = false
	drift(&v, model.VPCKey(), func(r *model.VPC) { r.DNSHostnames = false })
	image := v.Facts.Images["default"]
	image.Newest = "ami-0fff"
	v.Facts.Images["default"] = image
	v.Findings = found()
	return v.planned(t)
}

func TestStatusReadsAsBefore(t *testing.T) {
	small := wanted(t, original)
	small.stand()
	golden(t, "status/small.txt", Status(small.planned(t), Style{}))
	golden(t, "status/lived.txt", Status(lived(t), Style{Width: 110}))
	golden(t, "status/nothing.txt", Status(wanted(t, original).planned(t), Style{}))
}

func TestStatusAsJSONKeepsItsShape(t *testing.T) {
	b, err := StatusJSON(lived(t))
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "status/lived.json", string(b))
}

func TestStatusOfNothingCountsEveryKindAsZero(t *testing.T) {
	b, err := StatusJSON(View{})
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Counts                     map[string]int
		Groups, Services, Findings []any
	}
	if err := json.Unmarshal(b, &got); err != nil {
		t.Fatal(err)
	}
	for _, k := range append(model.Kinds(), "instance") {
		if n, counted := got.Counts[string(k)]; !counted || n != 0 {
			t.Errorf("%s: %d, counted: %t", k, n, counted)
		}
	}
	if got.Groups == nil || got.Services == nil || got.Findings == nil {
		t.Errorf("lists are not null: %s", b)
	}
}
