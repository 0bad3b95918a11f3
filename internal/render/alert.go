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
	Asked     string `json:"asked,omitempty"` // when AWS last asked for a confirmation that is missing
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
	return out
}
