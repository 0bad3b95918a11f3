package check

import (
	"slices"
	"strconv"
	"strings"

	"berth/internal/check/lodging"
	"berth/internal/config"
	"berth/internal/model"
)

// Refusal says which facts of AWS make the file impossible, all of them.
type Refusal struct {
	Code   string        // of the first fault
	Hints  []string      // of all faults, each once
	Faults config.Faults // by place in the file, each with its own code
}

// Error is every fault with its place, snippet and hints, over several lines; only the first "error: " is left out.
func (r *Refusal) Error() string {
	return strings.TrimSuffix(strings.TrimPrefix(r.Faults.String(), string(config.Error)+": "), "\n")
}

// obstacle finds one kind of fact that the file cannot be reconciled with; Refuse sets code and severity.
type obstacle struct {
	code string
	look func(*config.Config, model.Facts) []config.Fault
}

// obstacles has a row for every code. A number never changes its meaning and is never used again.
func obstacles() []obstacle {
	return []obstacle{
		{"FCT001", unknownTypes},
		{"FCT002", typesNowhere},
		{"FCT003", zonesWithout},
		{"FCT004", foreignTypes},
		{"FCT005", closedZones},
		{"FCT006", missingImages},
		{"FCT007", foreignImages},
		{"NET610", lodging.Missing},
		{"NET611", lodging.Several},
		{"NET612", lodging.Misfits},
		{"FCT081", unknownAccelerators},
		{"FCT082", smallVolumes},
		{"FCT083", foreignFamilies},
		{"NET601", servicesNowhere},
		{"NET602", zonesWithoutService},
	}
}

// Refuse is a *Refusal when the facts make the file impossible, else nil. It wants the facts that were asked for the
// file: a type or zone that they lack does not exist.
func Refuse(c *config.Config, f model.Facts) error {
	var faults config.Faults
	for _, o := range obstacles() {
		for _, fault := range o.look(c, f) {
			fault.Code, fault.Severity = o.code, config.Error
			if !slices.Contains(faults, fault) { // what groups take from the top level fails once
				faults = append(faults, fault)
			}
		}
	}
	if len(faults) == 0 {
		return nil
	}
	slices.SortStableFunc(faults, func(a, b config.Fault) int { return comparePlaces(a.Range, b.Range) })
	r := &Refusal{Code: faults[0].Code, Faults: faults}
	for _, fault := range faults {
		if !slices.Contains(r.Hints, fault.Hint) {
			r.Hints = append(r.Hints, fault.Hint)
		}
	}
	return r
}

// fault places a fault at the first of the settings that the file gives.
func fault(c *config.Config, f config.Fault, settings ...string) config.Fault {
	name := given(c, settings...)
	f.Range, f.Snippet = c.Where(name), c.Snippet(name)
	return f
}

// eachType calls f for every type of every group that exists.
func eachType(c *config.Config, facts model.Facts, f func(config.Group, int, model.Type)) {
	for _, g := range c.Groups {
		for i, name := range g.InstanceTypes {
			if t, known := facts.Types[name]; known {
				f(g, i, t)
			}
		}
	}
}

func unknownTypes(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	for _, g := range c.Groups {
		for i, name := range g.InstanceTypes {
			if _, known := f.Types[name]; known {
				continue
			}
			family, _, _ := strings.Cut(name, ".")
			out = append(out, fault(c, config.Fault{
				Summary: "there is no instance type " + strconv.Quote(name) + " in " + c.Region,
				Hint: "look for one: aws ec2 describe-instance-type-offerings --region " + c.Region +
					" --filters Name=instance-type,Values='" + family[:1] + "*'",
			}, typeSettings(c, g, i)...))
		}
	}
	return out
}

// openZones are the zones of the file that the account may use.
func openZones(c *config.Config, f model.Facts) []string {
	var out []string
	for _, z := range c.Zones {
		if slices.ContainsFunc(f.Zones, func(open model.Zone) bool { return open.Name == z.Name }) {
			out = append(out, z.Name)
		}
	}
	return out
}

