package problem

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"

	"berth/internal/check"
	"berth/internal/config"
	"berth/internal/drive"
	"berth/internal/lease"
	"berth/internal/model"
	"berth/internal/permit"
	"berth/internal/plan"
	"berth/internal/sim"
	"berth/internal/sim/world"
)

// here is where the runs of these tests stand.
var here = Place{
	Flags: " -f prod.tfvars", Command: "berth apply -f prod.tfvars --yes", Region: "eu-west-1", Verb: "apply",
	Cluster: permit.Cluster{Scope: model.Scope{Region: "eu-west-1", Environment: "prod", Cluster: "shop"}, LogPrefix: "prod_shop"},
}

// called is an answer of AWS as the SDK wraps it.
func called(service, operation string, status int, err error) error {
	answer := &awshttp.ResponseError{RequestID: "req-1", ResponseError: &smithyhttp.ResponseError{
		Response: &smithyhttp.Response{Response: &http.Response{StatusCode: status}}, Err: err,
	}}
	return &smithy.OperationError{ServiceID: service, OperationName: operation, Err: answer}
}

func api(code, message string) error { return &smithy.GenericAPIError{Code: code, Message: message} }

func TestEveryErrorBecomesOneLineAndWhatToDo(t *testing.T) {
	since := time.Date(2026, 11, 2, 9, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name string
		err  error
		exit Exit
		want string
	}{
		{"a command line", Usage("unknown flag: --nonsense", "berth plan --help"), Misused, `
error: unknown flag: --nonsense [USE001]
hint: berth plan --help
`},
		{
			"a name that is taken", &plan.Conflict{Strays: []model.Stray{{Key: model.BucketKey(), ID: "acc", What: "bucket acc"}}}, Failed, `
error: bucket acc is in the place of bucket and is not berth's [OWN001]
hint: give the cluster another name (cluster = "…" in the file), or delete what is in the way yourself
`,
		},
		{
			"a cluster of somebody else's", &plan.Conflict{Strays: []model.Stray{{Key: model.ClusterKey(), ID: "shop", What: "ECS cluster shop"}}}, Failed, `
error: the cluster shop belongs to somebody else: its tags are not those of environment prod [OWN001]
hint: use its own file (-f), or give the cluster of this one a name of its own: cluster = "…"
`,
		},
		{"changes in a circle", &plan.Cycle{Steps: []plan.Step{{Verb: plan.Create, Key: model.VPCKey()}}}, Misused, `
error: these changes would wait for each other: create vpc [PLN002]
hint: give the new subnets ranges that no subnet has now, or go there in two steps
`},
		{"a stale plan", fmt.Errorf("stopped: %w", drive.ErrStale), Failed, `
error: the plan is stale: AWS has changed since it was made [PLN001]
hint: look at the new one: berth plan -f prod.tfvars
`},
		{
			"a file that AWS cannot be brought to", &check.Refusal{Code: "FCT001", Faults: config.Faults{
				{Code: "FCT001", Severity: config.Error, Summary: "there is no instance type", Range: config.Range{File: "a.tfvars", Line: 4, Column: 2}},
				{Code: "FCT005", Severity: config.Error, Summary: "there is no zone", Hint: "take another"},
			}}, Misused, `
error: a.tfvars:4:2: there is no instance type [FCT001]

error: there is no zone [FCT005]
hint: take another
`,
		},
		{"a quota", &check.Quota{Exceeded: []check.Excess{{Quota: model.Quota{Code: "L-F678F1CE", Name: "VPCs", Limit: 5, Used: 5}, Needed: 1}}}, Failed, `
error: the account may not have as much as the plan makes: VPCs (L-F678F1CE): 5 at most, 5 in use, 1 more needed; nothing was made [QTA001]
hint: ask AWS for more: aws service-quotas request-service-quota-increase --region eu-west-1 --service-code vpc --quota-code L-F678F1CE --desired-value 6
`},
		{"somebody at work", &lease.Held{Holder: lease.Holder{Owner: "ann", Host: "laptop", Verb: "apply", Run: "r1", Since: since}}, Failed, `
error: another run holds the cluster: ann@laptop (berth apply, since 2026-11-02T09:00:00Z) [LCK001]
hint: wait for it to end; a run that died is replaced 90 seconds after its last sign of life: berth apply -f prod.tfvars --yes
`},
		{"a lease that was lost", errors.Join(lease.ErrLost, errors.New("and more")), Failed, `
error: the lease was taken over by another run and more [LCK002]
hint: look at what the other run did: berth plan -f prod.tfvars
`},
		{"a world in use", &sim.Locked{Dir: ".berth/sim", PID: 42}, Failed, `
error: the simulation in .berth/sim is in use by process 42 [SIM001]
hint: wait for it to end: berth apply -f prod.tfvars --yes
hint: or serve one simulation to many: berth sim serve, then --endpoint-url http://127.0.0.1:4566
`},
		{"a world of another version", fmt.Errorf("world.json: %w: 9", world.ErrVersion), Failed, `
error: world.json: the saved world has another version: 9 [SIM002]
hint: forget it: berth sim reset -f prod.tfvars
`},
		{"a world that is none", Unreadable(errors.New("world.json: not a saved world"), here), Failed, `
error: world.json: not a saved world [SIM003]
hint: forget it: berth sim reset -f prod.tfvars
`},
		{"an address in use", Unserved(errors.New("listen tcp 127.0.0.1:4566: bind: address already in use")), Failed, `
error: cannot serve: listen tcp 127.0.0.1:4566: bind: address already in use [SIM004]
hint: any free port will do: berth sim serve --listen 127.0.0.1:0
`},
		{"no credentials", called("STS", "GetCallerIdentity", 403, api("ExpiredToken", "The security token has expired")), Denied, `
error: no usable AWS credentials: sts:GetCallerIdentity: ExpiredToken: The security token has expired (request req-1) [AWS001]
hint: try it without an account: berth apply -f prod.tfvars --yes --sim
hint: log in, for example: aws sso login --profile NAME, then: berth apply -f prod.tfvars --yes --profile NAME
`},
		{"a missing permission", called("EC2", "CreateVpc", 403, api("UnauthorizedOperation", "You are not authorized to perform: ec2:CreateTags on this")), Denied, `
error: missing permission ec2:CreateTags: ec2:CreateVpc: UnauthorizedOperation: You are not authorized to perform: ec2:CreateTags on this (request req-1) [AWS002]
hint: allow ec2:CreateTags to the identity that runs berth: {"Sid":"TagWhatIsMade","Effect":"Allow","Action":"ec2:CreateTags","Resource":"arn:aws:ec2:eu-west-1:*:*","Condition":{"Null":{"ec2:CreateAction":"false"},"StringEquals":{"aws:RequestTag/Cluster":"shop","aws:RequestTag/Environment":"prod"}}} (if that is allowed already, it is missing in Own or OwnWithoutKey of this verb's policy)
hint: all that this verb needs: berth iam policy --for apply -f prod.tfvars
hint: then: berth apply -f prod.tfvars --yes
`},
		{
			"a missing permission on what AWS names",
			called("ECS", "CreateCluster", 400, api("AccessDeniedException", "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ecs:CreateCluster on resource: arn:aws:ecs:eu-west-1:123456789012:cluster/shop because no identity-based policy allows the ecs:CreateCluster action")), Denied, `
error: missing permission ecs:CreateCluster: ecs:CreateCluster: AccessDeniedException: User: arn:aws:iam::123456789012:user/ci is not authorized to perform: ecs:CreateCluster on resource: arn:aws:ecs:eu-west-1:123456789012:cluster/shop because no identity-based policy allows the ecs:CreateCluster action (request req-1) [AWS002]
hint: allow ecs:CreateCluster to the identity that runs berth: {"Sid":"Containers","Effect":"Allow","Action":"ecs:CreateCluster","Resource":["arn:aws:ecs:eu-west-1:123456789012:cluster/shop","arn:aws:ecs:eu-west-1:123456789012:capacity-provider/prod_shop_*","arn:aws:ecs:eu-west-1:123456789012:container-instance/shop/*","arn:aws:ecs:eu-west-1:123456789012:service/shop/*","arn:aws:ecs:eu-west-1:123456789012:task/shop/*","arn:aws:ecs:eu-west-1:123456789012:task-definition/prod_shop_system_*"]}
hint: all that this verb needs: berth iam policy --for apply -f prod.tfvars --account 123456789012
hint: then: berth apply -f prod.tfvars --yes
`,
		},
		{
			"a boundary", called("ECS", "DeleteThing", 400, api("AccessDeniedException", "User: arn:aws:sts::123456789012:assumed-role/ci/x is not authorized to perform: ecs:DeleteThing on resource: * because no permissions boundary allows the ecs:DeleteThing action")), Denied, `
error: missing permission ecs:DeleteThing: ecs:DeleteThing: AccessDeniedException: User: arn:aws:sts::123456789012:assumed-role/ci/x is not authorized to perform: ecs:DeleteThing on resource: * because no permissions boundary allows the ecs:DeleteThing action (request req-1) [AWS002]
hint: allow ecs:DeleteThing in the permissions boundary too, which bounds what the identity's own policies allow
hint: all that this verb needs: berth iam policy --for apply -f prod.tfvars --account 123456789012
hint: then: berth apply -f prod.tfvars --yes
`,
		},
		{
			"a policy that forbids", called("IAM", "CreateRole", 403, api("AccessDenied", "User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/ecs/x with an explicit deny in a service control policy")), Denied, `
error: a policy forbids iam:CreateRole: iam:CreateRole: AccessDenied: User: arn:aws:iam::123456789012:user/ci is not authorized to perform: iam:CreateRole on resource: arn:aws:iam::123456789012:role/ecs/x with an explicit deny in a service control policy (request req-1) [AUTH001]
hint: adding a permission does not help: find what denies iam:CreateRole in the service control policy, and have it changed
hint: then: berth apply -f prod.tfvars --yes
`,
		},
		{
			"a launch template that may not be used", called("Auto Scaling", "CreateAutoScalingGroup", 403, api("AccessDenied", "You are not authorized to use launch template: lt-1")), Denied, `
error: missing permission ec2:RunInstances: autoscaling:CreateAutoScalingGroup: AccessDenied: You are not authorized to use launch template: lt-1 (request req-1) [AWS002]
hint: allow ec2:RunInstances to the identity that runs berth: {"Sid":"Own","Effect":"Allow","Action":"ec2:RunInstances","Resource":"arn:aws:ec2:eu-west-1:*:*","Condition":{"StringLike":{"aws:ResourceTag/berth:key":"prod_shop:*"}}} (if that is allowed already, it is missing in OwnWithoutKey or Launch of this verb's policy)
hint: Auto Scaling does not say which is missing of ec2:RunInstances, ec2:CreateTags and iam:PassRole
hint: all that this verb needs: berth iam policy --for apply -f prod.tfvars
hint: then: berth apply -f prod.tfvars --yes
`,
		},
		{"a quota that AWS saw first", called("EC2", "CreateVpc", 400, api("VpcLimitExceeded", "The maximum number of VPCs has been reached.")), Failed, `
error: ec2:CreateVpc: VpcLimitExceeded: The maximum number of VPCs has been reached. (request req-1) [QTA001]
hint: ask AWS for more in the Service Quotas console, then: berth apply -f prod.tfvars --yes
`},
		{"a breakdown", called("Auto Scaling", "UpdateAutoScalingGroup", 500, api("InternalFailure", "sorry")), Failed, `
error: AWS does not answer: autoscaling:UpdateAutoScalingGroup: InternalFailure: sorry (request req-1) [AWS003]
hint: check aws_region (eu-west-1) and the network, then: berth apply -f prod.tfvars --yes
`},
		{"anything else of AWS", called("EC2", "CreateVpc", 400, api("InvalidParameterValue", "no \x1b[31mcolour\nhere")), Failed, `
error: ec2:CreateVpc: InvalidParameterValue: no colour here (request req-1) [AWS004]
`},
		{"a bucket that is not there", &smithy.OperationError{
			ServiceID: "EC2", OperationName: "CreateFlowLogs", Err: api("400", "LogDestination: acme-missing does not exist"),
		}, Failed, `
error: ec2:CreateFlowLogs: 400: LogDestination: acme-missing does not exist [AWS005]
hint: flow_logs names a bucket that is not there or does not let delivery.logs.amazonaws.com write; look: aws s3api head-bucket --bucket BUCKET, and aws s3api get-bucket-policy --bucket BUCKET; or write flow_logs = "cloudwatch"
hint: then: berth apply -f prod.tfvars --yes
`},
		{"access logs that cannot be written", called("Elastic Load Balancing v2", "ModifyLoadBalancerAttributes", 400, api("InvalidConfigurationRequest", "Access Denied for bucket: acme. Please check S3bucket permission")), Failed, `
error: elasticloadbalancing:ModifyLoadBalancerAttributes: InvalidConfigurationRequest: Access Denied for bucket: acme. Please check S3bucket permission (request req-1) [AWS005]
hint: access_logs names a bucket that is not there, in another region, or that does not let Elastic Load Balancing write; look: aws s3api head-bucket --bucket BUCKET, and aws s3api get-bucket-policy --bucket BUCKET; or leave access_logs out
hint: then: berth apply -f prod.tfvars --yes
`},
		{"a certificate that is not there", called("Elastic Load Balancing", "CreateLoadBalancerListeners", 400, api("CertificateNotFound", "Server Certificate not found for the key: arn")), Failed, `
error: elasticloadbalancing:CreateLoadBalancerListeners: CertificateNotFound: Server Certificate not found for the key: arn (request req-1) [AWS005]
hint: certificate_arn names a certificate that cannot be used; those that are there: aws acm list-certificates --region eu-west-1 --certificate-statuses ISSUED
hint: then: berth apply -f prod.tfvars --yes
`},
		{"a role that is not there", called("IAM", "CreateRole", 400, api("MalformedPolicyDocument", "Invalid principal in policy: \"AWS\":\"arn:aws:iam::1:role/x\"")), Failed, `
error: iam:CreateRole: MalformedPolicyDocument: Invalid principal in policy: "AWS":"arn:aws:iam::1:role/x" (request req-1) [AWS005]
hint: deployer.principal_arns names a user or role that is not there; look: aws iam get-role --role-name NAME
hint: then: berth apply -f prod.tfvars --yes
`},
		{"a key pair that is not there", drive.Unsettled("it takes too long: 0 of 2 instances in service: The key pair 'ops' does not exist."), Failed, `
error: it takes too long: 0 of 2 instances in service: The key pair 'ops' does not exist. [RUN001]
hint: key_name names no key pair of the region; those that are there: aws ec2 describe-key-pairs --region eu-west-1
hint: then: berth apply -f prod.tfvars --yes
`},
		{"what takes too long", drive.Unsettled("it takes too long: 0 of 2 instances in service"), Failed, `
error: it takes too long: 0 of 2 instances in service [RUN001]
hint: look at what stands: berth status -f prod.tfvars; when the reason is gone: berth apply -f prod.tfvars --yes
`},
		{"a file", &fs.PathError{Op: "open", Path: "missing/x.svg", Err: syscall.ENOENT}, Failed, `
error: open missing/x.svg: no such file or directory [FIL001]
hint: check that it is there and may be used: ls -ld missing/x.svg
`},
		{"what nobody has thought of", errors.New("boom"), Failed, `
error: boom [BUG001]
`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Of(t.Context(), c.err, here)
			var b bytes.Buffer
			p.Write(&b)
			if got := b.String(); got != strings.TrimPrefix(c.want, "\n") || p.Exit != c.exit {
				t.Errorf("exit %d:\n%s\nwant exit %d:%s", p.Exit, got, c.exit, c.want)
			}
			if _, ok := Explain(p.Code); !ok && p.Whole == "" {
				t.Errorf("%s has no page", p.Code)
			}
		})
	}
}

