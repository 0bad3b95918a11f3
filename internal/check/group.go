package check

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/config"
	"berth/internal/model"
)

// example shows people a cluster that survives the loss of a zone.
const example = "DOCKERHUB_TOKEN=any-text REGISTRY_TOKEN=any-text berth apply --sim -f examples/ecs.tfvars"

// least is how many instances a group has at any time: managed scaling may go down to min_size, without it
// desired_capacity stays.
func least(g config.Group) int {
	if g.ManagedScaling {
		return g.Min
	}
	return g.Desired
}

// sizes are the settings that decide about a group's size, the most likely culprit first.
func (in Input) sizes(g config.Group) []string {
	names := []string{"min_size", "desired_capacity", "max_size"}
	if !g.ManagedScaling {
		names = []string{"desired_capacity", "min_size", "max_size"}
	}
	for i, n := range names {
		names[i] = in.Config.Setting(g.Name, n)
	}
	return names
}

// inside says where a group's settings stand; nothing needs saying for the top level's.
func (in Input) inside(g config.Group) string {
	if in.Config.Groups[0].Name == g.Name {
		return ""
	}
	return " in instance_groups." + g.Name
}

// resize is the line that gives a group its sizes.
func (in Input) resize(g config.Group, least, desired, most int) string {
	return fmt.Sprintf("min_size = %d, desired_capacity = %d, max_size = %d%s", least, desired, most, in.inside(g))
}

func sizesOf(g config.Group) string {
	return fmt.Sprintf("min_size %d, desired_capacity %d, max_size %d", g.Min, g.Desired, g.Max)
}

// aloneInGroup is a warning, not an error: for trying things out one instance is enough. A further group that may be
// empty is not meant to be there at any time, so it may be small too.
func aloneInGroup(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		if least(g) != 1 {
			continue
		}
		has := "has 1 instance"
		if g.Desired > 1 {
			has = "may shrink to 1 instance"
		}
		wanted := max(2, len(in.Config.Zones), g.Desired)
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: fmt.Sprintf("group %s %s (%s): its loss stops every task there for the 1 to 3 minutes that a new one takes to join",
				g.Name, has, sizesOf(g)),
			Fix: in.resize(g, max(2, len(in.Config.Zones)), wanted, max(2*wanted, g.Max)) + "; to see a cluster over three zones: " + example,
		}, in.sizes(g)...))
	}
	return out
}

func fewerThanZones(in Input) []Finding {
	var out []Finding
	zones := len(in.Config.Zones)
	for _, g := range in.Config.Groups {
		if least(g) < 2 || g.Desired >= zones {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: fmt.Sprintf("group %s starts with %d instances for %d zones: %s without any, and the loss of another one takes 1 of %d instances",
				g.Name, g.Desired, zones, quantity(zones-g.Desired, "zone"), g.Desired),
			Fix: in.resize(g, zones, zones, max(2*zones, g.Max)),
		}, in.Config.Setting(g.Name, "desired_capacity"), in.Config.Setting(g.Name, "min_size"), in.Config.Setting(g.Name, "max_size")))
	}
	return out
}

// emptyDefault looks at the group that runs what names no capacity provider. Where it can never have an instance, and
// no other group is there, nothing will ever run: the one error that a file alone can earn.
func emptyDefault(in Input) []Finding {
	if len(in.Config.Groups) == 0 || least(in.Config.Groups[0]) > 0 {
		return nil
	}
	g := in.Config.Groups[0]
	n := max(2, len(in.Config.Zones))
	f := Finding{
		Severity: Warning,
		Text:     fmt.Sprintf("group %s, where services run that name no other, may shrink to nothing (%s): its next task waits 1 to 3 minutes for an instance", g.Name, sizesOf(g)),
		Fix:      in.resize(g, n, max(n, g.Desired), max(2*n, g.Max)),
	}
	if g.Max > 0 && g.ManagedScaling {
		return []Finding{in.at(f, in.sizes(g)...)}
	}
	why := fmt.Sprintf("with %s there is never an instance", sizesOf(g))
	if g.Max > 0 {
		why = "desired_capacity is 0, and with managed_scaling = false nobody adds an instance"
	}
	f.Text = fmt.Sprintf("group %s, where services run that name no other, stays empty: %s", g.Name, why)
	f.Fix = in.resize(g, n, n, max(2*n, g.Max))
	if len(in.Config.Groups) == 1 {
		f.Severity = Error
	}
	return []Finding{in.at(f, in.sizes(g)...)}
}

func noRoom(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		if g.Desired == 0 || g.Max > g.Desired {
			continue
		}
		more := ", and none for more tasks"
		if !g.ManagedScaling {
			more = ""
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: fmt.Sprintf("group %s is full from the start (desired_capacity %d, max_size %d): it has no room for a new instance beside the one it replaces%s",
				g.Name, g.Desired, g.Max, more),
			Fix: fmt.Sprintf("max_size = %d or more%s", g.Desired+1, in.inside(g)),
		}, in.Config.Setting(g.Name, "max_size"), in.Config.Setting(g.Name, "desired_capacity")))
	}
	return out
}

// outdated is for information: an old instance works, it just is not what the group would launch now.
func outdated(in Input) []Finding {
	var out []Finding
	for g := range model.Every[model.Group](&in.Have.Set) {
		if !slices.ContainsFunc(in.Config.Groups, func(own config.Group) bool { return own.Name == g.Group }) {
			continue // the plan takes it away
		}
		old := len(g.Outdated())
		if old == 0 {
			continue
		}
		var why []string
		for _, b := range g.Batches() {
			why = append(why, shortList(b.IDs)+" ("+model.Because(b.Reasons)+")")
		}
		out = append(out, Finding{
			Severity: Info,
			Text: fmt.Sprintf("%d of %s of group %s would be launched otherwise now, and apply leaves them as they are: %s",
				old, quantity(len(g.Instances), "instance"), g.Group, strings.Join(why, "; ")),
			Fix: "berth roll shows how they would be replaced, and does it with --yes",
		})
	}
	return out
}

// shortList names a few and counts the rest.
func shortList(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}
