package cloud_test

import (
	"context"
	"errors"
	"net/http"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2"

	"berth/internal/cloud"
	"berth/internal/sim/world"
)

func TestEveryServiceIsSeenByNameAlsoWhenItSucceeds(t *testing.T) {
	want := map[string][2]string{
		"ec2": {"EC2", "CreateVpc"}, "autoscaling": {"Auto Scaling", "DeleteAutoScalingGroup"},
		"elb":   {"Elastic Load Balancing", "DescribeLoadBalancers"},
		"elbv2": {"Elastic Load Balancing v2", "DeleteLoadBalancer"}, "ecs": {"ECS", "DeleteCluster"},
		"iam": {"IAM", "AddRoleToInstanceProfile"}, "sts": {"STS", "GetCallerIdentity"}, "s3": {"S3", "DeleteObject"},
		"s3-head": {"S3", "HeadBucket"}, "ssm": {"SSM", "GetParameter"}, "logs": {"CloudWatch Logs", "DeleteLogGroup"},
		"quotas": {"Service Quotas", "GetServiceQuota"},
	}
	for service, names := range want {
		for _, status := range []int{200, 400} {
			var seen []cloud.Call
			c := answering(func(*http.Request) (*http.Response, error) {
				if status == 400 {
					return framed(service, status, "Code", "because"), nil
				}
				return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body(fine(service))}, nil
			}, cloud.Options{Seen: func(c cloud.Call) { seen = append(seen, c) }})
			err := asked(c)[service](t.Context())
			if len(seen) != 1 || [2]string{seen[0].Service, seen[0].Operation} != names || seen[0].Attempt != 1 {
				t.Errorf("%s was seen as %+v", service, seen)
			} else if (err == nil) != (seen[0].Err == nil) || (status == 200) != (err == nil) {
				t.Errorf("%s %d: the caller got %v, the watcher %v", service, status, err, seen[0].Err)
			}
		}
	}
}

// fine is an answer without content.
func fine(service string) string {
	switch service {
	case "ecs", "ssm", "logs", "quotas":
		return "{}"
	case "elb":
		return "<R><DescribeLoadBalancersResult/></R>"
	case "elbv2":
		return "<R><DeleteLoadBalancerResult/></R>"
	case "sts":
		return "<R><GetCallerIdentityResult/></R>"
	case "s3", "s3-head":
		return ""
	}
	return "<R/>"
}

func TestEveryAttemptIsSeenOnce(t *testing.T) {
	s := newStage(t, world.Weather{Throttle: 1})
	_ = ways()[0].make(t.Context(), s.cloud)
	if len(s.seen) != 6 {
		t.Fatalf("%d attempts were seen", len(s.seen))
	}
	for i, c := range s.seen {
		if c.Attempt != i+1 || c.Service != "EC2" || c.Operation != "CreateVpc" || !cloud.Throttled(c.Err) {
			t.Errorf("attempt %d was seen as %+v", i+1, c)
		}
	}
}

func TestCallMadePastTheRetriesIsSeenToo(t *testing.T) {
	s := newStage(t, world.Weather{})
	if s.vpcs(); len(s.seen) != 1 || s.seen[0].Attempt != 1 {
		t.Errorf("seen: %+v", s.seen)
	}
}

func TestCallThatNeverLeftIsNotSeen(t *testing.T) {
	var seen []cloud.Call
	c := cloud.New(aws.Config{Region: "eu-west-1", Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
		return aws.Credentials{}, errors.New("the session has ended")
	})}, cloud.Options{Clock: &record{}, Seen: func(c cloud.Call) { seen = append(seen, c) }})
	if err := asked(c)["ec2"](t.Context()); err == nil || len(seen) > 0 {
		t.Errorf("%v; seen: %v", err, seen)
	}
}

// The watcher counts without a lock of its own: go test -race shows that it need not have one.
func TestWatcherIsToldOfOneCallAtATime(t *testing.T) {
	n, inside := 0, false
	c := answering(func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: body("<R/>")}, nil
	}, cloud.Options{Width: 32, Seen: func(cloud.Call) {
		if inside {
			t.Error("two calls at once")
		}
		inside = true
		n++
		inside = false
	}})
	cloud.Each(t.Context(), c, numbers(500), func(ctx context.Context, _ int) error {
		_, err := cloud.Read(ctx, c, c.EC2.DescribeVpcs, &ec2.DescribeVpcsInput{})
		return err
	})
	if n != 500 {
		t.Errorf("%d of 500 calls were counted", n)
	}
}
