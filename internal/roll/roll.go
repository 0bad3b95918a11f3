// Package roll holds the words of replacing a cluster's instances without anybody noticing.
//
// In: what observe has seen. Out: plain values: what is ordered, seen, remembered and decided; which instances are to go; what is
// remembered once something was done. It decides nothing: roll/decide does.
package roll

import (
	"time"

	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/placement"
)

// Snapshot is one look.
type Snapshot struct {
	At          time.Time
	Order       Order
	Memory      Memory
	Command     Command
	Interrupted bool            // the program is asked to end: Command is Abort then
	Groups      []Group         // the Auto Scaling groups of the order, by name
	Nodes       []Node          // their instances, and the cluster's other container instances, by id
	Services    []Service       // by name
	Tasks       []live.Task     // those on the nodes that are not STOPPED, and those that the memory names, by ARN
	Checks      []live.Check    // of the target groups and classic load balancers of the services; only the forecast asks
	Missing     []string        // what could not be read, and why
	Demands     map[string]Need // what a task wants, by the ARN of its task definition and, of a service's, its name behind a space
}

// Need is what a task wants of an instance; Known is false where its task definition could not be read.
type Need struct {
	placement.Demand

	Known bool
	Stop  time.Duration // the longest stopTimeout of its containers; 0: ECS's own, 30 s
}

// Command is what somebody wants of a roll that is under way.
type Command string

// The commands. The zero Command is to go on.
const (
	GoOn  Command = ""
	Pause Command = "pause" // begin nothing new; what drains drains on
	Abort Command = "abort" // begin nothing new; when what drains is done, take the surge away
	Undo  Command = "undo"  // give every old instance that still stands back to the cluster, and take away as many new ones
)

// Group is an Auto Scaling group as a roll sees it.
type Group struct {
	live.Group // Name is that of the Auto Scaling group

	Key        string   // its name in the file: "default"
	Tag        string   // the tag berth:roll
	Surge      string   // the tag berth:surge
	Floor      string   // the tag berth:floor
	ProtectNew bool     // new instances are protected from scale-in
	Suspended  []string // processes, sorted
	Hooks      []Hook
	Refresh    string // id of an instance refresh that has not ended
}

// Hook is a lifecycle hook (Auto Scaling API reference, LifecycleHook).
type Hook struct {
	Name       string
	Transition string // "autoscaling:EC2_INSTANCE_TERMINATING"
	Default    string // "ABANDON", "CONTINUE"
	Heartbeat  time.Duration
}

// Node is an instance: a member of a group, or at least of the cluster.
type Node struct {
	live.Instance // ARN is empty while it has not joined; Group is the Auto Scaling group's name, empty: it is in none

	State     string // of its life in the group: Pending, InService, Terminating:Wait …; empty: it is in none
	Protected bool   // from scale-in
	Unhealthy bool   // its group has found it unhealthy, and is about to replace it
	Launched  time.Time
	AMI       string
	Arch      string // "x86_64", "arm64"
	Spot      bool
	Outdated  []model.Reason // why it should be replaced; empty: it is as its group would launch it now
}

// DrainedBy is the run that drains it; empty: nobody does, or somebody else.
func (n Node) DrainedBy() string { return n.Attributes[AttrDrain] }

// Service is a service with what its health is.
type Service struct {
	live.Service

	Healthy int // tasks that run and that everything which checks them finds healthy
	MinPct  int // minimumHealthyPercent
	MaxPct  int // maximumPercent
}

// States of AWS that matter here (ECS API reference, Task and ContainerInstance; Auto Scaling API reference, Instance).
const (
	TaskRunning  = "RUNNING"
	TaskStopped  = "STOPPED"
	NodeActive   = "ACTIVE" // it takes tasks
	NodeDraining = "DRAINING"
	InService    = "InService" // it works in its group
)

// ProbePrefix is what startedBy of the roll's own tasks begins with.
const ProbePrefix = "berth-roll/"
