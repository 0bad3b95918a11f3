package s3

import (
	"encoding/json"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/world"
)

func read(t *testing.T, c *world.Call, in *s3.GetObjectInput) string {
	t.Helper()
	in.Bucket, in.Key = aws.String("box"), aws.String("k")
	out := ok[*s3.GetObjectOutput](t)(GetObject(c, in))
	b, err := io.ReadAll(out.Body)
	if err != nil || *out.ContentLength != int64(len(b)) {
		t.Fatalf("body of %d bytes, length said %d (%v)", len(b), *out.ContentLength, err)
	}
	return string(b)
}

func TestVersioningDecidesWhatIsKept(t *testing.T) {
	type step struct{ do, want string } // want: the stack afterwards, newest first
	tests := map[string][]step{
		"never on": {{"put a", "0a"}, {"put b", "0b"}, {"delete", ""}, {"delete", ""}},
		"on":       {{"on", ""}, {"put a", "a"}, {"put b", "b a"}, {"delete", "- b a"}, {"delete", "- - b a"}, {"put c", "c - - b a"}, {"drop 0", "- - b a"}, {"drop 1", "- b a"}, {"drop 0", "b a"}},
		"on later": {{"put a", "0a"}, {"on", "0a"}, {"put b", "b 0a"}, {"delete", "- b 0a"}, {"drop null", "- b"}},
		"suspended": {
			{"on", ""},
			{"put a", "a"},
			{"off", "a"},
			{"put b", "0b a"},
			{"put c", "0c a"},
			{"delete", "0- a"},
			{"delete", "0- a"},
			{"put d", "0d a"},
			{"on", "0d a"},
			{"put e", "e 0d a"},
			{"off", "e 0d a"},
			{"put f", "0f e a"},
		},
		"marker on nothing": {{"on", ""}, {"delete", "-"}, {"drop 0", ""}},
	}
	for name, steps := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCall("eu-west-1")
			b := makeBucket(t, c, "")
			for i, s := range steps {
				do(t, c, b, s.do)
				if got := stack(b, "k"); got != s.want {
					t.Fatalf("after step %d (%s): %q, want %q", i+1, s.do, got, s.want)
				}
				c.Advance(time.Second)
			}
		})
	}
}

func do(t *testing.T, c *world.Call, b *world.StorageBucket, what string) {
	t.Helper()
	verb, arg, _ := strings.Cut(what, " ")
	switch verb {
	case "put":
		put(t, c, "k", arg)
	case "delete":
		del(t, c, "k", "")
	case "on":
		setVersioning(t, c, "Enabled")
	case "off":
		setVersioning(t, c, "Suspended")
	case "drop":
		if arg != null {
			head, _ := b.Objects.Get("k")
			arg = head.Versions[arg[0]-'0'].ID
		}
		del(t, c, "k", arg)
	}
}

func TestDeletionsSayWhatTheyDid(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	put(t, c, "k", "a")
	if d := del(t, c, "k", ""); d.DeleteMarker != nil || d.VersionId != nil {
		t.Errorf("without versioning: %+v", d)
	}
	setVersioning(t, c, "Enabled")
	v := put(t, c, "k", "b")
	m := del(t, c, "k", "")
	if !*m.DeleteMarker || *m.VersionId == *v.VersionId || len(*m.VersionId) != 32 {
		t.Errorf("marker: %+v", m)
	}
	if d := del(t, c, "k", *m.VersionId); !*d.DeleteMarker || *d.VersionId != *m.VersionId {
		t.Errorf("removing the marker: %+v", d)
	}
	if d := del(t, c, "k", *v.VersionId); d.DeleteMarker != nil || *d.VersionId != *v.VersionId {
		t.Errorf("removing the version: %+v", d)
	}
	if d := del(t, c, "k", "gone"); d.DeleteMarker != nil || *d.VersionId != "gone" {
		t.Errorf("removing what is not there: %+v", d)
	}
}

