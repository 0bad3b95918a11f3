package world

import "time"

// Token is what an EC2 call with a client token made, kept so that a repeat of the call makes nothing.
type Token struct {
	Digest string // of the call's parameters
	ID     string // of what was made
	At     time.Time
}
