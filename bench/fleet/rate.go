package fleet

import (
	"slices"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// Limit is how many calls AWS lets pass: a bucket that holds Burst of them and gets PerSecond of them back.
type Limit struct {
	Name             string
	Burst, PerSecond float64
	Operations       []string // "ecs.ListTasks"; one that ends in ".Describe*" or ".*" stands for all that no other limit names
}

// limits are those of the calls that a roll makes (ECS API reference, "Request throttling for the Amazon ECS API"). Auto Scaling,
// Elastic Load Balancing and CloudWatch publish none: there it is what EC2 gives to most calls (EC2 developer guide, "Request
// throttling"). S3 takes 3,500 writes a second.
func limits() []Limit {
	return []Limit{
		{"ECS cluster resource reads", 100, 20, []string{"ecs.DescribeContainerInstances", "ecs.ListContainerInstances", "ecs.DescribeTasks", "ecs.ListTasks"}},
		{"ECS cluster resource changes", 100, 40, []string{
			"ecs.UpdateContainerInstancesState", "ecs.PutAttributes", "ecs.DeleteAttributes", "ecs.DeregisterContainerInstance", "ecs.StopTask", "ecs.RunTask",
		}},
		{"ECS service reads", 100, 20, []string{"ecs.DescribeServices", "ecs.ListServices"}},
		{"ECS service changes", 50, 5, []string{"ecs.UpdateService"}},
		{"ECS task definition reads", 50, 20, []string{"ecs.DescribeTaskDefinition"}},
		{"ECS task protection reads", 200, 80, []string{"ecs.GetTaskProtection"}},
		{"ECS capacity provider reads", 50, 20, []string{"ecs.DescribeCapacityProviders"}},
		{"ECS cluster reads", 50, 20, []string{"ecs.DescribeClusters"}},
		{"Auto Scaling reads", 100, 20, []string{"autoscaling.Describe*"}},
		{"Auto Scaling changes", 50, 5, []string{"autoscaling.*"}},
		{"load balancer reads", 100, 20, []string{"elasticloadbalancing.Describe*", "elasticloadbalancingv2.Describe*"}},
		{"EC2 reads", 100, 20, []string{"ec2.Describe*"}},
		{"EC2 changes", 50, 5, []string{"ec2.*"}},
		{"S3 requests", 3500, 3500, []string{"s3.*"}},
		{"STS requests", 600, 600, []string{"sts.*"}},
	}
}

// limitOf is the limit of an operation: the one that names it, else the first whose pattern fits.
func limitOf(operation string) (Limit, bool) {
	service, name, _ := strings.Cut(operation, ".")
	for _, pattern := range []string{operation, service + ".Describe*", service + ".*"} {
		if strings.HasSuffix(pattern, ".Describe*") && !world.Reads(name) {
			continue
		}
		for _, l := range limits() {
			if slices.Contains(l.Operations, pattern) {
				return l, true
			}
		}
	}
	return Limit{}, false
}

// Share is how much of a limit was used.
type Share struct {
	Limit     Limit
	Calls     int
	Ten       int     // the most calls within ten seconds
	Sustained float64 // the most calls a second, over five minutes
	Part      float64 // of the limit: a bucket of this share of the limit's size and rate would have been enough
}

// sustained is how long a rate must last to count as one.
const sustained = 5 * time.Minute

// shares are what the calls of a trace used of each limit; unknown are operations of which nobody has said to which limit they
// belong.
func shares(entries []world.Entry) (out []Share, unknown []string) {
	times := map[string][]time.Time{}
	for _, e := range entries {
		if e.What != "call" {
			continue
		}
		if l, known := limitOf(e.Name); known {
			times[l.Name] = append(times[l.Name], e.At)
		} else if !slices.Contains(unknown, e.Name) {
			unknown = append(unknown, e.Name)
		}
	}
	for _, l := range limits() {
		if at := times[l.Name]; len(at) > 0 {
			out = append(out, Share{l, len(at), densest(at, 10*time.Second), float64(densest(at, sustained)) / sustained.Seconds(), l.part(at)})
		}
	}
	return out, unknown
}

// densest is the most of some moments, in their order, that lie within a time.
func densest(at []time.Time, within time.Duration) int {
	most, from := 0, 0
	for n := range at {
		for at[n].Sub(at[from]) >= within {
			from++
		}
		most = max(most, n-from+1)
	}
	return most
}

// part is the least share of a limit with which all calls would have passed: the most, over all stretches of time, of the calls in
// it by what the limit lets pass in it.
func (l Limit) part(at []time.Time) float64 {
	low, high := 0.0, float64(len(at))/l.Burst
	for range 30 {
		if mid := (low + high) / 2; l.passes(at, mid) {
			high = mid
		} else {
			low = mid
		}
	}
	return high
}

// passes tells whether a share of the limit lets all calls pass.
func (l Limit) passes(at []time.Time, part float64) bool {
	left, last := l.Burst*part, at[0]
	for _, t := range at {
		left = min(l.Burst*part, left+l.PerSecond*part*t.Sub(last).Seconds()) - 1
		if last = t; left < 0 {
			return false
		}
	}
	return true
}

// byService counts the calls of a trace by service.
func byService(entries []world.Entry) map[string]int {
	out := map[string]int{}
	for _, e := range entries {
		if service, _, of := strings.Cut(e.Name, "."); of && e.What == "call" {
			out[service]++
		}
	}
	return out
}
