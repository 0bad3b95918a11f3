package watch

// State is what Step knows. Step takes it over: who hands a state to Step does not use it again.
type State struct {
	Incidents []Incident `json:"incidents,omitempty"` // open ones and those that were resolved lately, oldest first
	Seen      []string   `json:"seen,omitempty"`      // ids of the last events, oldest first
}
