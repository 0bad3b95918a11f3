package roll

import (
	"strings"
	"time"

	"berth/internal/model"
	"berth/internal/placement"
)

// Version counts the incompatible changes of a Memory's JSON.
const Version = 1

// MemoryKey is where a Memory lies in the cluster's bucket: below lease/, where old versions go after a day.
const MemoryKey = "lease/roll/memory.json"

// Memory is what a roll must remember from one look to the next, and from one run to the next: it lies in the cluster's bucket.
// What it says is going to be done is stored before it is done.
type Memory struct {
	Version  int        `json:"version"`
	Order    Order      `json:"order"`
	Began    time.Time  `json:"began"`
	Stage    Stage      `json:"stage"`
	Since    time.Time  `json:"since"` // of the stage
	Pools    []Pool     `json:"pools"`
	Olds     []Old      `json:"olds"`
	News     []New      `json:"news,omitempty"`
	Launches []Launch   `json:"launches,omitempty"` // those that are asked for, or were refused
	Services []Baseline `json:"services,omitempty"`
	Edits    []Edit     `json:"edits,omitempty"`
	Back     bool       `json:"back,omitempty"`    // it goes back: old instances get their work again
	Moved    time.Time  `json:"moved,omitzero"`    // when something last went on
	Flops    int        `json:"flops,omitempty"`   // new instances in a row that did not prove themselves
	Stamped  bool       `json:"stamped,omitempty"` // instances that stay carry the attribute of the fence
	Full     time.Time  `json:"full,omitzero"`     // of the last full look
	Well     time.Time  `json:"well,omitzero"`     // since when everything has been well without a break; zero: it is not
	End      Outcome    `json:"end,omitempty"`     // how it will have ended when all is put back
	Why      []string   `json:"why,omitempty"`     // it ends so
	Fix      string     `json:"fix,omitempty"`
	Count    Count      `json:"count"`
	Seq      int        `json:"seq"` // of the last launch
	Ended    time.Time  `json:"ended,omitzero"`
}

// Stage is how far a roll is.
type Stage string

// The stages, one after the other.
const (
	Begin   Stage = ""        // nothing was done yet
	Canary  Stage = "canary"  // the first new instances prove themselves, then they take the tasks of as many old ones
	Bake    Stage = "bake"    // they work, and the old ones stand by
	Onward  Stage = "onward"  // the others follow
	Leaving Stage = "leaving" // everything is put back as it was meant to be
	Over    Stage = "over"
)

// Pool is a group that is rolled.
type Pool struct {
	Key       string    `json:"key"`
	Group     string    `json:"group"` // name of the Auto Scaling group
	Max       int       `json:"max"`   // its maximum before the roll
	Raised    int       `json:"raised,omitempty"`
	Min       int       `json:"min"`                 // its minimum before the roll
	Floor     int       `json:"floor,omitempty"`     // the minimum that autoscaling shall not go below; 0: the group's own
	Top       int       `json:"top,omitempty"`       // the highest of those
	Suspended []string  `json:"suspended,omitempty"` // processes that the roll has suspended
	Base      int       `json:"base"`                // what it was meant to have at the beginning, less what others have taken off since
	Launched  int       `json:"launched"`            // instances that the roll has added to the group's desired capacity
	Left      int       `json:"left"`                // and those that it has taken off again
	Kept      int       `json:"kept,omitempty"`      // instances beyond what is meant that could not go
	Refusals  int       `json:"refusals,omitempty"`  // launches in a row of which AWS has refused some
	Retry     time.Time `json:"retry,omitzero"`      // not before, after a refusal
	Replaced  int       `json:"replaced,omitempty"`  // instances
}

// Extra is by how much the group's desired capacity stands above what is meant.
func (p Pool) Extra() int { return p.Launched - p.Left }

// OldState is how far an old instance is.
type OldState string

// The states of an old instance.
const (
	Waiting  OldState = "waiting"
	Draining OldState = "draining"
	Drained  OldState = "drained" // nothing runs there any more; it stands by
	Ending   OldState = "ending"  // its termination was asked for
	Gone     OldState = "gone"
	Stuck    OldState = "stuck"   // its drain did not end, and was undone
	Skipped  OldState = "skipped" // it stays as it is
)

