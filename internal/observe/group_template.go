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
	return l.launch(content).Digest()
}
