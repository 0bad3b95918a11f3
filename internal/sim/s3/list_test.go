package s3

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"
	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

func TestObjectsAreListedByKey(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "Enabled")
	for _, k := range []string{"b", "a/2", "a/1/x", "c d", "gone", "a/1/y", "B"} {
		put(t, c, k, k)
	}
	del(t, c, "gone", "")
	tests := map[string]struct {
		in   s3.ListObjectsV2Input
		want string // keys, then prefixes after a |
	}{
		"all":        {s3.ListObjectsV2Input{}, "B a/1/x a/1/y a/2 b c d|"},
		"prefix":     {s3.ListObjectsV2Input{Prefix: aws.String("a/")}, "a/1/x a/1/y a/2|"},
		"rolled up":  {s3.ListObjectsV2Input{Delimiter: aws.String("/")}, "B b c d|a/"},
		"below":      {s3.ListObjectsV2Input{Prefix: aws.String("a/"), Delimiter: aws.String("/")}, "a/2|a/1/"},
		"after":      {s3.ListObjectsV2Input{StartAfter: aws.String("a/1/x")}, "a/1/y a/2 b c d|"},
		"within":     {s3.ListObjectsV2Input{StartAfter: aws.String("a/1/x"), Delimiter: aws.String("/")}, "b c d|a/"},
		"at prefix":  {s3.ListObjectsV2Input{StartAfter: aws.String("a/"), Delimiter: aws.String("/")}, "b c d|"},
		"encoded":    {s3.ListObjectsV2Input{Prefix: aws.String("c"), EncodingType: "url"}, "c+d|"},
		"none":       {s3.ListObjectsV2Input{Prefix: aws.String("x")}, "|"},
		"zero":       {s3.ListObjectsV2Input{MaxKeys: aws.Int32(0)}, "|"},
		"two":        {s3.ListObjectsV2Input{MaxKeys: aws.Int32(2)}, "B a/1/x|"},
		"slash only": {s3.ListObjectsV2Input{Prefix: aws.String("a"), Delimiter: aws.String("/")}, "|a/"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			tt.in.Bucket = aws.String("box")
			out := ok[*s3.ListObjectsV2Output](t)(ListObjectsV2(c, &tt.in))
			var ks, ps []string
			for _, o := range out.Contents {
				ks = append(ks, *o.Key)
			}
			for _, p := range out.CommonPrefixes {
				ps = append(ps, *p.Prefix)
			}
			if got := strings.Join(ks, " ") + "|" + strings.Join(ps, " "); got != tt.want || int(*out.KeyCount) != len(ks)+len(ps) {
				t.Errorf("got %q with %d keys, want %q", got, *out.KeyCount, tt.want)
			}
			if *out.IsTruncated != (out.NextContinuationToken != nil) || *out.IsTruncated != (name == "two") {
				t.Errorf("truncated %v, token %v", *out.IsTruncated, out.NextContinuationToken)
			}
		})
	}
	_, err := ListObjectsV2(c, &s3.ListObjectsV2Input{Bucket: aws.String("box"), ContinuationToken: aws.String("?")})
	refused(t, err, "InvalidArgument", 400, "The continuation token provided is incorrect")
	_, err = ListObjectsV2(c, &s3.ListObjectsV2Input{Bucket: aws.String("box"), MaxKeys: aws.Int32(-1)})
	refused(t, err, "InvalidArgument", 400, "Argument maxKeys must be an integer between 0 and 2147483647")
	_, err = ListObjectsV2(c, &s3.ListObjectsV2Input{Bucket: aws.String("box"), EncodingType: "hex"})
	refused(t, err, "InvalidArgument", 400, "Invalid Encoding Method specified in Request")
	_, err = ListObjectVersions(c, &s3.ListObjectVersionsInput{Bucket: aws.String("box"), VersionIdMarker: aws.String("x")})
	refused(t, err, "InvalidArgument", 400, "A version-id marker cannot be specified without a key marker.")
}

func TestListedObjectIsDescribed(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "Enabled")
	v := put(t, c, "k", "data")
	m := del(t, c, "k", "")
	out := ok[*s3.ListObjectVersionsOutput](t)(ListObjectVersions(c, &s3.ListObjectVersionsInput{Bucket: aws.String("box")}))
	o, d := out.Versions[0], out.DeleteMarkers[0]
	if *o.VersionId != *v.VersionId || *o.IsLatest || *o.Size != 4 || *o.ETag != *v.ETag || o.StorageClass != "STANDARD" || *o.Owner.ID != owner {
		t.Errorf("version is %+v", o)
	}
	if *d.VersionId != *m.VersionId || !*d.IsLatest || !d.LastModified.Equal(world.Epoch()) {
		t.Errorf("marker is %+v", d)
	}
	put(t, c, "k", "again")
	l := ok[*s3.ListObjectsV2Output](t)(ListObjectsV2(c, &s3.ListObjectsV2Input{Bucket: aws.String("box"), FetchOwner: aws.Bool(true)})).Contents[0]
	if *l.Size != 5 || l.StorageClass != "STANDARD" || *l.Owner.ID != owner || !l.LastModified.Equal(world.Epoch()) {
		t.Errorf("object is %+v", l)
	}
}

