package iam

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// managedPrefix begins the ARN of every policy that AWS itself keeps.
const managedPrefix = "arn:aws:iam::aws:policy"

// managed is a policy that AWS keeps. The real documents have conditions and resources too; here a policy is its list
// of actions, allowed on everything.
type managed struct{ path, name, actions string }

func (m managed) arn() string { return managedPrefix + m.path + m.name }

// row makes the policy as if a customer had made it; every one of them is its first version of one and the same day.
func (m managed) row() *world.Policy {
	born := time.Date(2015, 2, 6, 18, 40, 0, 0, time.UTC)
	sum := sha256.Sum256([]byte(m.arn()))
	return &world.Policy{
		Name: m.name, Path: m.path, ARN: m.arn(), ID: "ANPA" + strings.ToUpper(hex.EncodeToString(sum[:])[:17]),
		Default: "v1", Issued: 1, Created: born, Updated: born,
		Versions: []world.PolicyVersion{{ID: "v1", Document: m.document(), Created: born}},
	}
}

func (m managed) document() string {
	type allow struct {
		Effect   string
		Action   []string
		Resource string
	}
	b, err := json.Marshal(struct {
		Version   string
		Statement []allow
	}{"2012-10-17", []allow{{"Allow", strings.Fields(m.actions), "*"}}})
	if err != nil { // strings always become JSON
		return "{}"
	}
	return string(b)
}

