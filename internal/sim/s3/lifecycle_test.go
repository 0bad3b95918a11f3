package s3

import (
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/s3/types"

	"berth/internal/sim/world"
)

func setRules(t *testing.T, c *world.Call, rules ...types.LifecycleRule) {
	t.Helper()
	for i := range rules {
		rules[i].Status = "Enabled"
		if rules[i].Filter == nil {
			rules[i].Filter = &types.LifecycleRuleFilter{Prefix: aws.String("")}
		}
	}
	ok[*s3.PutBucketLifecycleConfigurationOutput](t)(PutBucketLifecycleConfiguration(c, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: aws.String("box"), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: rules},
	}))
}

// look makes what is due happen, as any client does that lists the bucket.
func look(t *testing.T, c *world.Call) {
	t.Helper()
	ok[*s3.ListObjectVersionsOutput](t)(ListObjectVersions(c, &s3.ListObjectVersionsInput{Bucket: aws.String("box")}))
}

func noncurrent(days int32) types.LifecycleRule {
	return types.LifecycleRule{NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{NoncurrentDays: aws.Int32(days)}}
}

func expiration(days int32) types.LifecycleRule {
	return types.LifecycleRule{Expiration: &types.LifecycleExpiration{Days: aws.Int32(days)}}
}

func TestNoncurrentVersionsGoAtTheMidnightAfterTheirDays(t *testing.T) {
	c := newCall("eu-west-1") // it is nine in the morning
	b := makeBucket(t, c, "Enabled")
	setRules(t, c, noncurrent(1))
	put(t, c, "k", "a")
	c.Advance(time.Hour)
	put(t, c, "k", "b") // a is noncurrent since ten: due at ten the day after, which is rounded up to midnight
	c.Advance(38*time.Hour - time.Second)
	if look(t, c); stack(b, "k") != "b a" {
		t.Errorf("a second before midnight: %q", stack(b, "k"))
	}
	c.Advance(time.Second)
	if look(t, c); stack(b, "k") != "b" {
		t.Errorf("at midnight: %q", stack(b, "k"))
	}
	c.Advance(1000 * 24 * time.Hour)
	if look(t, c); stack(b, "k") != "b" {
		t.Errorf("the current version went too: %q", stack(b, "k"))
	}
}

func TestReadingAKeyIsEnoughToExpireIt(t *testing.T) {
	c := newCall("eu-west-1")
	b := makeBucket(t, c, "Enabled")
	setRules(t, c, noncurrent(1))
	put(t, c, "k", "a")
	put(t, c, "k", "b")
	c.Advance(72 * time.Hour)
	if got := read(t, c, &s3.GetObjectInput{}); got != "b" || stack(b, "k") != "b" {
		t.Errorf("read %q, kept %q", got, stack(b, "k"))
	}
}

func TestExpirationFollowsTheVersioning(t *testing.T) {
	for _, tt := range []struct {
		status types.BucketVersioningStatus
		rule   types.LifecycleRule
		want   string
	}{
		{"", expiration(1), ""},
		{"Enabled", expiration(1), "- a"},
		{"Suspended", expiration(1), ""}, // a null marker replaces the null version, and expires itself a day later
		{"", types.LifecycleRule{Expiration: &types.LifecycleExpiration{Date: aws.Time(time.Date(2026, 11, 4, 0, 0, 0, 0, time.UTC))}}, ""},
		{"", types.LifecycleRule{Expiration: &types.LifecycleExpiration{Date: aws.Time(time.Date(2026, 11, 6, 0, 0, 0, 0, time.UTC))}}, "0a"},
	} {
		c := newCall("eu-west-1")
		b := makeBucket(t, c, tt.status)
		setRules(t, c, tt.rule)
		put(t, c, "k", "a")
		c.Advance(72 * time.Hour)
		if look(t, c); stack(b, "k") != tt.want {
			t.Errorf("%q versioning: kept %q, want %q", tt.status, stack(b, "k"), tt.want)
		}
	}
}

func TestRulesTogetherEmptyAKey(t *testing.T) {
	c := newCall("eu-west-1")
	b := makeBucket(t, c, "Enabled")
	rule := noncurrent(1)
	rule.Expiration = &types.LifecycleExpiration{Days: aws.Int32(1)}
	setRules(t, c, rule)
	put(t, c, "k", "a")
	c.Advance(30 * 24 * time.Hour)
	if look(t, c); stack(b, "k") != "" {
		t.Errorf("after a month: %q", stack(b, "k"))
	}
	ok[*s3.DeleteBucketOutput](t)(DeleteBucket(c, &s3.DeleteBucketInput{Bucket: aws.String("box")}))
}

