package attribute

import (
	"regexp"
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"berth/internal/sim/ecs/agent"
	"berth/internal/sim/ecs/find"
	"berth/internal/sim/ecs/listing"
	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// mostAttributes is how many attributes of its owner a container instance may have, and a call may name.
const mostAttributes = 10

var (
	attributeName  = regexp.MustCompile(`^[a-zA-Z0-9_./\\-]{1,128}$`)
	attributeValue = regexp.MustCompile(`^[a-zA-Z0-9_.@:/\\-]([a-zA-Z0-9_.@:/\\ -]{0,127})$`)
)

// targets finds the container instances of attributes that a call names.
func targets(row *world.Cluster, in []types.Attribute) ([]*world.ContainerInstance, error) {
	switch n := len(in); {
	case n == 0:
		return nil, missing("Attributes")
	case n > mostAttributes:
		return nil, invalid("attributes can have at most %d items.", mostAttributes)
	}
	out := make([]*world.ContainerInstance, 0, len(in))
	for _, a := range in {
		if a.TargetType != "" && a.TargetType != types.TargetTypeContainerInstance {
			return nil, invalid("Target type %s is invalid. Valid values are: container-instance.", a.TargetType)
		}
		if !attributeName.MatchString(aws.ToString(a.Name)) {
			return nil, invalid("Attribute name %s is invalid.", aws.ToString(a.Name))
		}
		if agent.BuiltIn(*a.Name) {
			return nil, invalid("Attribute %s is reserved and cannot be changed.", *a.Name)
		}
		i, ok := find.Instance(row, aws.ToString(a.TargetId))
		if !ok || i.Status == "INACTIVE" {
			return nil, wire.Errorf("TargetNotFoundException", "Could not find the target container instance %s.", aws.ToString(a.TargetId))
		}
		out = append(out, i)
	}
	return out, nil
}

// PutAttributes sets attributes of container instances.
func PutAttributes(c *world.Call, in *ecs.PutAttributesInput) (*ecs.PutAttributesOutput, error) {
	row, err := find.Cluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	instances, err := targets(row, in.Attributes)
	if err != nil {
		return nil, err
	}
	for n, a := range in.Attributes {
		if a.Value != nil && !attributeValue.MatchString(*a.Value) {
			return nil, invalid("Attribute value %s is invalid.", *a.Value)
		}
		if custom(withAttribute(instances[n].Attributes, a)) > mostAttributes {
			return nil, wire.Errorf("AttributeLimitExceededException", "A container instance can have at most %d custom attributes.", mostAttributes)
		}
	}
	out := &ecs.PutAttributesOutput{}
	for n, a := range in.Attributes {
		i := instances[n]
		i.Attributes = withAttribute(i.Attributes, a)
		changed(c, row, i)
		out.Attributes = append(out.Attributes, viewTarget(i, a.Name, a.Value))
	}
	return out, nil
}

// Changed is the event of a container instance (Arg) in a cluster (ID) that has other attributes now: it may meet other
// constraints.
const Changed world.Kind = "ecs.attributes-changed"

func changed(c *world.Call, row *world.Cluster, i *world.ContainerInstance) {
	i.Version++
	c.Schedule(0, world.Event{Kind: Changed, Region: c.Region.Name, ID: row.Name, Arg: i.ID})
}

// withAttribute is a list with one attribute added or replaced.
func withAttribute(all []world.ECSAttribute, a types.Attribute) []world.ECSAttribute {
	next := world.ECSAttribute{Name: *a.Name, Value: aws.ToString(a.Value), HasValue: a.Value != nil, Custom: true}
	out := slices.Clone(all)
	if n := slices.IndexFunc(out, func(x world.ECSAttribute) bool { return x.Name == next.Name }); n >= 0 {
		out[n] = next
		return out
	}
	return append(out, next)
}

func custom(all []world.ECSAttribute) int {
	n := 0
	for _, a := range all {
		if a.Custom {
			n++
		}
	}
	return n
}

// DeleteAttributes takes attributes off container instances. One that is not there is not missed.
func DeleteAttributes(c *world.Call, in *ecs.DeleteAttributesInput) (*ecs.DeleteAttributesOutput, error) {
	row, err := find.Cluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	instances, err := targets(row, in.Attributes)
	if err != nil {
		return nil, err
	}
	out := &ecs.DeleteAttributesOutput{}
	for n, a := range in.Attributes {
		i := instances[n]
		i.Attributes = slices.DeleteFunc(slices.Clone(i.Attributes), func(x world.ECSAttribute) bool { return x.Name == *a.Name })
		changed(c, row, i)
		out.Attributes = append(out.Attributes, viewTarget(i, a.Name, a.Value))
	}
	return out, nil
}

// ListAttributes lists attributes of the container instances of a cluster, by name and by value if the call says so.
func ListAttributes(c *world.Call, in *ecs.ListAttributesInput) (*ecs.ListAttributesOutput, error) {
	row, err := find.Cluster(c, in.Cluster)
	if err != nil {
		return nil, err
	}
	if in.TargetType != types.TargetTypeContainerInstance {
		return nil, invalid("Target type %s is invalid. Valid values are: container-instance.", in.TargetType)
	}
	if in.AttributeValue != nil && in.AttributeName == nil {
		return nil, invalid("An attribute value cannot be specified without an attribute name.")
	}
	rows := []types.Attribute{}
	for i := range row.Instances.Rows() {
		for _, a := range i.Attributes {
			if i.Status == "INACTIVE" || in.AttributeName != nil && *in.AttributeName != a.Name || in.AttributeValue != nil && *in.AttributeValue != a.Value {
				continue
			}
			rows = append(rows, viewTarget(i, &a.Name, valueOf(a)))
		}
	}
	rows, next, err := listing.Page(rows, in.MaxResults, in.NextToken, 100)
	if err != nil {
		return nil, err
	}
	return &ecs.ListAttributesOutput{Attributes: rows, NextToken: next}, nil
}

func viewTarget(i *world.ContainerInstance, name, value *string) types.Attribute {
	return types.Attribute{Name: name, Value: value, TargetId: aws.String(i.ARN)}
}

func valueOf(a world.ECSAttribute) *string {
	if !a.HasValue {
		return nil
	}
	return aws.String(a.Value)
}

// View shows attributes as descriptions have them.
func View(all []world.ECSAttribute) []types.Attribute {
	out := []types.Attribute{}
	for _, a := range all {
		out = append(out, types.Attribute{Name: aws.String(a.Name), Value: valueOf(a)})
	}
	return out
}

func invalid(format string, a ...any) error {
	return wire.Errorf("InvalidParameterException", format, a...)
}

func missing(name string) error { return invalid("%s can not be blank.", name) }