// someObjects fills the bucket with versions and markers of keys that share prefixes.
func someObjects(t *rapid.T) *world.Call {
	c := newCall("eu-west-1")
	makeBucket(t, c, rapid.SampledFrom([]types.BucketVersioningStatus{"", "Enabled", "Suspended"}).Draw(t, "versioning"))
	for range rapid.IntRange(0, 25).Draw(t, "writes") {
		key := rapid.StringMatching(`[ab](/[ab]){0,2}/?`).Draw(t, "key")
		if rapid.IntRange(0, 3).Draw(t, "kind") == 0 {
			del(t, c, key, "")
		} else {
			put(t, c, key, "x")
		}
	}
	return c
}

func TestPagesOfObjectsAreTheWholeListing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := someObjects(t)
		prefix, delimiter := rapid.SampledFrom([]string{"", "a", "a/", "b/a"}).Draw(t, "prefix"), rapid.SampledFrom([]string{"", "/", "a"}).Draw(t, "delimiter")
		list := func(most int32) (got []string) {
			in := &s3.ListObjectsV2Input{Bucket: aws.String("box"), Prefix: &prefix, Delimiter: &delimiter, MaxKeys: &most}
			for {
				out := ok[*s3.ListObjectsV2Output](t)(ListObjectsV2(c, in))
				if n := len(out.Contents) + len(out.CommonPrefixes); n > int(most) || *out.IsTruncated && n < int(most) {
					t.Fatalf("a page of %d has %d", most, n)
				}
				for _, o := range out.Contents {
					got = append(got, *o.Key)
				}
				for _, p := range out.CommonPrefixes {
					got = append(got, *p.Prefix+"*")
				}
				if in.ContinuationToken = out.NextContinuationToken; in.ContinuationToken == nil {
					slices.Sort(got)
					return got
				}
			}
		}
		whole, pages := list(1000), list(rapid.Int32Range(1, 4).Draw(t, "page"))
		if !slices.Equal(whole, pages) {
			t.Fatalf("in pages %v\nat once  %v", pages, whole)
		}
	})
}

func TestPagesOfVersionsAreTheWholeListing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := someObjects(t)
		prefix, delimiter := rapid.SampledFrom([]string{"", "a", "a/"}).Draw(t, "prefix"), rapid.SampledFrom([]string{"", "/"}).Draw(t, "delimiter")
		list := func(most int32) (got []string) {
			in := &s3.ListObjectVersionsInput{Bucket: aws.String("box"), Prefix: &prefix, Delimiter: &delimiter, MaxKeys: &most}
			for {
				out := ok[*s3.ListObjectVersionsOutput](t)(ListObjectVersions(c, in))
				for _, v := range out.Versions {
					got = append(got, fmt.Sprint(*v.Key, *v.VersionId, *v.IsLatest))
				}
				for _, m := range out.DeleteMarkers {
					got = append(got, fmt.Sprint(*m.Key, *m.VersionId, *m.IsLatest, "marker"))
				}
				for _, p := range out.CommonPrefixes {
					got = append(got, *p.Prefix+"*")
				}
				if in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker; !*out.IsTruncated {
					slices.Sort(got)
					return got
				}
			}
		}
		whole, pages := list(1000), list(rapid.Int32Range(1, 4).Draw(t, "page"))
		if !slices.Equal(whole, pages) {
			t.Fatalf("in pages %v\nat once  %v", pages, whole)
		}
	})
}

// TestBucketIsEmptiedPageByPage is what a client does that wants a bucket gone: list a page, delete it, go on after it.
func TestBucketIsEmptiedPageByPage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := someObjects(t)
		in := &s3.ListObjectVersionsInput{Bucket: aws.String("box"), MaxKeys: aws.Int32(rapid.Int32Range(1, 4).Draw(t, "page"))}
		for {
			out := ok[*s3.ListObjectVersionsOutput](t)(ListObjectVersions(c, in))
			var ids []types.ObjectIdentifier
			for _, v := range out.Versions {
				ids = append(ids, types.ObjectIdentifier{Key: v.Key, VersionId: v.VersionId})
			}
			for _, m := range out.DeleteMarkers {
				ids = append(ids, types.ObjectIdentifier{Key: m.Key, VersionId: m.VersionId})
			}
			if len(ids) > 0 {
				ok[*s3.DeleteObjectsOutput](t)(DeleteObjects(c, &s3.DeleteObjectsInput{Bucket: aws.String("box"), Delete: &types.Delete{Objects: ids}}))
			}
			if in.KeyMarker, in.VersionIdMarker = out.NextKeyMarker, out.NextVersionIdMarker; !*out.IsTruncated {
				break
			}
		}
		ok[*s3.DeleteBucketOutput](t)(DeleteBucket(c, &s3.DeleteBucketInput{Bucket: aws.String("box")}))
	})
}

func TestWorldWithObjectsIsSavedAndLoaded(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "Enabled")
	setRules(t, c, noncurrent(1))
	put(t, c, "k", "\x00\xff data")
	del(t, c, "k", "")
	before, err := c.Save()
	if err != nil {
		t.Fatal(err)
	}
	again, err := c.Fork()
	if err != nil {
		t.Fatal(err)
	}
	if after, err := again.Save(); err != nil || string(after) != string(before) {
		t.Errorf("saved %s\nloaded %s (%v)", before, after, err)
	}
}
