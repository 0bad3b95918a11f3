package observe

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
)

// specification is what a group launches from; nil for a launch configuration.
func specification(g types.AutoScalingGroup) *types.LaunchTemplateSpecification {
	if p := g.MixedInstancesPolicy; p != nil && p.LaunchTemplate != nil {
		return p.LaunchTemplate.LaunchTemplateSpecification
	}
	return g.LaunchTemplate
}

// launchesFrom is the template's id and the version that a group launches from; 0 where it names no number.
func launchesFrom(g types.AutoScalingGroup) (id string, version int) {
	s := specification(g)
	if s == nil {
		return "", 0
	}
	return aws.ToString(s.LaunchTemplateId), versionNumber(s)
}

func versionNumber(s *types.LaunchTemplateSpecification) int {
	n, err := strconv.Atoi(aws.ToString(s.Version))
	if err != nil {
		return 0
	}
	return n
}

// templateOf is the digest of the content that a group launches from. Where it does not launch from a numbered version
// of its own template, a text says what it launches from instead, which is no digest and so differs.
func (l *look) templateOf(g types.AutoScalingGroup, group string) string {
	s := specification(g)
	if s == nil {
		return "launch configuration " + aws.ToString(g.LaunchConfigurationName)
	}
	id, version := launchesFrom(g)
	if l.key(id) != model.TemplateKey(group) {
		return "other template " + aws.ToString(s.LaunchTemplateName) + " (" + id + ")"
	}
	if version == 0 {
		return "version " + aws.ToString(s.Version)
	}
	content := l.versions[id][version]
	if content == nil {
		return "version " + strconv.Itoa(version) + ", which is gone"
	}
	return l.launch(content).Digest()
}

// typesOf are the instance types of a group in order; what an override says beside its type is drift and stays visible.
func (l *look) typesOf(g types.AutoScalingGroup) []string {
	var out []string
	if p := g.MixedInstancesPolicy; p != nil && p.LaunchTemplate != nil {
		for _, o := range p.LaunchTemplate.Overrides {
			out = append(out, overrideText(o))
		}
	}
	if len(out) > 0 {
		return out
	}
	id, version := launchesFrom(g)
	if content := l.versions[id][version]; content != nil {
		return []string{string(content.InstanceType)}
	}
	return nil
}

func overrideText(o types.LaunchTemplateOverrides) string {
	text := aws.ToString(o.InstanceType)
	if o.InstanceRequirements != nil {
		text += "any type that meets requirements"
	}
	if w := aws.ToString(o.WeightedCapacity); w != "" {
		text += " weight " + w
	}
	if s := o.LaunchTemplateSpecification; s != nil {
		text += " from template " + aws.ToString(s.LaunchTemplateId)
	}
	if image := aws.ToString(o.ImageId); image != "" {
		text += " with " + image
	}
	return text
}

// members are the instances of a group. One is outdated when it was launched from another version than the group
// launches from now; a group that names no number says nothing about it.
func members(g types.AutoScalingGroup) []model.Instance {
	id, version := launchesFrom(g)
	var out []model.Instance
	for _, i := range g.Instances {
		m := model.Instance{
			ID: aws.ToString(i.InstanceId), Zone: aws.ToString(i.AvailabilityZone), Type: aws.ToString(i.InstanceType),
			State: string(i.LifecycleState), Health: aws.ToString(i.HealthStatus), Protected: aws.ToBool(i.ProtectedFromScaleIn),
			Outdated: true,
		}
		if s := i.LaunchTemplate; s != nil {
			m.TemplateVersion = versionNumber(s)
			m.Outdated = aws.ToString(s.LaunchTemplateId) != id || version != 0 && m.TemplateVersion != version
		}
		out = append(out, m)
	}
	return out
}
