package s3

import (
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/world"
)

func TestBucketIsMadeWhereItsConstraintSays(t *testing.T) {
	tests := map[string]struct{ signed, constraint, region, location, code, message string }{
		"at home":             {"us-east-1", "", "us-east-1", "/box", "", ""},
		"from home elsewhere": {"us-east-1", "eu-west-1", "eu-west-1", "http://box.s3.amazonaws.com/", "", ""},
		"in its region":       {"eu-west-1", "eu-west-1", "eu-west-1", "http://box.s3.amazonaws.com/", "", ""},
		"old name":            {"eu-west-1", "EU", "eu-west-1", "http://box.s3.amazonaws.com/", "", ""},
		"none elsewhere": {
			"eu-west-1", "", "", "", "IllegalLocationConstraintException",
			"The unspecified location constraint is incompatible for the region specific endpoint this request was sent to.",
		},
		"another elsewhere": {
			"eu-west-1", "ap-south-1", "", "", "IllegalLocationConstraintException",
			"The ap-south-1 location constraint is incompatible for the region specific endpoint this request was sent to.",
		},
		"home by name": {"us-east-1", "us-east-1", "", "", "InvalidLocationConstraint", "The specified location-constraint is not valid"},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCall(tt.signed)
			out, err := CreateBucket(c, &s3.CreateBucketInput{
				Bucket:                    aws.String("box"),
				CreateBucketConfiguration: &types.CreateBucketConfiguration{LocationConstraint: types.BucketLocationConstraint(tt.constraint)},
			})
			if tt.code != "" {
				refused(t, err, tt.code, 400, tt.message)
				return
			}
			if err != nil || *out.Location != tt.location {
				t.Fatalf("made %+v (%v)", out, err)
			}
			if b, _ := c.S3.Buckets.Get("box"); b.Region != tt.region {
				t.Errorf("bucket is in %s", b.Region)
			}
		})
	}
}

func TestBucketNamesAreChecked(t *testing.T) {
	for name, want := range map[string]bool{
		"box": true, "b-1.x": true, strings.Repeat("a", 63): true,
		"bo": false, "Box": false, "box_1": false, "-box": false, "box-": false, "a..b": false, "10.0.0.1": false,
		"xn--box": false, "box-s3alias": false, strings.Repeat("a", 64): false, "": false,
	} {
		_, err := CreateBucket(newCall(home), &s3.CreateBucketInput{Bucket: aws.String(name)})
		if (err == nil) != want {
			t.Errorf("%q: %v", name, err)
		}
		if !want {
			refused(t, err, "InvalidBucketName", 400, "The specified bucket is not valid.")
		}
	}
}

func TestBucketNameIsTakenOnce(t *testing.T) {
	c := newCall("eu-west-1")
	c.S3.Foreign = []string{"theirs"}
	b := makeBucket(t, c, "")
	b.Tags = world.Tags{{Key: "a", Value: "b"}}
	_, err := CreateBucket(c, &s3.CreateBucketInput{Bucket: aws.String("box"), CreateBucketConfiguration: located("eu-west-1")})
	refused(t, err, "BucketAlreadyOwnedByYou", 409, "Your previous request to create the named bucket succeeded and you already own it.")
	_, err = CreateBucket(in(c, home), &s3.CreateBucketInput{Bucket: aws.String("box")})
	refused(t, err, "BucketAlreadyOwnedByYou", 409, "Your previous request to create the named bucket succeeded and you already own it.")
	_, err = CreateBucket(c, &s3.CreateBucketInput{Bucket: aws.String("theirs"), CreateBucketConfiguration: located("eu-west-1")})
	refused(t, err, "BucketAlreadyExists", 409, "The requested bucket name is not available. The bucket namespace is shared by all users of the system. "+
		"Please select a different name and try again.")
	_, err = HeadBucket(c, &s3.HeadBucketInput{Bucket: aws.String("theirs")})
	refused(t, err, "AccessDenied", 403, "Access Denied")
}

