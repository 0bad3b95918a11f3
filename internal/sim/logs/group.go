package logs

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	logs "github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// The alphabets of names (CloudWatch Logs API reference, CreateLogGroup and CreateLogStream).
var (
	groupForm  = regexp.MustCompile(`^[.\-_/#A-Za-z0-9]+$`)
	streamForm = regexp.MustCompile(`^[^:*]*$`)
)

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

// constrained checks a name that is required.
func constrained(member string, v *string, form *regexp.Regexp) (string, error) {
	switch {
	case v == nil:
		return "", invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member)
	case *v == "":
		return "", invalid("1 validation error detected: Value '' at '%s' failed to satisfy constraint: Member must have length greater than or equal to 1", member)
	case len(*v) > 512:
		return "", invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must have length less than or equal to 512", *v, member)
	case !form.MatchString(*v):
		pattern := strings.TrimSuffix(strings.TrimPrefix(form.String(), "^"), "$")
		return "", invalid("1 validation error detected: Value '%s' at '%s' failed to satisfy constraint: Member must satisfy regular expression pattern: %s",
			*v, member, pattern)
	}
	return *v, nil
}

// CreateLogGroup makes a group that keeps its events for ever.
func CreateLogGroup(c *world.Call, in *logs.CreateLogGroupInput) (*logs.CreateLogGroupOutput, error) {
	name, err := constrained("logGroupName", in.LogGroupName, groupForm)
	if err != nil {
		return nil, err
	}
	class := cmp.Or(in.LogGroupClass, types.LogGroupClassStandard)
	if !slices.Contains(class.Values(), class) {
		return nil, invalid("1 validation error detected: Value '%s' at 'logGroupClass' failed to satisfy constraint: "+
			"Member must satisfy enum value set: %v", class, class.Values())
	}
	if _, ok := c.Region.Logs.Groups.Get(name); ok {
		return nil, wire.Errorf("ResourceAlreadyExistsException", "The specified log group already exists")
	}
	t, err := tagged(nil, in.Tags)
	if err != nil {
		return nil, err
	}
	c.Region.Logs.Groups.Put(name, &world.LogGroup{
		Name: name, ARN: c.ARN("logs", "log-group:"+name), Class: string(class), KMSKey: aws.ToString(in.KmsKeyId),
		Protected: aws.ToBool(in.DeletionProtectionEnabled), Tags: t, Created: c.Now(),
	})
	return &logs.CreateLogGroupOutput{}, nil
}

func findGroup(c *world.Call, v *string) (*world.LogGroup, error) {
	name, err := constrained("logGroupName", v, groupForm)
	if err != nil {
		return nil, err
	}
	g, ok := c.Region.Logs.Groups.Get(name)
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", "The specified log group does not exist.")
	}
	return g, nil
}

// identified finds a group by name or by ARN, with or without ":*".
func identified(c *world.Call, member string, v *string) (*world.LogGroup, error) {
	id := aws.ToString(v)
	if id == "" {
		return nil, invalid("1 validation error detected: Value null at '%s' failed to satisfy constraint: Member must not be null", member)
	}
	name := id
	if strings.HasPrefix(id, "arn:") {
		rest, ok := strings.CutPrefix(strings.TrimSuffix(id, ":*"), c.ARN("logs", "log-group:"))
		if !ok {
			return nil, wire.Errorf("ResourceNotFoundException", "The specified log group does not exist.")
		}
		name = rest
	}
	return findGroup(c, &name)
}

// either finds a group by the one of its name and its identifier that is given.
func either(c *world.Call, name, identifier *string) (*world.LogGroup, error) {
	switch {
	case name != nil && identifier != nil:
		return nil, invalid("LogGroupName and LogGroupIdentifier are mutually exclusive parameters.")
	case identifier != nil:
		return identified(c, "logGroupIdentifier", identifier)
	case name != nil:
		return findGroup(c, name)
	}
	return nil, invalid("Either LogGroupName or LogGroupIdentifier must be given.")
}

// DeleteLogGroup removes a group with its streams, unless it is protected.
func DeleteLogGroup(c *world.Call, in *logs.DeleteLogGroupInput) (*logs.DeleteLogGroupOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	if g.Protected {
		return nil, wire.Errorf("ValidationException", "Cannot delete log group %s because deletion protection is enabled.", g.Name)
	}
	c.Region.Logs.Groups.Delete(g.Name)
	return &logs.DeleteLogGroupOutput{}, nil
}

// PutLogGroupDeletionProtection protects a group from deletion, or no longer.
func PutLogGroupDeletionProtection(c *world.Call, in *logs.PutLogGroupDeletionProtectionInput) (*logs.PutLogGroupDeletionProtectionOutput, error) {
	g, err := identified(c, "logGroupIdentifier", in.LogGroupIdentifier)
	if err != nil {
		return nil, err
	}
	if in.DeletionProtectionEnabled == nil {
		return nil, invalid("1 validation error detected: Value null at 'deletionProtectionEnabled' failed to satisfy constraint: Member must not be null")
	}
	g.Protected = *in.DeletionProtectionEnabled
	return &logs.PutLogGroupDeletionProtectionOutput{}, nil
}

