package observe

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/model"
	"berth/internal/observe/shape"
)

// templateOf is the digest of the content that a group launches from. Where it does not launch from a numbered version
// of its own template, a text says what it launches from instead, which is no digest and so differs.
func (l *look) templateOf(g types.AutoScalingGroup, group string) string {
	s := shape.Specification(g)
	if s == nil {
		return "launch configuration " + aws.ToString(g.LaunchConfigurationName)
	}
	id, version := shape.LaunchesFrom(g)
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
	return shape.Launch(l.key, l.inv.ID(model.ProfileKey()), content).Digest()
}

// typesOf are the instance types of a group in order; what an override says beside its type is drift and stays visible.
func (l *look) typesOf(g types.AutoScalingGroup) []string {
	var out []string
	if p := g.MixedInstancesPolicy; p != nil && p.LaunchTemplate != nil {
		for _, o := range p.LaunchTemplate.Overrides {
			out = append(out, shape.OverrideText(o))
		}
	}
	if len(out) > 0 {
		return out
	}
	id, version := shape.LaunchesFrom(g)
	if content := l.versions[id][version]; content != nil {
		return []string{string(content.InstanceType)}
	}
	return nil
}
