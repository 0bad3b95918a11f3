package watch

import "time"

// MessageVersion counts the incompatible changes of a Message's JSON.
const MessageVersion = 1

// Message is a change of an incident as receivers get it.
type Message struct {
	Version     int       `json:"version"`
	ID          string    `json:"id"` // of the change: the same however often it is delivered
	Kind        string    `json:"kind"`
	At          time.Time `json:"at"`
	Environment string    `json:"environment"`
	Cluster     string    `json:"cluster"`
	Region      string    `json:"region"`
	Account     string    `json:"account"`
	Test        bool      `json:"test,omitempty"` // nothing is wrong: somebody tries the way
	Title       string    `json:"title"`          // one line
	Link        string    `json:"link,omitempty"` // where to look: AWS's console
	Incident    Incident  `json:"incident"`
}
