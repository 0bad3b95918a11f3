package world

import "time"

// Service keeps a number of equal tasks running, or one on every instance.
type Service struct {
	Name, ARN, Cluster string // Cluster is its name
	Status             string // "ACTIVE", "DRAINING", "INACTIVE"
	Daemon             bool
	Desired            int // of a daemon: how many instances suit it
	Definition         string
	LaunchType         string // "EC2", or empty with a strategy
	Strategy           []StrategyItem
	MinHealthy, Max    int                   // percent
	Constraints        []PlacementConstraint // beyond those of the definition
	Placement          []PlacementStrategy   // none: over the zones
	Breaker            *CircuitBreaker
	Alarms             *DeploymentAlarms
	ManagedTags        bool
	Propagate          string // "SERVICE", "TASK_DEFINITION", "NONE"
	CreatedAt          time.Time
	DeletedAt          time.Time    // when it became INACTIVE
	Deployments        []Deployment // the PRIMARY one first
	Revisions          []ServiceRevision
	History            []ServiceDeployment // oldest first
	Good               string              // ARN of the revision whose deployment completed last
	Failures           int                 // tasks in a row that ended before they ran
	NotBefore          time.Time           // no task is started earlier, after too many of those
	Events             []ServiceEvent
	Tasks              []string  // ids of those that have not stopped, oldest first
	Due                time.Time // when it looks at itself next; zero: when something happens
	Passed             time.Time // when it did last
	Hungry             bool      // it found no room for a task
	Network            *TaskNetwork
	Balancers          []ServiceBalancer
	Grace              *int32         // seconds in which a new task's targets may fail; nil: none was given
	Role               string         // that ECS takes for load balancers; empty: its own
	Changes            []TargetChange // of its targets, that it has not spoken of
	Steady             bool           // it has what it is to have
	Rebalances         bool           // Availability Zone rebalancing is on
	Moving             bool           // it moves tasks to other zones
	Uneven             bool           // it would, if there were room
	Stuck              string         // what keeps it from moving tasks, as it has said; empty: nothing
	Token, Digest      string         // of the call that made it
	Tags               Tags
}

// PlacementConstraint says which instances a task may be on.
type PlacementConstraint struct {
	Type       string // "distinctInstance", "memberOf"
	Expression string // of memberOf, in the cluster query language
}

// PlacementStrategy says which of the instances that a task may be on is best. The first of several counts most.
type PlacementStrategy struct {
	Type  string // "binpack", "random", "spread"
	Field string // of binpack "cpu" or "memory"; of spread "instanceId" or "attribute:" and a name; of random empty
}

// CircuitBreaker is the setting of that name.
type CircuitBreaker struct {
	Enable, Rollback bool
	Type             string // of the threshold: "BOUNDED_PERCENT", "UNBOUNDED_PERCENT", "COUNT"; empty: the first, of 50
	Value            int
	Keeps            bool // a healthy task does not reset the count
}

// Deployment is one revision of a service that has tasks or is to have them.
type Deployment struct {
	ID                   string // "ecs-svc/" and 19 digits
	Status               string // "PRIMARY", "ACTIVE"
	Definition           string
	LaunchType           string
	Strategy             []StrategyItem
	Completed            bool
	Halted               string    // why it failed; empty: it did not
	Revision             string    // ARN
	BakeUntil            time.Time // alarms watch it until then, once its tasks are there; zero: they are not
	Failed               int       // tasks that failed, until the first that ran (ECS API reference, Deployment)
	Ran                  bool      // a task of it has run
	Failures             int       // that the circuit breaker counts
	CreatedAt, UpdatedAt time.Time
}

// TargetChange counts targets that a service has registered with a load balancer or taken from it. The place is as service
// events have it.
type TargetChange struct {
	Verb  string // "registered", "deregistered", "draining"
	Place string
	Count int
}

// ServiceEvent is a sentence about a service.
type ServiceEvent struct {
	ID, Message string
	At          time.Time
}