func TestObjectReadsBackWhole(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	c.Advance(1500 * time.Millisecond)
	expires := time.Date(2027, 1, 2, 3, 4, 5, 0, time.UTC)
	out := ok[*s3.PutObjectOutput](t)(PutObject(c, &s3.PutObjectInput{
		Bucket: aws.String("box"), Key: aws.String("k"), Body: strings.NewReader("123456789"), ContentType: aws.String("text/plain"),
		Metadata: map[string]string{"holder": "me"}, Tagging: aws.String("a=1&b=x%20y"), Expires: &expires, StorageClass: "STANDARD_IA",
	}))
	says(t, out, s3.PutObjectOutput{
		ETag: aws.String(`"25f9e794323b453885f5181f1b624d0b"`), ChecksumCRC64NVME: aws.String("rosUhgp5mIg="), ServerSideEncryption: "AES256",
		ChecksumType: "FULL_OBJECT",
	})
	h := ok[*s3.HeadObjectOutput](t)(HeadObject(c, &s3.HeadObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), ChecksumMode: "ENABLED"}))
	says(t, h, s3.HeadObjectOutput{
		ContentLength: aws.Int64(9), ContentType: aws.String("text/plain"), Metadata: map[string]string{"holder": "me"}, TagCount: aws.Int32(2),
		StorageClass: "STANDARD_IA", LastModified: aws.Time(world.Epoch().Add(time.Second)), ETag: out.ETag, ChecksumCRC64NVME: out.ChecksumCRC64NVME,
		ExpiresString: aws.String("Sat, 02 Jan 2027 03:04:05 GMT"), AcceptRanges: aws.String("bytes"), ServerSideEncryption: "AES256", ChecksumType: "FULL_OBJECT",
		Expires: &expires, //nolint:staticcheck // deprecated, and still read by clients
	})
	if got := read(t, c, &s3.GetObjectInput{}); got != "123456789" {
		t.Errorf("body is %q", got)
	}
}

func TestEmptyObjectKeepsTheChecksumItCameWith(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	given := ok[*s3.PutObjectOutput](t)(PutObject(c, &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), ChecksumCRC32: aws.String("AAAAAA==")}))
	if *given.ChecksumCRC32 != "AAAAAA==" || given.ChecksumCRC64NVME != nil {
		t.Errorf("put with its own checksum says %+v", given)
	}
	if h := ok[*s3.HeadObjectOutput](t)(HeadObject(c, &s3.HeadObjectInput{Bucket: aws.String("box"), Key: aws.String("k")})); *h.ContentType != "binary/octet-stream" || *h.ContentLength != 0 || h.ChecksumCRC32 != nil {
		t.Errorf("head of an empty object says %+v", h)
	}
}

// says wants an answer as it is written down, the whole of it.
func says[T any](t *testing.T, got *T, want T) {
	t.Helper()
	a, _ := json.Marshal(got)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("it says\n%s, want\n%s", a, b)
	}
}

func TestObjectRefusals(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	tests := map[string]struct {
		in            s3.PutObjectInput
		code, message string
	}{
		"long key":  {s3.PutObjectInput{Key: aws.String(strings.Repeat("k", 1025))}, "KeyTooLongError", "Your key is too long"},
		"class":     {s3.PutObjectInput{Key: aws.String("k"), StorageClass: "COLD"}, "InvalidStorageClass", "The storage class you specified is not valid"},
		"acl":       {s3.PutObjectInput{Key: aws.String("k"), ACL: "public-read"}, "AccessControlListNotSupported", "The bucket does not allow ACLs"},
		"many tags": {s3.PutObjectInput{Key: aws.String("k"), Tagging: aws.String("a&b&c&d&e&f&g&h&i&j&k")}, "BadRequest", "Tag count cannot be greater than 10"},
		"two tags":  {s3.PutObjectInput{Key: aws.String("k"), Tagging: aws.String("a=1&a=2")}, "InvalidTag", "Cannot provide multiple Tags with the same key"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.in.Bucket = aws.String("box")
			_, err := PutObject(c, &tt.in)
			refused(t, err, tt.code, 400, tt.message)
		})
	}
}

