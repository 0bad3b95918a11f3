// Package sns is the simulated Simple Notification Service: topics, subscriptions, and the way of a message to its readers.
//
// In go calls of the API with the SDK's own types, the messages of other services (Send), and reports about what was posted
// (Posted). Out come answers, changed rows in the region's SNS, messages in queues, mails in the world's mailbox, and posts in
// its outbox: a world calls nobody, so whoever serves it takes the posts from there and tells how they went. Subscriptions by
// e-mail and HTTP are pending until somebody confirms them with the token that they were sent.
//
// FIFO topics, filter policies, delivery policies, text messages and other protocols are refused. Signatures have the right form
// and no meaning.
//
// It must never call out, or answer differently for the same world and the same call.
package sns