// typesNowhere speaks of types that the region has, but none of the file's zones.
func typesNowhere(c *config.Config, f model.Facts) []config.Fault {
	zones := openZones(c, f)
	var out []config.Fault
	eachType(c, f, func(g config.Group, i int, t model.Type) {
		if len(zones) == 0 || slices.ContainsFunc(zones, func(z string) bool { return slices.Contains(t.Zones, z) }) {
			return
		}
		where := "not offered in " + zones[0]
		if len(zones) > 1 {
			where = "offered in none of the zones " + enumerate(zones)
		}
		detail := "It is offered in no zone of the region."
		if len(t.Zones) > 0 {
			detail = "It is offered in " + enumerate(slices.Sorted(slices.Values(t.Zones))) + "."
		}
		out = append(out, fault(c, config.Fault{
			Summary: strconv.Quote(t.Name) + " is " + where, Detail: detail,
			Hint: "take another type, or other zones; what a zone has: " + offerings(c.Region, zones[0]),
		}, typeSettings(c, g, i)...))
	})
	return out
}

// zonesWithout speaks of zones that could never get an instance of a group, while other zones could.
func zonesWithout(c *config.Config, f model.Facts) []config.Fault {
	zones := openZones(c, f)
	var out []config.Fault
	for _, g := range c.Groups {
		empty := slices.DeleteFunc(slices.Clone(zones), func(z string) bool { return len(offeredIn(f, g, z)) > 0 })
		if len(empty) == len(zones) {
			continue // its types are to blame, and reported
		}
		for _, z := range empty {
			out = append(out, fault(c, config.Fault{
				Summary: "group " + g.Name + " could have no instance in " + z,
				Detail:  "It does not offer " + strings.Join(g.InstanceTypes, ", ") + ".",
				Hint:    "add a type that it has, or leave the zone out; what it has: " + offerings(c.Region, z),
			}, c.Setting(g.Name, "instance_type"), "availability_zones"))
		}
	}
	return out
}

// foreignTypes speaks of types whose name misled: EC2 says which architectures they have.
func foreignTypes(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	eachType(c, f, func(g config.Group, i int, t model.Type) {
		if slices.Contains(t.Arch, g.Arch) {
			return
		}
		out = append(out, fault(c, config.Fault{
			Summary: strconv.Quote(t.Name) + " is " + strings.Join(t.Arch, ", ") + ", and group " + g.Name + " is " + g.Arch,
			Hint:    "take a type that is " + g.Arch,
		}, typeSettings(c, g, i)...))
	})
	return out
}

func closedZones(c *config.Config, f model.Facts) []config.Fault {
	if c.Existing != nil {
		return nil // the zones are those of its subnets: see lodging.Misfits
	}
	var open []string
	for _, z := range f.Zones {
		open = append(open, z.Name)
	}
	var out []config.Fault
	for i, z := range c.Zones {
		if slices.Contains(open, z.Name) {
			continue
		}
		hint := "take one that is: " + strings.Join(open, ", ")
		if len(open) == 0 {
			hint = "check aws_region, and that the account may use it"
		}
		out = append(out, fault(c, config.Fault{
			Summary: "the zone " + strconv.Quote(z.Name) + " does not exist, or is not open to this account", Hint: hint,
		}, "availability_zones["+strconv.Itoa(i)+"]", "availability_zones"))
	}
	return out
}

func missingImages(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	for _, g := range c.Groups {
		if g.AMI == "" || !f.Images[g.Name].Missing {
			continue
		}
		out = append(out, fault(c, config.Fault{
			Summary: "there is no image " + strconv.Quote(g.AMI) + " in " + c.Region,
			Detail:  "Image ids differ from region to region, and one of another account must be shared with this one.",
			Hint:    `aws_ecs_ami = "" takes the newest that AWS recommends`,
		}, c.Setting(g.Name, "aws_ecs_ami")))
	}
	return out
}

func foreignImages(c *config.Config, f model.Facts) []config.Fault {
	var out []config.Fault
	for _, g := range c.Groups {
		image := f.Images[g.Name]
		if g.AMI == "" || image.Missing || image.Arch == "" || image.Arch == g.Arch {
			continue
		}
		out = append(out, fault(c, config.Fault{
			Summary: "the image " + strconv.Quote(g.AMI) + " is " + image.Arch + ", and group " + g.Name + " is " + g.Arch,
			Detail:  "An instance of " + strings.Join(g.InstanceTypes, ", ") + " cannot start from it.",
			Hint:    `name an image that is ` + g.Arch + `, or take the newest that AWS recommends: aws_ecs_ami = ""`,
		}, c.Setting(g.Name, "aws_ecs_ami")))
	}
	return out
}
