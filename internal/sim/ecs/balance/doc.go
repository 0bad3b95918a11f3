// Package balance is what ECS does with the load balancers of its services (ECS developer guide, "Service load balancing").
//
// In go what calls say about load balancers, and tasks; out come checked settings, targets that are registered and taken away,
// and how the load balancers judge a task. It must never start, stop or wake anything of ECS's.
package balance
