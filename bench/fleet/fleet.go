// Package fleet measures what it costs to replace all instances of a cluster, by berth and by the scripts that people write.
//
// In: the trace of a run, and what a census of the world counted meanwhile. Out: figures, and the table of them. The runs themselves
// are in its tests: the loop of the roll, or a script, against the simulated AWS in the same process. Small ones are held there
// too; large ones run by the benchmark only. It must never take a figure from what the tool thinks of itself.
package fleet

import "time"

// Figures are what one run came to.
type Figures struct {
	Instances int
	Way       string // how they were replaced: "drain --surge 10%"
	Took      time.Duration
	Bound     time.Duration // no run of its kind can be faster; 0: nobody has said what it is
	Moves     float64       // tasks of services that were started until the end, for each that ran before
	After     int           // tasks that were started in the ten minutes after it, for the sake of zones
	Lowest    float64       // the lowest share of its tasks that any service had healthy, in percent
	Served    int64         // requests
	Failed    int64
	Extra     time.Duration // of instances beyond those that are meant to be there, added up
	Calls     map[string]int
	Shares    []Share
	Wall      time.Duration // of the machine that ran it
	Memory    uint64        // bytes of its heap at the end, the simulated world and the trace included
}

// Total is how many calls were made.
func (f Figures) Total() int {
	n := 0
	for _, some := range f.Calls { // unordered: added up
		n += some
	}
	return n
}

// Over is the time as a multiple of the bound; 0: there is none.
func (f Figures) Over() float64 {
	if f.Bound == 0 {
		return 0
	}
	return f.Took.Seconds() / f.Bound.Seconds()
}

// Busiest is the limit of which the largest share was used.
func (f Figures) Busiest() Share {
	var most Share
	for _, s := range f.Shares {
		if s.Part > most.Part {
			most = s
		}
	}
	return most
}
