package check

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/config"
	"berth/internal/model"
)

// nobodyTold is a cluster whose failures nobody hears of.
func nobodyTold(in Input) []Finding {
	if len(in.Config.Alerts) > 0 {
		return nil
	}
	return []Finding{{
		Severity: Warning,
		Text:     "nobody is told when a deployment, a task or an instance fails: the file names no alerts",
		Fix:      `alerts = { ops = { email = "ops@example.com" } }`,
	}}
}

// onlyWatched is a cluster whose failures people hear of only while berth watch runs.
func onlyWatched(in Input) []Finding {
	if len(in.Config.Alerts) == 0 || slices.ContainsFunc(in.Config.Alerts, func(a config.Alert) bool { return !a.Watched() }) {
		return nil
	}
	return []Finding{in.at(Finding{
		Severity: Info,
		Text:     "people are told of failures only while berth watch runs: no alert is one that AWS sends by itself",
		Fix:      `run berth watch as a service, or name somebody whom AWS tells too: ` + in.Config.Alerts[0].Name + `-mail = { email = "ops@example.com" }`,
	}, "alerts")}
}

// unconfirmed are alerts that AWS does not send yet. Each has its finding at its place in the file.
func unconfirmed(in Input) []Finding {
	var out []Finding
	for s := range model.Every[model.Subscription](&in.Have.Set) {
		if in.Have.Handle(s.Key()).Reason != model.Unconfirmed || !in.Want.Has(s.Key()) {
			continue
		}
		since := ""
		if in.Facts.Asked != "" {
			since = " (AWS last asked somebody " + strings.NewReplacer("T", " ", "Z", " UTC").Replace(in.Facts.Asked) + ")"
		}
		out = append(out, in.at(Finding{
			Severity: Warning,
			Text:     fmt.Sprintf("alert %s reaches nobody yet: %s has not confirmed its subscription%s", s.Name, s.Address(), since),
			Fix:      confirmation(s),
		}, "alerts."+s.Name+"."+s.Protocol, "alerts."+s.Name+".sqs_arn", "alerts."+s.Name))
	}
	return out
}

// confirmation is what the receiver must do.
func confirmation(s model.Subscription) string {
	const late = "; after 48 hours AWS forgets it, and berth apply asks anew"
	switch s.Protocol {
	case model.ProtocolEmail:
		return "look into the inbox (and the spam) of " + s.Address() + " for \"AWS Notification - Subscription Confirmation\" and follow its link" + late
	case model.ProtocolHTTPS:
		return "the server must answer the post of type SubscriptionConfirmation by visiting the SubscribeURL in it" + late
	}
	return "whoever owns the queue must confirm: the message of type SubscriptionConfirmation in it has the SubscribeURL to visit" + late
}
