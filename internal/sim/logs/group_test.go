package logs

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

func newCall() *world.Call {
	w := world.New(1)
	w.Attach(nil, nil)
	return &world.Call{World: w, Region: w.Region("eu-west-1"), Service: "logs"}
}

func refused(t *testing.T, err error, code, message string) {
	t.Helper()
	if e, ok := errors.AsType[*wire.Error](err); !ok || e.Code != code || e.Message != message {
		t.Fatalf("got %v\nwant %s: %s", err, code, message)
	}
}

func ok[O any](t *testing.T) func(O, error) O {
	return func(out O, err error) O {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
}

func makeGroup(t *testing.T, c *world.Call, name string) {
	t.Helper()
	ok[*logs.CreateLogGroupOutput](t)(CreateLogGroup(c, &logs.CreateLogGroupInput{LogGroupName: aws.String(name), Tags: map[string]string{"b": "2", "a": "1"}}))
}

func describe(t *testing.T, c *world.Call, in *logs.DescribeLogGroupsInput) []types.LogGroup {
	t.Helper()
	return ok[*logs.DescribeLogGroupsOutput](t)(DescribeLogGroups(c, in)).LogGroups
}

func TestGroupIsReadBackWhole(t *testing.T) {
	c := newCall()
	makeGroup(t, c, "/ecs/prod")
	g := describe(t, c, &logs.DescribeLogGroupsInput{})[0]
	if *g.LogGroupArn != "arn:aws:logs:eu-west-1:123456789012:log-group:/ecs/prod" || *g.Arn != *g.LogGroupArn+":*" {
		t.Errorf("arns are %s and %s", *g.LogGroupArn, *g.Arn)
	}
	if g.LogGroupClass != "STANDARD" || g.RetentionInDays != nil || *g.CreationTime != world.Epoch().UnixMilli() || *g.MetricFilterCount != 0 || *g.StoredBytes != 0 || *g.DeletionProtectionEnabled {
		t.Errorf("group is %+v", g)
	}
	_, err := CreateLogGroup(c, &logs.CreateLogGroupInput{LogGroupName: aws.String("/ecs/prod")})
	refused(t, err, "ResourceAlreadyExistsException", "The specified log group already exists")
	if _, there := c.World.Region("us-east-1").Logs.Groups.Get("/ecs/prod"); there {
		t.Error("the group is in another region too")
	}
}

func TestGroupRefusals(t *testing.T) {
	tests := map[string]struct {
		in      logs.CreateLogGroupInput
		message string
	}{
		"no name":    {logs.CreateLogGroupInput{}, "1 validation error detected: Value null at 'logGroupName' failed to satisfy constraint: Member must not be null"},
		"empty name": {logs.CreateLogGroupInput{LogGroupName: aws.String("")}, "1 validation error detected: Value '' at 'logGroupName' failed to satisfy constraint: Member must have length greater than or equal to 1"},
		"odd name":   {logs.CreateLogGroupInput{LogGroupName: aws.String("a b")}, `1 validation error detected: Value 'a b' at 'logGroupName' failed to satisfy constraint: Member must satisfy regular expression pattern: [.\-_/#A-Za-z0-9]+`},
		"odd class":  {logs.CreateLogGroupInput{LogGroupName: aws.String("a"), LogGroupClass: "COLD"}, "1 validation error detected: Value 'COLD' at 'logGroupClass' failed to satisfy constraint: Member must satisfy enum value set: [STANDARD INFREQUENT_ACCESS DELIVERY ESSENTIALS]"},
		"system tag": {logs.CreateLogGroupInput{LogGroupName: aws.String("a"), Tags: map[string]string{"aws:x": "y"}}, "The tag with the key 'aws:x' is invalid."},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			_, err := CreateLogGroup(newCall(), &tt.in)
			refused(t, err, "InvalidParameterException", tt.message)
		})
	}
}

func TestGroupsAreListedByNameAndFiltered(t *testing.T) {
	c := newCall()
	for _, n := range []string{"/ecs/b", "/vpc/a", "/ecs/a"} {
		makeGroup(t, c, n)
	}
	tests := map[string]struct {
		in   logs.DescribeLogGroupsInput
		want string
	}{
		"all":        {logs.DescribeLogGroupsInput{}, "/ecs/a /ecs/b /vpc/a"},
		"prefix":     {logs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("/ecs")}, "/ecs/a /ecs/b"},
		"pattern":    {logs.DescribeLogGroupsInput{LogGroupNamePattern: aws.String("/a")}, "/ecs/a /vpc/a"},
		"identifier": {logs.DescribeLogGroupsInput{LogGroupIdentifiers: []string{"/ecs/b", "arn:aws:logs:eu-west-1:123456789012:log-group:/vpc/a"}}, "/ecs/b /vpc/a"},
		"class":      {logs.DescribeLogGroupsInput{LogGroupClass: "DELIVERY"}, ""},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			var got []string
			for _, g := range describe(t, c, &tt.in) {
				got = append(got, *g.LogGroupName)
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %v, want %s", got, tt.want)
			}
		})
	}
	_, err := DescribeLogGroups(c, &logs.DescribeLogGroupsInput{LogGroupNamePrefix: aws.String("a"), LogGroupNamePattern: aws.String("a")})
	refused(t, err, "InvalidParameterException", "LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
}

