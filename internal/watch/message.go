package watch

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"berth/internal/model"
	"berth/internal/plain"
)

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

// The bounds of what a message says. What strangers wrote can be of any length.
const (
	longTitle = 200
	longText  = 2000
)

// harmless is an incident without what could steer a screen, hide text or be endless: texts of AWS and of programs are in it.
func harmless(i Incident) Incident {
	i.Due, i.Late, i.Told = time.Time{}, false, Told{} // they are for Step alone
	i.Text, i.Fix = one(i.Text), one(i.Fix)
	i.Evidence, i.Also = every(i.Evidence), every(i.Also)
	i.Members = slices.Clone(i.Members)
	for n := range i.Members {
		i.Members[n].Name = plain.Cut(plain.Text(i.Members[n].Name), longTitle)
	}
	return i
}

func one(text string) string { return plain.Cut(plain.Text(text), longText) }

func every(texts []string) []string {
	var out []string
	for _, text := range texts[:min(len(texts), mostEvidence)] {
		out = append(out, one(text))
	}
	return out
}

// MessageOf is a change as receivers get it.
func MessageOf(c Change, of model.Scope) Message {
	m := Message{
		Version: MessageVersion, ID: c.ID, Kind: c.Kind, At: c.At, Environment: of.Environment, Cluster: of.ClusterName(), Region: of.Region,
		Account: of.Account, Incident: harmless(c.Incident), Link: link(c.Incident, of),
	}
	m.Title = plain.Cut(fmt.Sprintf("%s in %s/%s: %s", where(m.Incident), of.Environment, of.ClusterName(), m.Incident.Text), longTitle)
	if c.Kind == Resolved {
		m.Title = "resolved: " + m.Title
	}
	return m
}

// where is what an incident shows at, in a few words: "service web", "3 services".
func where(i Incident) string {
	n := len(i.Members) + i.More
	if n == 0 {
		return "cluster"
	}
	kind, name, _ := strings.Cut(i.Members[0].Name, "/")
	words := map[string][2]string{"service": {"service", "services"}, "family": {"task", "kinds of tasks"}, "instance": {"instance", "instances"}, "group": {"group", "groups"}, "alert": {"alert", "alerts"}}[kind]
	if words[0] == "" {
		words = [2]string{kind, "members"}
	}
	other := slices.ContainsFunc(i.Members, func(m Member) bool { return !strings.HasPrefix(m.Name, kind+"/") })
	switch {
	case n == 1:
		return words[0] + " " + name
	case other:
		return fmt.Sprintf("%s %s and %d more", words[0], name, n-1)
	}
	return fmt.Sprintf("%d %s", n, words[1])
}

// link is the page of AWS's console that is nearest to an incident.
func link(i Incident, of model.Scope) string {
	page := "/ecs/v2/clusters/" + of.ClusterName() + "/"
	if len(i.Members) != 1 {
		return of.ConsoleURL(page + "services?")
	}
	switch kind, name, _ := strings.Cut(i.Members[0].Name, "/"); kind {
	case "service":
		return of.ConsoleURL(page + "services/" + url.PathEscape(name) + "/health?")
	case "family":
		return of.ConsoleURL(page + "tasks?")
	case "instance":
		return of.ConsoleURL(page + "infrastructure?")
	case "group":
		return of.ConsoleURL("/ec2/home?") + "#AutoScalingGroupDetails:id=" + url.PathEscape(name) + ";view=activity"
	}
	return of.ConsoleURL(page + "services?")
}
