package s3

import (
	"encoding/base64"
	"net/url"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostKeys is how many keys and common prefixes a page has at most.
const mostKeys = 1000

// listing is what both listings have in common: which keys to show and how many.
type listing struct {
	prefix, delimiter, marker string
	most                      int
	encoded                   bool // keys are to be URL-encoded
}

func newListing(prefix, delimiter, marker *string, most *int32, encoding types.EncodingType) (listing, error) {
	l := listing{aws.ToString(prefix), aws.ToString(delimiter), aws.ToString(marker), mostKeys, encoding == types.EncodingTypeUrl}
	if encoding != "" && !l.encoded {
		return l, wire.Errorf("InvalidArgument", "Invalid Encoding Method specified in Request")
	}
	if most != nil {
		if *most < 0 {
			return l, wire.Errorf("InvalidArgument", "Argument maxKeys must be an integer between 0 and 2147483647")
		}
		l.most = min(int(*most), mostKeys)
	}
	return l, nil
}

// common is the common prefix that a key is rolled up into; empty for a key that is shown itself.
func (l listing) common(key string) string {
	if l.delimiter == "" {
		return ""
	}
	before, _, found := strings.Cut(key[len(l.prefix):], l.delimiter)
	if !found {
		return ""
	}
	return l.prefix + before + l.delimiter
}

// wants tells whether a key belongs to the page: it has the prefix and comes after the marker. A marker may be a common
// prefix, which stands for all its keys.
func (l listing) wants(key string) bool {
	return strings.HasPrefix(key, l.prefix) && key > l.marker && (l.marker == "" || l.common(key) != l.marker)
}

// name is a key or prefix as the answer writes it.
func (l listing) name(key string) *string {
	if l.encoded {
		key = strings.ReplaceAll(url.QueryEscape(key), "%2F", "/")
	}
	return &key
}

// echo is a parameter in the answer: only if the call had it.
func (l listing) echo(v *string) *string {
	if v == nil || *v == "" {
		return nil
	}
	return l.name(*v)
}

func (l listing) encoding() types.EncodingType {
	if l.encoded {
		return types.EncodingTypeUrl
	}
	return ""
}

func makeToken(last string) *string {
	return aws.String(base64.StdEncoding.EncodeToString([]byte("after " + last)))
}

// readToken gives the key or prefix after which a listing goes on; empty without a token.
func readToken(token *string) (string, error) {
	if aws.ToString(token) == "" {
		return "", nil
	}
	b, err := base64.StdEncoding.DecodeString(*token)
	last, ok := strings.CutPrefix(string(b), "after ")
	if err != nil || !ok {
		return "", wire.Errorf("InvalidArgument", "The continuation token provided is incorrect")
	}
	return last, nil
}

// ListObjectsV2 lists the objects that are there now, by key.
func ListObjectsV2(c *world.Call, in *s3.ListObjectsV2Input) (*s3.ListObjectsV2Output, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	marker := aws.ToString(in.StartAfter)
	if in.ContinuationToken != nil {
		if marker, err = readToken(in.ContinuationToken); err != nil {
			return nil, err
		}
	}
	l, err := newListing(in.Prefix, in.Delimiter, &marker, in.MaxKeys, in.EncodingType)
	if err != nil {
		return nil, err
	}
	sweep(c, b)
	out := &s3.ListObjectsV2Output{
		Name: aws.String(b.Name), Prefix: l.name(l.prefix), Delimiter: l.echo(in.Delimiter), MaxKeys: aws.Int32(int32(l.most)),
		StartAfter: l.echo(in.StartAfter), ContinuationToken: in.ContinuationToken, EncodingType: l.encoding(), IsTruncated: aws.Bool(false),
	}
	l.objects(b, out, aws.ToBool(in.FetchOwner))
	out.KeyCount = aws.Int32(int32(len(out.Contents) + len(out.CommonPrefixes)))
	return out, nil
}

// objects fills one page.
func (l listing) objects(b *world.StorageBucket, out *s3.ListObjectsV2Output, withOwner bool) {
	last := ""
	for _, key := range keys(b) {
		v, ok := current(b, key)
		if !ok || !l.wants(key) {
			continue
		}
		prefix := l.common(key)
		if prefix != "" && prefix == last {
			continue
		}
		if len(out.Contents)+len(out.CommonPrefixes) == l.most {
			if l.most > 0 {
				out.IsTruncated, out.NextContinuationToken = aws.Bool(true), makeToken(last)
			}
			return
		}
		if prefix != "" {
			out.CommonPrefixes, last = append(out.CommonPrefixes, types.CommonPrefix{Prefix: l.name(prefix)}), prefix
			continue
		}
		o := types.Object{
			Key: l.name(key), ETag: aws.String(v.ETag), Size: aws.Int64(int64(len(v.Data))), LastModified: aws.Time(v.Modified),
			StorageClass: types.ObjectStorageClass(v.StorageClass), ChecksumType: types.ChecksumTypeFullObject,
			ChecksumAlgorithm: []types.ChecksumAlgorithm{types.ChecksumAlgorithm(v.Algorithm)},
		}
		if withOwner {
			o.Owner = &types.Owner{ID: aws.String(owner)}
		}
		out.Contents, last = append(out.Contents, o), key
	}
}

// ListObjectVersions lists all versions and delete markers, by key and then newest first.
func ListObjectVersions(c *world.Call, in *s3.ListObjectVersionsInput) (*s3.ListObjectVersionsOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if aws.ToString(in.VersionIdMarker) != "" && aws.ToString(in.KeyMarker) == "" {
		return nil, wire.Errorf("InvalidArgument", "A version-id marker cannot be specified without a key marker.")
	}
	l, err := newListing(in.Prefix, in.Delimiter, in.KeyMarker, in.MaxKeys, in.EncodingType)
	if err != nil {
		return nil, err
	}
	sweep(c, b)
	out := &s3.ListObjectVersionsOutput{
		Name: aws.String(b.Name), Prefix: l.name(l.prefix), Delimiter: l.echo(in.Delimiter), MaxKeys: aws.Int32(int32(l.most)),
		KeyMarker: l.name(l.marker), VersionIdMarker: aws.String(aws.ToString(in.VersionIdMarker)), EncodingType: l.encoding(), IsTruncated: aws.Bool(false),
	}
	l.versions(b, aws.ToString(in.VersionIdMarker), out)
	return out, nil
}

// versions fills one page; after is the last version that was shown of the key that is the marker.
func (l listing) versions(b *world.StorageBucket, after string, out *s3.ListObjectVersionsOutput) {
	n, lastKey, lastID := 0, "", ""
	full := func() bool {
		if n == l.most && l.most > 0 {
			out.IsTruncated, out.NextKeyMarker = aws.Bool(true), l.name(lastKey)
			out.NextVersionIdMarker = text(lastID)
		}
		return n == l.most
	}
	for _, key := range keys(b) {
		resumed := after != "" && key == l.marker && strings.HasPrefix(key, l.prefix)
		if !resumed && !l.wants(key) {
			continue
		}
		if prefix := l.common(key); prefix != "" {
			if prefix == lastKey {
				continue
			}
			if full() {
				return
			}
			out.CommonPrefixes, lastKey, lastID = append(out.CommonPrefixes, types.CommonPrefix{Prefix: l.name(prefix)}), prefix, ""
			n++
			continue
		}
		head, _ := b.Objects.Get(key)
		for i := firstAfter(head, resumed, after); i < len(head.Versions); i++ {
			if full() {
				return
			}
			l.version(out, key, head, i)
			n, lastKey, lastID = n+1, key, head.Versions[i].ID
		}
	}
}

// firstAfter is where a key's versions go on: after the marker's, or from the first one if that is gone.
func firstAfter(head *world.ObjectHead, resumed bool, id string) int {
	if !resumed {
		return 0
	}
	return 1 + slices.IndexFunc(head.Versions, func(v world.ObjectVersion) bool { return v.ID == id })
}

func (l listing) version(out *s3.ListObjectVersionsOutput, key string, head *world.ObjectHead, i int) {
	v := &head.Versions[i]
	if v.Marker {
		out.DeleteMarkers = append(out.DeleteMarkers, types.DeleteMarkerEntry{
			Key: l.name(key), VersionId: aws.String(v.ID), IsLatest: aws.Bool(i == 0), LastModified: aws.Time(v.Modified),
			Owner: &types.Owner{ID: aws.String(owner)},
		})
		return
	}
	out.Versions = append(out.Versions, types.ObjectVersion{
		Key: l.name(key), VersionId: aws.String(v.ID), IsLatest: aws.Bool(i == 0), LastModified: aws.Time(v.Modified),
		ETag: aws.String(v.ETag), Size: aws.Int64(int64(len(v.Data))), StorageClass: types.ObjectVersionStorageClass(v.StorageClass),
		Owner: &types.Owner{ID: aws.String(owner)}, ChecksumType: types.ChecksumTypeFullObject,
		ChecksumAlgorithm: []types.ChecksumAlgorithm{types.ChecksumAlgorithm(v.Algorithm)},
	})
}
