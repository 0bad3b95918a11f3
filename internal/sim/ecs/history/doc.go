// Package history answers what deployments services have had, and what the services were at each.
//
// In go calls of ECS's API; out come records that rollout wrote. It must never change anything.
package history
