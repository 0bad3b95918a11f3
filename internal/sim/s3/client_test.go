package s3_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	api "github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"github.com/aws/smithy-go"

	"berth/internal/sim/s3"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// newClient is the SDK's own client in front of a world, so that what is tested here is tested as it will be used.
func newClient(region string) (*world.World, *api.Client) {
	w := world.New(1)
	w.Attach(nil, nil)
	service := wire.Service[*world.Call]{
		Name: "s3", Protocol: wire.RestXML, XMLNS: "http://s3.amazonaws.com/doc/2006-03-01/", Ops: s3.Operations(),
	}
	server := wire.NewServer([]wire.Service[*world.Call]{service}, func(env wire.Envelope, _ any, run func(*world.Call) (any, error)) (any, error) {
		return run(&world.Call{World: w, Region: w.Region(env.Region), Service: env.Service, Operation: env.Operation})
	}, func() string { return "request" })
	return w, api.New(api.Options{
		Region: region, UsePathStyle: true, BaseEndpoint: aws.String("http://localhost"), Retryer: aws.NopRetryer{},
		HTTPClient:  &http.Client{Transport: server.RoundTripper()},
		Credentials: credentials.NewStaticCredentialsProvider("AKIDEXAMPLE", "secret", ""),
	})
}

func code(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

func TestClientKeepsALease(t *testing.T) {
	ctx := context.Background()
	w, client := newClient("eu-west-1")
	box, key := aws.String("box"), aws.String("lease/infra")
	if _, err := client.CreateBucket(ctx, &api.CreateBucketInput{
		Bucket:                    box,
		CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: "eu-west-1"},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutBucketVersioning(ctx, &api.PutBucketVersioningInput{
		Bucket:                  box,
		VersioningConfiguration: &types.VersioningConfiguration{Status: "Enabled"},
	}); err != nil {
		t.Fatal(err)
	}
	if _, err := client.PutBucketLifecycleConfiguration(ctx, &api.PutBucketLifecycleConfigurationInput{
		Bucket: box,
		LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{{
			Status: "Enabled", Filter: &types.LifecycleRuleFilter{Prefix: aws.String("lease/")},
			NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(1)},
			Expiration:                  &types.LifecycleExpiration{ExpiredObjectDeleteMarker: aws.Bool(true)},
		}}},
	}); err != nil {
		t.Fatal(err)
	}
	first, err := client.PutObject(ctx, &api.PutObjectInput{Bucket: box, Key: key, Body: strings.NewReader("mine"), IfNoneMatch: aws.String("*")})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.PutObject(ctx, &api.PutObjectInput{Bucket: box, Key: key, Body: strings.NewReader("yours"), IfNoneMatch: aws.String("*")})
	if code(err) != "PreconditionFailed" {
		t.Errorf("a second holder: %v", err)
	}
	if _, err = client.PutObject(ctx, &api.PutObjectInput{Bucket: box, Key: key, Body: strings.NewReader("mine again"), IfMatch: first.ETag}); err != nil {
		t.Error(err)
	}
	got, err := client.GetObject(ctx, &api.GetObjectInput{Bucket: box, Key: key})
	if err != nil {
		t.Fatal(err)
	}
	if body, err := io.ReadAll(got.Body); string(body) != "mine again" || err != nil {
		t.Errorf("the lease says %q (%v)", body, err)
	}
	if _, err := client.DeleteObject(ctx, &api.DeleteObjectInput{Bucket: box, Key: key}); err != nil {
		t.Error(err)
	}
	if _, err = client.HeadObject(ctx, &api.HeadObjectInput{Bucket: box, Key: key}); code(err) != "NotFound" {
		t.Errorf("after its release: %v", err)
	}
	if _, err = client.DeleteBucket(ctx, &api.DeleteBucketInput{Bucket: box}); code(err) != "BucketNotEmpty" {
		t.Errorf("with versions left: %v", err)
	}
	w.Advance(72 * time.Hour)
	if _, err = client.DeleteBucket(ctx, &api.DeleteBucketInput{Bucket: box}); err != nil {
		t.Errorf("after three days: %v", err)
	}
}

func TestClientReadsWhatABucketIsBornWith(t *testing.T) {
	ctx := context.Background()
	_, client := newClient("us-east-1")
	box := aws.String("box")
	if _, err := client.CreateBucket(ctx, &api.CreateBucketInput{Bucket: box}); err != nil {
		t.Fatal(err)
	}
	if l, err := client.GetBucketLocation(ctx, &api.GetBucketLocationInput{Bucket: box}); err != nil || l.LocationConstraint != "" {
		t.Errorf("location is %+v (%v)", l, err)
	}
	if h, err := client.HeadBucket(ctx, &api.HeadBucketInput{Bucket: box}); err != nil || *h.BucketRegion != "us-east-1" {
		t.Errorf("head is %+v (%v)", h, err)
	}
	if e, err := client.GetBucketEncryption(ctx, &api.GetBucketEncryptionInput{Bucket: box}); err != nil ||
		e.ServerSideEncryptionConfiguration.Rules[0].ApplyServerSideEncryptionByDefault.SSEAlgorithm != "AES256" {
		t.Errorf("encryption is %+v (%v)", e, err)
	}
	if a, err := client.GetBucketAcl(ctx, &api.GetBucketAclInput{Bucket: box}); err != nil || len(a.Grants) != 1 || a.Grants[0].Permission != "FULL_CONTROL" {
		t.Errorf("acl is %+v (%v)", a, err)
	}
	if p, err := client.GetPublicAccessBlock(ctx, &api.GetPublicAccessBlockInput{Bucket: box}); err != nil || !*p.PublicAccessBlockConfiguration.RestrictPublicBuckets {
		t.Errorf("public access block is %+v (%v)", p, err)
	}
	if _, err := client.GetBucketPolicy(ctx, &api.GetBucketPolicyInput{Bucket: box}); code(err) != "NoSuchBucketPolicy" {
		t.Errorf("policy: %v", err)
	}
	if _, err := client.HeadBucket(ctx, &api.HeadBucketInput{Bucket: aws.String("none")}); code(err) != "NotFound" {
		t.Errorf("another bucket: %v", err)
	}
}
