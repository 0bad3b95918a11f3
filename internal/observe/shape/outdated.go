package shape

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
)

// Template is the launch template that a group launches from, as far as it is known: the contents of its versions by number.
type Template struct {
	Latest, Default int // 0: not known
	Contents        map[int]model.Launch
}

// version is the number of a version that a specification names: by the number itself, or as the newest or the default one.
func (t Template) version(s *types.LaunchTemplateSpecification) int {
	switch {
	case s == nil:
		return 0
	case aws.ToString(s.Version) == "$Latest":
		return t.Latest
	case aws.ToString(s.Version) == "$Default", aws.ToString(s.Version) == "":
		return t.Default
	default:
		return versionNumber(s)
	}
}

// Versions are the versions of a template that a group and its instances name, as EC2 takes them in a question, each once; those of
// other templates are left out.
func Versions(g types.AutoScalingGroup) []string {
	now := Specification(g)
	if now == nil {
		return nil
	}
	out := []string{cmp.Or(aws.ToString(now.Version), "$Default")}
	for _, i := range g.Instances {
		s := i.LaunchTemplate
		if s == nil || aws.ToString(s.LaunchTemplateId) != aws.ToString(now.LaunchTemplateId) || versionNumber(s) == 0 {
			continue
		}
		out = append(out, aws.ToString(s.Version))
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// Members are the instances of a group, with the reasons why one should be replaced: what it was launched from is compared with
// what the group launches from now.
func Members(g types.AutoScalingGroup, t Template) []model.Instance {
	l := launcher{group: g, template: t}
	l.version = t.version(Specification(g))
	l.content, l.known = t.Contents[l.version]
	l.types = allowed(g, l.content, l.known)
	var out []model.Instance
	for _, i := range g.Instances {
		out = append(out, model.Instance{
			ID: aws.ToString(i.InstanceId), Zone: aws.ToString(i.AvailabilityZone), Type: aws.ToString(i.InstanceType),
			State: string(i.LifecycleState), Health: aws.ToString(i.HealthStatus), Protected: aws.ToBool(i.ProtectedFromScaleIn),
			TemplateVersion: launchedFrom(i), Reasons: l.reasons(i),
		})
	}
	return out
}

func launchedFrom(i types.Instance) int {
	if i.LaunchTemplate == nil {
		return 0
	}
	return versionNumber(i.LaunchTemplate)
}

// Remembered gives members whose template was not looked at again the reasons that an earlier look found: a version never changes.
func Remembered(now, before []model.Instance) []model.Instance {
	for n := range now {
		i := slices.IndexFunc(before, func(b model.Instance) bool { return b.ID == now[n].ID && b.TemplateVersion == now[n].TemplateVersion })
		if i < 0 {
			i = slices.IndexFunc(before, func(b model.Instance) bool {
				return b.TemplateVersion == now[n].TemplateVersion && b.Type == now[n].Type && now[n].TemplateVersion > 0
			})
		}
		if i >= 0 {
			now[n].Reasons = before[i].Reasons
		}
	}
	return now
}

// launcher is what a group launches now.
type launcher struct {
	group    types.AutoScalingGroup
	template Template
	version  int // 0: not known
	content  model.Launch
	known    bool     // the content is
	types    []string // empty: any, or not known
}

// reasons tell an instance from what the group would launch now.
func (l launcher) reasons(i types.Instance) []model.Reason {
	own, s := Specification(l.group), i.LaunchTemplate
	if s == nil || own == nil || aws.ToString(s.LaunchTemplateId) != aws.ToString(own.LaunchTemplateId) {
		if s == nil && own == nil && aws.ToString(i.LaunchConfigurationName) == aws.ToString(l.group.LaunchConfigurationName) {
			return nil
		}
		return []model.Reason{{Kind: model.NotByGroup, Have: origin(i), Want: l.origin()}}
	}
	out := l.older(versionNumber(s))
	have := aws.ToString(i.InstanceType)
	if len(l.types) > 0 && have != "" && !slices.Contains(l.types, have) {
		out = append(out, model.Reason{Kind: model.OldType, Have: have, Want: strings.Join(l.types, " or ")})
	}
	return out
}

// older compares the contents of versions. Of a version that is gone nobody knows the content: that is a reason of its own.
func (l launcher) older(version int) []model.Reason {
	if version == 0 || l.version == 0 || version == l.version {
		return nil
	}
	content, known := l.template.Contents[version]
	if known && l.known {
		return content.Older(l.content)
	}
	return []model.Reason{{
		Kind: model.OldSettings, Have: "template version " + strconv.Itoa(version), Want: "template version " + strconv.Itoa(l.version),
	}}
}

// origin is what an instance was launched from, when that is not the group's template.
func origin(i types.Instance) string {
	switch {
	case i.LaunchTemplate != nil:
		return "template " + cmp.Or(aws.ToString(i.LaunchTemplate.LaunchTemplateName), aws.ToString(i.LaunchTemplate.LaunchTemplateId))
	case aws.ToString(i.LaunchConfigurationName) != "":
		return "launch configuration " + aws.ToString(i.LaunchConfigurationName)
	default:
		return "no template"
	}
}

func (l launcher) origin() string {
	if s := Specification(l.group); s != nil {
		return "template " + cmp.Or(aws.ToString(s.LaunchTemplateName), aws.ToString(s.LaunchTemplateId))
	}
	return "launch configuration " + aws.ToString(l.group.LaunchConfigurationName)
}

// allowed are the instance types that a group may launch; none where it names requirements instead.
func allowed(g types.AutoScalingGroup, content model.Launch, known bool) []string {
	var out []string
	if p := g.MixedInstancesPolicy; p != nil && p.LaunchTemplate != nil {
		for _, o := range p.LaunchTemplate.Overrides {
			if o.InstanceRequirements != nil {
				return nil
			}
			out = append(out, aws.ToString(o.InstanceType))
		}
	}
	if len(out) == 0 && known && content.InstanceType != "" {
		out = []string{content.InstanceType}
	}
	return out
}
