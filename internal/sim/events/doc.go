// Package events is the simulated EventBridge: buses, rules, targets, and the way of an event to its readers.
//
// In go calls of the API with the SDK's own types, and what services say on the default bus (world.Emit). Out come answers,
// changed rows in the region's Events, and messages to topics, queues and log groups. A target is reached only if its own
// policy, and its key's, let EventBridge in; otherwise the event goes to the target's dead-letter queue, or is lost and counted
// in the rule's figures, as on AWS.
//
// Schedules, archives, partner sources, buses of other accounts, and targets of other kinds are refused.
//
// It must never answer differently for the same world and the same call.
package events