// Old is an instance that is to be replaced.
type Old struct {
	ID      string         `json:"id"`
	ARN     string         `json:"arn,omitempty"` // of the container instance
	Group   string         `json:"group"`         // name of the Auto Scaling group
	Zone    string         `json:"zone"`
	Arch    string         `json:"arch,omitempty"`
	Reasons []model.Reason `json:"reasons"`
	State   OldState       `json:"state"`
	Since   time.Time      `json:"since,omitzero"` // of the state
	Began   time.Time      `json:"began,omitzero"` // when its drain was asked for
	Emptied time.Time      `json:"emptied,omitzero"`
	Tasks   []string       `json:"tasks,omitempty"` // ARNs of what ran there when its drain began, or came afterwards
	Held    []string       `json:"held,omitempty"`  // groups of those tasks: "service:web"
	Canary  bool           `json:"canary,omitempty"`
	Seen    bool           `json:"seen,omitempty"`    // it was seen to drain
	Minus   bool           `json:"minus,omitempty"`   // its termination takes one off the group's desired capacity
	Sure    bool           `json:"sure,omitempty"`    // AWS has taken the call that terminates it
	Guarded bool           `json:"guarded,omitempty"` // the roll has protected it from scale-in
	Why     string         `json:"why,omitempty"`     // it waits, is stuck or was skipped
	Until   time.Time      `json:"until,omitzero"`    // when the protection of its tasks was to end when its turn came
	Asked   time.Time      `json:"asked,omitzero"`    // when the protection of its tasks was asked for last
}

// NewState is how far a new instance is.
type NewState string

// The states of a new instance.
const (
	Booting  NewState = "booting" // it has not joined the cluster
	Proving  NewState = "proving" // it has; its daemons and the probe are still to run
	Working  NewState = "working"
	Retiring NewState = "leaving" // it drains, because it is not wanted any more
	Ended    NewState = "ended"
)

// New is an instance that the roll has launched.
type New struct {
	ID      string    `json:"id"`
	ARN     string    `json:"arn,omitempty"`
	Group   string    `json:"group"`
	Zone    string    `json:"zone"`
	Arch    string    `json:"arch,omitempty"`
	State   NewState  `json:"state"`
	At      time.Time `json:"at"`    // when it was launched
	Since   time.Time `json:"since"` // of the state
	Canary  bool      `json:"canary,omitempty"`
	Probe   string    `json:"probe,omitempty"`   // ARN of the probe's task
	Guarded bool      `json:"guarded,omitempty"` // the roll has protected it from scale-in
	Tasks   []string  `json:"tasks,omitempty"`   // of one that leaves: ARNs of what ran there
	Began   time.Time `json:"began,omitzero"`    // when its drain was asked for
	Sure    bool      `json:"sure,omitempty"`    // AWS has taken the call that terminates it
	Lost    bool      `json:"lost,omitempty"`    // it went by itself, and the group has not given another one for it yet
	Fenced  bool      `json:"fenced,omitempty"`  // it carries the attribute berth.generation
	Off     time.Time `json:"off,omitzero"`      // since when it works no more, though it was proved; zero: it works
	Stays   bool      `json:"stays,omitempty"`   // it was to go and could not be drained
	Why     string    `json:"why,omitempty"`
}

// Launch is an order for new instances. Asked for again it has the same token, and AWS gives the same answer.
type Launch struct {
	Seq     int       `json:"seq"`
	Group   string    `json:"group"`
	Zone    string    `json:"zone"`
	Count   int       `json:"count"`
	At      time.Time `json:"at"`
	Canary  bool      `json:"canary,omitempty"`
	Refused string    `json:"refused,omitempty"` // why AWS launched fewer, or none
}

// Baseline is how a service was when the roll began, and the worst that was seen since.
type Baseline struct {
	Name    string `json:"name"`
	Desired int    `json:"desired"`
	Running int    `json:"running"`
	Healthy int    `json:"healthy"`
	Failed  bool   `json:"failed,omitempty"` // its last deployment had failed already
	Lowest  int    `json:"lowest"`           // healthy tasks
	Moved   int    `json:"moved"`            // tasks of it that the roll moved
}

// Edit is what the roll has changed of a service's settings, and what they were before.
type Edit struct {
	Service     string                 `json:"service"`
	MaxPct      int                    `json:"max_pct,omitempty"`     // maximumPercent before; 0: it is not changed
	SetPct      int                    `json:"set_pct,omitempty"`     // and what it is set to
	Fence       string                 `json:"fence,omitempty"`       // the expression of the constraint that is added
	Constraints []placement.Constraint `json:"constraints,omitempty"` // before it was
	Still       bool                   `json:"still,omitempty"`       // ECS moved its tasks between zones before, and does not meanwhile
	Made        bool                   `json:"made,omitempty"`        // AWS has taken the change
	Apart       bool                   `json:"apart,omitempty"`       // AWS has refused to take it back as a whole: one setting after the other
}

// Count is what a roll has done so far.
type Count struct {
	Replaced int           `json:"replaced"`
	Moves    int           `json:"moves"`   // tasks of services that had to leave an instance
	Movable  int           `json:"movable"` // tasks of services that ran on old instances when the roll began
	Extra    time.Duration `json:"extra"`   // instance hours beyond what is meant
	Looked   time.Time     `json:"looked,omitzero"`
	Launches int           `json:"launches"`
}

// String is the group's key, or its name without what the environment's name adds.
func (p Pool) String() string {
	if p.Key != "" {
		return p.Key
	}
	return p.Group[strings.LastIndexByte(p.Group, '_')+1:]
}
