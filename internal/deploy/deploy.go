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

// Goal is what a run wants of a service.
type Goal string

// The goals. The zero Goal is to deploy.
const (
	Forward Goal = ""         // run what the order says
	Back    Goal = "rollback" // run what ran before; a deployment under way is stopped
	Cancel  Goal = "cancel"   // stop the deployment under way, and go back
)

// Order is what shall run.
type Order struct {
	Goal       Goal
	Cluster    string         // its name
	Service    string         // its name; empty: a task that runs once
	Definition document.Value // in RegisterTaskDefinition's shape, complete
	Spec       document.Value // in CreateService's shape, complete but for the task definition; of a task in RunTask's
	Needs      []Need         // what must stand beforehand, in the order in which it is made
	Policy     Policy
}

// Policy is what the flags say.
type Policy struct {
	Timeout             time.Duration
	Force               bool // deploy also when nothing differs
	RollbackOnInterrupt bool
	NoWait              bool // the start is enough
}

// Need is something that the service needs and that berth makes when it is missing, tagged with berth:service.
type Need struct {
	Kind string         // "log group", "target group", "listener rule"
	Name string         // of the log group or the target group; of a rule its target group's
	Spec document.Value // what it takes to make it, in the shape of the call; texts may be a Reference
}

// Reference is what stands in a spec for the ARN of a need, which nobody knows before it is made.
func Reference(kind, name string) string { return "berth:need:" + kind + ":" + name }

// Snapshot is one look.
type Snapshot struct {
	At       time.Time
	Order    Order
	Run      Run
	Found    live.Capture
	Latest   Revision   // the newest ACTIVE revision of the order's family; zero: there is none
	Running  Revision   // what the service is to run now; zero: there is no service
	Standing []Standing // which of the needs stand
}

// Revision is a task definition as it was registered, with the values of its environment variables: it is compared, never
// shown or kept.
type Revision struct {
	ARN  string
	Spec document.Value // in RegisterTaskDefinition's shape
}

// Standing is a need that was found.
type Standing struct {
	Kind, Name string
	ARN        string
	Ours       bool           // it carries the tag berth:service of this service
	Service    string         // the tag's value, whoever's it is; empty: it has none
	Another    string         // the other cluster that it goes with: "shop of prod"; empty: it goes with none
	Spec       document.Value // as it is, in the shape of Need.Spec, without tags
}

// Run is what a run knows of itself. All of it stands on AWS too, where the next run finds it.
type Run struct {
	Began       time.Time
	Interrupted bool
	Acted       bool   // it has changed something
	Registered  string // ARN of the revision that it has registered

	Started   time.Time // when AWS took the call that begins a deployment; zero: none yet
	Sent      time.Time // when the call was sent, whether or not an answer came
	Before    []string  // ARNs of the service deployments that were known then; nil: it was not sent
	Following string    // ARN of the service deployment whose end is the run's
	Revision  string    // id of that deployment among the service's revisions, by which its tasks are known
	Stopped   bool      // it goes back because this run, or the one before, has stopped it
	Tasks     []string  // ARNs of the tasks that run once
	Refused   []string  // why AWS has started fewer of them than were wanted

	Last  string // the actions that were carried out last
	Times int    // and how often in a row
}

// Outcome is how a run ended.
type Outcome string

// The outcomes, with the exit code of each.
const (
	Running     Outcome = ""
	Unchanged   Outcome = "unchanged"   // 0: there was nothing to do
	Started     Outcome = "started"     // 0: nobody wants to wait
	Succeeded   Outcome = "succeeded"   // 0
	RolledBack  Outcome = "rolled back" // 6; of a run that wanted just that 0
	Failed      Outcome = "failed"      // 7: and not rolled back
	Superseded  Outcome = "superseded"  // 1: another deployment took its place
	Refused     Outcome = "refused"     // 1: it cannot be done, and nothing was
	TimedOut    Outcome = "timed out"   // 8: it still runs
	Interrupted Outcome = "interrupted" // 130
)

// Decision is what to do now.
type Decision struct {
	Actions   []Action
	Run       Run // what the run knows from now on
	Outcome   Outcome
	Code      string        // of a refusal: "DEP201"
	Again     time.Duration // the least time until the next look; the look itself may want more
	Why       []string      // what it waits for, or why it ended
	Fix       string        // the next step for people, where there is one
	Diagnoses []diagnose.Diagnosis
}

// The verbs of actions about services; those about needs are in provide.go.
const (
	Register       = "register"
	CreateService  = "create service"
	UpdateService  = "update service"
	Label          = "tag service"
	Unlabel        = "untag service"
	StopDeployment = "stop deployment"
	RunTask        = "run task"
)

// Made is what came of an action.
type Made struct {
	ARN     string   // of what was made or changed
	Tasks   []string // ARNs of the tasks that were started
	Refused []string // why others were not
}

// Action is one write.
type Action struct {
	Verb   string
	Name   string         // of what is made or changed
	Spec   document.Value // the call's input
	Begins bool           // a deployment begins with it
	Once   bool           // sent twice it is done twice
}
