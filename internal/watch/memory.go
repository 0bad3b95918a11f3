package watch

import "time"

// Version counts the incompatible changes of a Memory's JSON.
const Version = 1

// Memory is what a watcher must remember from one run to the next: it lies in the cluster's bucket.
type Memory struct {
	Version int       `json:"version"`
	State   State     `json:"state"`
	Letters []Letter  `json:"letters,omitempty"` // changes that somebody is still to be told of, oldest first
	Looked  time.Time `json:"looked,omitzero"`   // when the cluster was last looked at
	Beat    time.Time `json:"beat,omitzero"`     // when a watcher was last at work
	Tests   []Test    `json:"tests,omitempty"`   // the last test messages that came through the queue
}

// Letter is a change on its way.
type Letter struct {
	Change Change     `json:"change"`
	To     []Delivery `json:"to"` // who has not got it yet
}

// Delivery is how far a letter is with one receiver.
type Delivery struct {
	Sink  string    `json:"sink"` // name of the alert
	Tries int       `json:"tries,omitempty"`
	After time.Time `json:"after,omitzero"` // not before
	Last  string    `json:"last,omitempty"` // why the last try failed; holds no secret
}

// Test is a message of "berth alerts test" that came through the queue.
type Test struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
}
