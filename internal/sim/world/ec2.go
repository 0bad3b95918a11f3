package world

// EC2 is the state of one region's EC2: what is wired and what runs in it.
type EC2 struct {
	Network
	Compute
}
