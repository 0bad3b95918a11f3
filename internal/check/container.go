package check

import (
	"fmt"
	"strings"

	"berth/internal/config"
	"berth/internal/model"
)

const (
	// largeShare is the part of an instance from which on a container that runs on every one of them is worth a look.
	largeShare = 0.25
	// unitsPerCPU is how ECS counts CPU.
	unitsPerCPU = 1024
)

// room is what tasks can have of an instance.
type room struct {
	group       config.Group
	instance    model.Type
	cpu, memory int
}

// rooms are the smallest instances of the groups whose types are known.
func (in Input) rooms() []room {
	var out []room
	for _, g := range in.Config.Groups {
		if _, t := smallest(in.Facts, g); t.MemoryMiB > 0 && t.VCPU > 0 {
			out = append(out, room{g, t, t.VCPU * unitsPerCPU, t.MemoryMiB - agentReserve})
		}
	}
	return out
}

// share is the larger part of an instance that some CPU and memory take, and what it is a part of.
func (r room) share(cpu, memory int) (float64, string) {
	c, m := float64(cpu)/float64(r.cpu), float64(memory)/float64(max(r.memory, 1))
	if c > m {
		return c, fmt.Sprintf("%d of %d CPU units", cpu, r.cpu)
	}
	return m, fmt.Sprintf("%d of %d MiB", memory, r.memory)
}

// tooLarge speaks of groups whose instances have not the room for what shall run on every one of them.
func tooLarge(in Input) []Finding {
	var out []Finding
	for _, r := range in.rooms() {
		var names []string
		cpu, memory := 0, 0
		for _, c := range in.Config.SystemContainers {
			if c.On(r.group.Name) {
				names, cpu, memory = append(names, c.Name), cpu+c.CPU, memory+c.Memory
			}
		}
		if part, of := r.share(cpu, memory); part > 1 {
			out = append(out, in.at(Finding{
				Severity: Error,
				Text: fmt.Sprintf("what runs on every instance does not fit on a %s of group %s: %s %s", r.instance.Name, r.group.Name,
					enumerate(names), "would take "+of),
				Fix: "less cpu or memory in system_containers, or a larger instance_type" + in.inside(r.group),
			}, "system_containers"))
		}
	}
	return out
}

// largeContainers speaks of what costs a good part of every instance.
func largeContainers(in Input) []Finding {
	var out []Finding
	for _, c := range in.Config.SystemContainers {
		for _, r := range in.rooms() {
			part, of := r.share(c.CPU, c.Memory)
			if !c.On(r.group.Name) || part < largeShare {
				continue
			}
			out = append(out, in.at(Finding{
				Severity: Warning,
				Text: fmt.Sprintf("the system container %s keeps %s, %.0f %%, of every %s of group %s for itself: that part of the instances' price is its price",
					c.Name, of, part*100, r.instance.Name, r.group.Name),
				Fix: "fewer and larger instances, a smaller cpu or memory, or only the groups that need it: groups = [\"…\"]",
			}, setting(c, "memory"), setting(c, "cpu"), setting(c, "image")))
			break
		}
	}
	return out
}

// unpinned speaks of images that are another one tomorrow.
func unpinned(in Input) []Finding {
	var out []Finding
	for _, c := range in.Config.SystemContainers {
		path, last := c.Image[:strings.LastIndexByte(c.Image, '/')+1], c.Image[strings.LastIndexByte(c.Image, '/')+1:]
		last, tag, tagged := strings.Cut(last, ":") // a digest has a colon too
		if tagged && tag != "latest" {
			continue
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text:     fmt.Sprintf("the system container %s starts from %s, which is another image tomorrow: instances that start later run another version", c.Name, c.Image),
			Fix:      fmt.Sprintf("name the version: image = %q", path+last+":VERSION"),
		}, setting(c, "image")))
	}
	return out
}

func setting(c config.SystemContainer, name string) string {
	return "system_containers." + c.Name + "." + name
}