func TestConditionalWritesLetOneWin(t *testing.T) {
	const failed = "At least one of the pre-conditions you specified did not hold"
	for _, status := range []types.BucketVersioningStatus{"", "Enabled", "Suspended"} {
		c := newCall("eu-west-1")
		makeBucket(t, c, status)
		write := func(data string, ifMatch, ifNoneMatch *string) (*s3.PutObjectOutput, error) {
			return PutObject(c, &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), Body: strings.NewReader(data), IfMatch: ifMatch, IfNoneMatch: ifNoneMatch})
		}
		_, err := write("x", aws.String(`"e"`), nil)
		refused(t, err, "NoSuchKey", 404, "The specified key does not exist.")
		first := ok[*s3.PutObjectOutput](t)(write("a", nil, aws.String("*")))
		_, err = write("b", nil, aws.String("*"))
		refused(t, err, "PreconditionFailed", 412, failed)
		second := ok[*s3.PutObjectOutput](t)(write("b", first.ETag, nil))
		_, err = write("c", first.ETag, nil)
		refused(t, err, "PreconditionFailed", 412, failed)
		ok[*s3.PutObjectOutput](t)(write("c", aws.String(strings.Trim(*second.ETag, `"`)), nil))
		_, err = write("d", nil, aws.String("etag"))
		refused(t, err, "NotImplemented", 501, "A header you provided implies functionality that is not implemented")
		del(t, c, "k", "")
		_, err = write("d", second.ETag, nil)
		refused(t, err, "NoSuchKey", 404, "The specified key does not exist.")
		ok[*s3.PutObjectOutput](t)(write("d", nil, aws.String("*")))
		if got := read(t, c, &s3.GetObjectInput{}); got != "d" {
			t.Errorf("%q versioning: object is %q", status, got)
		}
	}
}

func TestConditionalDeletes(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "Enabled")
	v := put(t, c, "k", "a")
	remove := func(key, etag string) error {
		_, err := DeleteObject(c, &s3.DeleteObjectInput{Bucket: aws.String("box"), Key: aws.String(key), IfMatch: aws.String(etag)})
		return err
	}
	refused(t, remove("k", "other"), "PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
	refused(t, remove("none", "*"), "NoSuchKey", 404, "The specified key does not exist.")
	if err := remove("k", *v.ETag); err != nil {
		t.Error(err)
	}
	out := ok[*s3.DeleteObjectsOutput](t)(DeleteObjects(c, &s3.DeleteObjectsInput{Bucket: aws.String("box"), Delete: &types.Delete{Objects: []types.ObjectIdentifier{
		{Key: aws.String("k"), VersionId: v.VersionId}, {Key: aws.String("none"), ETag: aws.String("*")}, {Key: aws.String("new")},
	}}}))
	if len(out.Deleted) != 2 || *out.Deleted[0].VersionId != *v.VersionId || out.Deleted[0].DeleteMarker != nil || !*out.Deleted[1].DeleteMarker || out.Deleted[1].VersionId != nil {
		t.Errorf("deleted %+v", out.Deleted)
	}
	if len(out.Errors) != 1 || *out.Errors[0].Key != "none" || *out.Errors[0].Code != "NoSuchKey" {
		t.Errorf("errors %+v", out.Errors)
	}
	_, err := DeleteObjects(c, &s3.DeleteObjectsInput{Bucket: aws.String("box"), Delete: &types.Delete{}})
	refused(t, err, "MalformedXML", 400, "The XML you provided was not well-formed or did not validate against our published schema")
	quiet := ok[*s3.DeleteObjectsOutput](t)(DeleteObjects(c, &s3.DeleteObjectsInput{
		Bucket: aws.String("box"),
		Delete: &types.Delete{Quiet: aws.Bool(true), Objects: []types.ObjectIdentifier{{Key: aws.String("k")}}},
	}))
	if len(quiet.Deleted) != 0 {
		t.Errorf("quiet deletion says %+v", quiet.Deleted)
	}
}

