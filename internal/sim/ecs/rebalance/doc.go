// Package rebalance is the setting by which services move tasks to emptier Availability Zones, and how even they are.
//
// In go calls' wishes, services, clusters and tasks; out come the setting, refusals, counts by zone and the words of events. It
// must never move a task: the scheduler does that.
package rebalance
