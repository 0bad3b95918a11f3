package roll

import (
	"time"

	"berth/internal/document"
	"berth/internal/model"
	"berth/internal/placement"
)

// Outcome is how a roll ended.
type Outcome string

// The outcomes, with the exit code of each.
const (
	Running     Outcome = ""
	Nothing     Outcome = "nothing"     // 0: no instance is outdated
	Replaced    Outcome = "replaced"    // 0
	Refused     Outcome = "refused"     // 5: it would lose availability; nothing was touched
	Failed      Outcome = "failed"      // 1: it stopped, and put back what it had begun
	Incomplete  Outcome = "incomplete"  // 1: some instances were skipped or stuck
	Expired     Outcome = "expired"     // 8: the time was over before all were replaced
	Aborted     Outcome = "aborted"     // 1
	Undone      Outcome = "undone"      // 1; of a run that wanted just that 0
	Interrupted Outcome = "interrupted" // 130
)

// Decision is what to do now.
type Decision struct {
	Memory  Memory   // to be stored before anything is done
	Actions []Action // in this order; those behind one that failed wait for the next look
	Outcome Outcome
	Again   time.Duration // the least time until the next look; the look itself may want more
	Watch   Scope         // what the next look must see afresh
	Why     []Line        // what it does or waits for, one for each instance and service
}

// Scope is what must be seen afresh at the next look; the rest may be as it was. Groups always are.
type Scope struct {
	Full      bool
	Instances []string // ARNs of container instances: themselves
	Nodes     []string // ARNs of container instances: themselves, and which tasks they have
	Services  []string // names
	Tasks     []string // ARNs
}

// Line is one line about what happens.
type Line struct {
	Subject string `json:"subject"` // an EC2 id, a service's name, a group's key, or empty: the roll
	Text    string `json:"text"`
}

// Verb is what an action does.
type Verb string

// The verbs. Each may be done twice.
const (
	Mark        Verb = "mark"        // Group: tag Key = Value
	Unmark      Verb = "unmark"      // Group: tag Key goes
	SetMax      Verb = "set max"     // Group: maximum size Count
	SetMin      Verb = "set min"     // Group: minimum size Count
	LaunchNew   Verb = "launch"      // Group: Count instances in Zone, with Token
	Protect     Verb = "protect"     // Group: Instances, from scale-in
	Unprotect   Verb = "unprotect"   // Group: Instances
	Suspend     Verb = "suspend"     // Group: processes Names
	Resume      Verb = "resume"      // Group: processes Names
	SetMark     Verb = "attribute"   // ARNs of container instances: attribute Key = Value
	DropMark    Verb = "unattribute" // ARNs: attribute Key goes
	StartDrain  Verb = "drain"       // ARNs
	Activate    Verb = "activate"    // ARNs
	StopTasks   Verb = "stop"        // ARNs of tasks, because of Value
	Give        Verb = "terminate"   // Group: Instances, one; Decrement
	Deregister  Verb = "deregister"  // ARNs, by force
	EditService Verb = "edit"        // Service: maximumPercent Count where it is not 0, in Bounds; Constraints where they are not nil; and Zones
	RunProbe    Verb = "probe"       // ARNs and Instances, one of each: the task definition Value, with Token
)

// Tag is the value of the tag berth:roll with which somebody tells a run what to do.
func Tag(c Command, run string) string {
	if c == GoOn {
		return run
	}
	return string(c) + " " + run
}

// Attributes of container instances, and tags of groups, that a roll sets.
const (
	AttrDrain = "berth.drain"      // who drains it: the run
	AttrFence = "berth.generation" // of the run that launched it
	TagRoll   = model.TagRoll
	TagSurge  = model.TagSurge
	TagFloor  = model.TagFloor
)

// Action is one write.
type Action struct {
	Verb        Verb
	Group       string
	Zone        string
	Count       int
	Token       string
	Instances   []string
	ARNs        []string
	Names       []string
	Key, Value  string
	Service     string
	Bounds      document.Value         // EditService: deploymentConfiguration as it was seen. The loop fills it in from the snapshot
	Constraints []placement.Constraint // nil: they stay
	Zones       string                 // EditService: whether ECS moves tasks between zones, one of the words below; empty: as before
	Decrement   bool
}

// Made is what came of an action.
type Made struct {
	Instances []string          // EC2 ids of those that were launched, or of those that are terminated now
	Tasks     []string          // ARNs of those that were started
	Refused   map[string]string // why not, by instance, ARN or zone; of Give: it had gone already
}

// Whether ECS moves tasks of a service between zones on its own (ECS developer guide, "Balancing an Amazon ECS service across
// Availability Zones").
const (
	ZonesMove  = "ENABLED"
	ZonesStill = "DISABLED"
)

// Restore is the Key of an action that puts back what a roll had changed.
const Restore = "restore"