// retentions are the numbers of days that a group may keep its events.
func retentions() []int32 {
	return []int32{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}
}

// PutRetentionPolicy says for how many days a group keeps its events.
func PutRetentionPolicy(c *world.Call, in *logs.PutRetentionPolicyInput) (*logs.PutRetentionPolicyOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	days := aws.ToInt32(in.RetentionInDays)
	if !slices.Contains(retentions(), days) {
		set := strings.Join(strings.Fields(strings.Trim(fmt.Sprint(retentions()), "[]")), ", ")
		return nil, invalid("1 validation error detected: Value '%d' at 'retentionInDays' failed to satisfy constraint: "+
			"Member must satisfy enum value set: [%s]", days, set)
	}
	g.Retention = int(days)
	return &logs.PutRetentionPolicyOutput{}, nil
}

// DeleteRetentionPolicy lets a group keep its events for ever.
func DeleteRetentionPolicy(c *world.Call, in *logs.DeleteRetentionPolicyInput) (*logs.DeleteRetentionPolicyOutput, error) {
	g, err := findGroup(c, in.LogGroupName)
	if err != nil {
		return nil, err
	}
	g.Retention = 0
	return &logs.DeleteRetentionPolicyOutput{}, nil
}

// DescribeLogGroups lists groups by name in ASCII order, 50 a page.
func DescribeLogGroups(c *world.Call, in *logs.DescribeLogGroupsInput) (*logs.DescribeLogGroupsOutput, error) {
	if in.LogGroupNamePrefix != nil && in.LogGroupNamePattern != nil {
		return nil, invalid("LogGroup name prefix and LogGroup name pattern are mutually exclusive parameters.")
	}
	var found []*world.LogGroup
	for g := range c.Region.Logs.Groups.Rows() {
		if wanted(g, in) {
			found = append(found, g)
		}
	}
	slices.SortFunc(found, func(a, b *world.LogGroup) int { return cmp.Compare(a.Name, b.Name) })
	rows, next, err := page(found, in.NextToken, in.Limit)
	if err != nil {
		return nil, err
	}
	out := &logs.DescribeLogGroupsOutput{LogGroups: []types.LogGroup{}, NextToken: next}
	for _, g := range rows {
		out.LogGroups = append(out.LogGroups, show(c, g))
	}
	return out, nil
}

func wanted(g *world.LogGroup, in *logs.DescribeLogGroupsInput) bool {
	if !strings.HasPrefix(g.Name, aws.ToString(in.LogGroupNamePrefix)) || !strings.Contains(g.Name, aws.ToString(in.LogGroupNamePattern)) {
		return false
	}
	if in.LogGroupClass != "" && string(in.LogGroupClass) != g.Class {
		return false
	}
	return len(in.LogGroupIdentifiers) == 0 || slices.ContainsFunc(in.LogGroupIdentifiers, func(id string) bool {
		return id == g.Name || strings.TrimSuffix(id, ":*") == g.ARN
	})
}

func show(c *world.Call, g *world.LogGroup) types.LogGroup {
	out := types.LogGroup{
		LogGroupName: aws.String(g.Name), LogGroupArn: aws.String(g.ARN), Arn: aws.String(g.ARN + ":*"),
		LogGroupClass: types.LogGroupClass(g.Class), CreationTime: aws.Int64(g.Created.UnixMilli()),
		MetricFilterCount: aws.Int32(0), StoredBytes: aws.Int64(0), DeletionProtectionEnabled: aws.Bool(g.Protected),
	}
	if g.Retention > 0 {
		out.RetentionInDays = aws.Int32(int32(g.Retention))
	}
	if g.KMSKey != "" {
		out.KmsKeyId = aws.String(g.KMSKey)
	}
	prune(g, c.Now())
	for s := range g.Streams.Rows() {
		*out.StoredBytes += stored(s)
	}
	return out
}

// prune drops what is past the group's retention.
func prune(g *world.LogGroup, now time.Time) {
	oldest, ok := keptSince(g, now)
	if !ok {
		return
	}
	for s := range g.Streams.Rows() {
		s.Events = slices.DeleteFunc(s.Events, func(e world.LogEvent) bool { return e.At.Before(oldest) })
	}
}

// keptSince is the time of the oldest event that is kept; a delivery group keeps a day.
func keptSince(g *world.LogGroup, now time.Time) (time.Time, bool) {
	days := g.Retention
	if g.Class == string(types.LogGroupClassDelivery) {
		days = 1
	}
	return now.AddDate(0, 0, -days), days > 0
}
