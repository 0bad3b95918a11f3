package model

import (
	"slices"
	"strings"
)

// ReasonKind is a kind of Reason.
type ReasonKind string

// Why an instance is outdated.
const (
	OldAMI           ReasonKind = "ami"
	OldUserData      ReasonKind = "user_data"
	OldType          ReasonKind = "type"
	OldSecurityGroup ReasonKind = "security_group"
	OldVolume        ReasonKind = "volume"
	OldSettings      ReasonKind = "settings" // anything else of the launch template
	TooOld           ReasonKind = "age"
	Forced           ReasonKind = "forced"
	NotByGroup       ReasonKind = "foreign" // it was not launched by its group
)

// Reason is why an instance should be replaced.
type Reason struct {
	Kind ReasonKind `json:"kind"`
	Have string     `json:"have,omitempty"` // what it has: an AMI, a type, an age; never user data itself
	Want string     `json:"want,omitempty"` // what its group would launch
}

// String is a reason as people read it: "AMI ami-1 → ami-2", "user data".
func (r Reason) String() string {
	name := map[ReasonKind]string{
		OldAMI: "AMI", OldUserData: "user data", OldType: "type", OldSecurityGroup: "security group", OldVolume: "volume", OldSettings: "settings",
		TooOld: "age", Forced: "forced", NotByGroup: "foreign",
	}[r.Kind]
	switch {
	case r.Have != "" && r.Want != "":
		return name + " " + r.Have + " → " + r.Want
	case r.Have != "":
		return name + " " + r.Have
	default:
		return name
	}
}

// Because joins reasons into one line; empty when there is none.
func Because(reasons []Reason) string {
	texts := make([]string, len(reasons))
	for i, r := range reasons {
		texts[i] = r.String()
	}
	return strings.Join(texts, ", ")
}

// Outdated tells whether the instance is another than its group would launch now.
func (i Instance) Outdated() bool { return len(i.Reasons) > 0 }

// Outdated are the members of the group that are another than it would launch now.
func (g Group) Outdated() []Instance {
	return slices.DeleteFunc(slices.Clone(g.Instances), func(i Instance) bool { return !i.Outdated() })
}

// Batch is outdated instances of one group that have the same reasons.
type Batch struct {
	Reasons []Reason
	IDs     []string // sorted
}

// Batches are the outdated members of the group by their reasons, in the order in which these are met.
func (g Group) Batches() []Batch {
	var out []Batch
	for _, i := range g.Outdated() {
		n := slices.IndexFunc(out, func(b Batch) bool { return slices.Equal(b.Reasons, i.Reasons) })
		if n < 0 {
			n, out = len(out), append(out, Batch{Reasons: i.Reasons})
		}
		out[n].IDs = append(out[n].IDs, i.ID)
	}
	for _, b := range out {
		slices.Sort(b.IDs)
	}
	return out
}

// Older is why an instance that was launched from l should be replaced when its group launches from now: a reason for each kind of
// setting that differs, in the order of the kinds. The instance type is left out: a group has types of its own. User data may hold
// what nobody else shall read, so a reason never quotes it.
func (l Launch) Older(now Launch) []Reason {
	was, is := l.attrs(), now.attrs()
	differing := map[ReasonKind]*Reason{}
	for _, name := range names(was, is) {
		before, after := was.lookup(name), is.lookup(name)
		kind := reasonFor(name)
		if before == after || kind == OldType || isTag(name) {
			continue
		}
		r := differing[kind]
		if r == nil {
			r = &Reason{Kind: kind}
			differing[kind] = r
		}
		r.note(name, before, after)
	}
	var out []Reason
	for _, kind := range []ReasonKind{OldAMI, OldUserData, OldSecurityGroup, OldVolume, OldSettings} {
		if r := differing[kind]; r != nil {
			out = append(out, *r)
		}
	}
	return out
}

// isTag tells a tag that instances or volumes get at launch. An instance works no worse for an old tag, and tags can be changed where they
// are: they alone are no reason to move its tasks.
func isTag(name string) bool {
	return strings.HasPrefix(name, "instance_tags.") || strings.HasPrefix(name, "volume_tags.")
}

// note adds a setting to a reason; what only one side has stands there alone.
func (r *Reason) note(name, before, after string) {
	var label string
	switch r.Kind {
	case OldUserData:
		return
	case OldVolume, OldSettings:
		label = strings.TrimPrefix(name, "volume.") + " "
	default: // the kind says it
	}
	add := func(to *string, value string) {
		if *to != "" {
			*to += ", "
		}
		if name == "security_groups" || name == "instance_profile" {
			value = strings.ReplaceAll(value, string(KindForeign)+".", "") // what is not ours goes by its id
		}
		*to += label + value
	}
	add(&r.Have, orNone(before))
	add(&r.Want, orNone(after))
}

func orNone(value string) string {
	if value == "" {
		return "none"
	}
	return value
}

// reasonFor is the kind of reason that a setting of a launch template is; OldType for the instance type.
func reasonFor(name string) ReasonKind {
	switch {
	case name == "ami":
		return OldAMI
	case name == "instance_type":
		return OldType
	case name == "user_data":
		return OldUserData
	case name == "security_groups":
		return OldSecurityGroup
	case strings.HasPrefix(name, "volume."), strings.HasPrefix(name, "system_volume."):
		return OldVolume
	default:
		return OldSettings
	}
}

// names are the names of two lists, in their order, each once.
func names(lists ...attrs) []string {
	var out []string
	for _, l := range lists {
		for _, a := range l {
			if !slices.Contains(out, a.Name) {
				out = append(out, a.Name)
			}
		}
	}
	return out
}

func (a attrs) lookup(name string) string {
	for _, one := range a {
		if one.Name == name {
			return one.Value
		}
	}
	return ""
}
