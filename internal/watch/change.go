package watch

import (
	"strconv"
	"time"
)

// The kinds of changes.
const (
	Opened   = "opened"
	Grown    = "grown"
	Resolved = "resolved"
	Reopened = "reopened"
)

// Change is what people are told once. Its id is the same however often it is delivered.
type Change struct {
	ID       string    `json:"id"` // the incident's id and the number of the change: "3f2a…-2"
	Kind     string    `json:"kind"`
	At       time.Time `json:"at"`
	Incident Incident  `json:"incident"` // as it was then
}

// tell makes a change of an incident.
func (b *book) tell(i *Incident, kind string) {
	i.Changes++
	i.Told = Told{At: b.now, Members: i.all(), Count: i.Count, Severity: i.Severity, Also: len(i.Also), Times: i.Told.Times}
	if kind == Grown {
		i.Told.Times++
	}
	b.changes = append(b.changes, Change{ID: i.ID + "-" + strconv.Itoa(i.Changes), Kind: kind, At: b.now, Incident: i.shown()})
}
