// Package logs is the simulated CloudWatch Logs: log groups with their retention, and streams with their events.
//
// In go calls of the API with the SDK's own types. Out come answers and changed rows in the region's Logs. Nothing
// ticks: events past their retention are dropped when somebody reads or writes the group. Other services write too, as far as
// the region's resource policies let them.
//
// It must never interpret a message, and it has no metric filters, subscriptions or queries.
package logs
