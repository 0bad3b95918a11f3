package listing

import (
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ec2/types"

	"berth/internal/sim/world"
)

func tag(k, v string) types.Tag { return types.Tag{Key: aws.String(k), Value: aws.String(v)} }

func spec(resource types.ResourceType, tags ...types.Tag) types.TagSpecification {
	return types.TagSpecification{ResourceType: resource, Tags: tags}
}

func TestTagSpecificationsAreCheckedAsAWSDoes(t *testing.T) {
	var many []types.Tag
	for i := range 51 {
		many = append(many, tag("k"+strconv.Itoa(i), ""))
	}
	for _, x := range []struct {
		name, code, words string
		spec              types.TagSpecification
	}{
		{"another kind", "InvalidParameterValue", "'subnet' is not a valid taggable resource type", spec("subnet", tag("a", "b"))},
		{"no kind", "InvalidParameterValue", "must have a value", spec("", tag("a", "b"))},
		{"no tags", "InvalidParameterValue", "at least one tag", spec("vpc")},
		{"twice", "InvalidParameterValue", "Duplicate tag key 'a'", spec("vpc", tag("a", "b"), tag("a", "c"))},
		{"reserved", "InvalidParameterValue", "reserved", spec("vpc", tag("aws:x", "b"))},
		{"empty key", "InvalidParameterValue", "empty", spec("vpc", tag("", "b"))},
		{"long key", "InvalidParameterValue", "128", spec("vpc", tag(strings.Repeat("k", 129), ""))},
		{"long value", "InvalidParameterValue", "256", spec("vpc", tag("k", strings.Repeat("v", 257)))},
		{"too many", "TagLimitExceeded", "", spec("vpc", many...)},
	} {
		t.Run(x.name, func(t *testing.T) {
			_, err := SpecTags([]types.TagSpecification{x.spec}, types.ResourceTypeVpc)
			refused(t, err, x.code, x.words)
		})
	}
}

func TestTagSpecificationsOfAllowedKindsAreKeptApart(t *testing.T) {
	specs := []types.TagSpecification{spec("instance", tag("a", "1")), spec("volume", tag("b", "2"))}
	got, err := SpecTags(specs, types.ResourceTypeVolume, types.ResourceTypeInstance)
	if err != nil || len(got) != 1 || got[0] != (world.Tag{Key: "b", Value: "2"}) {
		t.Errorf("got %v, %v", got, err)
	}
}
