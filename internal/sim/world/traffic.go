package world

import "time"

// Traffic is what clients ask of a region's load balancers, and what became of it.
type Traffic struct {
	Flows   Table[Flow]        // by listener rule, or "name:port" of a classic load balancer
	Rates   Table[OfferedRate] // that somebody set, by "rule ", "service " or "balancer " and its ARN or name
	Watched Table[Watched]     // whose changes count: target groups and listener rules by ARN, classic load balancers by name
}

// OfferedRate is how many requests a second somebody wants to be offered.
type OfferedRate struct{ PerSecond int64 }

// Watched is something whose changes move requests elsewhere.
type Watched struct {
	Services []string // "cluster/service", whose first deployment has completed
	Flows    []string // keys of the flows that lead, or led, to it
	Stirred  bool     // an event that says so is under way
	Gone     []string // "host:port" whose program went away since the last one
}

// Flow is the requests that meet one listener rule, or one listener of a classic load balancer.
type Flow struct {
	Balancer string // name
	Rule     string // ARN; empty for a classic load balancer
	Port     int32  // of the listener
	Spells   []Spell
	Totals   []FlowTotal // by target group
	Failures []Failure   // the latest stretches, oldest first
}

// FlowTotal counts what became of the requests for one target group, apart from what Spells still know.
type FlowTotal struct {
	Group       string // ARN; empty: the load balancer answers itself, or is a classic one
	Served      int64
	NoTarget    int64     // 503
	Refused     int64     // nothing listens, or nothing is reached
	Errors      int64     // the program answers with 5xx, or never
	Cut         int64     // the program went away while it worked on them
	First, Last time.Time // of those that failed
	Seconds     int64     // in which requests failed
	LastSecond  int64     // the last of them, in Unix time
}

// Failure is a stretch of requests that failed for one reason.
type Failure struct {
	From, To      time.Time // the first and the last of them
	Reason        string    // "no_target", "refused", "error", "cut"
	Count         int64
	Group, Target string // Target is "host:port"; empty: there was none
}

// Spell is a time in which requests come at one rate and are dealt out in one way. They come evenly; the fraction of a request
// with which it begins is the one with which the spell before it ended. The last spell of a flow goes on; the others stay
// as long as targets may work on their requests.
type Spell struct {
	From, Until time.Time // Until is zero while it goes on
	Rate        int64     // requests a second
	Phase       int64     // billionths of a request at From
	Paths       []Path
}

// Share is a part of something that is dealt out.
type Share struct {
	Key    string
	Weight int64
	Credit int64 // what it is owed, in parts of the weights from its own on
}

// Path is the requests of a flow for one target group.
type Path struct {
	Share // Key is the target group's ARN
	Nodes []TrafficNode
}

// TrafficNode is the requests that come in through one zone; with cross-zone load balancing, through all of them.
type TrafficNode struct {
	Share // Key is the zone
	Lanes []Lane
}

// Lane is the requests for one target.
type Lane struct {
	Share           // Key is "host:port"; empty: there is no target
	Outcome  string // why they fail; empty: they do not
	Took     time.Duration
	SlowFrom time.Time // when its slow start began; zero: it is not in it
	SlowFor  time.Duration
	Died     bool // its program went away while it worked on Cut of them
	Cut      int64
}
