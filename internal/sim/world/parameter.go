package world

import "time"

// Parameters is what the account itself keeps in the Parameter Store of Systems Manager.
type Parameters struct {
	Parameters Table[Parameter] // by name
}

// Parameter is a parameter with its present value.
type Parameter struct {
	Name, Value string
	Version     int64
	Modified    time.Time
}
