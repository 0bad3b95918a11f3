package events

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge"
	"github.com/aws/aws-sdk-go-v2/service/eventbridge/types"

	"berth/internal/sim/wire"
	"berth/internal/sim/world"
)

// defaultBus is the bus that every region has, and that AWS's services speak on.
const defaultBus = "default"

// mostBuses is how many buses a region can have (EventBridge user guide, "Amazon EventBridge quotas").
const mostBuses = 100

// buses are all of a region, the default one first.
func buses(c *world.Call) []*world.EventBus {
	all := []*world.EventBus{{Name: defaultBus, ARN: c.ARN("events", "event-bus/"+defaultBus), Created: world.Epoch()}}
	for b := range c.Region.Events.Buses.Rows() {
		all = append(all, b)
	}
	return all
}

// CreateEventBus makes a bus of one's own.
func CreateEventBus(c *world.Call, in *eventbridge.CreateEventBusInput) (*eventbridge.CreateEventBusOutput, error) {
	name, err := required("name", in.Name)
	switch {
	case err != nil:
		return nil, err
	case strings.HasPrefix(name, "aws.") || in.EventSourceName != nil:
		return nil, invalid("Event buses of partners are not simulated.")
	case in.KmsKeyIdentifier != nil || in.DeadLetterConfig != nil || in.LogConfig != nil:
		return nil, invalid("Keys, dead-letter queues and logs of event buses are not simulated.")
	case len(name) > 256 || !nameForm.MatchString(name):
		return nil, constraint(name, "name", `satisfy regular expression pattern: [/\.\-_A-Za-z0-9]+`)
	}
	if _, ok := c.Region.Events.Buses.Get(name); ok || name == defaultBus {
		return nil, wire.Errorf("ResourceAlreadyExistsException", "Event bus %s already exists.", name)
	}
	if len(buses(c)) >= mostBuses {
		return nil, tooMany()
	}
	b := &world.EventBus{Name: name, ARN: c.ARN("events", "event-bus/"+name), Description: aws.ToString(in.Description), Created: c.Now()}
	if b.Tags, err = tagged(nil, in.Tags); err != nil {
		return nil, err
	}
	c.Region.Events.Buses.Put(name, b)
	return &eventbridge.CreateEventBusOutput{EventBusArn: aws.String(b.ARN), Description: in.Description}, nil
}

// DeleteEventBus deletes a bus that has no rules; one that is not there is deleted already.
func DeleteEventBus(c *world.Call, in *eventbridge.DeleteEventBusInput) (*eventbridge.DeleteEventBusOutput, error) {
	name, err := required("name", in.Name)
	if err != nil {
		return nil, err
	}
	if name == defaultBus {
		return nil, invalid("Cannot delete event bus default.")
	}
	for r := range c.Region.Events.Rules.Rows() {
		if r.Bus == name {
			return nil, invalid("Event bus %s can't be deleted since it has rules.", name)
		}
	}
	c.Region.Events.Buses.Delete(name)
	return &eventbridge.DeleteEventBusOutput{}, nil
}

// DescribeEventBus describes a bus, without a name the default one.
func DescribeEventBus(c *world.Call, in *eventbridge.DescribeEventBusInput) (*eventbridge.DescribeEventBusOutput, error) {
	name, err := busNamed(c.Region, in.Name)
	if err != nil {
		return nil, err
	}
	out := &eventbridge.DescribeEventBusOutput{}
	for _, b := range buses(c) {
		if b.Name == name {
			out.Name, out.Arn, out.Description = aws.String(b.Name), aws.String(b.ARN), text(b.Description)
			out.CreationTime, out.LastModifiedTime = aws.Time(b.Created), aws.Time(b.Created)
		}
	}
	return out, nil
}

// ListEventBuses lists buses whose names begin in a way.
func ListEventBuses(c *world.Call, in *eventbridge.ListEventBusesInput) (*eventbridge.ListEventBusesOutput, error) {
	all := []types.EventBus{}
	for _, b := range buses(c) {
		if strings.HasPrefix(b.Name, aws.ToString(in.NamePrefix)) {
			all = append(all, types.EventBus{
				Name: aws.String(b.Name), Arn: aws.String(b.ARN), Description: text(b.Description),
				CreationTime: aws.Time(b.Created), LastModifiedTime: aws.Time(b.Created),
			})
		}
	}
	rows, next, err := page(all, in.Limit, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &eventbridge.ListEventBusesOutput{EventBuses: rows, NextToken: next}, nil
}
