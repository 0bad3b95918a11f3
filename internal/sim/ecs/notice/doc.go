// Package notice is what ECS says on the event bus: tasks, container instances, services and deployments that change (ECS
// developer guide, "Amazon ECS events").
//
// In go what ECS's own API answers about a resource, and sentences about services. Out come events on the region's default bus,
// in AWS's own JSON. Nothing is computed when no rule listens.
//
// It must never change anything but the bus.
package notice
