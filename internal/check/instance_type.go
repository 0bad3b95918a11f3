package check

import (
	"cmp"
	"fmt"
	"slices"

	"berth/internal/config"
	"berth/internal/model"
)

const (
	// agentReserve is what the agent keeps from the tasks: ECS_RESERVED_MEMORY in the instances' user data.
	agentReserve = 256
	// leastForTasks is what an instance should have left for tasks, in MiB.
	leastForTasks = 1024
)

// notEverywhere: a group whose first choice is missing in a zone still gets instances there (otherwise Refuse), so
// this is for information, except where it leaves a zone with a single spot pool.
func notEverywhere(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		for i, name := range g.InstanceTypes {
			if t, known := in.Facts.Types[name]; known {
				out = append(out, in.gaps(g, i, t)...)
			}
		}
	}
	return out
}

func (in Input) gaps(g config.Group, i int, t model.Type) []Finding {
	var out []Finding
	for _, z := range in.Config.Zones {
		others := offeredIn(in.Facts, g, z.Name)
		if slices.Contains(t.Zones, z.Name) || len(others) == 0 {
			continue
		}
		f := Finding{
			Severity: Info,
			Text:     fmt.Sprintf("%s is not offered in %s: there group %s has only %s", t.Name, z.Name, g.Name, enumerate(others)),
			Fix:      "name another type that " + z.Name + " has: " + offerings(in.Config.Region, z.Name),
		}
		if g.Spot && len(others) == 1 {
			f.Severity = Warning
			f.Text += ", a single spot pool"
		}
		out = append(out, in.at(f, typeSettings(in.Config, g, i)...))
	}
	return out
}

// offeredIn are those of a group's types that a zone has.
func offeredIn(f model.Facts, g config.Group, zone string) []string {
	return slices.DeleteFunc(slices.Clone(g.InstanceTypes), func(name string) bool {
		return !slices.Contains(f.Types[name].Zones, zone)
	})
}

// offerings is the command that lists what a zone has.
func offerings(region, zone string) string {
	return "aws ec2 describe-instance-type-offerings --region " + region + " --location-type availability-zone --filters Name=location,Values=" + zone
}

// typeSettings are where the i-th type of a group may stand: in a list, or alone.
func typeSettings(c *config.Config, g config.Group, i int) []string {
	name := c.Setting(g.Name, "instance_type")
	return []string{fmt.Sprintf("%s[%d]", name, i), name}
}

// littleMemory looks at a group's smallest type: ECS reserves by the task, and the kernel takes some more.
func littleMemory(in Input) []Finding {
	var out []Finding
	for _, g := range in.Config.Groups {
		i, t := smallest(in.Facts, g)
		if t.MemoryMiB == 0 || t.MemoryMiB-agentReserve >= leastForTasks {
			continue
		}
		larger := "t3.medium"
		if g.Arch == config.ARM {
			larger = "t4g.medium"
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text: fmt.Sprintf("%s has %d MiB: once the system has its %d, less than %d are left for tasks, and a deployment needs room for old and new ones",
				t.Name, t.MemoryMiB, agentReserve, t.MemoryMiB-agentReserve),
			Fix: fmt.Sprintf("a type with 4 GiB or more: instance_type = %q%s", larger, in.inside(g)),
		}, typeSettings(in.Config, g, i)...))
	}
	return out
}

// smallest is the type of a group with the least memory, and its place among them; zero when none is known.
func smallest(f model.Facts, g config.Group) (int, model.Type) {
	place, out := 0, model.Type{}
	for i, name := range g.InstanceTypes {
		t := f.Types[name]
		if t.MemoryMiB > 0 && (out.MemoryMiB == 0 || cmp.Less(t.MemoryMiB, out.MemoryMiB)) {
			place, out = i, t
		}
	}
	return place, out
}
