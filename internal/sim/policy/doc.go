// Package policy is what policies let somebody do: those of keys, queues, topics and log groups what AWS's services and
// accounts do with them, those of identities what their owner does.
//
// In go the JSON text of a policy, and a request: who, what, on what, and the keys of its context. Out comes yes or no, and for
// an identity which rule said so, or why the text is no policy. A policy with an element or a condition that this package does not know is refused, never guessed at
// (IAM user guide, "IAM JSON policy elements reference" and "Policy evaluation logic").
//
// It must never say yes to what AWS denies.
package policy
