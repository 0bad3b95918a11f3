package s3

import (
	"cmp"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// owner is the canonical user id of the account.
const owner = "8f1d6c2be2a94d0b7a4c5e913f6d2780c49b15e3a7d0862f4be91c37d5a06f28"

// home is the region that takes buckets for every other one, and whose own location constraint is empty.
const home = "us-east-1"

// nameForm is the alphabet of bucket names (S3 user guide, "General purpose bucket naming rules").
var nameForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

func validName(name string) bool {
	_, err := netip.ParseAddr(name)
	return nameForm.MatchString(name) && err != nil && !strings.Contains(name, "..") &&
		!strings.HasPrefix(name, "xn--") && !strings.HasPrefix(name, "sthree-") && !strings.HasSuffix(name, "-s3alias")
}

func missing(code, text string) error { return wire.Errorf(code, "%s", text).WithStatus(404) }

func denied() error { return wire.Errorf("AccessDenied", "Access Denied").WithStatus(403) }

func malformedXML() error {
	return wire.Errorf("MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
}

// find finds a bucket for a call in the bucket's own region; expected is the account that the caller takes for its owner.
func find(c *world.Call, name, expected *string) (*world.StorageBucket, error) {
	b, err := anywhere(c, name, expected)
	if err != nil {
		return nil, err
	}
	if b.Region != c.Region.Name {
		return nil, wire.Errorf("PermanentRedirect", "The bucket you are attempting to access must be addressed using the specified endpoint. "+
			"Please send all future requests to this endpoint: s3.%s.amazonaws.com", b.Region).WithStatus(301)
	}
	return b, nil
}

// anywhere finds a bucket for the calls that work from every region.
func anywhere(c *world.Call, name, expected *string) (*world.StorageBucket, error) {
	b, ok := c.S3.Buckets.Get(aws.ToString(name))
	if !ok {
		if slices.Contains(c.S3.Foreign, aws.ToString(name)) {
			return nil, denied()
		}
		return nil, missing("NoSuchBucket", "The specified bucket does not exist")
	}
	if expected != nil && *expected != world.Account {
		return nil, denied()
	}
	return b, nil
}

// CreateBucket makes a bucket: private, encrypted with SSE-S3, without ACLs and versions. Names are global.
func CreateBucket(c *world.Call, in *s3.CreateBucketInput) (*s3.CreateBucketOutput, error) {
	name := aws.ToString(in.Bucket)
	if !validName(name) {
		return nil, wire.Errorf("InvalidBucketName", "The specified bucket is not valid.")
	}
	region, err := constrainedTo(c, in.CreateBucketConfiguration)
	if err != nil {
		return nil, err
	}
	if err := checkBirth(in); err != nil {
		return nil, err
	}
	b, there, err := existing(c, name, region)
	if err != nil {
		return nil, err
	}
	if !there {
		if b, err = newBucket(c, in, region); err != nil {
			return nil, err
		}
		c.S3.Buckets.Put(name, b)
	}
	location := "/" + name
	if b.Region != home {
		location = "http://" + name + ".s3.amazonaws.com/"
	}
	return &s3.CreateBucketOutput{Location: aws.String(location), BucketArn: aws.String("arn:aws:s3:::" + name)}, nil
}

// constrainedTo is the region that a bucket is to be made in. Only us-east-1 makes buckets for other regions.
func constrainedTo(c *world.Call, cfg *types.CreateBucketConfiguration) (string, error) {
	want := ""
	if cfg != nil {
		want = string(cfg.LocationConstraint)
	}
	if want == "EU" {
		want = "eu-west-1"
	}
	switch {
	case want == home:
		return "", wire.Errorf("InvalidLocationConstraint", "The specified location-constraint is not valid")
	case c.Region.Name == home:
		return cmp.Or(want, home), nil
	case want == "":
		want = "unspecified"
	case want == c.Region.Name:
		return want, nil
	}
	return "", wire.Errorf("IllegalLocationConstraintException",
		"The %s location constraint is incompatible for the region specific endpoint this request was sent to.", want)
}

// checkBirth refuses what a bucket cannot be born with.
func checkBirth(in *s3.CreateBucketInput) error {
	open := in.ACL != "" && in.ACL != types.BucketCannedACLPrivate
	if enforced := in.ObjectOwnership == "" || in.ObjectOwnership == types.ObjectOwnershipBucketOwnerEnforced; open && enforced {
		return wire.Errorf("InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	}
	if aws.ToBool(in.ObjectLockEnabledForBucket) {
		return unsupported()
	}
	return nil
}

// unsupported is S3's own answer to a header that asks for something it does not do.
func unsupported() error {
	return wire.Errorf("NotImplemented", "A header you provided implies functionality that is not implemented").WithStatus(501)
}

// existing says whether the bucket is there already, which only us-east-1 takes for a success.
func existing(c *world.Call, name, region string) (*world.StorageBucket, bool, error) {
	if slices.Contains(c.S3.Foreign, name) {
		return nil, false, wire.Errorf("BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "+
			"Please select a different name and try again.").WithStatus(409)
	}
	b, ok := c.S3.Buckets.Get(name)
	if ok && (b.Region != home || region != home) {
		return nil, false, wire.Errorf("BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.").WithStatus(409)
	}
	return b, ok, nil
}

func newBucket(c *world.Call, in *s3.CreateBucketInput, region string) (*world.StorageBucket, error) {
	usEast, ok := c.Regions.Get(home)
	if !ok {
		usEast = &world.Region{}
	}
	if most := usEast.Quota("L-DC2B2D3D"); c.S3.Buckets.Len() >= most {
		return nil, wire.Errorf("TooManyBuckets", "You have attempted to create more buckets than allowed")
	}
	b := &world.StorageBucket{
		Name: *in.Bucket, Region: region, Created: now(c),
		Ownership: string(cmp.Or(in.ObjectOwnership, types.ObjectOwnershipBucketOwnerEnforced)),
		Access:    &world.PublicAccess{BlockACLs: true, IgnoreACLs: true, BlockPolicy: true, Restrict: true},
	}
	if in.CreateBucketConfiguration != nil {
		t, err := tagSet(in.CreateBucketConfiguration.Tags, mostTags)
		if err != nil {
			return nil, err
		}
		b.Tags = t
	}
	return b, nil
}

// HeadBucket says whether a bucket is there and where.
func HeadBucket(c *world.Call, in *s3.HeadBucketInput) (*s3.HeadBucketOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, bodiless(err)
	}
	return &s3.HeadBucketOutput{
		BucketRegion: aws.String(b.Region), BucketArn: aws.String("arn:aws:s3:::" + b.Name), AccessPointAlias: aws.Bool(false),
	}, nil
}

// DeleteBucket removes a bucket that has not one version or delete marker left.
func DeleteBucket(c *world.Call, in *s3.DeleteBucketInput) (*s3.DeleteBucketOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	sweep(c, b)
	if b.Objects.Len() > 0 {
		text := "The bucket you tried to delete is not empty"
		if b.Versioning != "" {
			text += ". You must delete all versions in the bucket."
		}
		return nil, wire.Errorf("BucketNotEmpty", "%s", text).WithStatus(409)
	}
	c.S3.Buckets.Delete(b.Name)
	return &s3.DeleteBucketOutput{}, nil
}

// ListBuckets lists the account's buckets of all regions by name.
func ListBuckets(c *world.Call, in *s3.ListBucketsInput) (*s3.ListBucketsOutput, error) {
	var all []types.Bucket
	for b := range c.S3.Buckets.Rows() {
		if strings.HasPrefix(b.Name, aws.ToString(in.Prefix)) && (in.BucketRegion == nil || *in.BucketRegion == b.Region) {
			all = append(all, types.Bucket{
				Name: aws.String(b.Name), CreationDate: aws.Time(b.Created), BucketRegion: aws.String(b.Region), BucketArn: aws.String("arn:aws:s3:::" + b.Name),
			})
		}
	}
	slices.SortFunc(all, func(a, b types.Bucket) int { return cmp.Compare(*a.Name, *b.Name) })
	after, err := readToken(in.ContinuationToken)
	if err != nil {
		return nil, err
	}
	all = slices.DeleteFunc(all, func(b types.Bucket) bool { return *b.Name <= after })
	out := &s3.ListBucketsOutput{Buckets: all, Owner: &types.Owner{ID: aws.String(owner)}, Prefix: in.Prefix}
	if most := int(aws.ToInt32(in.MaxBuckets)); most > 0 && most < len(all) {
		out.Buckets, out.ContinuationToken = all[:most], makeToken(*all[most-1].Name)
	}
	return out, nil
}

// GetBucketLocation says where a bucket is, from any region; the constraint of us-east-1 is empty.
func GetBucketLocation(c *world.Call, in *s3.GetBucketLocationInput) (*s3.GetBucketLocationOutput, error) {
	b, err := anywhere(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Region == home {
		return &s3.GetBucketLocationOutput{}, nil
	}
	return &s3.GetBucketLocationOutput{LocationConstraint: types.BucketLocationConstraint(b.Region)}, nil
}
