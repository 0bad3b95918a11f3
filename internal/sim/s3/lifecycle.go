package s3

import (
	"cmp"
	"encoding/json"
	"slices"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// lifecycle is a bucket's lifecycle configuration as the world keeps it, in JSON.
type lifecycle struct {
	Rules   []types.LifecycleRule
	Minimum types.TransitionDefaultMinimumObjectSize
}

// readLifecycle reads what PutBucketLifecycleConfiguration wrote.
func readLifecycle(b *world.StorageBucket) lifecycle {
	var l lifecycle
	if b.Lifecycle == "" || json.Unmarshal([]byte(b.Lifecycle), &l) != nil {
		return lifecycle{}
	}
	return l
}

// PutBucketLifecycleConfiguration replaces all rules; a rule without an ID gets one.
func PutBucketLifecycleConfiguration(
	c *world.Call, in *s3.PutBucketLifecycleConfigurationInput,
) (*s3.PutBucketLifecycleConfigurationOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if in.LifecycleConfiguration == nil || len(in.LifecycleConfiguration.Rules) == 0 {
		return nil, malformedXML()
	}
	l := lifecycle{
		Rules:   slices.Clone(in.LifecycleConfiguration.Rules),
		Minimum: cmp.Or(in.TransitionDefaultMinimumObjectSize, types.TransitionDefaultMinimumObjectSizeAllStorageClasses128k),
	}
	seen := map[string]bool{}
	for i := range l.Rules {
		r := &l.Rules[i]
		if err := checkRule(r); err != nil {
			return nil, err
		}
		if aws.ToString(r.ID) == "" {
			r.ID = aws.String(c.UUID())
		}
		if seen[*r.ID] {
			return nil, wire.Errorf("InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule")
		}
		seen[*r.ID] = true
	}
	text, err := json.Marshal(l)
	if err != nil {
		return nil, malformedXML()
	}
	sweep(c, b) // what has expired has expired under the old rules
	b.Lifecycle = string(text)
	return &s3.PutBucketLifecycleConfigurationOutput{TransitionDefaultMinimumObjectSize: l.Minimum}, nil
}

// checkRule refuses what S3 refuses in a rule by itself.
func checkRule(r *types.LifecycleRule) error {
	if !slices.Contains(r.Status.Values(), r.Status) || (r.Filter == nil) == (r.Prefix == nil) { //nolint:staticcheck // old clients still send it
		return malformedXML()
	}
	if len(aws.ToString(r.ID)) > 255 {
		return wire.Errorf("InvalidArgument", "ID length should not exceed allowed limit of 255")
	}
	if r.Expiration == nil && r.NoncurrentVersionExpiration == nil && r.AbortIncompleteMultipartUpload == nil &&
		len(r.Transitions)+len(r.NoncurrentVersionTransitions) == 0 {
		return wire.Errorf("InvalidRequest", "At least one action needs to be specified in a rule")
	}
	if n := r.NoncurrentVersionExpiration; n != nil && aws.ToInt32(n.NoncurrentDays) <= 0 {
		return wire.Errorf("InvalidArgument", "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer")
	}
	return checkExpiration(r.Expiration)
}

// checkExpiration refuses an expiration that is not exactly one of: days, a date, or the removal of lone delete markers.
func checkExpiration(e *types.LifecycleExpiration) error {
	switch {
	case e == nil:
		return nil
	case e.Days != nil && *e.Days <= 0:
		return wire.Errorf("InvalidArgument", "'Days' for Expiration action must be a positive integer")
	case e.Date != nil && !midnight(*e.Date).Equal(*e.Date):
		return wire.Errorf("InvalidArgument", "'Date' must be at midnight GMT")
	case e.Days != nil && e.Date != nil, e.ExpiredObjectDeleteMarker != nil && (e.Days != nil || e.Date != nil):
		return malformedXML()
	}
	return nil
}

// GetBucketLifecycleConfiguration shows the rules.
func GetBucketLifecycleConfiguration(
	c *world.Call, in *s3.GetBucketLifecycleConfigurationInput,
) (*s3.GetBucketLifecycleConfigurationOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	if b.Lifecycle == "" {
		return nil, missing("NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
	}
	l := readLifecycle(b)
	return &s3.GetBucketLifecycleConfigurationOutput{Rules: l.Rules, TransitionDefaultMinimumObjectSize: l.Minimum}, nil
}

// DeleteBucketLifecycle removes all rules.
func DeleteBucketLifecycle(c *world.Call, in *s3.DeleteBucketLifecycleInput) (*s3.DeleteBucketLifecycleOutput, error) {
	b, err := find(c, in.Bucket, in.ExpectedBucketOwner)
	if err != nil {
		return nil, err
	}
	sweep(c, b)
	b.Lifecycle = ""
	return &s3.DeleteBucketLifecycleOutput{}, nil
}

// midnight is the end of t's day in UTC, or t itself if it is a midnight.
func midnight(t time.Time) time.Time {
	day := t.UTC().Truncate(24 * time.Hour)
	if day.Equal(t) {
		return t
	}
	return day.Add(24 * time.Hour)
}

// after is when something of the age of days is due: S3 rounds up to the next midnight UTC (S3 user guide, "Lifecycle
// configuration elements").
func after(t time.Time, days int32) time.Time { return midnight(t.AddDate(0, 0, int(days))) }
