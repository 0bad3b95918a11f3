package wire_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/ec2"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	ecstypes "github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/smithy-go"

	"berth/internal/sim/wire"
	"berth/internal/sim/wire/wiretest"
)

const requestID = "00000000-0000-4000-8000-000000000001"

// serve makes a server of the given services that answers every call with one function's result.
func serve(answer func(env wire.Envelope, in any) (any, error), services ...string) *wire.Server[struct{}] {
	var all []wire.Service[struct{}]
	for _, name := range services {
		all = append(all, wiretest.Service(name))
	}
	return wire.NewServer(all,
		func(env wire.Envelope, in any, _ func(struct{}) (any, error)) (any, error) { return answer(env, in) },
		func() string { return requestID })
}

// refuse makes a server that refuses every call.
func refuse(err error) *wire.Server[struct{}] {
	return serve(func(wire.Envelope, any) (any, error) { return nil, err }, wiretest.Names()...)
}

// post sends a raw request to a server and returns status and body.
func post(t *testing.T, h http.Handler, r *http.Request) (int, string) {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w.Code, w.Body.String()
}

// form makes a query request.
func form(body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

// target makes an AWS JSON request.
func target(operation, body string) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
	r.Header.Set("X-Amz-Target", operation)
	return r
}

func TestTypedFunctionsServeTheRealClient(t *testing.T) {
	var vpcs []types.Vpc
	type world = *[]types.Vpc
	services := []wire.Service[world]{{
		Name: "ec2", Protocol: wire.EC2Query, Route: "2016-11-15", XMLNS: "http://ec2.amazonaws.com/doc/2016-11-15/",
		Ops: map[string]wire.Operation[world]{
			"CreateVpc": wire.Op(func(w world, in *ec2.CreateVpcInput) (*ec2.CreateVpcOutput, error) {
				vpc := types.Vpc{VpcId: aws.String("vpc-0123456789abcdef0"), CidrBlock: in.CidrBlock, Tags: in.TagSpecifications[0].Tags}
				*w = append(*w, vpc)
				return &ec2.CreateVpcOutput{Vpc: &vpc}, nil
			}),
			"DescribeVpcs": wire.Op(func(w world, _ *ec2.DescribeVpcsInput) (*ec2.DescribeVpcsOutput, error) {
				return &ec2.DescribeVpcsOutput{Vpcs: *w}, nil
			}),
			"DeleteVpc": wire.Op(func(world, *ec2.DeleteVpcInput) (*ec2.DeleteVpcOutput, error) { return nil, nil }),
		},
	}}
	var seen wire.Envelope
	server := wire.NewServer(services, func(env wire.Envelope, _ any, run func(world) (any, error)) (any, error) {
		seen = env
		return run(&vpcs)
	}, func() string { return requestID })
	client, ctx := ec2.NewFromConfig(wiretest.Config(server.RoundTripper())), context.Background()

	made, err := client.CreateVpc(ctx, &ec2.CreateVpcInput{
		CidrBlock:         aws.String("10.0.0.0/16"),
		TagSpecifications: []types.TagSpecification{{ResourceType: types.ResourceTypeVpc, Tags: []types.Tag{{Key: aws.String("Name"), Value: aws.String("<prod & co>")}}}},
	})
	if err != nil || aws.ToString(made.Vpc.Tags[0].Value) != "<prod & co>" {
		t.Fatalf("CreateVpc: %v, %+v", err, made)
	}
	want := wire.Envelope{Service: "ec2", Operation: "CreateVpc", Region: wiretest.Region, AccessKey: wiretest.AccessKey, RequestID: requestID}
	if seen != want {
		t.Errorf("the call arrived as %+v, want %+v", seen, want)
	}
	read, err := client.DescribeVpcs(ctx, &ec2.DescribeVpcsInput{})
	if err != nil || len(read.Vpcs) != 1 || aws.ToString(read.Vpcs[0].CidrBlock) != "10.0.0.0/16" {
		t.Fatalf("DescribeVpcs: %v, %+v", err, read)
	}
	if _, err := client.DeleteVpc(ctx, &ec2.DeleteVpcInput{VpcId: made.Vpc.VpcId}); err != nil {
		t.Errorf("an operation that returns nil gives an empty answer, not %v", err)
	}
}

