// Package listing is what ECS's operations share about lists: their pages, and the tags of what is in them.
//
// In go rows, tokens and tags as calls have them; out come pages, checked tags, and ECS's refusals. It must never know what
// the rows are, or keep anything.
package listing
