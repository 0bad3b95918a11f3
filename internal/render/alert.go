package render

import (
	"berth/internal/model"
	"berth/internal/render/ink"
)

// alertsPart shows who is told when something fails, and who has not confirmed yet that they want it.
func (v View) alertsPart(p *ink.Page) {
	var rows [][]string
	for s := range model.Every[model.Subscription](&v.Have.Set) {
		rows = append(rows, cleaned(s.Name, s.Protocol, s.Address(), v.told(s)))
	}
	for _, a := range v.Watched {
		by, to := a.Receiver()
		rows = append(rows, cleaned(a.Name, by, to, "told by berth watch"))
	}
	if len(rows) == 0 {
		return
	}
	p.Heading("Alerts")
	p.Table([]string{"ALERT", "BY", "TO", "STATE"}, rows)
}

// told is the state of a subscription in a word or two.
func (v View) told(s model.Subscription) string {
	switch {
	case v.Have.Handle(s.Key()).Reason == model.Unconfirmed:
		return "waits for its confirmation"
	case !v.Want.Has(s.Key()):
		return "not in the file"
	}
	return "confirmed"
}

type jsonAlert struct {
	Name      string `json:"name"`
	Protocol  string `json:"protocol"`
	Address   string `json:"address"`
	Confirmed bool   `json:"confirmed"`
	Asked     string `json:"asked,omitempty"`   // when AWS last asked for a confirmation that is missing
	Watched   bool   `json:"watched,omitempty"` // berth watch tells it, and not AWS
}

func (v View) jsonAlerts() []jsonAlert {
	out := []jsonAlert{}
	for s := range model.Every[model.Subscription](&v.Have.Set) {
		one := jsonAlert{Name: s.Name, Protocol: s.Protocol, Address: s.Address(), Confirmed: v.Have.Handle(s.Key()).Reason != model.Unconfirmed}
		if !one.Confirmed {
			one.Asked = v.Facts.Asked
		}
		out = append(out, one)
	}
	for _, a := range v.Watched {
		by, to := a.Receiver()
		out = append(out, jsonAlert{Name: a.Name, Protocol: by, Address: to, Confirmed: true, Watched: true})
	}
	return out
}
