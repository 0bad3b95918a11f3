package ecs

import (
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsec2 "github.com/aws/aws-sdk-go-v2/service/ec2"
	ec2types "github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"berth/internal/sim/ec2"
)

// closeDown takes the stage's way to the internet away, and lets services' names lead to endpoints.
func (s *stage) closeDown() {
	s.t.Helper()
	s.cut()
	run[awsec2.ModifyVpcAttributeOutput](s, ec2.Operations(), "ModifyVpcAttribute", &awsec2.ModifyVpcAttributeInput{
		VpcId: s.vpc(), EnableDnsHostnames: &ec2types.AttributeBooleanValue{Value: aws.Bool(true)},
	})
}

// link makes interface endpoints that let the VPC in, and lets time pass until they stand.
func (s *stage) link(services ...string) {
	s.t.Helper()
	all := ec2.Operations()
	name := "endpoints of " + strings.Join(services, " ")
	guard := run[awsec2.CreateSecurityGroupOutput](s, all, "CreateSecurityGroup", &awsec2.CreateSecurityGroupInput{VpcId: s.vpc(), GroupName: &name, Description: &name}).GroupId
	run[awsec2.AuthorizeSecurityGroupIngressOutput](s, all, "AuthorizeSecurityGroupIngress", &awsec2.AuthorizeSecurityGroupIngressInput{
		GroupId: guard, IpPermissions: []ec2types.IpPermission{{
			IpProtocol: aws.String("tcp"), FromPort: aws.Int32(443), ToPort: aws.Int32(443), IpRanges: []ec2types.IpRange{{CidrIp: aws.String("10.0.0.0/16")}},
		}},
	})
	for _, service := range services {
		run[awsec2.CreateVpcEndpointOutput](s, all, "CreateVpcEndpoint", &awsec2.CreateVpcEndpointInput{
			VpcId: s.vpc(), ServiceName: aws.String("com.amazonaws.eu-west-1." + service), VpcEndpointType: ec2types.VpcEndpointTypeInterface,
			SubnetIds: []string{*s.subnet}, SecurityGroupIds: []string{*guard},
		})
	}
	s.Advance(5 * time.Minute)
}

// ECS developer guide, "Amazon ECS interface VPC endpoints".
func TestAnAgentWithoutTheInternetNeedsAllThreeEndpoints(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.closeDown()
	s.group("web", 1, shop)
	joined := func(want int, when string) {
		t.Helper()
		s.Advance(10 * time.Minute)
		row, _ := s.Region.ECS.Clusters.Get("shop")
		if n := row.Instances.Len(); n != want {
			t.Errorf("%s: %d instances have joined", when, n)
		}
	}
	joined(0, "without endpoints")
	s.link("ecs", "ecs-telemetry")
	joined(0, "with two of three")
	s.link("ecs-agent")
	joined(1, "with all of them")
}

// ECS agent: it asks EC2 for the instance's tags before it registers.
func TestAnAgentThatTakesTagsAlongNeedsTheEndpointOfEC2(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.closeDown()
	s.link("ecs", "ecs-agent", "ecs-telemetry")
	s.group("web", 1, shop+"echo ECS_CONTAINER_INSTANCE_PROPAGATE_TAGS_FROM=ec2_instance >> /etc/ecs/ecs.config\n")
	row, _ := s.Region.ECS.Clusters.Get("shop")
	if s.Advance(10 * time.Minute); row.Instances.Len() != 0 || !strings.Contains(s.agent().LastError, "ec2.eu-west-1") {
		t.Errorf("%d instances have joined: %s", row.Instances.Len(), s.agent().LastError)
	}
	s.link("ec2")
	if s.Advance(10 * time.Minute); row.Instances.Len() != 1 {
		t.Error(s.agent().LastError)
	}
}

// Amazon ECR user guide, "Amazon ECR interface VPC endpoints".
func TestImagesOfECRComeThroughEndpointsAndOthersOverTheInternetOnly(t *testing.T) {
	s := newStage(t)
	s.cluster()
	s.closeDown()
	s.link("ecs", "ecs-agent", "ecs-telemetry")
	s.group("web", 1, shop)
	s.Advance(5 * time.Minute)
	outcome := func(image string) string {
		t.Helper()
		d := s.definition(func(in *ecs.RegisterTaskDefinitionInput) { in.ContainerDefinitions[0].Image = aws.String(image) })
		out, err := s.runTasks(func(in *ecs.RunTaskInput) { in.TaskDefinition = d.TaskDefinitionArn })
		task := *must(s, out, err).Tasks[0].TaskArn
		s.Advance(2 * time.Minute)
		got := s.tasks(task)[0]
		return *got.LastStatus + " " + aws.ToString(got.StoppedReason)
	}
	const own = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:1"
	for _, image := range []string{own, "nginx:alpine", "ghcr.io/acme/web", "public.ecr.aws/nginx/nginx", "123456789012.dkr.ecr.us-east-1.amazonaws.com/web:1"} {
		if got := outcome(image); !strings.Contains(got, "CannotPullContainerError") {
			t.Errorf("%s, and nothing leads there: %s", image, got)
		}
	}
	s.link("ecr.api", "ecr.dkr")
	if got := outcome(own); !strings.Contains(got, "CannotPullContainerError") {
		t.Errorf("the layers are in S3, and nothing leads there: %s", got)
	}
	run[awsec2.CreateVpcEndpointOutput](s, ec2.Operations(), "CreateVpcEndpoint", &awsec2.CreateVpcEndpointInput{
		VpcId: s.vpc(), ServiceName: aws.String("com.amazonaws.eu-west-1.s3"), RouteTableIds: []string{*s.table},
	})
	if got := outcome(own); !strings.HasPrefix(got, "RUNNING") {
		t.Error(got)
	}
	if got := outcome("nginx:alpine"); !strings.Contains(got, "registry-1.docker.io") {
		t.Errorf("Docker Hub: %s", got)
	}
}
