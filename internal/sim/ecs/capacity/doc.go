// Package capacity is where tasks may go: launch types, and capacity provider strategies of clusters, services and calls.
//
// In go what calls say and what a cluster has; out come checked strategies, and the provider of the next task. It must never
// change a cluster, or know of instances.
package capacity
