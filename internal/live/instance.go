package live

import "time"

// Instance is a container instance with its machine (ECS API reference, ContainerInstance).
type Instance struct {
	ID         string            `json:"id"`     // of EC2
	ARN        string            `json:"arn"`    // of the container instance; empty: it has not joined the cluster
	Status     string            `json:"status"` // ACTIVE, DRAINING, REGISTERING, DEREGISTERING, REGISTRATION_FAILED
	Reason     string            `json:"reason,omitempty"`
	Connected  bool              `json:"connected"`          // the ECS agent answers
	Agent      string            `json:"agent,omitempty"`    // its version
	Group      string            `json:"group,omitempty"`    // name of the Auto Scaling group
	Provider   string            `json:"provider,omitempty"` // capacity provider; empty: none
	Zone       string            `json:"zone"`
	Type       string            `json:"type"`                 // instance type
	Attributes map[string]string `json:"attributes,omitempty"` // "ecs.availability-zone" and so on; an attribute without a value is ""
	Total      Room              `json:"total"`
	Free       Room              `json:"free"`
	Running    int               `json:"running"`
	Pending    int               `json:"pending"`
	Registered time.Time         `json:"registered,omitzero"`
}

// Room is what an instance has for tasks, or a task wants of it.
type Room struct {
	CPU    int   `json:"cpu"`    // units, 1,024 to a vCPU
	Memory int   `json:"memory"` // MiB
	GPUs   int   `json:"gpus,omitempty"`
	ENIs   int   `json:"enis,omitempty"` // network interfaces that tasks of network mode awsvpc may have
	TCP    []int `json:"tcp,omitempty"`  // of Total and Free: host ports that are taken; of a demand: those it wants
	UDP    []int `json:"udp,omitempty"`
}

// Group is an Auto Scaling group with its capacity provider.
type Group struct {
	Name      string   `json:"name"`
	Provider  string   `json:"provider,omitempty"`
	Min       int      `json:"min"`
	Desired   int      `json:"desired"`
	Max       int      `json:"max"`
	Instances int      `json:"instances"`         // in service
	Managed   bool     `json:"managed,omitempty"` // managed scaling grows it when tasks do not fit
	Zones     []string `json:"zones,omitempty"`
	Types     []string `json:"types,omitempty"`
	Failures  []Event  `json:"failures,omitempty"` // scaling activities that failed lately, newest first
}