func TestBucketAtHomeMayBeMadeTwice(t *testing.T) {
	c := newCall(home)
	b := makeBucket(t, c, "Enabled")
	put(t, c, "k", "data")
	ok[*s3.CreateBucketOutput](t)(CreateBucket(c, &s3.CreateBucketInput{Bucket: aws.String("box")}))
	if again, _ := c.S3.Buckets.Get("box"); again != b || again.Versioning != "Enabled" || again.Objects.Len() != 1 {
		t.Error("the second call changed the bucket")
	}
}

func TestBucketsAreLimited(t *testing.T) {
	c := newCall(home)
	c.Region.Quotas = map[string]int{"L-DC2B2D3D": 1}
	makeBucket(t, c, "")
	_, err := CreateBucket(c, &s3.CreateBucketInput{Bucket: aws.String("box2")})
	refused(t, err, "TooManyBuckets", 400, "You have attempted to create more buckets than allowed")
}

func TestBucketIsAddressedInItsRegion(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	_, err := GetObject(in(c, "us-west-2"), &s3.GetObjectInput{Bucket: aws.String("box"), Key: aws.String("k")})
	refused(t, err, "PermanentRedirect", 301, "The bucket you are attempting to access must be addressed using the specified endpoint. "+
		"Please send all future requests to this endpoint: s3.eu-west-1.amazonaws.com")
	l := ok[*s3.GetBucketLocationOutput](t)(GetBucketLocation(in(c, home), &s3.GetBucketLocationInput{Bucket: aws.String("box")}))
	if l.LocationConstraint != "eu-west-1" {
		t.Errorf("location is %q", l.LocationConstraint)
	}
	h := ok[*s3.HeadBucketOutput](t)(HeadBucket(c, &s3.HeadBucketInput{Bucket: aws.String("box"), ExpectedBucketOwner: aws.String(world.Account)}))
	if *h.BucketRegion != "eu-west-1" || *h.BucketArn != "arn:aws:s3:::box" {
		t.Errorf("head is %+v", h)
	}
	_, err = HeadBucket(c, &s3.HeadBucketInput{Bucket: aws.String("box"), ExpectedBucketOwner: aws.String("210987654321")})
	refused(t, err, "AccessDenied", 403, "Access Denied")
	_, err = HeadBucket(c, &s3.HeadBucketInput{Bucket: aws.String("none")})
	refused(t, err, "NotFound", 404, "Not Found")
	_, err = GetBucketVersioning(c, &s3.GetBucketVersioningInput{Bucket: aws.String("none")})
	refused(t, err, "NoSuchBucket", 404, "The specified bucket does not exist")
}

func TestBucketsOfAllRegionsAreListedByName(t *testing.T) {
	c := newCall(home)
	for _, b := range []struct{ name, region string }{{"zeta", "eu-west-1"}, {"alpha", "us-east-1"}, {"mid", "ap-south-1"}} {
		ok[*s3.CreateBucketOutput](t)(CreateBucket(in(c, b.region), &s3.CreateBucketInput{Bucket: aws.String(b.name), CreateBucketConfiguration: located(b.region)}))
	}
	var got []string
	list := &s3.ListBucketsInput{MaxBuckets: aws.Int32(2)}
	for {
		out := ok[*s3.ListBucketsOutput](t)(ListBuckets(c, list))
		for _, b := range out.Buckets {
			got = append(got, *b.Name+"/"+*b.BucketRegion)
		}
		if list.ContinuationToken = out.ContinuationToken; list.ContinuationToken == nil {
			break
		}
	}
	if s := strings.Join(got, " "); s != "alpha/us-east-1 mid/ap-south-1 zeta/eu-west-1" {
		t.Errorf("listed %s", s)
	}
	if out := ok[*s3.ListBucketsOutput](t)(ListBuckets(c, &s3.ListBucketsInput{BucketRegion: aws.String("ap-south-1"), Prefix: aws.String("m")})); len(out.Buckets) != 1 {
		t.Errorf("in ap-south-1 are %v", out.Buckets)
	}
	_, err := ListBuckets(c, &s3.ListBucketsInput{ContinuationToken: aws.String("?")})
	refused(t, err, "InvalidArgument", 400, "The continuation token provided is incorrect")
}

