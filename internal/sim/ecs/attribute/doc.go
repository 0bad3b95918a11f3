// Package attribute is what the owner of a cluster puts onto its container instances for placement constraints.
//
// In go calls of ECS's API; out come answers and attributes of container instances. It must never place a task.
package attribute