// managedPolicies is the table of AWS's policies that can be attached here (AWS Managed Policy Reference).
func managedPolicies() []managed {
	const (
		job     = "/service-role/"
		pull    = "ecr:GetAuthorizationToken ecr:BatchCheckLayerAvailability ecr:GetDownloadUrlForLayer ecr:BatchGetImage "
		logging = "logs:CreateLogStream logs:PutLogEvents "
		core    = "ssm:DescribeAssociation ssm:GetDeployablePatchSnapshotForInstance ssm:GetDocument ssm:DescribeDocument " +
			"ssm:GetManifest ssm:GetParameter ssm:GetParameters ssm:ListAssociations ssm:ListInstanceAssociations ssm:PutInventory " +
			"ssm:PutComplianceItems ssm:PutConfigurePackageResult ssm:UpdateAssociationStatus ssm:UpdateInstanceAssociationStatus " +
			"ssm:UpdateInstanceInformation ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel " +
			"ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel ec2messages:AcknowledgeMessage ec2messages:DeleteMessage " +
			"ec2messages:FailMessage ec2messages:GetEndpoint ec2messages:GetMessages ec2messages:SendReply "
		targets = "elasticloadbalancing:RegisterTargets elasticloadbalancing:DeregisterTargets "
		classic = "elasticloadbalancing:RegisterInstancesWithLoadBalancer elasticloadbalancing:DeregisterInstancesFromLoadBalancer "
	)
	return []managed{
		{job, "AmazonEC2ContainerServiceforEC2Role", pull + logging + "ec2:DescribeTags ecs:CreateCluster " +
			"ecs:DeregisterContainerInstance ecs:DiscoverPollEndpoint ecs:Poll ecs:RegisterContainerInstance " +
			"ecs:StartTelemetrySession ecs:UpdateContainerInstancesState ecs:Submit* ecs:TagResource"},
		{job, "AmazonECSTaskExecutionRolePolicy", pull + logging},
		{job, "AmazonEC2ContainerServiceEventsRole", "ecs:RunTask ecs:TagResource iam:PassRole"},
		{job, "AmazonEC2ContainerServiceRole", targets + classic + "ec2:AuthorizeSecurityGroupIngress ec2:Describe* elasticloadbalancing:Describe*"},
		{job, "AmazonEC2ContainerServiceAutoscaleRole", "ecs:DescribeServices ecs:UpdateService cloudwatch:DescribeAlarms cloudwatch:PutMetricAlarm"},
		{job, "AmazonEC2RoleforSSM", core + "cloudwatch:PutMetricData ec2:DescribeInstanceStatus logs:CreateLogGroup logs:CreateLogStream " +
			"logs:DescribeLogGroups logs:DescribeLogStreams logs:PutLogEvents"},
		{job, "AmazonECSInfrastructureRolePolicyForVolumes", "ec2:CreateVolume ec2:CreateTags ec2:Describe* ec2:AttachVolume ec2:DetachVolume ec2:DeleteVolume"},
		{job, "AutoScalingNotificationAccessRole", "sqs:SendMessage sqs:GetQueueUrl sns:Publish"},
		{job, "VPCFlowLogsDeliveryRolePolicy", logging + "logs:CreateLogGroup logs:DescribeLogGroups logs:DescribeLogStreams"},
		{"/", "AmazonECSInfrastructureRolePolicyForLoadBalancers", targets + "elasticloadbalancing:Describe* elasticloadbalancing:ModifyListener " +
			"elasticloadbalancing:ModifyRule"},
		{"/", "AmazonSSMManagedInstanceCore", core},
		{"/", "AmazonSSMReadOnlyAccess", "ssm:Describe* ssm:Get* ssm:List*"},
		{"/", "AmazonSSMFullAccess", "cloudwatch:PutMetricData ds:CreateComputer ds:DescribeDirectories ec2:DescribeInstanceStatus logs:* ssm:* ec2messages:*"},
		{"/", "CloudWatchAgentServerPolicy", "cloudwatch:PutMetricData ec2:DescribeVolumes ec2:DescribeTags logs:PutLogEvents " +
			"logs:PutRetentionPolicy logs:DescribeLogStreams logs:DescribeLogGroups logs:CreateLogStream logs:CreateLogGroup " +
			"xray:PutTraceSegments xray:PutTelemetryRecords ssm:GetParameter"},
		{"/", "CloudWatchLogsFullAccess", "logs:* cloudwatch:GenerateQuery"},
		{"/", "AmazonEC2ContainerRegistryReadOnly", pull + "ecr:GetRepositoryPolicy ecr:DescribeRepositories ecr:ListImages ecr:DescribeImages"},
		{"/", "AmazonEC2ContainerRegistryPullOnly", pull + "ecr:BatchImportUpstreamImage"},
		{"/", "AmazonECS_FullAccess", "ecs:* ec2:* autoscaling:* elasticloadbalancing:* iam:PassRole logs:* cloudwatch:* events:*"},
		{"/", "AmazonEC2FullAccess", "ec2:* elasticloadbalancing:* cloudwatch:* autoscaling:*"},
		{"/", "AmazonEC2ReadOnlyAccess", "ec2:Describe* ec2:GetSecurityGroupsForVpc elasticloadbalancing:Describe* cloudwatch:Describe* autoscaling:Describe*"},
		{"/", "AmazonS3FullAccess", "s3:* s3-object-lambda:*"},
		{"/", "AmazonS3ReadOnlyAccess", "s3:Get* s3:List* s3:Describe* s3-object-lambda:Get* s3-object-lambda:List*"},
		{"/", "AmazonDynamoDBFullAccess", "dynamodb:* dax:*"},
		{"/", "AmazonSQSFullAccess", "sqs:*"},
		{"/", "AmazonSNSFullAccess", "sns:*"},
		{"/", "SecretsManagerReadWrite", "secretsmanager:*"},
		{"/", "AWSXRayDaemonWriteAccess", "xray:PutTraceSegments xray:PutTelemetryRecords xray:GetSamplingRules xray:GetSamplingTargets"},
		{"/", "AWSCodeDeployRoleForECS", "ecs:DescribeServices ecs:CreateTaskSet ecs:UpdateServicePrimaryTaskSet ecs:DeleteTaskSet elasticloadbalancing:Describe*"},
		{"/", "AdministratorAccess", "*"},
		{"/", "IAMReadOnlyAccess", "iam:Get* iam:List* iam:GenerateCredentialReport iam:Simulate*"},
		{linkedPath, "AmazonECSServiceRolePolicy", targets + classic + "ec2:AttachNetworkInterface ec2:CreateNetworkInterface ec2:DeleteNetworkInterface " +
			"ec2:Describe* elasticloadbalancing:Describe* autoscaling:Describe* autoscaling:SetDesiredCapacity events:PutRule events:PutTargets"},
		{linkedPath, "AutoScalingServiceRolePolicy", targets + classic + "ec2:* elasticloadbalancing:Describe* cloudwatch:* sns:Publish sqs:SendMessage"},
		{linkedPath, "AWSElasticLoadBalancingServiceRolePolicy", "ec2:* logs:* outposts:GetOutpostInstanceTypes"},
		{linkedPath, "AWSEC2SpotServiceRolePolicy", "ec2:DescribeInstances ec2:StartInstances ec2:StopInstances ec2:RunInstances iam:PassRole"},
		{linkedPath, "AWSApplicationAutoscalingECSServicePolicy", "ecs:DescribeServices ecs:UpdateService cloudwatch:PutMetricAlarm cloudwatch:DescribeAlarms cloudwatch:DeleteAlarms"},
	}
}