func TestRefusalsReachTheClientInEveryProtocol(t *testing.T) {
	cfg := wiretest.Config(refuse(&wire.Error{Code: "Some.Code", Message: "no <b> & \"more\"", Status: http.StatusConflict}).RoundTripper())
	ctx := context.Background()
	calls := map[string]func() error{
		"ec2": func() error { _, err := ec2.NewFromConfig(cfg).DescribeVpcs(ctx, nil); return err },
		"autoscaling": func() error {
			_, err := autoscaling.NewFromConfig(cfg).DescribeAutoScalingGroups(ctx, nil)
			return err
		},
		"ecs": func() error { _, err := ecs.NewFromConfig(cfg).ListClusters(ctx, nil); return err },
		"s3":  func() error { _, err := s3.NewFromConfig(cfg).ListBuckets(ctx, nil); return err },
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			err := call()
			api, ok := errors.AsType[smithy.APIError](err)
			if !ok || api.ErrorCode() != "Some.Code" || api.ErrorMessage() != "no <b> & \"more\"" {
				t.Errorf("the client saw %v", err)
			}
			if http, ok := errors.AsType[interface {
				error
				HTTPStatusCode() int
				ServiceRequestID() string
			}](err); !ok || http.HTTPStatusCode() != 409 || http.ServiceRequestID() != requestID {
				t.Errorf("status or request id is lost in %v", err)
			}
		})
	}
}

func TestRefusalsBecomeTheClientsTypes(t *testing.T) {
	cfg := wiretest.Config(refuse(wire.Errorf("ClusterNotFoundException", "Cluster not found.")).RoundTripper())
	_, err := ecs.NewFromConfig(cfg).DeleteCluster(context.Background(), &ecs.DeleteClusterInput{Cluster: aws.String("x")})
	if _, ok := errors.AsType[*ecstypes.ClusterNotFoundException](err); !ok {
		t.Errorf("%v is no ClusterNotFoundException", err)
	}
}

func TestErrorsOfTheSDKAndOthersAreRendered(t *testing.T) {
	for _, test := range []struct {
		err    error
		status int
		code   string
	}{
		{&ecstypes.ServerException{Message: aws.String("oops")}, 500, `"ServerException"`},
		{&ecstypes.ClientException{Message: aws.String("no")}, 400, `"ClientException"`},
		{errors.New("boom"), 500, `"InternalFailure"`},
		{wire.Errorf("X", "y").WithStatus(503), 503, `"X"`},
	} {
		status, body := post(t, refuse(test.err), target("AmazonEC2ContainerServiceV20141113.ListClusters", "{}"))
		if status != test.status || !strings.Contains(body, test.code) {
			t.Errorf("%v: %d %s", test.err, status, body)
		}
	}
}

func TestAnAnswerOfTheWrongTypeIsAnInternalFailure(t *testing.T) {
	for _, out := range []any{&ec2.DescribeVpcsOutput{}, ecs.ListClustersOutput{}, (*ecs.ListClustersOutput)(nil)} {
		h := serve(func(wire.Envelope, any) (any, error) { return out, nil }, "ecs")
		status, body := post(t, h, target("AmazonEC2ContainerServiceV20141113.ListClusters", "{}"))
		if status != 500 || !strings.Contains(body, "InternalFailure") {
			t.Errorf("%T: %d %s", out, status, body)
		}
	}
}