func TestAnInterruptionIsNoFailureOfWhatWasInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	lost := &smithy.OperationError{ServiceID: "EC2", OperationName: "DescribeVpcs", Err: &smithy.CanceledError{Err: context.Canceled}}
	if p := Of(ctx, lost, here); p.Exit == Interrupted {
		t.Errorf("nobody interrupted the run: %+v", p)
	}
	cancel()
	if p := Of(ctx, errors.Join(errors.New("first"), lost), here); p.Exit != Interrupted || p.Code != "INT001" {
		t.Errorf("%+v", p)
	}
	if p := Of(ctx, errors.New("boom"), here); p.Exit != Failed {
		t.Errorf("%+v", p)
	}
}

func TestCredentialsForAnEndpointMayBeAnything(t *testing.T) {
	at := here
	at.Endpoint = "http://127.0.0.1:4566"
	p := Of(t.Context(), called("EC2", "DescribeVpcs", 401, api("AuthFailure", "no")), at)
	if p.Code != "AWS001" || !slices.Equal(p.Hints, []string{
		"an endpoint wants credentials too, and berth sim serve takes any: AWS_ACCESS_KEY_ID=any AWS_SECRET_ACCESS_KEY=any berth apply -f prod.tfvars --yes",
	}) {
		t.Errorf("%+v", p)
	}
}

