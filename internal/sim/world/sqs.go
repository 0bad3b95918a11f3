package world

import "time"

// SQS is the state of queues.
type SQS struct {
	Queues  Table[Queue]         // by name
	Deleted map[string]time.Time // when names became free that are blocked for a minute
}

// Queue is a standard queue.
type Queue struct {
	Name, ARN, URL    string
	Created, Modified time.Time
	Purged            time.Time // zero: never
	Policy            string
	Visibility        int // seconds; so are the next three
	Retention         int
	Delay             int
	Wait              int
	MaxSize           int // bytes
	Key               string
	KeyReuse          int    // seconds; 0: never set
	Managed           bool   // encrypted with SQS's own keys
	DeadLetter        string // ARN; empty: none
	MaxReceives       int
	RedriveAllow      string // as JSON; empty: never set
	Messages          []QueueMessage
	Tags              Tags
}

// QueueMessage is a message in a queue.
type QueueMessage struct {
	ID, Body      string
	Sender        string // id of who sent it
	Source        string // ARN of the queue that it was moved from; empty: none
	TraceHeader   string
	GroupID       string
	Attributes    []MessageAttribute // by name
	Sent          time.Time
	VisibleAt     time.Time
	FirstReceived time.Time
	Receives      int
	Receipt       string // the handle of the last receive
}

// MessageAttribute is a typed value beside a message's body.
type MessageAttribute struct {
	Name, Type, Text string
	Binary           []byte
}
