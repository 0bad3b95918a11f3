package world

import "time"

// TaskDefinition is one revision of a family: what tasks are made from.
type TaskDefinition struct {
	Family     string
	Revision   int
	ARN        string
	Status     string // "ACTIVE", "INACTIVE"
	Spec       string // what was registered, with AWS's defaults, as JSON
	Network    string // "bridge", "host", "none", "awsvpc"
	CPU        int    // of the whole task, in units; 0: the sum of its containers
	Memory     int    // of the whole task, in MiB; 0: the sum of its containers
	Containers []ContainerSpec
	Requires   []ECSAttribute // that an instance must have
	Unable     string         // what keeps the simulated ECS from running it; empty: nothing

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
	CheckEvery          int // seconds between health checks; 0: there are none
	Ports               []PortBinding
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
	CPU, Memory         int // what it takes of its instance: units, MiB
	Containers          []TaskContainer
	Overrides           string // as JSON; empty: none
	StopCode            string
	StopReason          string
	Version             int64 // counts changes
	Proven              bool  // it has been healthy

	CreatedAt, PlacedAt, StartedAt            time.Time
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
	Exited              bool
	ExitCode            int
}
