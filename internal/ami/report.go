// Package ami says which machine images a cluster's groups start from, which ones AWS recommends, and what is outdated; and where in
// the file a newer one would be written.
//
// In: the Config, the facts and the inventory of a look, and what is known of the images. Out: a Report; the Edits that an update
// makes. It reads and writes nothing.
package ami

import (
	"cmp"
	"slices"
	"time"

	"berth/internal/config"
	"berth/internal/model"
)

// Seen is what a look at the images told.
type Seen struct {
	Facts    model.Facts
	Have     model.Inventory
	Releases map[string]model.Release  // by id
	Images   map[string]string         // the image that an instance runs, by instance id
	Software map[string]model.Software // what an instance runs, by instance id
}

// Source says who decides which image a group starts from.
type Source string

// The sources.
const (
	File     Source = "file"            // aws_ecs_ami names it
	Template Source = "launch_template" // the launch template keeps the one that was the newest once
	Nobody   Source = "none"            // the group is not there yet, and will start from the newest
)

// Report is the images of a cluster.
type Report struct{ Groups []Group }

// Group is the images of one group.
type Group struct {
	Name                      string
	Family, Arch, Accelerator string
	By                        Source
	Where                     config.Range // of the setting; zero: the file has none
	Pinned                    model.Release
	Launches                  string        // the image that new instances get now, where that is another one: the plan changes it
	Recommended               model.Release // the zero Release: AWS recommends none
	Own                       bool          // the pinned one is nobody's ECS-optimized image, or of another sort: it cannot be compared
	Newer                     bool          // AWS recommends another one
	SupportEnds               time.Time     // of the family; zero: no date is known
	Runs                      []Run
}

// Run is an image with the instances that run it.
type Run struct {
	model.Release

	IDs   []string // sorted
	Stale bool     // the group launches another one
}

// Outdated tells whether AWS recommends another image, the file has another one than new instances get, or instances run another one
// than these.
func (g Group) Outdated() bool {
	return g.Newer || g.Launches != "" || slices.ContainsFunc(g.Runs, func(r Run) bool { return r.Stale })
}

// Outdated tells whether a group is.
func (r Report) Outdated() bool { return slices.ContainsFunc(r.Groups, Group.Outdated) }

// IDs are the images that must be looked at: those that groups start from, those that AWS recommends, and those that run.
func IDs(facts model.Facts, have model.Inventory, images map[string]string) []string {
	var out []string
	for _, i := range facts.Images { // unordered: sorted below
		out = append(out, i.ID, i.Newest)
	}
	for g := range model.Every[model.Group](&have.Set) {
		for _, i := range g.Instances {
			out = append(out, images[i.ID])
		}
	}
	out = slices.DeleteFunc(out, func(id string) bool { return id == "" })
	slices.Sort(out)
	return slices.Compact(out)
}

// Of is the report of a cluster, its groups in the order of the file.
func Of(c *config.Config, s Seen) Report {
	var out Report
	for _, g := range c.Groups {
		out.Groups = append(out.Groups, s.group(c, g))
	}
	return out
}

func (s Seen) group(c *config.Config, g config.Group) Group {
	image := s.Facts.Images[g.Name]
	family, drivers := image.Kind()
	out := Group{
		Name: g.Name, Family: g.AMIFamily, Arch: g.Arch, Accelerator: g.Accelerator, By: source(g, image),
		Where: c.Where(c.Setting(g.Name, "aws_ecs_ami")), Pinned: s.release(image.ID), Recommended: s.release(image.Newest),
		Own: g.AMI != "" && !image.Missing && (family != g.AMIFamily || drivers != g.Accelerator), SupportEnds: model.SupportEnds(g.AMIFamily),
	}
	out.Newer = image.Newest != "" && image.Newest != image.ID && !out.Own
	template, there := model.Find[model.LaunchTemplate](&s.Have.Set, model.TemplateKey(g.Name))
	if launches := template.Content.AMI; there && launches != image.ID {
		out.Launches = launches
	}
	members, _ := model.Find[model.Group](&s.Have.Set, model.GroupKey(g.Name))
	out.Runs = s.runs(members, template.Content.AMI)
	return out
}

func source(g config.Group, image model.Image) Source {
	switch {
	case g.AMI != "":
		return File
	case image.Kept:
		return Template
	default:
		return Nobody
	}
}

// release is what is known of an image. What AWS does not publish about it the instances tell that run it.
func (s Seen) release(id string) model.Release {
	if id == "" {
		return model.Release{}
	}
	out, known := s.Releases[id]
	if !known {
		out = model.Release{ID: id, Missing: true}
	}
	for g := range model.Every[model.Group](&s.Have.Set) {
		for _, i := range g.Instances {
			if s.Images[i.ID] == id {
				out.Agent = cmp.Or(out.Agent, s.Software[i.ID].Agent)
				out.Docker = cmp.Or(out.Docker, s.Software[i.ID].Docker)
			}
		}
	}
	return out
}

// runs are the images that a group's instances run, the one that it launches first, then by their names. Instances of which nobody
// knows the image are left out.
func (s Seen) runs(g model.Group, launches string) []Run {
	var out []Run
	for _, i := range g.Instances {
		id := s.Images[i.ID]
		if id == "" {
			continue
		}
		n := slices.IndexFunc(out, func(r Run) bool { return r.ID == id })
		if n < 0 {
			n, out = len(out), append(out, Run{Release: s.release(id), Stale: id != launches})
		}
		out[n].IDs = append(out[n].IDs, i.ID)
	}
	for _, r := range out {
		slices.Sort(r.IDs)
	}
	slices.SortFunc(out, func(a, b Run) int {
		if a.Stale != b.Stale {
			return map[bool]int{false: -1, true: 1}[a.Stale]
		}
		return cmp.Or(-cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return out
}
