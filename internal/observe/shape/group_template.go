package shape

import (
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

// Specification is what a group launches from; nil for a launch configuration.
func Specification(g types.AutoScalingGroup) *types.LaunchTemplateSpecification {
	if p := g.MixedInstancesPolicy; p != nil && p.LaunchTemplate != nil {
		return p.LaunchTemplate.LaunchTemplateSpecification
	}
	return g.LaunchTemplate
}

// LaunchesFrom is the template's id and the version that a group launches from; 0 where it names no number.
func LaunchesFrom(g types.AutoScalingGroup) (id string, version int) {
	s := Specification(g)
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

// overrideText is the instance type of an override, and in words what it says beside that.
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

// InstanceTypes are those of a group in order, or else that of the content that it launches from; what an override says
// beside its type is drift and stays visible.
func InstanceTypes(g types.AutoScalingGroup, content *ec2types.ResponseLaunchTemplateData) []string {
	var out []string
	if p := g.MixedInstancesPolicy; p != nil && p.LaunchTemplate != nil {
		for _, o := range p.LaunchTemplate.Overrides {
			out = append(out, overrideText(o))
		}
	}
	if len(out) > 0 {
		return out
	}
	if content != nil {
		return []string{string(content.InstanceType)}
	}
	return nil
}
