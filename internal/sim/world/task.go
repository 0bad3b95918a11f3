package world

import "time"

// TaskDefinition is one revision of a family: what tasks are made from.
type TaskDefinition struct {
	Family      string
	Revision    int
	ARN         string
	Status      string // "ACTIVE", "INACTIVE"
	Spec        string // what was registered, with AWS's defaults, as JSON
	Network     string // "bridge", "host", "none", "awsvpc"
	CPU         int    // of the whole task, in units; 0: the sum of its containers
	Memory      int    // of the whole task, in MiB; 0: the sum of its containers
	Containers  []ContainerSpec
	Requires    []ECSAttribute // that an instance must have
	Constraints []PlacementConstraint
	Unable      string // what keeps the simulated ECS from running it; empty: nothing

	RegisteredAt, DeregisteredAt time.Time
	Tags                         Tags
}

// ContainerSpec is what the scheduler needs to know of a container.
type ContainerSpec struct {
	Name, Image         string
	CPU                 int // units
	Memory, Reservation int // MiB: the hard and the soft limit; 0: none
	Essential           bool
	StopTimeout         int // seconds; 0: the agent's
	StartTimeout        int // seconds that others wait for it; 0: for ever
	CheckEvery          int // seconds between health checks; 0: there are none
	CheckTimeout        int // seconds
	CheckRetries        int // failures in a row that count
	CheckGrace          int // seconds after the start in which failures do not count
	After               []ContainerLink
	Restart             *RestartPolicy
	Ports               []PortBinding
}

// ContainerLink is what a container waits for before it starts: another one, and how far that must be.
type ContainerLink struct {
	Name, Condition string // "START", "COMPLETE", "SUCCESS", "HEALTHY"
}

// RestartPolicy says which exits of a container the agent answers with a restart.
type RestartPolicy struct {
	After   int   // seconds that it must have run
	Ignored []int // exit codes
}

// PortBinding is a port of a container and the port of its host; host 0 is one that the agent picks.
type PortBinding struct {
	Container, Host int
	Protocol        string // "tcp", "udp"
}

// TaskFamily counts the revisions of a family; a number is never used twice.
type TaskFamily struct {
	Name string
	Last int
}

// Task is a set of containers on one instance. A stopped one stays for an hour.
type Task struct {
	ID, ARN, Cluster    string // Cluster is its name
	Definition          string // "family:revision"
	Group, StartedBy    string
	Service, Deployment string // empty for tasks that no service keeps
	Daemon              bool
	LaunchType          string // "EC2", or empty with a capacity provider
	Provider            string // capacity provider; empty: none
	Instance            string // container instance id; empty while no instance has room
	EC2ID, Zone         string
	Status, Desired     string
	CPU, Memory         int                   // what it takes of its instance: units, MiB
	Constraints         []PlacementConstraint // beyond its definition's, of a task that no service keeps
	Placement           []PlacementStrategy   // of a task that no service keeps
	Containers          []TaskContainer
	Overrides           string // as JSON; empty: none
	StopCode            string
	StopReason          string
	Version             int64             // counts changes
	Network             *TaskNetwork      // with the network mode awsvpc
	Interface           TaskInterface     // with the network mode awsvpc
	Balancers           []ServiceBalancer // that it is to be registered with
	Targets             []TaskTarget      // as which it is registered
	Ill                 string            // the health check that it fails, as its service said; empty: none
	Proven              bool              // it has been healthy
	ProtectedUntil      time.Time         // zero: not protected from its service
	EndingAt            time.Time         // when its containers were told to end
	Takes               time.Duration     // how long they take after that, unless their programs say otherwise
	Due                 time.Time         // when its containers do something by themselves next; zero: never

	CreatedAt, PlacedAt, StartedAt            time.Time
	PullStartedAt, PullStoppedAt              time.Time
	StoppingAt, ExecutionStoppedAt, StoppedAt time.Time
	Tags                                      Tags
}

// TaskNetwork is where the network interfaces of tasks may be, and their security groups.
type TaskNetwork struct {
	Subnets, Groups []string
}

// TaskInterface is a task's own network interface.
type TaskInterface struct {
	Attachment        string // id; empty: it has none
	Status            string // "PRECREATED", "ATTACHED", "DETACHING", "DELETED"
	ID, SubnetID, MAC string
	Address           string
}

// ServiceBalancer is a load balancer that a service's tasks are registered with: a target group, or a classic one's name.
type ServiceBalancer struct {
	Group, Classic string
	Container      string
	Port           int // of the container
}

// TaskTarget is a task in a target group, or behind a classic load balancer.
type TaskTarget struct {
	Group, Classic string
	ID             string // instance or address
	Port           int32  // 0 behind a classic one
}

// TaskContainer is a container of a task.
type TaskContainer struct {
	ID, RuntimeID       string // RuntimeID is empty until it runs
	Name, Image         string
	CPU                 int
	Memory, Reservation int
	Ports               []PortBinding // as they are bound, once it runs
	Status              string        // "PENDING", "RUNNING", "STOPPED"
	Reason              string        // why it stopped, where there is more to say than its exit code
	Exited              bool          // it ran, and ended with ExitCode
	ExitCode            int
	Restarts            int

	StartedAt time.Time // of the last start
	SignalAt  time.Time // when it was told to end; zero: it was not
	Listens   bool      // its program is up
	Sick      bool      // its program answers with errors
	Passing   bool      // how its health check ends at present
	Since     time.Time // since when it ends like that
	Health    string    // "HEALTHY", "UNHEALTHY"; empty: not known, or not checked
	Served    *Answer   // what its ports answer; nil: they are closed
}
