package ami

import (
	"slices"

	"berth/internal/config"
)

// Names are the spellings of the setting, as package pin takes them.
const Names = "aws_ecs_ami|ecs_aws_ami"

// Pin is a group's image that an update changes.
type Pin struct {
	Group    string
	From, To string // From is empty where nothing stands yet
	Top      bool   // the group takes it from the top level, where it is written
}

// Edit is one setting of the file that an update writes.
type Edit struct {
	Group string   // whose setting it is; of the top level the first group's
	Path  []string // of the setting, as package pin takes it
	Value string
}

// Newer are the pins of an update of the named groups, or of all.
func (r Report) Newer(groups []string) []Pin {
	var out []Pin
	for _, g := range r.Groups {
		if g.Newer && (len(groups) == 0 || slices.Contains(groups, g.Name)) {
			out = append(out, Pin{Group: g.Name, From: g.Pinned.ID, To: g.Recommended.ID})
		}
	}
	return out
}

// Edits are what must be written so that every pin counts and nothing else changes. A group takes the top level's image where it has
// none of its own: it goes on to do so where that comes to the same, and else gets its own.
func Edits(c *config.Config, pins []Pin) []Edit {
	shall := map[string]string{}
	for _, g := range c.Groups {
		shall[g.Name] = g.AMI
	}
	for _, p := range pins {
		shall[p.Group] = p.To
	}
	first := c.Groups[0]
	var out []Edit
	if shall[first.Name] != first.AMI {
		out = append(out, Edit{first.Name, []string{Names}, shall[first.Name]})
	}
	for _, g := range c.Groups[1:] {
		now := g.AMI
		if !own(c, g.Name) {
			now = shall[first.Name]
		}
		if shall[g.Name] != now {
			out = append(out, Edit{g.Name, []string{"instance_groups", g.Name, Names}, shall[g.Name]})
		}
	}
	for i := range pins {
		pins[i].Top = pins[i].Group != first.Name && !slices.ContainsFunc(out, func(e Edit) bool { return e.Group == pins[i].Group })
	}
	return out
}

// own tells whether a further group has an image of its own, and does not take the top level's.
func own(c *config.Config, group string) bool {
	at := c.Where(c.Setting(group, "aws_ecs_ami"))
	return at != (config.Range{}) && at != c.Where("aws_ecs_ami")
}