func TestReadsFindVersionsAndRefuseMarkers(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "Enabled")
	old := put(t, c, "k", "old")
	put(t, c, "k", "new")
	if got := read(t, c, &s3.GetObjectInput{VersionId: old.VersionId}); got != "old" {
		t.Errorf("old version is %q", got)
	}
	m := del(t, c, "k", "")
	_, err := GetObject(c, &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("k")})
	refused(t, err, "NoSuchKey", 404, "The specified key does not exist.")
	_, err = HeadObject(c, &s3.HeadObjectInput{Bucket: aws.String("box"), Key: aws.String("k")})
	refused(t, err, "NotFound", 404, "Not Found")
	_, err = GetObject(c, &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), VersionId: m.VersionId})
	refused(t, err, "MethodNotAllowed", 405, "The specified method is not allowed against this resource.")
	_, err = GetObject(c, &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), VersionId: aws.String("none")})
	refused(t, err, "NoSuchVersion", 404, "The specified version does not exist.")
}

func TestConditionalReads(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	etag := put(t, c, "k", "data").ETag
	before, after := aws.Time(world.Epoch().Add(-time.Second)), aws.Time(world.Epoch().Add(time.Second))
	tests := map[string]struct {
		in     s3.GetObjectInput
		status int
	}{
		"match":                       {s3.GetObjectInput{IfMatch: etag}, 0},
		"no match":                    {s3.GetObjectInput{IfMatch: aws.String("other")}, 412},
		"none match":                  {s3.GetObjectInput{IfNoneMatch: etag}, 304},
		"none match other":            {s3.GetObjectInput{IfNoneMatch: aws.String("other")}, 0},
		"modified since before":       {s3.GetObjectInput{IfModifiedSince: before}, 0},
		"not modified since":          {s3.GetObjectInput{IfModifiedSince: after}, 304},
		"unmodified since":            {s3.GetObjectInput{IfUnmodifiedSince: after}, 0},
		"modified":                    {s3.GetObjectInput{IfUnmodifiedSince: before}, 412},
		"match outweighs modified":    {s3.GetObjectInput{IfMatch: etag, IfUnmodifiedSince: before}, 0},
		"none match outweighs a date": {s3.GetObjectInput{IfNoneMatch: etag, IfModifiedSince: before}, 304},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.in.Bucket, tt.in.Key = aws.String("box"), aws.String("k")
			_, err := GetObject(c, &tt.in)
			switch tt.status {
			case 0:
				if err != nil {
					t.Fatal(err)
				}
			case 304:
				refused(t, err, "NotModified", 304, "Not Modified")
			case 412:
				refused(t, err, "PreconditionFailed", 412, "At least one of the pre-conditions you specified did not hold")
			}
		})
	}
}

func TestRangesOfAnObject(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	put(t, c, "k", "0123456789")
	tests := map[string]struct{ want, content string }{
		"bytes=2-4": {"234", "bytes 2-4/10"}, "bytes=7-": {"789", "bytes 7-9/10"}, "bytes=-3": {"789", "bytes 7-9/10"},
		"bytes=5-99": {"56789", "bytes 5-9/10"}, "bytes=-99": {"0123456789", "bytes 0-9/10"},
		"bytes=4-2": {"0123456789", ""}, "lines=1-2": {"0123456789", ""}, "bytes=1-2,4-5": {"0123456789", ""},
	}
	for header, tt := range tests {
		out := ok[*s3.GetObjectOutput](t)(GetObject(c, &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), Range: aws.String(header)}))
		if b, _ := io.ReadAll(out.Body); string(b) != tt.want || aws.ToString(out.ContentRange) != tt.content {
			t.Errorf("%s: %q, %q", header, b, aws.ToString(out.ContentRange))
		}
	}
	_, err := GetObject(c, &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("k"), Range: aws.String("bytes=10-")})
	refused(t, err, "InvalidRange", 416, "The requested range is not satisfiable")
}
