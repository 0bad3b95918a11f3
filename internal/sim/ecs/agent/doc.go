// Package agent is what the agent on an instance knows and says when it registers: its configuration, its capabilities, and
// the resources that it offers.
//
// In go an EC2 instance, its image and its user data; out come attributes and resources of a container instance. It must never
// change anything, or know of tasks.
package agent
