package roll

import (
	"fmt"
	"time"
)

// Strategy is how instances are replaced.
type Strategy string

// The strategies.
const (
	Drain     Strategy = "drain"     // a few new ones, the tasks of as many old ones move, and so on
	Double    Strategy = "double"    // as many new ones as there are old ones, then all tasks move at once, each of them once
	Terminate Strategy = "terminate" // old ones are terminated as they are; what runs there ends
)

// Sequence is which old instances go first.
type Sequence string

// The sequences.
const (
	Oldest   Sequence = "oldest"   // those that were launched first
	Emptiest Sequence = "emptiest" // those with the fewest tasks
	ByZone   Sequence = "zone"     // one zone after the other
)

// Standalone is what becomes of tasks that belong to no service.
type Standalone string

// The policies for stand-alone tasks.
const (
	WaitForThem Standalone = "wait" // until they end by themselves, as long as a drain may take
	StopThem    Standalone = "stop" // once everything else has left the instance
	SkipThem    Standalone = "skip" // an instance that has one stays as it is
)

// Order is what a roll shall do.
type Order struct {
	Run            string        `json:"run"`
	Strategy       Strategy      `json:"strategy"`
	Groups         []string      `json:"groups,omitempty"`    // keys of groups; empty: all
	Instances      []string      `json:"instances,omitempty"` // EC2 ids: only these, outdated or not; empty: those that are outdated
	Sequence       Sequence      `json:"sequence"`
	Surge          Amount        `json:"surge"`          // how many instances a group may have beyond what is meant, at most
	Ramp           bool          `json:"ramp,omitempty"` // one, two, four … until Surge is reached
	MaxUnavailable Amount        `json:"max_unavailable"`
	Canary         int           `json:"canary"` // instances of each architecture that must prove themselves first
	Bake           time.Duration `json:"bake"`   // how long the canaries work before others follow
	Hold           time.Duration `json:"hold"`   // how long everything must be well before a drained instance is given up
	DrainTimeout   time.Duration `json:"drain_timeout"`
	MaxDuration    time.Duration `json:"max_duration,omitempty"` // 0: none. Then nothing new is begun
	Standalone     Standalone    `json:"standalone"`
	Patch          bool          `json:"patch,omitempty"` // raise the maximum of services that could not move otherwise
	Fence          bool          `json:"fence,omitempty"` // keep tasks off old instances
	Probe          string        `json:"probe,omitempty"` // a task definition that must end with 0 on every canary
	Force          []string      `json:"force,omitempty"` // EC2 ids of instances that go although their drain sticks
	AllowOutage    bool          `json:"allow_outage,omitempty"`
	BeyondMax      bool          `json:"beyond_max"`        // a group's maximum may be raised for the surge
	MaxAge         time.Duration `json:"max_age,omitempty"` // instances that are older are outdated; 0: age is no reason
	All            bool          `json:"all,omitempty"`     // every instance is replaced, outdated or not
	JoinTimeout    time.Duration `json:"join_timeout"`      // how long a new instance may take to join and to run its daemons
}

// Amount is a number of instances, or a share of a group.
type Amount struct {
	N       int  `json:"n"`
	Percent bool `json:"percent,omitempty"`
}

// Of is the amount of a group with so many instances: a share is rounded up, and is at least one unless it is 0 percent.
func (a Amount) Of(total int) int {
	if !a.Percent {
		return a.N
	}
	return (total*a.N + 99) / 100
}

// String is the amount as people write it.
func (a Amount) String() string {
	if a.Percent {
		return fmt.Sprintf("%d%%", a.N)
	}
	return fmt.Sprint(a.N)
}

// Defaults is the order of a roll that nobody gave any flag.
func Defaults() Order {
	return Order{
		Strategy: Drain, Sequence: Oldest, Surge: Amount{10, true}, Ramp: true, Canary: 1, Hold: time.Minute, DrainTimeout: 30 * time.Minute,
		Standalone: WaitForThem, BeyondMax: true, JoinTimeout: 15 * time.Minute,
	}
}

// Still tells whether ECS must be kept from moving tasks of a service between zones: where none is to move twice.
func (o Order) Still(s *Service) bool {
	once := o.Strategy == Double || o.Fence && o.Strategy == Drain
	return once && !s.Daemon && s.Spec.Get("availabilityZoneRebalancing").Text == ZonesMove
}
