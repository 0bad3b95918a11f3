package watching

import (
	"fmt"
	"net/url"
	"strings"
	"unicode/utf8"

	"berth/internal/model"
	"berth/internal/watch"
)

// mostTitle is how many bytes a title has.
const mostTitle = 200

// messageOf is a change as receivers get it.
func messageOf(c watch.Change, scope model.Scope) watch.Message {
	return watch.Message{
		Version: watch.MessageVersion, ID: c.ID, Kind: c.Kind, At: c.At, Environment: scope.Environment, Cluster: scope.ClusterName(),
		Region: scope.Region, Account: scope.Account, Title: titleOf(c), Link: linkOf(c.Incident, scope), Incident: c.Incident,
	}
}

// titleOf is a change in one line: what it is about, and what happens.
func titleOf(c watch.Change) string {
	about := ""
	if len(c.Incident.Members) > 0 {
		_, name, _ := strings.Cut(c.Incident.Members[0].Name, "/")
		about = name
	}
	if more := len(c.Incident.Members) - 1 + c.Incident.More; more > 0 {
		about += fmt.Sprintf(" and %d more", more)
	}
	if about != "" {
		about += ": "
	}
	if c.Kind != watch.Opened {
		about = c.Kind + ": " + about
	}
	text, _, _ := strings.Cut(c.Incident.Text, "\n")
	title := about + text
	for len(title) > mostTitle-len("…") {
		_, size := utf8.DecodeLastRuneInString(title)
		if title = title[:len(title)-size]; len(title) <= mostTitle-len("…") {
			return title + "…"
		}
	}
	return title
}

// linkOf is the page of AWS's console that shows the service an incident is about, or the cluster.
func linkOf(i watch.Incident, scope model.Scope) string {
	host := map[string]string{"aws-cn": "console.amazonaws.cn", "aws-us-gov": "console.amazonaws-us-gov.com"}[scope.Partition]
	if host == "" {
		host = scope.Region + ".console.aws.amazon.com"
	}
	page := "services"
	if len(i.Members) == 1 && i.More == 0 {
		if name, ok := strings.CutPrefix(i.Members[0].Name, "service/"); ok {
			page = "services/" + url.PathEscape(name) + "/health"
		}
	}
	return "https://" + host + "/ecs/v2/clusters/" + url.PathEscape(scope.ClusterName()) + "/" + page + "?region=" + url.QueryEscape(scope.Region)
}
