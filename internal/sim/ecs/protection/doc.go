// Package protection keeps tasks of services from being stopped by them: to scale in, to deploy, to move or to drain.
//
// In go calls of ECS's API; out come until when a task is protected, and an event when that is over. It must never stop a task: the
// scheduler does that. AWS writes of scale-in and deployments only (ECS developer guide, "Protect your Amazon ECS tasks from being
// terminated by scale-in events"); that a protected task on an instance that drains gets no signal either is what users report.
package protection