func TestLoneDeleteMarkerIsRemovedOnRequest(t *testing.T) {
	c := newCall("eu-west-1")
	b := makeBucket(t, c, "Enabled")
	v := put(t, c, "k", "a")
	del(t, c, "k", "")
	setRules(t, c, types.LifecycleRule{Expiration: &types.LifecycleExpiration{ExpiredObjectDeleteMarker: aws.Bool(true)}})
	if look(t, c); stack(b, "k") != "- a" {
		t.Errorf("with a version beneath it: %q", stack(b, "k"))
	}
	del(t, c, "k", *v.VersionId)
	if look(t, c); stack(b, "k") != "" {
		t.Errorf("alone: %q", stack(b, "k"))
	}
}

func TestNewerNoncurrentVersionsAreSpared(t *testing.T) {
	c := newCall("eu-west-1")
	b := makeBucket(t, c, "Enabled")
	rule := noncurrent(1)
	rule.NoncurrentVersionExpiration.NewerNoncurrentVersions = aws.Int32(2)
	setRules(t, c, rule)
	for _, data := range []string{"a", "b", "c", "d", "e"} {
		put(t, c, "k", data)
	}
	c.Advance(72 * time.Hour)
	if look(t, c); stack(b, "k") != "e d c" {
		t.Errorf("kept %q", stack(b, "k"))
	}
}

func TestRulesApplyToWhatTheirFilterCovers(t *testing.T) {
	tests := map[string]struct {
		filter *types.LifecycleRuleFilter
		gone   bool
	}{
		"all":         {&types.LifecycleRuleFilter{}, true},
		"prefix":      {&types.LifecycleRuleFilter{Prefix: aws.String("lease/")}, true},
		"other":       {&types.LifecycleRuleFilter{Prefix: aws.String("other/")}, false},
		"tag":         {&types.LifecycleRuleFilter{Tag: &types.Tag{Key: aws.String("a"), Value: aws.String("1")}}, true},
		"other tag":   {&types.LifecycleRuleFilter{Tag: &types.Tag{Key: aws.String("a"), Value: aws.String("2")}}, false},
		"large":       {&types.LifecycleRuleFilter{ObjectSizeGreaterThan: aws.Int64(4)}, false},
		"small":       {&types.LifecycleRuleFilter{ObjectSizeLessThan: aws.Int64(5)}, true},
		"and":         {&types.LifecycleRuleFilter{And: &types.LifecycleRuleAndOperator{Prefix: aws.String("lease/"), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}}}, true},
		"and, not so": {&types.LifecycleRuleFilter{And: &types.LifecycleRuleAndOperator{Prefix: aws.String("lease/"), ObjectSizeGreaterThan: aws.Int64(4)}}, false},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			c := newCall("eu-west-1")
			b := makeBucket(t, c, "")
			rule := expiration(1)
			rule.Filter = tt.filter
			setRules(t, c, rule)
			ok[*s3.PutObjectOutput](t)(PutObject(c, &s3.PutObjectInput{Bucket: aws.String("box"), Key: aws.String("lease/infra"), Tagging: aws.String("a=1"), Body: nil}))
			c.Advance(72 * time.Hour)
			if look(t, c); (stack(b, "lease/infra") == "") != tt.gone {
				t.Errorf("kept %q, want gone %v", stack(b, "lease/infra"), tt.gone)
			}
		})
	}
}

func TestRulesActUntilTheyAreReplaced(t *testing.T) {
	c := newCall("eu-west-1")
	b := makeBucket(t, c, "")
	setRules(t, c, expiration(1))
	put(t, c, "k", "a")
	c.Advance(72 * time.Hour)
	ok[*s3.DeleteBucketLifecycleOutput](t)(DeleteBucketLifecycle(c, &s3.DeleteBucketLifecycleInput{Bucket: aws.String("box")}))
	if stack(b, "k") != "" {
		t.Errorf("nobody looked before the rules were removed, and there is %q", stack(b, "k"))
	}
	put(t, c, "k", "b")
	c.Advance(72 * time.Hour)
	if look(t, c); stack(b, "k") != "0b" {
		t.Errorf("without rules: %q", stack(b, "k"))
	}
}

