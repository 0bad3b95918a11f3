package cloud

import (
	"context"
	"time"

	"berth/internal/clock"
)

// Kind is calls that AWS counts together.
type Kind string

// The kinds of calls that a Budget knows.
const (
	ResourceReads    Kind = "cluster resource reads"   // ECS: tasks and container instances
	ResourceChanges  Kind = "cluster resource changes" // ECS: tasks and container instances
	ServiceReads     Kind = "service reads"            // ECS
	ServiceChanges   Kind = "service changes"          // ECS
	DefinitionReads  Kind = "task definition reads"    // ECS
	ProtectionReads  Kind = "task protection reads"    // ECS
	ClusterReads     Kind = "cluster reads"            // ECS: clusters and capacity providers
	BalancerReads    Kind = "load balancer reads"      // of both generations
	ScalingReads     Kind = "Auto Scaling reads"       //
	ScalingChanges   Kind = "Auto Scaling changes"     //
	MachineTypeReads Kind = "instance type reads"      // EC2
)

// half is half of what AWS lets pass at once and then in a second (ECS API reference, "Request throttling for the Amazon ECS API";
// EC2 developer guide, "Request throttling"). Those of Auto Scaling and Elastic Load Balancing are not published: there it is what
// EC2 allows.
func (k Kind) half() (burst, perSecond float64) {
	switch k {
	case ResourceReads, ServiceReads, BalancerReads, ScalingReads:
		return 50, 10
	case ResourceChanges:
		return 50, 20
	case ProtectionReads:
		return 100, 40
	case ServiceChanges, ScalingChanges:
		return 25, 2.5
	case DefinitionReads, ClusterReads, MachineTypeReads:
	}
	return 25, 10
}

// Budget keeps the calls of one loop within half of what AWS lets pass, kind by kind: the other half is for others who use the
// account. The zero Budget is full. It is not safe for concurrent use.
type Budget struct{ buckets map[Kind]bucket }

type bucket struct {
	left float64
	at   time.Time
}

// Grant waits until a call of a kind may be made, and says how many of the wanted ones may be made at once: at least one. Whoever has made
// them says so by Made.
func (b *Budget) Grant(ctx context.Context, c clock.Clock, k Kind, want int) (int, error) {
	burst, perSecond := k.half()
	now, known := b.buckets[k]
	if !known {
		now = bucket{burst, c.Now()}
	}
	fill := func() {
		at := c.Now()
		now.left, now.at = min(burst, now.left+perSecond*max(0, at.Sub(now.at).Seconds())), at
	}
	for fill(); now.left < 1; fill() {
		few := min(float64(want), perSecond) // in pieces of a second, not one by one
		if err := c.Sleep(ctx, time.Duration((few-now.left)/perSecond*float64(time.Second))+time.Millisecond); err != nil {
			return 0, err
		}
	}
	n := max(1, min(want, int(now.left)))
	now.left -= float64(n)
	if b.buckets == nil {
		b.buckets = map[Kind]bucket{}
	}
	b.buckets[k] = now
	return n, nil
}

// Made notes that the calls that were granted have been made. They may have come late in the time since: nothing is given for it.
func (b *Budget) Made(c clock.Clock, k Kind) {
	if now, known := b.buckets[k]; known {
		now.at = c.Now()
		b.buckets[k] = now
	}
}
