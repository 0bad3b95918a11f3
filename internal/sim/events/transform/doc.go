// Package transform makes what a target is sent out of an event: all of it, a part, a constant, or a filled template.
//
// In go the input settings of a target and the event's JSON text. Out comes the text that the target is sent, or why the
// settings are wrong. Values are not escaped, since EventBridge does not (EventBridge user guide, "Amazon EventBridge input
// transformation").
//
// It must never fail on an event: what a path does not find is left out.
package transform
