// Package rollout is how a service comes from one revision to the next: its deployments and their records, the circuit breaker,
// the alarms, the way back, and the patience with tasks that do not start.
//
// In go rows of services and what happened to their tasks. Out come changed rows: new revisions and deployments, failed ones,
// and when the next task may start. It must never start or stop a task, or know where tasks run: the scheduler does that.
package rollout