func TestBucketIsDeletedWhenNotOneVersionIsLeft(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "Enabled")
	v := put(t, c, "k", "data")
	m := del(t, c, "k", "")
	drop := &s3.DeleteBucketInput{Bucket: aws.String("box")}
	_, err := DeleteBucket(c, drop)
	refused(t, err, "BucketNotEmpty", 409, "The bucket you tried to delete is not empty. You must delete all versions in the bucket.")
	del(t, c, "k", *v.VersionId)
	_, err = DeleteBucket(c, drop)
	refused(t, err, "BucketNotEmpty", 409, "The bucket you tried to delete is not empty. You must delete all versions in the bucket.")
	del(t, c, "k", *m.VersionId)
	ok[*s3.DeleteBucketOutput](t)(DeleteBucket(c, drop))
	_, err = DeleteBucket(c, drop)
	refused(t, err, "NoSuchBucket", 404, "The specified bucket does not exist")
}

func TestNewBucketIsPrivateAndEncrypted(t *testing.T) {
	c := newCall("eu-west-1")
	ok[*s3.CreateBucketOutput](t)(CreateBucket(c, &s3.CreateBucketInput{Bucket: aws.String("box"), CreateBucketConfiguration: &types.CreateBucketConfiguration{
		LocationConstraint: "eu-west-1", Tags: []types.Tag{{Key: aws.String("Environment"), Value: aws.String("prod")}},
	}}))
	name := aws.String("box")
	if p := ok[*s3.GetPublicAccessBlockOutput](t)(GetPublicAccessBlock(c, &s3.GetPublicAccessBlockInput{Bucket: name})).PublicAccessBlockConfiguration; !*p.BlockPublicAcls ||
		!*p.BlockPublicPolicy || !*p.IgnorePublicAcls || !*p.RestrictPublicBuckets {
		t.Errorf("public access block is %+v", p)
	}
	if o := ok[*s3.GetBucketOwnershipControlsOutput](t)(GetBucketOwnershipControls(c, &s3.GetBucketOwnershipControlsInput{Bucket: name})); o.OwnershipControls.Rules[0].ObjectOwnership != "BucketOwnerEnforced" {
		t.Errorf("ownership is %+v", o.OwnershipControls)
	}
	if e := ok[*s3.GetBucketEncryptionOutput](t)(GetBucketEncryption(c, &s3.GetBucketEncryptionInput{Bucket: name})).ServerSideEncryptionConfiguration.Rules[0]; e.ApplyServerSideEncryptionByDefault.SSEAlgorithm != "AES256" || *e.BucketKeyEnabled {
		t.Errorf("encryption is %+v", e)
	}
	if v := ok[*s3.GetBucketVersioningOutput](t)(GetBucketVersioning(c, &s3.GetBucketVersioningInput{Bucket: name})); v.Status != "" {
		t.Errorf("versioning is %s", v.Status)
	}
	if g := ok[*s3.GetBucketTaggingOutput](t)(GetBucketTagging(c, &s3.GetBucketTaggingInput{Bucket: name})); len(g.TagSet) != 1 || *g.TagSet[0].Value != "prod" {
		t.Errorf("tags are %v", g.TagSet)
	}
	_, err := CreateBucket(c, &s3.CreateBucketInput{Bucket: aws.String("open"), CreateBucketConfiguration: located("eu-west-1"), ACL: "public-read"})
	refused(t, err, "InvalidBucketAclWithObjectOwnership", 400, "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
	_, err = CreateBucket(c, &s3.CreateBucketInput{Bucket: aws.String("locked"), CreateBucketConfiguration: located("eu-west-1"), ObjectLockEnabledForBucket: aws.Bool(true)})
	refused(t, err, "NotImplemented", 501, "A header you provided implies functionality that is not implemented")
}
