package definition

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/world"
)

// The states of a revision.
const (
	active   = "ACTIVE"
	inactive = "INACTIVE"
)

// RegisterTaskDefinition makes the next revision of a family.
func RegisterTaskDefinition(c *world.Call, in *ecs.RegisterTaskDefinitionInput) (*ecs.RegisterTaskDefinitionOutput, error) {
	d, err := read(in)
	if err != nil {
		return nil, err
	}
	if d.Tags, err = listing.ReadTags(in.Tags); err != nil {
		return nil, err
	}
	f, ok := c.Region.ECS.Families.Get(d.Family)
	if !ok {
		f = &world.TaskFamily{Name: d.Family}
		c.Region.ECS.Families.Put(d.Family, f)
	}
	f.Last++
	d.Revision, d.Status, d.RegisteredAt = f.Last, active, c.Now()
	d.ARN = c.ARN("ecs", "task-definition/"+Name(d))
	c.Region.ECS.Definitions.Put(Name(d), d)
	return &ecs.RegisterTaskDefinitionOutput{TaskDefinition: view(d), Tags: listing.ViewTags(d.Tags)}, nil
}

// Name is how a revision is called without its ARN.
func Name(d *world.TaskDefinition) string { return d.Family + ":" + strconv.Itoa(d.Revision) }

// Find finds a revision by family, family:revision or ARN. A family alone means its newest ACTIVE revision.
func Find(c *world.Call, name string) (*world.TaskDefinition, bool) {
	if strings.HasPrefix(name, "arn:") {
		short, ok := strings.CutPrefix(name, c.ARN("ecs", "task-definition/"))
		if !ok || !strings.Contains(short, ":") {
			return nil, false
		}
		name = short
	}
	if strings.Contains(name, ":") {
		return c.Region.ECS.Definitions.Get(name)
	}
	f, ok := c.Region.ECS.Families.Get(name)
	for n := 0; ok && n < f.Last; n++ {
		if d, ok := c.Region.ECS.Definitions.Get(name + ":" + strconv.Itoa(f.Last-n)); ok && d.Status == active {
			return d, true
		}
	}
	return nil, false
}

// Usable finds the task definition that new tasks are to be made from.
func Usable(c *world.Call, name *string) (*world.TaskDefinition, error) {
	if aws.ToString(name) == "" {
		return nil, missing("TaskDefinition")
	}
	d, ok := Find(c, *name)
	switch {
	case !ok:
		return nil, client("TaskDefinition not found.")
	case d.Status != active:
		return nil, client("TaskDefinition is inactive")
	case d.Unable != "":
		return nil, unsupported(d.Unable)
	}
	return d, nil
}

// DescribeTaskDefinition describes a revision, ACTIVE or not.
func DescribeTaskDefinition(c *world.Call, in *ecs.DescribeTaskDefinitionInput) (*ecs.DescribeTaskDefinitionOutput, error) {
	if aws.ToString(in.TaskDefinition) == "" {
		return nil, missing("TaskDefinition")
	}
	d, ok := Find(c, *in.TaskDefinition)
	if !ok {
		return nil, client("Unable to describe task definition.")
	}
	out := &ecs.DescribeTaskDefinitionOutput{TaskDefinition: view(d), Tags: []types.Tag{}}
	if slices.Contains(in.Include, types.TaskDefinitionFieldTags) {
		out.Tags = listing.ViewTags(d.Tags)
	}
	return out, nil
}

// DeregisterTaskDefinition makes a revision INACTIVE: services that have it keep it, nothing new gets it.
func DeregisterTaskDefinition(c *world.Call, in *ecs.DeregisterTaskDefinitionInput) (*ecs.DeregisterTaskDefinitionOutput, error) {
	name := aws.ToString(in.TaskDefinition)
	if name == "" {
		return nil, missing("TaskDefinition")
	}
	if !strings.Contains(name[strings.LastIndex(name, "/")+1:], ":") {
		return nil, invalid("Revision is missing.")
	}
	d, ok := Find(c, name)
	switch {
	case !ok:
		return nil, client("Unable to describe task definition.")
	case d.Status != active:
		return nil, client("The specified task definition is inactive. You can't deregister an inactive task definition.")
	}
	d.Status, d.DeregisteredAt = inactive, c.Now()
	return &ecs.DeregisterTaskDefinitionOutput{TaskDefinition: view(d)}, nil
}

// ListTaskDefinitions lists revisions by family and number, those of one family or of one state if the call says so.
func ListTaskDefinitions(c *world.Call, in *ecs.ListTaskDefinitionsInput) (*ecs.ListTaskDefinitionsOutput, error) {
	status := cmp.Or(in.Status, types.TaskDefinitionStatusActive)
	if !slices.Contains(status.Values(), status) {
		return nil, invalid("Task definition status should be one of [ACTIVE, INACTIVE, DELETE_IN_PROGRESS]")
	}
	var rows []*world.TaskDefinition
	for d := range c.Region.ECS.Definitions.Rows() {
		if d.Status == string(status) && (in.FamilyPrefix == nil || d.Family == *in.FamilyPrefix) {
			rows = append(rows, d)
		}
	}
	slices.SortFunc(rows, func(a, b *world.TaskDefinition) int {
		return cmp.Or(cmp.Compare(a.Family, b.Family), cmp.Compare(a.Revision, b.Revision))
	})
	if in.Sort == types.SortOrderDesc {
		slices.Reverse(rows)
	}
	arns := []string{}
	for _, d := range rows {
		arns = append(arns, d.ARN)
	}
	arns, next, err := listing.Page(arns, in.MaxResults, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListTaskDefinitionsOutput{TaskDefinitionArns: arns, NextToken: next}, nil
}

// ListTaskDefinitionFamilies lists families by how their names begin and by whether they have an ACTIVE revision. Those whose
// revisions are all gone are not listed.
func ListTaskDefinitionFamilies(c *world.Call, in *ecs.ListTaskDefinitionFamiliesInput) (*ecs.ListTaskDefinitionFamiliesOutput, error) {
	if in.Status != "" && !slices.Contains(in.Status.Values(), in.Status) {
		return nil, invalid("Task definition family status should be one of [ACTIVE, INACTIVE, ALL]")
	}
	names := []string{}
	for name := range c.Region.ECS.Families.All() {
		if !strings.HasPrefix(name, aws.ToString(in.FamilyPrefix)) || !remains(c.Region, name) {
			continue
		}
		state := types.TaskDefinitionFamilyStatusInactive
		if _, ok := Find(c, name); ok {
			state = types.TaskDefinitionFamilyStatusActive
		}
		if in.Status == "" || in.Status == types.TaskDefinitionFamilyStatusAll || in.Status == state {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	names, next, err := listing.Page(names, in.MaxResults, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListTaskDefinitionFamiliesOutput{Families: names, NextToken: next}, nil
}