func TestAnEndpointThatRefusesIsToldShortly(t *testing.T) {
	at := Place{Endpoint: "http://127.0.0.1:9"}
	for _, c := range []struct {
		err  error
		want string
	}{
		{&net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}, "connection refused"},
		{&net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "nowhere.invalid"}}, "no such host"},
		{errors.New("odd"), "odd"},
	} {
		if p := Unreachable(c.err, at); p.Text != "nothing answers at http://127.0.0.1:9: "+c.want || p.Code != "AWS003" {
			t.Errorf("%q", p.Text)
		}
	}
}

func TestEveryPageIsInOrderAndFits(t *testing.T) {
	if !slices.IsSorted(Codes()) {
		t.Errorf("the pages are out of order: %v", Codes())
	}
	for _, code := range Codes() {
		text, ok := Explain(code)
		if !ok || !strings.HasPrefix(text, code+": ") || !strings.Contains(text, "What it means") || !strings.Contains(text, "What to do") {
			t.Errorf("%s: %q", code, text)
		}
		for line := range strings.Lines(text) {
			if len([]rune(line)) > 121 {
				t.Errorf("%s: too wide: %s", code, line)
			}
		}
	}
	if _, ok := Explain("NO001"); ok {
		t.Error("NO001 means nothing")
	}
}

func TestShellQuotesOnlyWhatNeedsIt(t *testing.T) {
	for _, c := range []struct {
		words []string
		want  string
	}{
		{[]string{"berth", "plan", "-f", "a/b.tfvars"}, "berth plan -f a/b.tfvars"},
		{[]string{"--var", `zones=["a", "b"]`}, `--var 'zones=["a", "b"]'`},
		{[]string{"it's", "", "~", "$HOME", "a\nb"}, `'it'\''s' '' '~' '$HOME' 'a` + "\n" + `b'`},
	} {
		if got := Shell(c.words...); got != c.want {
			t.Errorf("%q became %s, want %s", c.words, got, c.want)
		}
	}
}
