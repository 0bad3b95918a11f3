// Package pattern is EventBridge's event patterns: which events a rule is about.
//
// In go the JSON text of a pattern, and events as encoding/json reads them. Out comes whether the event matches, or why the
// text is no pattern, in EventBridge's words. What is compiled is bounded: text, depth, and the number of alternatives that
// "$or" makes.
//
// It must never panic on any text or event, and never answer differently for the same two.
package pattern
