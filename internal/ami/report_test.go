package ami_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/internal/ami"
	"berth/internal/config"
	"berth/internal/model"
)

const (
	old   = "ami-00000000000000001"
	now   = "ami-00000000000000002"
	other = "ami-00000000000000003"
)

func load(t *testing.T, text string) *config.Config {
	t.Helper()
	path := filepath.Join(t.TempDir(), "ecs.tfvars")
	whole := "environment = \"acc\"\naws_region = \"eu-west-1\"\navailability_zones = [\"eu-west-1a\", \"eu-west-1b\"]\n" + text
	if err := os.WriteFile(path, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	c, faults := config.Load(config.Sources{Files: []string{path}})
	if c == nil {
		t.Fatal(faults.String())
	}
	return c
}

// edits are written as "path = value".
func edits(c *config.Config, pins ...ami.Pin) []string {
	var out []string
	for _, e := range ami.Edits(c, pins) {
		out = append(out, strings.Join(e.Path, ".")+" = "+e.Value)
	}
	return out
}

func TestAnUpdateWritesNoMoreThanItMust(t *testing.T) {
	const three = `instance_groups = { batch = { max_size = 1 }, arms = { max_size = 1, instance_type = "c7g.large" } }` + "\n"
	for _, one := range []struct {
		name, text string
		pins       []ami.Pin
		want       []string
		top        []bool
	}{
		{
			"the top level for those of its sort, and others their own", three,
			[]ami.Pin{{Group: "default", To: now}, {Group: "batch", To: now}, {Group: "arms", To: other}},
			[]string{ami.Names + " = " + now, "instance_groups.arms." + ami.Names + " = " + other},
			[]bool{false, true, false},
		},
		{
			"a group that nobody named goes on as it was", three,
			[]ami.Pin{{Group: "default", To: now}},
			[]string{ami.Names + " = " + now, "instance_groups.arms." + ami.Names + " = ", "instance_groups.batch." + ami.Names + " = "},
			[]bool{false},
		},
		{"a group alone gets its own", three, []ami.Pin{{Group: "batch", To: now}}, []string{"instance_groups.batch." + ami.Names + " = " + now}, []bool{false}},
		{
			"its own is changed in its place", `instance_groups = { batch = { max_size = 1, aws_ecs_ami = "` + old + `" } }`,
			[]ami.Pin{{Group: "batch", To: now}},
			[]string{"instance_groups.batch." + ami.Names + " = " + now},
			[]bool{false},
		},
		{
			"its own stays beside a new one of the top level", `instance_groups = { batch = { max_size = 1, aws_ecs_ami = "` + old + `" } }`,
			[]ami.Pin{{Group: "default", To: now}},
			[]string{ami.Names + " = " + now},
			[]bool{false},
		},
		{
			"what it took from the top level it keeps where nobody named it", `aws_ecs_ami = "` + old + `"` + "\ninstance_groups = { batch = { max_size = 1 } }",
			[]ami.Pin{{Group: "default", To: now}},
			[]string{ami.Names + " = " + now, "instance_groups.batch." + ami.Names + " = " + old},
			[]bool{false},
		},
		{"nothing", three, nil, nil, nil},
	} {
		c := load(t, one.text)
		if got := edits(c, one.pins...); !slices.Equal(got, one.want) {
			t.Errorf("%s: got %q, want %q", one.name, got, one.want)
		}
		for i, top := range one.top {
			if one.pins[i].Top != top {
				t.Errorf("%s: %s from the top level: %v", one.name, one.pins[i].Group, one.pins[i].Top)
			}
		}
	}
}

func seen(c *config.Config, image model.Image, template string, runs ...string) ami.Seen {
	s := ami.Seen{
		Facts: model.Facts{Images: map[string]model.Image{}}, Images: map[string]string{}, Software: map[string]model.Software{},
		Releases: map[string]model.Release{old: {ID: old, Name: "b"}, now: {ID: now, Name: "a", Agent: "2", Docker: "3"}},
	}
	g := model.Group{Group: c.Groups[0].Name}
	for i, id := range runs {
		name := string(rune('a' + i))
		g.Instances = append(g.Instances, model.Instance{ID: name})
		s.Images[name], s.Software[name] = id, model.Software{Agent: "of " + name, Docker: "9"}
	}
	s.Facts.Images[g.Group] = image
	if template != "" {
		s.Have.Add(model.LaunchTemplate{Group: g.Group, Content: model.Launch{AMI: template}}, model.Handle{})
		s.Have.Add(g, model.Handle{})
	}
	return s
}

func TestAReportSaysWhatIsOutdated(t *testing.T) {
	const name = "al2023-ami-ecs-hvm-2023.0.20261015-kernel-6.1-x86_64"
	pinned := `aws_ecs_ami = "` + old + `"`
	for _, one := range []struct {
		name, text string
		image      model.Image
		template   string
		runs       []string
		by         ami.Source
		newer, own bool
		launches   string
		outdated   bool
	}{
		{"nothing stands", "", model.Image{ID: now, Newest: now, Name: name}, "", nil, ami.Nobody, false, false, "", false},
		{"kept and newest", "", model.Image{ID: now, Newest: now, Kept: true, Name: name}, now, []string{now}, ami.Template, false, false, "", false},
		{"kept and older", "", model.Image{ID: old, Newest: now, Kept: true, Name: name}, old, []string{old}, ami.Template, true, false, "", true},
		{"pinned and older", pinned, model.Image{ID: old, Newest: now, Name: name}, old, []string{old}, ami.File, true, false, "", true},
		{"not applied", pinned, model.Image{ID: old, Newest: old, Name: name}, now, []string{now}, ami.File, false, false, now, true},
		{"an older one runs", "", model.Image{ID: now, Newest: now, Kept: true, Name: name}, now, []string{now, old}, ami.Template, false, false, "", true},
		{"one's own", pinned, model.Image{ID: old, Newest: now, Name: "golden-7"}, old, []string{old}, ami.File, false, true, "", false},
		{"without drivers", pinned, model.Image{ID: old, Newest: now, Name: "al2023-ami-ecs-gpu-hvm-2023.0.1"}, old, nil, ami.File, false, true, "", false},
		{"gone", pinned, model.Image{ID: old, Newest: now, Missing: true}, old, nil, ami.File, true, false, "", true},
		{"none recommended", pinned, model.Image{ID: old, Name: name}, old, nil, ami.File, false, false, "", false},
		{"nobody knows what runs", "", model.Image{ID: now, Newest: now, Kept: true}, now, []string{""}, ami.Template, false, false, "", false},
	} {
		c := load(t, one.text)
		r := ami.Of(c, seen(c, one.image, one.template, one.runs...))
		g := r.Groups[0]
		if g.By != one.by || g.Newer != one.newer || g.Own != one.own || g.Launches != one.launches || r.Outdated() != one.outdated {
			t.Errorf("%s: %+v, outdated %v", one.name, g, r.Outdated())
		}
		if pins := r.Newer(nil); len(pins) != 0 != one.newer || one.newer && (pins[0].From != old || pins[0].To != now) {
			t.Errorf("%s: %v", one.name, pins)
		}
	}
}

func TestWhatRunsIsToldByImageAndInstancesTellWhatAWSDoesNot(t *testing.T) {
	c := load(t, "")
	s := seen(c, model.Image{ID: now, Newest: now, Kept: true}, now, old, now, other, old)
	g := ami.Of(c, s).Groups[0]
	var got []string
	for _, r := range g.Runs {
		got = append(got, r.ID+" "+r.Agent+" "+strings.Join(r.IDs, ","))
	}
	if want := []string{now + " 2 b", old + " of a a,d", other + " of c c"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if g.Runs[0].Stale || !g.Runs[1].Stale || !g.Runs[2].Missing {
		t.Errorf("%+v", g.Runs)
	}
	if ids := ami.IDs(s.Facts, s.Have, s.Images); !slices.Equal(ids, []string{old, now, other}) {
		t.Error(ids)
	}
	if !g.SupportEnds.Equal(model.SupportEnds("al2023")) || !model.SupportEnds("bottlerocket").IsZero() {
		t.Error(g.SupportEnds)
	}
}
