// Package deploy decides how a service comes to run what its folder says, and what came of it.
//
// In: a Snapshot: what is wanted, what was seen, what this run has started. Out: a Decision: what to do now, or that it is done
// and how it ended. It acts on nothing and waits for nothing, and calls nothing a success unless healthy tasks of the wanted
// revision serve. It rolls nothing back that nobody asked it to.
package deploy

import (
	"time"

	"berth/internal/diagnose"
	"berth/internal/document"
	"berth/internal/live"
)

// Order is what shall run.
type Order struct {
	Cluster    string
	Service    string         // its name; empty: a task that runs once
	Definition document.Value // in RegisterTaskDefinition's shape, complete
	Spec       document.Value // in CreateService's shape, complete but for the task definition
	Needs      []Need         // what must stand beforehand
	Policy     Policy
}

// Policy is what the flags say.
type Policy struct {
	Timeout             time.Duration
	Force               bool // deploy also when nothing differs
	RollbackOnInterrupt bool
}

// Need is something that the service needs and that berth makes when it is missing, tagged with berth:service.
type Need struct {
	Kind string         // "log group", "target group", "listener rule"
	Name string         // of the log group or the target group; of a rule its target group's
	Spec document.Value // what it takes to make it, in the shape of the call
}

// Reference is what stands in a spec for the ARN of a need, which nobody knows before it is made.
func Reference(kind, name string) string { return "berth:need:" + kind + ":" + name }

// Snapshot is one look.
type Snapshot struct {
	At          time.Time
	Order       Order
	Began       time.Time // of the run
	Started     string    // ARN of the service deployment that this run started or found under way; empty: none yet
	Interrupted bool
	Found       live.Capture
	Standing    []Standing // which of the needs stand
}

// Standing is a need that was found.
type Standing struct {
	Kind, Name string
	ARN        string
	Ours       bool           // it carries the tag berth:service of this service
	Service    string         // the tag's value, whoever's it is; empty: it has none
	Spec       document.Value // as it is, in the shape of Need.Spec, without tags
}

// Outcome is how a run ended.
type Outcome string

// The outcomes, with the exit code of each.
const (
	Running     Outcome = ""
	Succeeded   Outcome = "succeeded"   // 0
	RolledBack  Outcome = "rolled back" // 6
	Failed      Outcome = "failed"      // 7: and not rolled back
	Superseded  Outcome = "superseded"  // 1: another deployment took its place
	TimedOut    Outcome = "timed out"   // 8: it still runs
	Interrupted Outcome = "interrupted" // 130
)

// Decision is what to do now.
type Decision struct {
	Actions   []Action
	Outcome   Outcome
	Again     time.Duration // when to look again
	Why       []string      // what it waits for, or why it ended
	Diagnoses []diagnose.Diagnosis
}

// Action is one write.
type Action struct {
	Verb string // "create log group", "create target group", "create listener rule", "register", "create service", "update service", "stop deployment", "run task"
	Name string
	Spec document.Value // the call's input
}

// Decide says what to do next.
func Decide(s Snapshot) Decision {
	return Decision{}
}
