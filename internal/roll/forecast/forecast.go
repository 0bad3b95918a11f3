// Package forecast says what a roll would do, before it does anything.
//
// In: one look at the cluster, with what is ordered. Out: which instances go and why, where each of their tasks will fit, in which
// waves, how long it takes and what it costs, and what is in the way with a stable code and the exact fix. It is pure and promises
// nothing: ECS may choose another instance among equals. It never says that a task fits where nobody has packed it, and never that
// a roll would lose nothing when it would.
package forecast

import (
	"time"

	"berth/internal/model"
	"berth/internal/placement"
	"berth/internal/roll"
)

// Forecast is the dry run of a roll.
type Forecast struct {
	At         time.Time  `json:"at"`
	Order      roll.Order `json:"order"`
	Instances  int        `json:"instances"` // of the groups of the order, outdated or not
	Olds       []Old      `json:"olds"`      // in the order in which they are meant to go
	Groups     []Group    `json:"groups"`
	Services   []Service  `json:"services"` // that have tasks on old instances, by name
	Waves      []Wave     `json:"waves"`
	Findings   []Finding  `json:"findings"`
	Time       Time       `json:"time"`
	ExtraHours float64    `json:"extra_instance_hours"` // beyond what the groups are meant to have
	Calls      []Calls    `json:"calls"`
	Movable    int        `json:"movable"` // tasks of services on old instances
	Moves      int        `json:"moves"`   // how often such a task has to leave an instance; more than Movable where some do so twice
	Refused    bool       `json:"refused"` // the roll would not begin
	Why        []string   `json:"why,omitempty"`
	Missing    []string   `json:"missing,omitempty"` // what could not be read
}

// Old is an instance that is to be replaced.
type Old struct {
	ID       string         `json:"id"`
	ARN      string         `json:"arn,omitempty"`
	Group    string         `json:"group"` // its name in the file
	Zone     string         `json:"zone"`
	Type     string         `json:"type"`
	Arch     string         `json:"arch,omitempty"`
	AMI      string         `json:"ami,omitempty"`
	State    string         `json:"state"`
	Launched time.Time      `json:"launched,omitzero"`
	Reasons  []model.Reason `json:"reasons"`
	Fate     Fate           `json:"fate"`
	Wave     int            `json:"wave,omitempty"` // in which it goes, from 1; 0: in none
	Canary   bool           `json:"canary,omitempty"`
	Why      string         `json:"why,omitempty"` // it does not go
	Tasks    []Task         `json:"tasks"`

	order int
	last  bool // of its zone, when it was to go
}

// Fate is what becomes of an old instance.
type Fate string

// The fates.
const (
	Replaced Fate = "replaced"
	Skipped  Fate = "skipped" // it stays as it is, by order or because its tasks cannot move
	Blocked  Fate = "blocked" // it would be drained, and something must change before
)

// Task is a task on an old instance.
type Task struct {
	ARN       string            `json:"arn"`
	ID        string            `json:"id"`
	Name      string            `json:"name"` // of its service or family
	Kind      Kind              `json:"kind"`
	Protected time.Time         `json:"protected_until,omitzero"`
	To        string            `json:"to,omitempty"` // EC2's id; of a new one "new-1" and so on
	Zone      string            `json:"zone,omitempty"`
	Known     bool              `json:"known"` // false: nobody knows what it wants
	Lacks     []placement.Count `json:"-"`
	Why       string            `json:"why,omitempty"` // it fits nowhere

	first, latest int // waves in which it moves
}

// Kind is what a task is to a roll.
type Kind string

// The kinds.
const (
	OfService  Kind = "service"
	Daemon     Kind = "daemon"
	StandAlone Kind = "stand-alone"
)

// Group is an Auto Scaling group of which some instances go.
type Group struct {
	Key         string `json:"key"`
	Name        string `json:"name"`
	Desired     int    `json:"desired"`
	Max         int    `json:"max"`
	Olds        int    `json:"olds"`
	Surge       int    `json:"surge"`                // instances beyond what is meant, at most
	Unavailable int    `json:"unavailable"`          // instances that it may lack meanwhile
	Raised      int    `json:"raised_max,omitempty"` // what its maximum is during the roll, if it is another one
}

