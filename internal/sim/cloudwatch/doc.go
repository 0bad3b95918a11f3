// Package cloudwatch is the simulated CloudWatch: metrics by the minute, and alarms over them.
//
// In go calls of the API with the SDK's own types, and what the services above measure (Put, Hold). Out come answers, changed
// rows in the region's CloudWatch, an event per change of an alarm's state ("cloudwatch.alarm-changed": the alarm's name and its
// new state), messages to the topics that alarms name, and notices on the event bus. Nothing ticks: an alarm is evaluated at the end of a period as long as what it looks
// at still changes, and a value that stays the same is held, not measured again every minute.
//
// It must never scale anything on an alarm: scaling policies listen to the event. It has no metric math, no percentiles, no
// high resolution, no composite alarms and no anomaly detection, and says so.
package cloudwatch
