package world

import "time"

// Logs is the state of log groups.
type Logs struct {
	Groups   Table[LogGroup]  // by name
	Policies Table[LogPolicy] // that let services write, by name
}

// LogPolicy is a policy that lets AWS's services write into the log groups of a region.
type LogPolicy struct {
	Name, Document string
	Updated        time.Time
}

// LogGroup is a log group of CloudWatch Logs.
type LogGroup struct {
	Name, ARN string // the ARN without ":*"
	Class     string // STANDARD, INFREQUENT_ACCESS, ESSENTIALS or DELIVERY
	KMSKey    string
	Retention int // days; 0 for ever
	Protected bool
	Tags      Tags
	Created   time.Time
	Streams   Table[LogStream] // by name
}

// LogStream is a sequence of events of one source.
type LogStream struct {
	Name, ARN string
	Created   time.Time
	Ingested  time.Time  // of the last event; zero while there was none
	Issued    int        // event ids given so far
	Events    []LogEvent // by ID, which is by time
}

// LogEvent is one line of a log.
type LogEvent struct {
	ID       string    // 56 digits that sort by time, then by arrival
	At       time.Time // whole milliseconds
	Ingested time.Time
	Message  string
}
