// Package sqs is the simulated Simple Queue Service: standard queues, their messages and their dead-letter queues.
//
// In go calls of the API with the SDK's own types, and the messages of other services. Out come answers and changed rows in the
// region's SQS. Nothing ticks: a message that is visible again, too old or received too often is found out when somebody looks.
//
// A call cannot wait in a world whose time stands still while it runs: there ReceiveMessage answers at once, whatever WaitTimeSeconds
// says. Where the world's time runs by itself (sim serve) the caller of these operations lets it wait, by Patience and Ready. A
// message stays in the order in which it came, and is delivered once unless its visibility ends. FIFO queues and message moves are
// refused.
//
// It must never answer differently for the same world and the same call.
package sqs
