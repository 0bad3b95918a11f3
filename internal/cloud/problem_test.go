package cloud_test

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"

	"berth/internal/cloud"
)

func TestProblemNamesOperationCodeAndRequest(t *testing.T) {
	for service, want := range map[string]string{
		"ec2":         "ec2:CreateVpc: Code: because (request request-1)",
		"autoscaling": "autoscaling:DeleteAutoScalingGroup: Code: because (request request-1)",
		"elb":         "elasticloadbalancing:DescribeLoadBalancers: Code: because (request request-1)",
		"elbv2":       "elasticloadbalancing:DeleteLoadBalancer: Code: because (request request-1)",
		"ecs":         "ecs:DeleteCluster: Code: because (request request-1)",
		"iam":         "iam:AddRoleToInstanceProfile: Code: because (request request-1)",
		"sts":         "sts:GetCallerIdentity: Code: because (request request-1)",
		"s3":          "s3:DeleteObject: Code: because (request request-1)",
		"s3-head":     "s3:HeadBucket: BadRequest: Bad Request (request request-1)",
		"ssm":         "ssm:GetParameter: Code: because (request request-1)",
		"logs":        "logs:DeleteLogGroup: Code: because (request request-1)",
		"quotas":      "servicequotas:GetServiceQuota: Code: because (request request-1)",
	} {
		p, ok := cloud.ProblemOf(fmt.Errorf("making the network: %w", answer(t, service, 400, "Code", "because")))
		if !ok || p.String() != want || p.Action != "" {
			t.Errorf("got  %q, action %q\nwant %q", p.String(), p.Action, want)
		}
	}
}

func TestErrorThatIsNotAWSsIsNoProblem(t *testing.T) {
	for _, err := range []error{errors.New("no such file"), nil} {
		if p, ok := cloud.ProblemOf(err); ok {
			t.Errorf("%v is a problem: %+v", err, p)
		}
	}
}

func TestProblemOfTheNetworkSaysWhatTheNetworkSaid(t *testing.T) {
	c := answering(func(*http.Request) (*http.Response, error) { return nil, refusedConnection() }, cloud.Options{})
	p, ok := cloud.ProblemOf(asked(c)["ec2"](t.Context()))
	if !ok || p.Operation != "ec2:CreateVpc" || p.Code != "" || p.RequestID != "" || !strings.Contains(p.Message, "connection refused") {
		t.Errorf("%+v", p)
	}
}

func TestMissingPermissionIsNamed(t *testing.T) {
	encoded := strings.Repeat("x1Yz", 500)
	for _, one := range []struct {
		service, code string
		message       string
		action, text  string // text: empty for the message itself
	}{
		{"ec2", "UnauthorizedOperation", "You are not authorized to perform this operation.", "ec2:CreateVpc", ""},
		{
			"ec2", "UnauthorizedOperation",
			"You are not authorized to perform this operation. Encoded authorization failure message: " + encoded,
			"ec2:CreateVpc", "You are not authorized to perform this operation.",
		},
		{
			"ec2", "UnauthorizedOperation",
			"You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/ann is not authorized to perform: " +
				"ec2:CreateTags on resource: arn:aws:ec2:eu-west-1:123456789012:vpc/* because no identity-based policy allows the " +
				"ec2:CreateTags action. Encoded authorization failure message: " + encoded,
			"ec2:CreateTags",
			"You are not authorized to perform this operation. User: arn:aws:iam::123456789012:user/ann is not authorized to perform: " +
				"ec2:CreateTags on resource: arn:aws:ec2:eu-west-1:123456789012:vpc/* because no identity-based policy allows the " +
				"ec2:CreateTags action.",
		},
		{"autoscaling", "AccessDenied", "User: arn:aws:sts::123456789012:assumed-role/ci/x is not authorized to perform: iam:PassRole on resource: arn:aws:iam::123456789012:role/y", "iam:PassRole", ""},
		{"autoscaling", "AccessDenied", "You are not authorized to use launch template: lt-1", "ec2:RunInstances", ""},
		{"ecs", "AccessDeniedException", "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: ecs:DeleteCluster on resource: * with an explicit deny in a service control policy", "ecs:DeleteCluster", ""},
		{"iam", "AccessDenied", "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: iam:AddRoleToInstanceProfile on resource: instance profile x", "iam:AddRoleToInstanceProfile", ""},
		{"elbv2", "AccessDenied", "User: x is not authorized to perform: elasticloadbalancing:DeleteLoadBalancer on resource: y", "elasticloadbalancing:DeleteLoadBalancer", ""},
		{"quotas", "AccessDeniedException", "User: x is not authorized to perform: servicequotas:GetServiceQuota", "servicequotas:GetServiceQuota", ""},
		{"logs", "AccessDeniedException", "User: x is not authorized to perform: logs:DeleteLogGroup on resource: y", "logs:DeleteLogGroup", ""},
		{"ssm", "AccessDeniedException", "", "ssm:GetParameter", ""},
		{"s3", "AccessDenied", "Access Denied", "s3:DeleteObject", ""},
		{"s3-head", "Forbidden", "Forbidden", "s3:ListBucket", ""},
	} {
		err := answer(t, one.service, 403, one.code, one.message)
		p, ok := cloud.ProblemOf(err)
		want := one.text
		if want == "" {
			want = one.message
		}
		if !ok || p.Action != one.action || p.Message != want || cloud.Message(err) != want {
			t.Errorf("%s: lacks %q, want %q; it says %q", one.service, p.Action, one.action, p.Message)
		}
	}
}

// The permissions of S3 are named otherwise than its operations.
func TestMissingPermissionForABucketIsS3sOwnName(t *testing.T) {
	c := answering(func(*http.Request) (*http.Response, error) {
		return framed("s3", 403, "AccessDenied", "Access Denied"), nil
	}, cloud.Options{})
	box := aws.String("box")
	ask := map[string]func() error{
		"s3:ListBucketVersions": func() error {
			_, err := c.S3.ListObjectVersions(t.Context(), &s3.ListObjectVersionsInput{Bucket: box})
			return err
		},
		"s3:ListBucket": func() error {
			_, err := c.S3.ListObjectsV2(t.Context(), &s3.ListObjectsV2Input{Bucket: box})
			return err
		},
		"s3:GetBucketPublicAccessBlock": func() error {
			_, err := c.S3.GetPublicAccessBlock(t.Context(), &s3.GetPublicAccessBlockInput{Bucket: box})
			return err
		},
		"s3:GetLifecycleConfiguration": func() error {
			_, err := c.S3.GetBucketLifecycleConfiguration(t.Context(), &s3.GetBucketLifecycleConfigurationInput{Bucket: box})
			return err
		},
		"s3:GetEncryptionConfiguration": func() error {
			_, err := c.S3.GetBucketEncryption(t.Context(), &s3.GetBucketEncryptionInput{Bucket: box})
			return err
		},
		"s3:GetBucketTagging": func() error {
			_, err := c.S3.GetBucketTagging(t.Context(), &s3.GetBucketTaggingInput{Bucket: box})
			return err
		},
	}
	for want, call := range ask {
		if p, ok := cloud.ProblemOf(call()); !ok || p.Action != want {
			t.Errorf("lacks %q, want %q", p.Action, want)
		}
	}
}
