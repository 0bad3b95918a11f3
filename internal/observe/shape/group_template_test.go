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
