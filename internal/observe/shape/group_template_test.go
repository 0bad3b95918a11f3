package shape

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
)

func fromTemplate(id, version string) *types.LaunchTemplateSpecification {
	return &types.LaunchTemplateSpecification{LaunchTemplateId: aws.String(id), LaunchTemplateName: aws.String("name-of-" + id), Version: aws.String(version)}
}

func TestAnInstanceIsOutdatedByItsVersion(t *testing.T) {
	instance := func(id string, s *types.LaunchTemplateSpecification) types.Instance {
		return types.Instance{InstanceId: aws.String(id), LaunchTemplate: s}
	}
	g := types.AutoScalingGroup{LaunchTemplate: fromTemplate("lt-1", "2"), Instances: []types.Instance{
		instance("old", fromTemplate("lt-1", "1")), instance("new", fromTemplate("lt-1", "2")),
		instance("other", fromTemplate("lt-2", "2")), instance("configured", nil),
	}}
	var got []string
	for _, m := range Members(g) {
		if m.Outdated {
			got = append(got, m.ID)
		}
	}
	expect(t, "outdated", got, []string{"old", "other", "configured"})
	g.LaunchTemplate = fromTemplate("lt-1", "$Latest")
	if Members(g)[0].Outdated {
		t.Error("a group that names no number cannot tell")
	}
}

func TestInstanceTypesComeFromThePolicyOrElseFromTheTemplate(t *testing.T) {
	content := &ec2types.ResponseLaunchTemplateData{InstanceType: "m7i.xlarge"}
	g := types.AutoScalingGroup{LaunchTemplate: fromTemplate("lt-1", "2")}
	expect(t, "types", InstanceTypes(g, content), []string{"m7i.xlarge"})
	g = types.AutoScalingGroup{MixedInstancesPolicy: &types.MixedInstancesPolicy{LaunchTemplate: &types.LaunchTemplate{Overrides: []types.LaunchTemplateOverrides{
		{InstanceType: aws.String("a")},
		{InstanceType: aws.String("b"), WeightedCapacity: aws.String("2")},
		{InstanceType: aws.String("c"), LaunchTemplateSpecification: fromTemplate("lt-9", "1")},
		{InstanceType: aws.String("d"), ImageId: aws.String("ami-1")},
		{InstanceRequirements: &types.InstanceRequirements{}},
	}}}}
	expect(t, "types", InstanceTypes(g, content), []string{"a", "b weight 2", "c from template lt-9", "d with ami-1", "any type that meets requirements"})
}
