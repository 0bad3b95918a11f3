// Package live holds what runs in a cluster as it was seen at one moment: services and their deployments, tasks, container
// instances, targets, and what tasks refer to.
//
// In: what observe read, or a capture that somebody saved. Out: plain values that decisions and diagnoses are made from, and
// that become JSON and back without loss. It decides nothing, and never holds a secret: values of environment variables are
// left out of definitions before they come here.
package live

import "time"

// Version counts the incompatible changes of a Capture's JSON.
const Version = 1

// Capture is one look. Whatever a question did not need is empty; Missing tells what could not be read.
type Capture struct {
	Version     int          `json:"version"`
	At          time.Time    `json:"at"`
	Account     string       `json:"account,omitempty"`
	Region      string       `json:"region,omitempty"`
	Cluster     string       `json:"cluster,omitempty"` // its name
	Subject     Subject      `json:"subject,omitzero"`
	Services    []Service    `json:"services,omitempty"`
	Deployments []Deployment `json:"deployments,omitempty"` // of those services, newest first
	Tasks       []Task       `json:"tasks,omitempty"`
	Instances   []Instance   `json:"instances,omitempty"`
	Groups      []Group      `json:"groups,omitempty"`
	Targets     []Target     `json:"targets,omitempty"`
	Checks      []Check      `json:"checks,omitempty"`
	Definitions []Definition `json:"definitions,omitempty"`
	References  []Reference  `json:"references,omitempty"`
	Missing     []string     `json:"missing,omitempty"` // what could not be read, and why
}

// Subject is what was asked about.
type Subject struct {
	Kind string `json:"kind"` // "service", "task", "instance", "deployment"
	Name string `json:"name"` // a service's name, a task's or an instance's id, a deployment's id
}

// Event is one line of a service's event list (ECS API reference, ServiceEvent).
type Event struct {
	ID   string    `json:"id"`
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}
