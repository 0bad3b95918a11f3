package s3

import (
	"errors"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func newCall(region string) *world.Call {
	w := world.New(1)
	w.Attach(nil, nil)
	return &world.Call{World: w, Region: w.Region(region), Service: "s3"}
}

// in is the same world seen from another region.
func in(c *world.Call, region string) *world.Call {
	return &world.Call{World: c.World, Region: c.World.Region(region), Service: "s3"}
}

// tester is what both testing.T and rapid.T can do.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

func ok[O any](t tester) func(O, error) O {
	return func(out O, err error) O {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func refused(t *testing.T, err error, code string, status int, message string) {
	t.Helper()
	e, is := errors.AsType[*wire.Error](err)
	if !is {
		t.Fatalf("got %v, want a refusal with %s", err, code)
	}
	if e.Status == 0 {
		e = e.WithStatus(400)
	}
	if e.Code != code || e.Status != status || e.Message != message {
		t.Fatalf("got  %d %s %q\nwant %d %s %q", e.Status, e.Code, e.Message, status, code, message)
	}
}

// makeBucket makes the bucket "box" with the given versioning status, in the call's region.
func makeBucket(t tester, c *world.Call, status types.BucketVersioningStatus) *world.StorageBucket {
	t.Helper()
	ok[*s3.CreateBucketOutput](t)(CreateBucket(c, &s3.CreateBucketInput{Bucket: aws.String("box"), CreateBucketConfiguration: located(c.Region.Name)}))
	if status != "" {
		setVersioning(t, c, status)
	}
	b, _ := c.S3.Buckets.Get("box")
	return b
}

func located(region string) *types.CreateBucketConfiguration {
	if region == home {
		return nil
	}
	return &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(region)}
}

func setVersioning(t tester, c *world.Call, status types.BucketVersioningStatus) {
	t.Helper()
	ok[*s3.PutBucketVersioningOutput](t)(PutBucketVersioning(c, &s3.PutBucketVersioningInput{
		Bucket: aws.String("box"), VersioningConfiguration: &types.VersioningConfiguration{Status: status},
	}))
}

func put(t tester, c *world.Call, key, data string) *s3.PutObjectOutput {
	t.Helper()
	return ok[*s3.PutObjectOutput](t)(PutObject(c, &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String(key), Body: strings.NewReader(data)}))
}

func del(t tester, c *world.Call, key, version string) *s3.DeleteObjectOutput {
	t.Helper()
	return ok[*s3.DeleteObjectOutput](t)(DeleteObject(c, &s3.DeleteObjectInput{Bucket: aws.String("box"), Key: aws.String(key), VersionId: text(version)}))
}

// stack is what is kept under a key, newest first: data, or "-" for a delete marker; null versions have a 0 in front.
func stack(b *world.StorageBucket, key string) string {
	head, there := b.Objects.Get(key)
	if !there {
		return ""
	}
	var out []string
	for _, v := range head.Versions {
		s := string(v.Data)
		if v.Marker {
			s = "-"
		}
		if v.ID == null {
			s = "0" + s
		}
		out = append(out, s)
	}
	return strings.Join(out, " ")
}