func TestWhatNobodyServesIsRefusedLoudly(t *testing.T) {
	h := refuse(nil)
	for _, test := range []struct {
		name   string
		r      *http.Request
		status int
		want   string
	}{
		{"unknown EC2 action", form("Action=FlyVpc&Version=2016-11-15"), 400, "<Code>InvalidAction</Code><Message>The action FlyVpc is not"},
		{"unknown IAM action", form("Action=FlyRole&Version=2010-05-08"), 400, "<Code>InvalidAction</Code><Message>The action FlyRole is not"},
		{"no action", form("Version=2016-11-15"), 400, "<Code>MissingAction</Code>"},
		{"unknown version", form("Action=DescribeVpcs&Version=1999-01-01"), 400, "<Code>NoSuchVersion</Code>"},
		{"unknown JSON operation", target("AmazonSSM.Fly", "{}"), 400, `"__type":"UnknownOperationException"`},
		{"unknown target", target("AmazonX.Fly", "{}"), 400, `"__type":"UnknownOperationException"`},
		{"S3 operation by method", httptest.NewRequest(http.MethodPatch, "/bucket/key", nil), 405, "<Code>MethodNotAllowed</Code>"},
		{"broken form", form("Action=%zz"), 400, "<Code>MalformedQueryString</Code>"},
		{"form with a wrong number", form("Action=DescribeVpcs&Version=2016-11-15&MaxResults=five"), 400, "<Code>MalformedQueryString</Code>"},
		{"deep form", form("Action=DescribeVpcs&Version=2016-11-15&" + strings.Repeat("a.", 500) + "=1"), 400, "<Code>MalformedQueryString</Code>"},
		{"broken JSON", target("AmazonSSM.GetParameter", `{"Name":`), 400, `"__type":"SerializationException"`},
		{"JSON of another type", target("AmazonSSM.GetParameter", `{"Name":["a"]}`), 400, `"__type":"SerializationException"`},
		{"JSON and more", target("AmazonSSM.GetParameter", `{"Name":"a"} x`), 400, `"__type":"SerializationException"`},
		{"broken XML", httptest.NewRequest(http.MethodPut, "/bucket?tagging", strings.NewReader("<Tagging>")), 400, "<Code>MalformedXML</Code>"},
	} {
		t.Run(test.name, func(t *testing.T) {
			status, body := post(t, h, test.r)
			if status != test.status || !strings.Contains(body, test.want) {
				t.Errorf("%d %s, want %d %s", status, body, test.status, test.want)
			}
		})
	}
}

func TestAnS3OperationThatIsNotServedIsNotTakenForAnother(t *testing.T) {
	h := wire.NewServer([]wire.Service[struct{}]{wiretest.Service("s3", "GetObject", "ListObjectsV2", "PutObject")},
		func(wire.Envelope, any, func(struct{}) (any, error)) (any, error) { return nil, nil }, func() string { return requestID })
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodGet, "/bucket?acl", nil),
		httptest.NewRequest(http.MethodGet, "/bucket", nil),
		httptest.NewRequest(http.MethodGet, "/bucket/key?retention", nil),
		httptest.NewRequest(http.MethodPut, "/bucket/key?uploadId=1&partNumber=1", nil),
	} {
		if status, body := post(t, h, r); status != 501 || !strings.Contains(body, "NotImplemented") {
			t.Errorf("%s: %d %s", r.URL, status, body)
		}
	}
	if status, body := post(t, h, httptest.NewRequest(http.MethodGet, "/bucket?list-type=2", nil)); status != 200 {
		t.Errorf("ListObjectsV2: %d %s", status, body)
	}
}

func TestQueriesMayComeByGET(t *testing.T) {
	var got any
	h := serve(func(_ wire.Envelope, in any) (any, error) { got = in; return nil, nil }, "iam")
	r := httptest.NewRequest(http.MethodGet, "/?Action=GetRole&Version=2010-05-08&RoleName=ecs", nil)
	status, body := post(t, h, r)
	in, ok := got.(*iam.GetRoleInput)
	if status != 200 || !ok || aws.ToString(in.RoleName) != "ecs" || !strings.Contains(body, "<GetRoleResult></GetRoleResult>") {
		t.Errorf("%d %s, %+v", status, body, got)
	}
}

