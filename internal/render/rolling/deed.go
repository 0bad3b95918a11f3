package rolling

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/render/ink"
	"berth/internal/roll"
)

// deed is a write in words, and whether instances, tasks or services feel it.
func (p *Progress) deed(a roll.Action, made roll.Made) (text string, matters bool) {
	in := " of group " + p.key(a.Group)
	switch a.Verb {
	case roll.LaunchNew:
		return "launch " + ink.Several(a.Count, "instance") + " in " + a.Zone + " for group " + p.key(a.Group) + listed(made.Instances), len(made.Instances) > 0
	case roll.StartDrain:
		return "drain " + p.with(a.ARNs), true
	case roll.Activate:
		return "give work to " + some(p.ids(a.ARNs), mostNames) + " again", true
	case roll.Give:
		return "terminate " + some(a.Instances, mostNames) + in, true
	case roll.StopTasks:
		return "stop " + ink.Several(len(a.ARNs), "task") + " that no service owns: " + some(tails(a.ARNs), mostNames), true
	case roll.Deregister:
		return "take " + some(p.ids(a.ARNs), mostNames) + " out of the cluster's list", true
	case roll.EditService:
		return edited(a), true
	case roll.RunProbe:
		return "run the probe " + tail(a.Value) + " on " + some(p.ids(a.ARNs), mostNames), true
	case roll.SetMax:
		return fmt.Sprintf("maximum size%s: %d", in, a.Count), true
	case roll.SetMin:
		return fmt.Sprintf("minimum size%s: %d", in, a.Count), true
	case roll.Suspend, roll.Resume:
		return string(a.Verb) + " " + strings.Join(a.Names, ", ") + in, true
	default:
		return p.chore(a), false
	}
}

// chore is a write that keeps house: nothing but the roll itself feels it.
func (p *Progress) chore(a roll.Action) string {
	in := " of group " + p.key(a.Group)
	switch a.Verb {
	case roll.Protect, roll.Unprotect:
		return string(a.Verb) + " " + some(a.Instances, mostNames) + in + " from scale-in"
	case roll.Mark:
		return "tag " + a.Key + " = " + a.Value + in
	case roll.Unmark:
		return "take the tag " + a.Key + in + " away"
	case roll.SetMark:
		return "attribute " + a.Key + " = " + a.Value + " of " + some(p.ids(a.ARNs), mostNames)
	case roll.DropMark:
		return "take the attribute " + a.Key + " of " + some(p.ids(a.ARNs), mostNames) + " away"
	default:
		return string(a.Verb) + in
	}
}

// edited is what changes of a service's settings.
func edited(a roll.Action) string {
	var words []string
	if a.Count > 0 {
		words = append(words, fmt.Sprintf("maximumPercent %d", a.Count))
	}
	if a.Constraints != nil {
		var all []string
		for _, c := range a.Constraints {
			all = append(all, strings.TrimSpace(c.Type+" "+c.Expression))
		}
		if len(all) == 0 {
			all = []string{"none"}
		}
		words = append(words, "placement constraints: "+strings.Join(all, ", "))
	}
	if a.Zones != "" {
		words = append(words, "availabilityZoneRebalancing "+a.Zones)
	}
	return "service " + a.Service + ": " + strings.Join(words, "; ")
}

func listed(names []string) string {
	if len(names) == 0 {
		return ""
	}
	return ": " + some(names, mostNames)
}

// with names instances, with how many tasks each has.
func (p *Progress) with(arns []string) string {
	var out []string
	for _, arn := range arns {
		text := p.named(arn)
		if i := slices.IndexFunc(p.decision.Memory.Olds, func(o roll.Old) bool { return o.ARN == arn }); i >= 0 {
			text += " (" + ink.Several(len(p.decision.Memory.Olds[i].Tasks), "task") + ")"
		}
		out = append(out, text)
	}
	return some(out, mostNames)
}

// ids are the EC2 ids of container instances.
func (p *Progress) ids(arns []string) []string {
	out := make([]string, len(arns))
	for i, arn := range arns {
		out[i] = p.named(arn)
	}
	return out
}

// named is the EC2 id of a container instance, and what else it is as it stands.
func (p *Progress) named(arn string) string {
	for _, o := range p.decision.Memory.Olds {
		if o.ARN == arn {
			return o.ID
		}
	}
	for _, n := range p.decision.Memory.News {
		if n.ARN == arn {
			return n.ID
		}
	}
	for _, n := range p.snapshot.Nodes {
		if n.ARN == arn && arn != "" {
			return n.ID
		}
	}
	return tail(arn)
}

func (p *Progress) key(name string) string { return group(p.decision.Memory, name) }

func tail(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

func tails(arns []string) []string {
	out := make([]string, len(arns))
	for i, arn := range arns {
		out[i] = tail(arn)
	}
	return out
}

// written is a write for programs.
func (p *Progress) written(a roll.Action, made roll.Made) object {
	ids := slices.Concat(a.Instances, made.Instances)
	switch a.Verb {
	case roll.SetMark, roll.DropMark, roll.StartDrain, roll.Activate, roll.Deregister, roll.RunProbe:
		ids = p.ids(a.ARNs)
	default:
	}
	slices.Sort(ids)
	o := object{Event: "action", Verb: string(a.Verb), Zone: a.Zone, Subject: a.Service, Instances: slices.Compact(ids)}
	if a.Group != "" {
		o.Group = p.key(a.Group)
	}
	return o
}
