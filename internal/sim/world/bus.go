package world

import (
	"encoding/json"
	"time"
)

// Emitted is the event that takes what a service says to the region's default event bus; its Arg is the whole of it as JSON.
const Emitted Kind = "events.emitted"

// Notice is an event as AWS's services put it onto the default event bus (EventBridge user guide, "Events").
type Notice struct {
	Version    string    `json:"version"`
	ID         string    `json:"id"`
	DetailType string    `json:"detail-type"`
	Source     string    `json:"source"`
	Account    string    `json:"account"`
	Time       time.Time `json:"time"`
	Region     string    `json:"region"`
	Resources  []string  `json:"resources"`
	Detail     any       `json:"detail"`
}

// Emit says something on the region's default event bus, where it arrives a moment later. Fill in the source, the detail type,
// the resources; detail makes the rest, and is not asked when no rule listens: nobody hears it then, and it costs nothing.
// The detail must become JSON.
func (w *World) Emit(r *Region, n Notice, detail func() any) {
	if !r.Events.hears(n.Source, n.DetailType) {
		return
	}
	n.Version, n.ID, n.Account, n.Region, n.Detail = "0", w.UUID(), Account, r.Name, detail()
	n.Time = w.Time.Truncate(time.Second)
	if n.Resources == nil {
		n.Resources = []string{}
	}
	b, err := json.Marshal(n)
	if err != nil {
		panic("world: a notice has no JSON: " + err.Error()) // details are plain structs
	}
	w.Schedule(w.Draw("events.emit", n.DetailType, Span{Mean: 500 * time.Millisecond, Deviation: 150 * time.Millisecond, Floor: 100 * time.Millisecond}),
		Event{Kind: Emitted, Region: r.Name, ID: n.ID, Arg: string(b)})
}
