// Package notify tells people: Slack, web servers, mail.
//
// In: messages, and sinks with what they need to know, secrets included. Out: whether each message arrived, may arrive later, or never
// will. It decides nothing about incidents, and shows no secret: errors name a sink and a host, never an address's path or a password.
package notify

import (
	"context"
	"time"

	"berth/internal/watch"
)

// Sink is one way to tell people.
type Sink interface {
	// Name is the alert's name in the file.
	Name() string
	// Send delivers a message once. *Failure says whether trying again helps; other errors count as passing.
	Send(ctx context.Context, m watch.Message) error
}

// Failure is a message that did not arrive.
type Failure struct {
	Text  string        // why, without secrets
	Final bool          // trying again does not help
	After time.Duration // what the receiver asked for; 0: nothing
}

// Error is why.
func (f *Failure) Error() string { return f.Text }
