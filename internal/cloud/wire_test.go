package cloud_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancing"
	"github.com/aws/aws-sdk-go-v2/service/elasticloadbalancingv2"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/servicequotas"
	"github.com/aws/aws-sdk-go-v2/service/ssm"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"berth/internal/cloud"
)

// asked is one call of every service, by the name that the tables give it.
func asked(c *cloud.Cloud) map[string]func(context.Context) error {
	name := aws.String("x")
	return map[string]func(context.Context) error{
		"ec2": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.EC2.CreateVpc, &ec2.CreateVpcInput{})
			return err
		},
		"autoscaling": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.Groups.DeleteAutoScalingGroup, &autoscaling.DeleteAutoScalingGroupInput{AutoScalingGroupName: name})
			return err
		},
		"elb": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.Classic.DescribeLoadBalancers, &elasticloadbalancing.DescribeLoadBalancersInput{})
			return err
		},
		"elbv2": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.Balance.DeleteLoadBalancer, &elasticloadbalancingv2.DeleteLoadBalancerInput{LoadBalancerArn: name})
			return err
		},
		"ecs": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.ECS.DeleteCluster, &ecs.DeleteClusterInput{Cluster: name})
			return err
		},
		"iam": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.IAM.AddRoleToInstanceProfile, &iam.AddRoleToInstanceProfileInput{InstanceProfileName: name, RoleName: name})
			return err
		},
		"sts": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.STS.GetCallerIdentity, &sts.GetCallerIdentityInput{})
			return err
		},
		"s3": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.S3.DeleteObject, &s3.DeleteObjectInput{Bucket: name, Key: name})
			return err
		},
		"s3-head": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.S3.HeadBucket, &s3.HeadBucketInput{Bucket: name})
			return err
		},
		"ssm": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.SSM.GetParameter, &ssm.GetParameterInput{Name: name})
			return err
		},
		"logs": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.Logs.DeleteLogGroup, &cloudwatchlogs.DeleteLogGroupInput{LogGroupName: name})
			return err
		},
		"quotas": func(ctx context.Context) error {
			_, err := cloud.Write(ctx, c, c.Quotas.GetServiceQuota, &servicequotas.GetServiceQuotaInput{ServiceCode: name, QuotaCode: name})
			return err
		},
	}
}

// framed is an error as the service sends it.
func framed(service string, status int, code, message string) *http.Response {
	r := &http.Response{StatusCode: status, Header: http.Header{}}
	text, id := "", "request-1"
	switch service {
	case "ec2":
		text = fmt.Sprintf("<Response><Errors><Error><Code>%s</Code><Message>%s</Message></Error></Errors><RequestID>%s</RequestID></Response>", code, message, id)
	case "ecs", "ssm", "logs", "quotas":
		r.Header.Set("X-Amzn-Requestid", id)
		r.Header.Set("Content-Type", "application/x-amz-json-1.1")
		text = fmt.Sprintf(`{"__type":%q,"message":%q}`, code, message)
	case "s3":
		r.Header.Set("X-Amz-Request-Id", id)
		text = fmt.Sprintf("<Error><Code>%s</Code><Message>%s</Message><RequestId>%s</RequestId></Error>", code, message, id)
	case "s3-head":
		r.Header.Set("X-Amz-Request-Id", id)
	default:
		text = fmt.Sprintf("<ErrorResponse><Error><Type>Sender</Type><Code>%s</Code><Message>%s</Message></Error><RequestId>%s</RequestId></ErrorResponse>", code, message, id)
	}
	r.Body = io.NopCloser(strings.NewReader(text))
	return r
}

// answering is a Cloud whose every request gets what f says, and whose clock does not make anybody wait.
func answering(f func(*http.Request) (*http.Response, error), o cloud.Options) *cloud.Cloud {
	if o.Clock == nil {
		o.Clock = &record{}
	}
	o.PathStyle = true
	return cloud.New(aws.Config{
		Region: "eu-west-1", HTTPClient: smithyhttp.ClientDoFunc(f),
		Credentials: credentials.NewStaticCredentialsProvider("AKIA", "secret", ""),
	}, o)
}

// answer is the error that a service's call gives for such an answer.
func answer(t *testing.T, service string, status int, code, message string) error {
	t.Helper()
	c := answering(func(*http.Request) (*http.Response, error) { return framed(service, status, code, message), nil }, cloud.Options{})
	err := asked(c)[service](t.Context())
	if err == nil {
		t.Fatalf("%s: an answer of %d %s is no error", service, status, code)
	}
	return err
}

// record is a clock that notes how long it was asked to sleep; only sleeping moves it.
type record struct {
	slept  []time.Duration
	before func() // called before every sleep
}

func (r *record) total() (sum time.Duration) {
	for _, d := range r.slept {
		sum += d
	}
	return sum
}

func (r *record) Now() time.Time { return time.Unix(0, 0).Add(r.total()) }

func (r *record) Sleep(ctx context.Context, d time.Duration) error {
	if r.before != nil {
		r.before()
	}
	r.slept = append(r.slept, d)
	return ctx.Err()
}

func body(text string) io.ReadCloser { return io.NopCloser(strings.NewReader(text)) }

func refusedConnection() error {
	return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
}
