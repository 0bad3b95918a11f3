package landing

import (
	"berth/internal/placement"
	"berth/internal/render/ink"
)

// JSON is a forecast for programs.
type JSON struct {
	Landings []jsonLanding  `json:"landings"`
	Unplaced []jsonUnplaced `json:"unplaced"`
	ZoneLoss []jsonLoss     `json:"zone_loss"`
}

type jsonLanding struct {
	Instance string `json:"instance"`
	Zone     string `json:"zone"`
	Tasks    int    `json:"tasks"`
	Why      string `json:"why"` // of the first of them
}

type jsonUnplaced struct {
	Tasks  int       `json:"tasks"`
	Reason string    `json:"reason"`
	Grows  *jsonGrow `json:"grows,omitempty"` // a group that grows for them; without one they never come
}

type jsonGrow struct {
	Group string `json:"group"`
	From  int    `json:"from"`
	To    int    `json:"to"`
}

type jsonLoss struct {
	Zone    string `json:"zone"`
	Left    int    `json:"left"`
	Lost    int    `json:"lost"`
	Fits    int    `json:"fits"`  // of the lost: there is room for them now
	Comes   int    `json:"comes"` // of the lost: they come with new instances in the other zones
	Missing string `json:"missing,omitempty"`
}

// ForPrograms is a forecast for programs; its lists are never nil.
func ForPrograms(f placement.Forecast) JSON {
	out := JSON{[]jsonLanding{}, []jsonUnplaced{}, []jsonLoss{}}
	for _, i := range byInstance(f.Landings) {
		out.Landings = append(out.Landings, jsonLanding{ink.Clean(i.id), ink.Clean(i.zone), i.tasks, ink.Clean(i.why)})
	}
	for _, w := range nowhere(f.Landings) {
		u := jsonUnplaced{Tasks: w.tasks, Reason: ink.Clean(w.Why)}
		if g := w.Comes; g != nil {
			u.Grows = &jsonGrow{ink.Clean(g.Group), g.From, g.To}
		}
		out.Unplaced = append(out.Unplaced, u)
	}
	for _, z := range f.Loss {
		out.ZoneLoss = append(out.ZoneLoss, jsonLoss{ink.Clean(z.Zone), z.Left, z.Lost, z.Fits, z.Comes, ink.Clean(z.Missing)})
	}
	return out
}
