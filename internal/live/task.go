package live

import (
	"time"

	"berth/internal/document"
)

// Task is an ECS task that runs or has stopped lately (ECS API reference, Task).
type Task struct {
	ID         string      `json:"id"`
	ARN        string      `json:"arn"`
	Group      string      `json:"group"`      // "service:NAME" or "family:NAME"
	StartedBy  string      `json:"started_by"` // of a service's task: the id of the revision, RevisionRunning.ID
	Definition string      `json:"definition"` // ARN
	Last       string      `json:"last"`       // PROVISIONING, PENDING, ACTIVATING, RUNNING, DEACTIVATING, STOPPING, DEPROVISIONING, STOPPED
	Desired    string      `json:"desired"`
	Health     string      `json:"health,omitempty"`    // HEALTHY, UNHEALTHY, UNKNOWN
	StopCode   string      `json:"stop_code,omitempty"` // TaskFailedToStart, EssentialContainerExited, UserInitiated, ServiceSchedulerInitiated, SpotInterruption, TerminationNotice
	Reason     string      `json:"reason,omitempty"`    // why it stopped
	Instance   string      `json:"instance,omitempty"`  // ARN of the container instance
	Zone       string      `json:"zone,omitempty"`
	Address    string      `json:"address,omitempty"` // of its own network interface, with awsvpc
	Connected  bool        `json:"connected"`         // the agent of its instance answers
	Containers []Container `json:"containers,omitempty"`
	Created    time.Time   `json:"created,omitzero"`
	PullBegan  time.Time   `json:"pull_began,omitzero"`
	PullEnded  time.Time   `json:"pull_ended,omitzero"`
	Started    time.Time   `json:"started,omitzero"`
	Stopping   time.Time   `json:"stopping,omitzero"`
	Stopped    time.Time   `json:"stopped,omitzero"`
	Protected  time.Time   `json:"protected,omitzero"` // until when it is protected from scale-in; zero: it is not
}

// Container is one container of a task (ECS API reference, Container).
type Container struct {
	Name   string `json:"name"`
	Image  string `json:"image"`
	Last   string `json:"last"`
	Reason string `json:"reason,omitempty"`
	Exit   *int   `json:"exit,omitempty"` // nil: it has not ended, or nobody knows how
	Health string `json:"health,omitempty"`
	Ports  []Port `json:"ports,omitempty"`
}

// Port is a port of a container as it is bound on its host.
type Port struct {
	Container int    `json:"container"`
	Host      int    `json:"host"`
	Protocol  string `json:"protocol"`
}

// Definition is one revision of a task definition.
type Definition struct {
	ARN    string         `json:"arn"`
	Status string         `json:"status"`        // ACTIVE, INACTIVE
	Spec   document.Value `json:"spec,omitzero"` // in RegisterTaskDefinition's shape; values of environment variables are left out
}

// Container is a container's part of the definition; absent where there is none of that name.
func (d Definition) Container(name string) document.Value {
	for _, c := range d.Spec.Get("containerDefinitions").Items {
		if c.Get("name").Text == name {
			return c
		}
	}
	return document.Value{}
}

// Target is a target of a load balancer: an instance and port, or an address and port (ELB API reference,
// TargetHealthDescription; of a classic load balancer: InstanceState).
type Target struct {
	Group   string `json:"group"` // ARN of the target group, or the name of a classic load balancer
	ID      string `json:"id"`    // an EC2 instance id or an address
	Port    int    `json:"port"`
	State   string `json:"state"` // initial, healthy, unhealthy, unhealthy.draining, unused, draining, unavailable
	Reason  string `json:"reason,omitempty"`
	Details string `json:"details,omitempty"`
}

// Check is how a target group, or a classic load balancer, checks the health of its targets.
type Check struct {
	Group     string `json:"group"` // as in Target
	Protocol  string `json:"protocol"`
	Port      string `json:"port"` // "traffic-port" or a number
	Path      string `json:"path,omitempty"`
	Codes     string `json:"codes,omitempty"`    // "200-299,301"
	Interval  int    `json:"interval"`           // seconds
	Timeout   int    `json:"timeout"`            // seconds
	Healthy   int    `json:"healthy"`            // successes in a row
	Unhealthy int    `json:"unhealthy"`          // failures in a row
	Delay     int    `json:"delay,omitempty"`    // deregistration delay, seconds
	Balancer  string `json:"balancer,omitempty"` // name of the load balancer that forwards to the group; empty: not known, or none does
}

// Reference is something that tasks name and need, and whether it is there.
type Reference struct {
	Kind  string `json:"kind"`  // "secret", "parameter", "role", "log group", "target group", "image"
	Name  string `json:"name"`  // its ARN or name, as the task definition has it
	State string `json:"state"` // "there", "missing", "denied", "unknown"
	Note  string `json:"note,omitempty"`
}
