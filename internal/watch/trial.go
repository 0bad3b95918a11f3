package watch

import (
	"fmt"
	"time"

	"berth/internal/model"
	"berth/internal/plain"
)

// Trial is the message of a test: it goes the way of every other, and nothing is wrong. Who asks for it is in it.
func Trial(id, who string, at time.Time, of model.Scope) Message {
	title := fmt.Sprintf("a test of the alerts of %s/%s: nothing is wrong", of.Environment, of.ClusterName())
	return Message{
		Version: MessageVersion, ID: id, Kind: Opened, At: at, Environment: of.Environment, Cluster: of.ClusterName(), Region: of.Region,
		Account: of.Account, Test: true, Title: plain.Cut(title, longTitle), Link: link(Incident{}, of),
		Incident: Incident{
			ID: id, Severity: Info, Text: "this is a test, and nothing is wrong", Evidence: []string{one("asked for by " + who)},
			Members: []Member{}, Began: at, Opened: at, Last: at, Changes: 1,
		},
	}
}
