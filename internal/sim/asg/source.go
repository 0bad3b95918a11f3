package asg

import (
	"slices"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling/types"

	"berth/internal/sim/world"
)

// The types of traffic sources.
const (
	classic     = "elb"   // a Classic Load Balancer, by name
	targetGroup = "elbv2" // a target group, by ARN
)

// The states of a traffic source; one of a new group is Added from the start.
const (
	adding   = "Adding"
	added    = "Added"
	removing = "Removing"
)

// mostSources is how many load balancers, and how many target groups, a group may have.
const mostSources = 50

// readSources gathers the traffic sources of a new group from the three places where a call may name them.
func readSources(balancers, groups []string, sources []types.TrafficSourceIdentifier) ([]world.TrafficSource, error) {
	var out []world.TrafficSource
	for _, name := range balancers {
		out = append(out, world.TrafficSource{ID: name, Type: classic, State: added})
	}
	for _, arn := range groups {
		out = append(out, world.TrafficSource{ID: arn, Type: targetGroup, State: added})
	}
	for _, s := range sources {
		source, err := readSource(s)
		if err != nil {
			return nil, err
		}
		source.State = added
		out = append(out, source)
	}
	if len(out) > mostSources {
		return nil, invalid("The number of traffic sources exceeds the maximum of %d", mostSources)
	}
	return out, nil
}

func readSource(in types.TrafficSourceIdentifier) (world.TrafficSource, error) {
	s := world.TrafficSource{ID: aws.ToString(in.Identifier), Type: aws.ToString(in.Type)}
	if s.ID == "" {
		return s, missing("trafficSources.identifier")
	}
	if s.Type == "" && strings.HasPrefix(s.ID, "arn:") {
		s.Type = targetGroup
	}
	if s.Type != classic && s.Type != targetGroup {
		return s, invalid("The traffic source type '%s' is invalid. Valid types are elb and elbv2", s.Type)
	}
	return s, nil
}

func (g group) sourceIDs(kind string) []string {
	var out []string
	for _, s := range g.Sources {
		if s.Type == kind && s.State != removing {
			out = append(out, s.ID)
		}
	}
	return out
}

// attach adds traffic sources; their instances are registered a few seconds later.
func (g group) attach(sources ...world.TrafficSource) error {
	for _, s := range sources {
		if len(g.sourceIDs(s.Type)) >= mostSources {
			return invalid("The number of traffic sources exceeds the maximum of %d", mostSources)
		}
		if i := g.source(s.ID); i >= 0 {
			g.Sources[i].State = added
			continue
		}
		s.State = adding
		g.Sources = append(g.Sources, s)
		g.later("asg.source-attached", s.ID)
	}
	return nil
}

// detach takes traffic sources away; they stay visible until their instances are deregistered.
func (g group) detach(ids []string) error {
	for _, id := range ids {
		if g.source(id) < 0 {
			return invalid("Trying to remove Load Balancers that are not part of the group: [%s]", strings.Join(ids, ", "))
		}
	}
	for _, id := range ids {
		g.Sources[g.source(id)].State = removing
		g.later("asg.source-detached", id)
	}
	return nil
}

func (g group) source(id string) int {
	return slices.IndexFunc(g.Sources, func(s world.TrafficSource) bool { return s.ID == id })
}

func (g group) later(kind world.Kind, source string) {
	span := world.Span{Mean: 3 * time.Second, Deviation: time.Second, Floor: time.Second}
	g.w.Schedule(g.w.Draw(string(kind), g.Name, span), world.Event{Kind: kind, Region: g.r.Name, ID: g.Name, Arg: source})
}

// sourceAttached announces the group's instances to a new source.
func sourceAttached(w *world.World, e world.Event) {
	g, ok := named(w, e.Region, e.ID)
	if !ok {
		return
	}
	if i := g.source(e.Arg); i >= 0 && g.Sources[i].State == adding {
		g.Sources[i].State = added
		g.announce()
	}
}

// announce tells load balancers about every instance in service.
func (g group) announce() {
	if len(g.Sources) == 0 || g.suspended("AddToLoadBalancer") {
		return
	}
	for _, m := range g.serving() {
		g.w.Schedule(0, g.event("asg.instance-in-service", m.ID))
	}
}

// sourceDetached forgets a source that was taken away.
func sourceDetached(w *world.World, e world.Event) {
	g, ok := named(w, e.Region, e.ID)
	if !ok {
		return
	}
	if i := g.source(e.Arg); i >= 0 && g.Sources[i].State == removing {
		g.Sources = slices.Concat(g.Sources[:i], g.Sources[i+1:])
	}
}

// state is how a source stands: once it has an instance in service it is itself.
func (g group) state(s world.TrafficSource) string {
	if s.State == added && len(g.serving()) > 0 {
		return "InService"
	}
	return s.State
}

// AttachLoadBalancers gives the group's instances to Classic Load Balancers.
func AttachLoadBalancers(c *world.Call, in *autoscaling.AttachLoadBalancersInput) (*autoscaling.AttachLoadBalancersOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if len(in.LoadBalancerNames) == 0 {
		return nil, missing("loadBalancerNames")
	}
	sources, _ := readSources(in.LoadBalancerNames, nil, nil) // names alone are never wrong
	return &autoscaling.AttachLoadBalancersOutput{}, g.attach(sources...)
}

// DetachLoadBalancers takes the group's instances from Classic Load Balancers.
func DetachLoadBalancers(c *world.Call, in *autoscaling.DetachLoadBalancersInput) (*autoscaling.DetachLoadBalancersOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if len(in.LoadBalancerNames) == 0 {
		return nil, missing("loadBalancerNames")
	}
	return &autoscaling.DetachLoadBalancersOutput{}, g.detach(in.LoadBalancerNames)
}

// DescribeLoadBalancers lists a group's Classic Load Balancers.
func DescribeLoadBalancers(c *world.Call, in *autoscaling.DescribeLoadBalancersInput) (*autoscaling.DescribeLoadBalancersOutput, error) {
	g, err := find(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	var rows []types.LoadBalancerState
	for _, s := range g.Sources {
		if s.Type == classic {
			rows = append(rows, types.LoadBalancerState{LoadBalancerName: aws.String(s.ID), State: aws.String(g.state(s))})
		}
	}
	rows, next, err := page(rows, paging{in.MaxRecords, in.NextToken, 100, 100})
	if err != nil {
		return nil, err
	}
	return &autoscaling.DescribeLoadBalancersOutput{LoadBalancers: rows, NextToken: next}, nil
}
