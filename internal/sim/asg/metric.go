package asg

import (
	"slices"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/autoscaling"

	"berth/internal/sim/asg/catalogue"
	"berth/internal/sim/world"
)

// readMetrics checks names of metrics; none is all of them.
func readMetrics(names []string) ([]string, error) {
	for _, n := range names {
		if !slices.Contains(catalogue.Metrics(), n) {
			return nil, invalid("%s is not a valid metric type", n)
		}
	}
	if len(names) == 0 {
		return catalogue.Metrics(), nil
	}
	return names, nil
}

// EnableMetricsCollection turns group metrics on.
func EnableMetricsCollection(c *world.Call, in *autoscaling.EnableMetricsCollectionInput) (*autoscaling.EnableMetricsCollectionOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	if aws.ToString(in.Granularity) != catalogue.Granularity {
		return nil, invalid("Valid metrics granularity must be specified: [%s]", catalogue.Granularity)
	}
	names, err := readMetrics(in.Metrics)
	if err != nil {
		return nil, err
	}
	for _, n := range names {
		if !slices.Contains(g.Metrics, n) {
			g.Metrics = append(g.Metrics, n)
		}
	}
	return &autoscaling.EnableMetricsCollectionOutput{}, nil
}

// DisableMetricsCollection turns group metrics off.
func DisableMetricsCollection(c *world.Call, in *autoscaling.DisableMetricsCollectionInput) (*autoscaling.DisableMetricsCollectionOutput, error) {
	g, err := change(c, in.AutoScalingGroupName)
	if err != nil {
		return nil, err
	}
	names, err := readMetrics(in.Metrics)
	if err != nil {
		return nil, err
	}
	g.Metrics = slices.DeleteFunc(slices.Clone(g.Metrics), func(n string) bool { return slices.Contains(names, n) })
	return &autoscaling.DisableMetricsCollectionOutput{}, nil
}