func TestTheScopeComesFromHeaderOrPresignedURL(t *testing.T) {
	for _, test := range []struct{ header, query, key, region string }{
		{"AWS4-HMAC-SHA256 Credential=AK/20260101/eu-west-1/ec2/aws4_request, SignedHeaders=host, Signature=0", "", "AK", "eu-west-1"},
		{"", "?X-Amz-Credential=AK%2F20260101%2Fus-east-1%2Fiam%2Faws4_request", "AK", "us-east-1"},
		{"Bearer x", "", "", ""},
		{"AWS4-HMAC-SHA256 Credential=AK", "", "AK", ""},
	} {
		var env wire.Envelope
		h := serve(func(e wire.Envelope, _ any) (any, error) { env = e; return nil, nil }, "s3")
		r := httptest.NewRequest(http.MethodGet, "/bucket/key"+test.query, nil)
		r.Header.Set("Authorization", test.header)
		post(t, h, r)
		if env.AccessKey != test.key || env.Region != test.region {
			t.Errorf("%q %q: %+v", test.header, test.query, env)
		}
	}
}

func TestInProcessAndSocketGiveTheSameAnswers(t *testing.T) {
	h := serve(func(wire.Envelope, any) (any, error) { return nil, nil }, "ec2", "ecs")
	h.Date = func() time.Time { return time.Date(2026, 1, 2, 3, 4, 5, 0, time.FixedZone("x", 3600)) }
	server := httptest.NewServer(h)
	defer server.Close()
	request := func(url string) *http.Request {
		r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, strings.NewReader("Action=DescribeVpcs&Version=2016-11-15"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		return r
	}
	near, err := h.RoundTripper().RoundTrip(request("https://sim/"))
	if err != nil {
		t.Fatal(err)
	}
	far, err := server.Client().Do(request(server.URL))
	if err != nil {
		t.Fatal(err)
	}
	defer far.Body.Close()
	a, errA := io.ReadAll(near.Body)
	b, errB := io.ReadAll(far.Body)
	if errA != nil || errB != nil || !bytes.Equal(a, b) || near.StatusCode != far.StatusCode || near.ContentLength != far.ContentLength {
		t.Errorf("in process %d %s, by socket %d %s", near.StatusCode, a, far.StatusCode, b)
	}
	if near.Header.Get("Date") != "Fri, 02 Jan 2026 02:04:05 GMT" {
		t.Errorf("Date: %q", near.Header.Get("Date"))
	}
	for name := range far.Header {
		if name != "Date" && near.Header.Get(name) != far.Header.Get(name) {
			t.Errorf("%s: %q in process, %q by socket", name, near.Header.Get(name), far.Header.Get(name))
		}
	}
}

func TestACallWhoseContextIsOverFails(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/", nil)
	if _, err := refuse(nil).RoundTripper().RoundTrip(r); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestConcurrentCallsShareTheirPlans(t *testing.T) {
	h := serve(func(wire.Envelope, any) (any, error) { return nil, nil }, "ec2", "ecs")
	for range 8 {
		t.Run("call", func(t *testing.T) {
			t.Parallel()
			for _, r := range []*http.Request{
				form("Action=RunInstances&Version=2016-11-15&TagSpecification.1.Tag.1.Key=a"),
				target("AmazonEC2ContainerServiceV20141113.CreateService", `{"serviceName":"a"}`),
			} {
				if status, body := post(t, h, r); status != 200 {
					t.Errorf("%d %s", status, body)
				}
			}
		})
	}
}

func TestTheBarestRequestIsAnswered(t *testing.T) {
	r := (&http.Request{Method: http.MethodPut, URL: &url.URL{Path: "/b/k"}}).WithContext(context.Background())
	answer, err := serve(func(wire.Envelope, any) (any, error) { return nil, nil }, "s3").RoundTripper().RoundTrip(r)
	if err != nil || answer.StatusCode != http.StatusOK {
		t.Errorf("%v, %+v", err, answer)
	}
}