func TestGroupsArePaged(t *testing.T) {
	c := newCall()
	for i := range 120 {
		makeGroup(t, c, fmt.Sprintf("g%03d", i))
	}
	var sizes []int
	in := &logs.DescribeLogGroupsInput{}
	for {
		out := ok[*logs.DescribeLogGroupsOutput](t)(DescribeLogGroups(c, in))
		sizes = append(sizes, len(out.LogGroups))
		if in.NextToken = out.NextToken; in.NextToken == nil {
			break
		}
	}
	if !slices.Equal(sizes, []int{50, 50, 20}) {
		t.Errorf("pages have %v groups", sizes)
	}
	_, err := DescribeLogGroups(c, &logs.DescribeLogGroupsInput{NextToken: aws.String("?")})
	refused(t, err, "InvalidParameterException", "The specified nextToken is invalid.")
	_, err = DescribeLogGroups(c, &logs.DescribeLogGroupsInput{Limit: aws.Int32(51)})
	refused(t, err, "InvalidParameterException", "1 validation error detected: Value '51' at 'limit' failed to satisfy constraint: Member must have value between 1 and 50")
}

func TestRetentionTakesOnlyKnownNumbersOfDays(t *testing.T) {
	c := newCall()
	makeGroup(t, c, "g")
	name := aws.String("g")
	ok[*logs.PutRetentionPolicyOutput](t)(PutRetentionPolicy(c, &logs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(30)}))
	if g := describe(t, c, &logs.DescribeLogGroupsInput{})[0]; g.RetentionInDays == nil || *g.RetentionInDays != 30 {
		t.Errorf("retention is %v", g.RetentionInDays)
	}
	_, err := PutRetentionPolicy(c, &logs.PutRetentionPolicyInput{LogGroupName: name, RetentionInDays: aws.Int32(4)})
	refused(t, err, "InvalidParameterException", "1 validation error detected: Value '4' at 'retentionInDays' failed to satisfy constraint: Member must satisfy enum value set: "+
		"[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653]")
	ok[*logs.DeleteRetentionPolicyOutput](t)(DeleteRetentionPolicy(c, &logs.DeleteRetentionPolicyInput{LogGroupName: name}))
	if g := describe(t, c, &logs.DescribeLogGroupsInput{})[0]; g.RetentionInDays != nil {
		t.Errorf("retention is %v", *g.RetentionInDays)
	}
	_, err = PutRetentionPolicy(c, &logs.PutRetentionPolicyInput{LogGroupName: aws.String("none"), RetentionInDays: aws.Int32(1)})
	refused(t, err, "ResourceNotFoundException", "The specified log group does not exist.")
}

func TestProtectedGroupIsNotDeleted(t *testing.T) {
	c := newCall()
	makeGroup(t, c, "g")
	protect := func(on bool) {
		ok[*logs.PutLogGroupDeletionProtectionOutput](t)(PutLogGroupDeletionProtection(c, &logs.PutLogGroupDeletionProtectionInput{
			LogGroupIdentifier: aws.String("arn:aws:logs:eu-west-1:123456789012:log-group:g"), DeletionProtectionEnabled: aws.Bool(on),
		}))
	}
	protect(true)
	_, err := DeleteLogGroup(c, &logs.DeleteLogGroupInput{LogGroupName: aws.String("g")})
	refused(t, err, "ValidationException", "Cannot delete log group g because deletion protection is enabled.")
	protect(false)
	ok[*logs.DeleteLogGroupOutput](t)(DeleteLogGroup(c, &logs.DeleteLogGroupInput{LogGroupName: aws.String("g")}))
	_, err = DeleteLogGroup(c, &logs.DeleteLogGroupInput{LogGroupName: aws.String("g")})
	refused(t, err, "ResourceNotFoundException", "The specified log group does not exist.")
}

func TestTagsByARNAndByNameAreTheSame(t *testing.T) {
	c := newCall()
	makeGroup(t, c, "g")
	name, arn := aws.String("g"), aws.String("arn:aws:logs:eu-west-1:123456789012:log-group:g")
	ok[*logs.TagResourceOutput](t)(TagResource(c, &logs.TagResourceInput{ResourceArn: arn, Tags: map[string]string{"a": "9", "c": "3"}}))
	ok[*logs.TagLogGroupOutput](t)(TagLogGroup(c, &logs.TagLogGroupInput{LogGroupName: name, Tags: map[string]string{"d": "4"}}))
	ok[*logs.UntagResourceOutput](t)(UntagResource(c, &logs.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"b"}}))
	ok[*logs.UntagLogGroupOutput](t)(UntagLogGroup(c, &logs.UntagLogGroupInput{LogGroupName: name, Tags: []string{"c"}}))
	byARN := ok[*logs.ListTagsForResourceOutput](t)(ListTagsForResource(c, &logs.ListTagsForResourceInput{ResourceArn: aws.String(*arn + ":*")})).Tags
	byName := ok[*logs.ListTagsLogGroupOutput](t)(ListTagsLogGroup(c, &logs.ListTagsLogGroupInput{LogGroupName: name})).Tags
	if fmt.Sprint(byARN) != "map[a:9 d:4]" || fmt.Sprint(byName) != fmt.Sprint(byARN) {
		t.Errorf("by ARN %v, by name %v", byARN, byName)
	}
	many := map[string]string{}
	for i := range 49 {
		many[fmt.Sprint(i)] = ""
	}
	_, err := TagResource(c, &logs.TagResourceInput{ResourceArn: arn, Tags: many})
	refused(t, err, "TooManyTagsException", "A resource can have no more than 50 tags.")
	_, err = ListTagsForResource(c, &logs.ListTagsForResourceInput{ResourceArn: aws.String("arn:aws:logs:us-east-1:123456789012:log-group:g")})
	refused(t, err, "ResourceNotFoundException", "The specified log group does not exist.")
}
