// Package ecs is the simulated Elastic Container Service: clusters, capacity providers, the instances in them, and the
// services and tasks that run on those.
//
// In go calls of ECS's API with the SDK's own types, and events: EC2's about instances, Auto Scaling's about groups that
// capacity providers use, load balancing's about targets, and ECS's own. Out come answers, changed rows in world.ECS, what ECS
// does to a group (its scaling policy, its lifecycle hook, its tag, and the protection of its instances), the targets and
// network interfaces of tasks, and the ports that their programs open. The agent on every instance lives here too: it reads the
// instance's user data and registers the instance, or keeps trying.
//
// A service's scheduler looks at its service when something has happened to it, at most every ten seconds, and never
// without need. What a task's containers do is in package container, as their images say (package program). What ECS has and
// this package has not is refused with UnsupportedFeatureException, never taken and ignored.
//
// It must never read a clock, or answer differently for the same world and the same call.
package ecs
