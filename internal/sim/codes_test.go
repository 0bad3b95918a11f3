package sim_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatch"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	elbv2 "github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/kms"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/ssm"

	"berth/internal/sim/wire/wiretest"
)

// refusal is a call that must be refused: with a code, and the HTTP status that the service's API reference gives it.
type refusal struct {
	code   string
	status int
	call   func() error
}

// asks makes a call of an operation and its input.
func asks[I, O, P any](call operation[I, O, P], in *I) func() error {
	return func() error {
		_, err := call(ctx(), in)
		return err
	}
}

func statusOf(err error) int {
	if answer, ok := errors.AsType[*awshttp.ResponseError](err); ok {
		return answer.HTTPStatusCode()
	}
	return 0
}

// computeRefusals are those of EC2, Auto Scaling, load balancers and ECS.
func computeRefusals(c cloud) []refusal {
	none := aws.String("nobody")
	return []refusal{
		{"DryRunOperation", 412, asks(c.ec2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: aws.String("10.0.0.0/16"), DryRun: aws.Bool(true)})},
		{"InvalidVpcID.NotFound", 400, asks(c.ec2.DescribeVpcs, &ec2.DescribeVpcsInput{VpcIds: []string{"vpc-00000000000000000"}})},
		{"InvalidParameterValue", 400, asks(c.ec2.CreateVpc, &ec2.CreateVpcInput{CidrBlock: none})},
		{"InvalidAMIID.NotFound", 400, asks(c.ec2.DescribeImages, &ec2.DescribeImagesInput{ImageIds: []string{"ami-00000000000000000"}})},
		{"ValidationError", 400, asks(c.asg.SetDesiredCapacity, &autoscaling.SetDesiredCapacityInput{AutoScalingGroupName: none, DesiredCapacity: aws.Int32(1)})},
		{"LoadBalancerNotFound", 400, asks(c.elb.DescribeLoadBalancers, &elbv2.DescribeLoadBalancersInput{Names: []string{"nobody"}})},
		{"TargetGroupNotFound", 400, asks(c.elb.DescribeTargetGroups, &elbv2.DescribeTargetGroupsInput{Names: []string{"nobody"}})},
		{"LoadBalancerNotFound", 400, asks(c.classic.DescribeLoadBalancers, &elasticloadbalancing.DescribeLoadBalancersInput{LoadBalancerNames: []string{"nobody"}})},
		{"ClusterNotFoundException", 400, asks(c.ecs.ListTasks, &ecs.ListTasksInput{Cluster: none})},
		{"ClientException", 400, asks(c.ecs.DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: none})},
		{"InvalidParameterException", 400, asks(c.ecs.CreateCluster, &ecs.CreateClusterInput{ClusterName: aws.String("a b")})},
	}
}

// accountRefusals are those of what an account keeps.
func accountRefusals(cfg aws.Config, c cloud) []refusal {
	none, logs, watch := aws.String("nobody"), cloudwatchlogs.NewFromConfig(cfg), cloudwatch.NewFromConfig(cfg)
	return []refusal{
		{"NoSuchEntity", 404, asks(c.iam.GetRole, &iam.GetRoleInput{RoleName: none})},
		{"MalformedPolicyDocument", 400, asks(c.iam.CreatePolicy, &iam.CreatePolicyInput{PolicyName: none, PolicyDocument: aws.String("{")})},
		{"ParameterNotFound", 400, asks(c.ssm.GetParameter, &ssm.GetParameterInput{Name: aws.String("/nobody")})},
		{"NoSuchBucket", 404, asks(c.s3.ListObjectsV2, &s3.ListObjectsV2Input{Bucket: none})},
		{"ResourceNotFoundException", 400, asks(logs.DescribeLogStreams, &cloudwatchlogs.DescribeLogStreamsInput{LogGroupName: none})},
		{"ResourceNotFound", 404, asks(watch.SetAlarmState, &cloudwatch.SetAlarmStateInput{AlarmName: none, StateValue: "OK", StateReason: none})},
	}
}

// messageRefusals are those of what carries messages.
func messageRefusals(m messaging) []refusal {
	none, topic := aws.String("nobody"), aws.String("arn:aws:sns:"+wiretest.Region+":123456789012:nobody")
	return []refusal{
		{"ResourceNotFoundException", 400, asks(m.events.DescribeRule, &eventbridge.DescribeRuleInput{Name: none})},
		{"InvalidEventPatternException", 400, asks(m.events.PutRule, &eventbridge.PutRuleInput{Name: none, EventPattern: aws.String(`{"source":"a"}`)})},
		{"NotFound", 404, asks(m.sns.GetTopicAttributes, &sns.GetTopicAttributesInput{TopicArn: topic})},
		{"InvalidParameter", 400, asks(m.sns.Publish, &sns.PublishInput{TopicArn: none, Message: none})},
		{"AWS.SimpleQueueService.NonExistentQueue", 400, asks(m.sqs.GetQueueUrl, &sqs.GetQueueUrlInput{QueueName: none})},
		{"NotFoundException", 400, asks(m.kms.DescribeKey, &kms.DescribeKeyInput{KeyId: aws.String("alias/nobody")})},
	}
}

// EC2, ECS, Auto Scaling, Elastic Load Balancing, IAM, Systems Manager, S3, CloudWatch, EventBridge, SNS, SQS and KMS API
// references, "Errors".
func TestRefusalsArriveWithTheirCodeAndStatus(t *testing.T) {
	s, c := embedded(1)
	cfg := wiretest.Config(s.Client().Transport)
	all := append(computeRefusals(c), accountRefusals(cfg, c)...)
	for _, r := range append(all, messageRefusals(messagingOf(t, cfg))...) {
		err := r.call()
		if code, status := codeOf(err), statusOf(err); code != r.code || status != r.status {
			t.Errorf("want %s with %d, got %d: %v", r.code, r.status, status, err)
		}
	}
}

// EC2 API reference, "Error codes", client errors.
func TestFormsThatNameNoActionAreRefusedWithTheirCode(t *testing.T) {
	s, _ := embedded(1)
	for code, body := range map[string]string{"MissingAction": "Version=2016-11-15", "MalformedQueryString": "Action=%zz"} {
		answer := must[*http.Response](t)(s.Client().Post("https://aws.invalid", "application/x-www-form-urlencoded", strings.NewReader(body)))
		if text := string(must[[]byte](t)(io.ReadAll(answer.Body))); answer.StatusCode != http.StatusBadRequest || !strings.Contains(text, "<Code>"+code+"</Code>") {
			t.Errorf("%s: %d %s", code, answer.StatusCode, text)
		}
	}
}