func TestDisabledRuleDoesNothing(t *testing.T) {
	c := newCall("eu-west-1")
	b := makeBucket(t, c, "")
	rule := expiration(1)
	rule.Status, rule.Prefix = "Disabled", aws.String("") //nolint:staticcheck // old clients still send it
	ok[*s3.PutBucketLifecycleConfigurationOutput](t)(PutBucketLifecycleConfiguration(c, &s3.PutBucketLifecycleConfigurationInput{
		Bucket: aws.String("box"), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: []types.LifecycleRule{rule}},
	}))
	put(t, c, "k", "a")
	c.Advance(72 * time.Hour)
	if look(t, c); stack(b, "k") != "0a" {
		t.Errorf("kept %q", stack(b, "k"))
	}
}

func TestLifecycleReadsBackAsItWasPut(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	rule := noncurrent(7)
	rule.ID, rule.AbortIncompleteMultipartUpload = aws.String("mine"), &types.AbortIncompleteMultipartUpload{DaysAfterInitiation: aws.Int32(3)}
	rule.Filter = &types.LifecycleRuleFilter{And: &types.LifecycleRuleAndOperator{Prefix: aws.String("a/"), Tags: []types.Tag{{Key: aws.String("k"), Value: aws.String("v")}}}}
	setRules(t, c, rule, expiration(9))
	got := ok[*s3.GetBucketLifecycleConfigurationOutput](t)(GetBucketLifecycleConfiguration(c, &s3.GetBucketLifecycleConfigurationInput{Bucket: aws.String("box")}))
	if len(got.Rules) != 2 || *got.Rules[0].ID != "mine" || *got.Rules[0].AbortIncompleteMultipartUpload.DaysAfterInitiation != 3 || *got.Rules[0].Filter.And.Tags[0].Value != "v" ||
		*got.Rules[1].Expiration.Days != 9 || *got.Rules[1].ID == "" || *got.Rules[1].Filter.Prefix != "" || got.TransitionDefaultMinimumObjectSize != "all_storage_classes_128K" {
		t.Errorf("rules are %+v", got.Rules)
	}
	again := ok[*s3.GetBucketLifecycleConfigurationOutput](t)(GetBucketLifecycleConfiguration(c, &s3.GetBucketLifecycleConfigurationInput{Bucket: aws.String("box")}))
	if *again.Rules[1].ID != *got.Rules[1].ID {
		t.Error("the ID that was given to a rule changed")
	}
}

func TestRulesAreChecked(t *testing.T) {
	c := newCall("eu-west-1")
	makeBucket(t, c, "")
	all := &types.LifecycleRuleFilter{}
	days := func(n int32) *types.LifecycleExpiration { return &types.LifecycleExpiration{Days: aws.Int32(n)} }
	const badXML = "The XML you provided was not well-formed or did not validate against our published schema"
	tests := map[string]struct {
		rules         []types.LifecycleRule
		code, message string
	}{
		"none":      {nil, "MalformedXML", badXML},
		"status":    {[]types.LifecycleRule{{Status: "On", Filter: all, Expiration: days(1)}}, "MalformedXML", badXML},
		"no filter": {[]types.LifecycleRule{{Status: "Enabled", Expiration: days(1)}}, "MalformedXML", badXML},
		"no action": {[]types.LifecycleRule{{Status: "Enabled", Filter: all}}, "InvalidRequest", "At least one action needs to be specified in a rule"},
		"zero days": {[]types.LifecycleRule{{Status: "Enabled", Filter: all, Expiration: days(0)}}, "InvalidArgument", "'Days' for Expiration action must be a positive integer"},
		"odd date": {
			[]types.LifecycleRule{{Status: "Enabled", Filter: all, Expiration: &types.LifecycleExpiration{Date: aws.Time(world.Epoch())}}},
			"InvalidArgument", "'Date' must be at midnight GMT",
		},
		"zero noncurrent": {
			[]types.LifecycleRule{{Status: "Enabled", Filter: all, NoncurrentVersionExpiration: &types.NoncurrentVersionExpiration{}}},
			"InvalidArgument", "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer",
		},
		"same id": {
			[]types.LifecycleRule{{Status: "Enabled", Filter: all, Expiration: days(1), ID: aws.String("a")}, {Status: "Enabled", Filter: all, Expiration: days(2), ID: aws.String("a")}},
			"InvalidArgument", "Rule ID must be unique. Found same ID for more than one rule",
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := PutBucketLifecycleConfiguration(c, &s3.PutBucketLifecycleConfigurationInput{
				Bucket: aws.String("box"), LifecycleConfiguration: &types.BucketLifecycleConfiguration{Rules: tt.rules},
			})
			refused(t, err, tt.code, 400, tt.message)
		})
	}
}