// Service is a service whose tasks have to move.
type Service struct {
	Name    string `json:"name"`
	Desired int    `json:"desired"`
	Healthy int    `json:"healthy"`
	MinPct  int    `json:"minimum_healthy_percent"`
	MaxPct  int    `json:"maximum_percent"`
	SetPct  int    `json:"maximum_percent_during,omitempty"` // with --patch-services
	Fenced  bool   `json:"fenced,omitempty"`
	Still   bool   `json:"not_rebalanced,omitempty"` // ECS does not move its tasks between zones meanwhile
	Tasks   int    `json:"tasks"`                    // on old instances
	Moves   int    `json:"moves"`
	Lost    int    `json:"lost,omitempty"` // most tasks that end at once, with the strategy terminate
	Lowest  int    `json:"lowest"`         // healthy tasks that its own settings leave it meanwhile
	Start   int    `json:"start_seconds"`  // until a new task is healthy
	Delay   int    `json:"deregistration_delay_seconds"`
	Stop    int    `json:"stop_seconds"`
}

// Wave is a number of instances that go together.
type Wave struct {
	N      int      `json:"n"`
	Canary bool     `json:"canary,omitempty"`
	Olds   []string `json:"olds"`
	New    []New    `json:"new,omitempty"`
	Begins int      `json:"begins_seconds"`
	Takes  int      `json:"takes_seconds"`
	Moves  int      `json:"moves"`

	extra int // instances that stand beyond what is meant
}

// New is instances that come together.
type New struct {
	Group string `json:"group"`
	Zone  string `json:"zone"`
	Count int    `json:"count"`
}

// Of is the forecast of what a snapshot orders. What its memory says does not count.
func Of(s roll.Snapshot) Forecast {
	c := newScene(s)
	c.waves()
	c.doctor()
	return c.tell()
}

// tell puts together what was found.
func (c *scene) tell() Forecast {
	f := Forecast{
		At: c.At, Order: c.Order, Instances: c.total, Olds: []Old{}, Groups: []Group{}, Services: []Service{}, Waves: c.waved, Findings: c.sorted(), Missing: c.Missing,
		Movable: c.movable, Calls: []Calls{},
	}
	if f.Waves == nil {
		f.Waves = []Wave{}
	}
	for _, o := range c.olds {
		f.Olds = append(f.Olds, *o)
	}
	for _, p := range c.pools {
		f.Groups = append(f.Groups, p.Group)
	}
	for _, name := range c.touched {
		f.Services = append(f.Services, *c.services[name])
		f.Moves += c.services[name].Moves
	}
	for _, one := range f.Findings {
		if one.Severity == BlocksAll {
			f.Refused = true
			f.Why = append(f.Why, one.Text)
		}
	}
	f.Time, f.ExtraHours = c.times()
	f.Calls = c.calls(f)
	return f
}

// active, draining and inService are the states of instances that matter here.
const (
	active    = "ACTIVE"
	draining  = "DRAINING"
	inService = "InService"
	stopped   = "STOPPED"
)

// works tells whether tasks can be placed on an instance.
func works(n *roll.Node) bool {
	return n.State == inService && n.ARN != "" && n.Status == active && n.Connected
}

// bounds are how many tasks of a service must be healthy and may run while they move (ECS API reference, DeploymentConfiguration).
func bounds(s *roll.Service, maxPct int) (low, high int) {
	return (s.Desired*s.MinPct + 99) / 100, s.Desired * maxPct / 100
}

// movable tells whether ECS can replace a task of a service at all: it may start one more, or do with one less.
func movable(s *roll.Service, maxPct int) bool {
	low, high := bounds(s, maxPct)
	return s.Daemon || s.Desired == 0 || high > s.Desired || low < s.Desired
}

// patched is the maximumPercent with which a service can start one more than it is to have.
func patched(s *roll.Service) int {
	pct := 200
	for s.Desired*pct/100 <= s.Desired {
		pct += 100
	}
	return pct
}

// deploying tells whether a deployment of a service is under way.
func deploying(s *roll.Service) bool {
	return len(s.Revisions) > 1 || s.Primary().Rollout == "IN_PROGRESS"
}
