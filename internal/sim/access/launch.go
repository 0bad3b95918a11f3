package access

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"berth/internal/sim/world"
)

// launching is what instances would be launched with.
type launching struct {
	templateID, templateName string
	subnets, images          []string
	groups, keys             []string
	profile                  string // ARN or name of the instance profile
}

// launchData is the part of a template's data that matters here, by the API's own names.
type launchData struct {
	ImageID            string `json:"ImageId"`
	KeyName            string
	SecurityGroupIDs   []string `json:"SecurityGroupIds"`
	NetworkInterfaces  []struct{ Groups []string }
	IamInstanceProfile struct{ Arn, Name string }
	TagSpecifications  []launchTags
}

type launchTags struct {
	ResourceType string
	Tags         []world.Tag
}

// read takes over what a launch template says where the request says nothing.
func (l *launching) read(r *world.Region, id, name, version string) []launchTags {
	for t := range r.EC2.Templates.Rows() {
		if t.ID != id && (id != "" || t.Name != name) {
			continue
		}
		l.templateID, l.templateName = t.ID, t.Name
		number, err := strconv.ParseInt(version, 10, 64)
		switch {
		case version == "$Latest":
			number = t.Latest
		case err != nil:
			number = t.Default
		}
		for _, v := range t.Versions {
			if v.Number == number {
				return l.take(v.Data)
			}
		}
	}
	return nil
}

func (l *launching) take(text json.RawMessage) []launchTags {
	var d launchData
	if err := json.Unmarshal(text, &d); err != nil {
		return nil // the call will be refused for it
	}
	usual := func(have *[]string, said ...string) {
		said = slices.DeleteFunc(said, func(s string) bool { return s == "" || strings.HasPrefix(s, "resolve:") })
		if len(*have) == 0 {
			*have = said
		}
	}
	usual(&l.images, d.ImageID)
	usual(&l.keys, d.KeyName)
	usual(&l.groups, d.SecurityGroupIDs...)
	for _, i := range d.NetworkInterfaces {
		usual(&l.groups, i.Groups...)
	}
	if l.profile == "" {
		l.profile = d.IamInstanceProfile.Arn + d.IamInstanceProfile.Name
	}
	return d.TagSpecifications
}

// needs are the resources that ec2:RunInstances is evaluated on, the role that the instances get, and the tags that the template
// puts on what is launched (EC2 Auto Scaling user guide, "Control Amazon EC2 launch template usage in Auto Scaling groups").
func (l *launching) needs(n need, tags ...launchTags) []need {
	n.action = "ec2:RunInstances"
	n.also = map[string]string{templateKey: l.templateID, "ec2:islaunchtemplateresource": strconv.FormatBool(l.templateID != "")}
	if l.templateID != "" {
		n.also["ec2:launchtemplate"] = n.on("launch-template/" + l.templateID).resource
	}
	var out []need
	for _, kind := range []string{"instance", "volume", "network-interface"} {
		made := n.on(kind + "/*")
		made.made, made.in = true, tagging(tags, kind)
		out = append(out, made)
	}
	for _, id := range l.images {
		image := n
		image.resource = "arn:aws:ec2:" + n.Region.Name + "::image/" + id
		out = append(out, image)
	}
	for kind, ids := range map[string][]string{"subnet": l.subnets, "security-group": l.groups, "key-pair": l.keys} { // unordered: sorted below
		for _, id := range ids {
			out = append(out, n.on(kind+"/"+id))
		}
	}
	if l.templateID != "" {
		out = append(out, n.on("launch-template/"+l.templateID))
	}
	slices.SortStableFunc(out, func(a, b need) int { return strings.Compare(a.resource, b.resource) })
	for _, t := range tags {
		tag := n.on(t.ResourceType + "/*")
		tag.action, tag.made, tag.in = "ec2:CreateTags", true, tagging(tags, t.ResourceType)
		tag.also = map[string]string{"ec2:createaction": "RunInstances", templateKey: l.templateID}
		out = append(out, tag)
	}
	return append(out, l.passing(n)...)
}

// tagging is an input that puts the template's tags on a kind.
func tagging(tags []launchTags, kind string) any {
	return &struct{ TagSpecifications []launchTags }{slices.DeleteFunc(slices.Clone(tags), func(t launchTags) bool { return t.ResourceType != kind })}
}

// passing is the handing over of the profile's roles to EC2.
func (l *launching) passing(n need) []need {
	profile, ok := n.IAM.Profiles.Get(l.profile[strings.LastIndexByte(l.profile, '/')+1:])
	if !ok {
		return nil
	}
	var out []need
	for _, name := range profile.Roles {
		if role, ok := n.IAM.Roles.Get(name); ok {
			pass := n
			pass.action, pass.resource = "iam:PassRole", role.ARN
			pass.also = map[string]string{"iam:passedtoservice": "ec2.amazonaws.com", templateKey: l.templateID}
			out = append(out, pass)
		}
	}
	return out
}

// groupLaunch is what Auto Scaling checks of a group's launch template when it is set: what its caller could launch itself.
func groupLaunch(n need) []need {
	id := text(n.in, "LaunchTemplate.LaunchTemplateId", "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateId")
	name := text(n.in, "LaunchTemplate.LaunchTemplateName", "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.LaunchTemplateName")
	if id == "" && name == "" {
		return nil
	}
	subnets := text(n.in, "VPCZoneIdentifier")
	if g, ok := n.Region.AutoScaling.Groups.Get(text(n.in, "AutoScalingGroupName")); ok && subnets == "" {
		subnets = strings.Join(g.Subnets, ",")
	}
	l := launching{subnets: strings.Split(subnets, ",")}
	version := text(n.in, "LaunchTemplate.Version", "MixedInstancesPolicy.LaunchTemplate.LaunchTemplateSpecification.Version")
	tags := l.read(n.Region, id, name, version)
	if l.templateID == "" {
		return nil // there is no such template, which is the better answer
	}
	return l.needs(n, tags...)
}
