package render

import (
	"slices"
	"strings"
	"testing"

	"berth/internal/model"
	"berth/internal/plan"
	"berth/internal/render/ink"
)

// plans are the views that the golden files show.
func plans(t *testing.T) map[string]View {
	all := map[string]View{"nothing": wanted(t, original), "shop": wanted(t, shop)}

	same := wanted(t, original)
	same.stand()
	all["empty"] = same

	moved := wanted(t, shop)
	moved.stand()
	drift(&moved, model.VPCKey(), func(r *model.VPC) { r.DNSSupport = false })
	drift(&moved, model.BalancerGroupKey("public"), func(r *model.SecurityGroup) {
		r.Ingress = append(r.Ingress, model.Rule{Protocol: "tcp", From: 22, To: 22, CIDR: "0.0.0.0/0", Description: "debugging"})
	})
	drift(&moved, model.RoleKey("instance"), func(r *model.Role) {
		r.Inline = []model.Policy{r.Inline[0], {Name: "tags", Document: `{"Statement":[{"Action":["*"],"Effect":"Allow","Resource":["*"]}],"Version":"2012-10-17"}`}}
	})
	drift(&moved, model.TemplateKey("default"), func(r *model.LaunchTemplate) {
		r.Content.UserData = strings.ReplaceAll(r.Content.UserData, "ECS_RESERVED_MEMORY=256", "ECS_RESERVED_MEMORY=128")
	})
	drift(&moved, model.GroupKey("default"), func(r *model.Group) { r.Template, r.Max = "0123456789ab", 10 })
	for _, k := range []model.Key{model.ElasticIPKey("eu-west-1a"), model.ListenerKey("public", 80)} {
		moved.Have.Remove(k)
	}
	all["drift"] = moved

	tags := wanted(t, strings.Replace(shop, "platform", "shop", 1))
	old := wanted(t, shop)
	old.stand()
	tags.Have = old.Have
	all["tags"] = tags

	narrow := wanted(t, strings.ReplaceAll(original, "10.0.", "10.1."))
	before := wanted(t, original)
	before.stand()
	narrow.Have = before.Have
	all["replacement"] = narrow

	gone := wanted(t, original)
	gone.stand()
	gone.Have.Strays = []model.Stray{{What: "network interface eni-0abc of instance i-0def\x1b[31m"}}
	gone.Want = model.Set{}
	all["destroy"] = gone

	for name, v := range all {
		all[name] = v.planned(t)
	}
	return all
}

func TestPlansReadAsBefore(t *testing.T) {
	for name, v := range plans(t) {
		t.Run(name, func(t *testing.T) {
			golden(t, "plan/"+name+".txt", Plan(v, Style{}, false))
			golden(t, "plan/"+name+"-summary.txt", PlanSummary(v, Style{}))
		})
	}
}

func TestPlansAsJSONKeepTheirShape(t *testing.T) {
	all := plans(t)
	withFinding := all["drift"]
	withFinding.Findings = found()
	all["drift"] = withFinding
	for _, name := range []string{"empty", "drift", "replacement"} {
		b, err := PlanJSON(all[name])
		if err != nil {
			t.Fatal(err)
		}
		golden(t, "plan/"+name+".json", string(b))
	}
}

func TestVerbosePlanShowsEverySettingAndHowTextsDiffer(t *testing.T) {
	role := model.Role{What: "task", Name: "a", Trust: `{"Statement":[{"Action":"sts:AssumeRole","Effect":"Allow"}]}`}
	script := func(lines ...string) model.LaunchTemplate {
		return model.LaunchTemplate{Group: "default", Name: "t", Content: model.Launch{UserData: strings.Join(lines, "\n") + "\n"}}
	}
	v := View{Scope: model.Scope{Environment: "acc", Cluster: "acc", Region: "eu-west-1"}}
	v.Want = model.NewSet(model.VPC{CIDR: "10.0.0.0/16"}, role, script("a", "b", "c", "d", "new\x1b[31m", "\te", "f", "g", "h", "added"))
	v.Have.Add(model.VPC{CIDR: "10.0.0.0/16"}, model.Handle{ID: "vpc-1"})
	v.Have.Add(script("a", "b", "c", "d", "old", "\te", "f", "g", "h"), model.Handle{ID: "lt-1"})
	golden(t, "plan/verbose.txt", Plan(v.planned(t), Style{}, true))
}

func TestPlanInColourSaysTheSame(t *testing.T) {
	for name, v := range plans(t) {
		plain, coloured := Plan(v, Style{}, false), Plan(v, Style{Color: true}, false)
		if name != "empty" && plain == coloured {
			t.Errorf("%s has no colours", name)
		}
		var b strings.Builder
		for line := range strings.Lines(coloured) {
			b.WriteString(ink.Clean(strings.TrimSuffix(line, "\n")) + "\n")
		}
		if b.String() != plain {
			t.Errorf("%s differs with its colours taken out:\n%s", name, b.String())
		}
	}
}

func TestPlanFitsTheWidth(t *testing.T) {
	for name, v := range plans(t) {
		for _, width := range []int{60, 80, 132} {
			for line := range strings.Lines(Plan(v, Style{Width: width}, false)) {
				if ink.Wide(strings.TrimSuffix(line, "\n")) > width {
					t.Errorf("%s at %d columns: %q", name, width, line)
				}
			}
		}
	}
}

func TestEveryKindHasASection(t *testing.T) {
	for _, k := range model.Kinds() {
		if s := sectionOf(k); !slices.Contains(sections(), s) {
			t.Errorf("%s is in %q, which is no section", k, s)
		}
	}
}

// A replacement is two changes, each with its half of the impact; people and programs see one.
func TestReplacementIsOneEntryWithTheWorstImpactOfBoth(t *testing.T) {
	step := func(v plan.Verb) plan.Step { return plan.Step{Verb: v, Key: model.VPCKey()} }
	p := plan.Plan{Changes: []plan.Change{
		{Step: step(plan.Create), To: model.VPC{}, Replaces: true},
		{Step: step(plan.Delete), From: model.VPC{}, Replaces: true, Impact: plan.Outage},
	}}
	all := entries(p)
	if len(all) != 1 || all[0].verb != replace || all[0].impact != plan.Outage || all[0].from[0] == nil || all[0].to[0] == nil {
		t.Errorf("entries: %+v", all)
	}
}
