package notify

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"berth/internal/phrase"
	"berth/internal/plain"
	"berth/internal/watch"
)

// The bounds of what a message says: texts of AWS, and of whoever can write them, can be of any length.
const (
	longTitle = 200
	longText  = 2000
	longBody  = 8000
	mostLines = 10
	mostNames = 20
)

// line is a text of strangers in one line.
func line(text string, most int) string {
	return plain.Cut(strings.Join(strings.Fields(plain.Text(text)), " "), most)
}

// title is the message in one line.
func title(m watch.Message) string {
	text := m.Title
	switch {
	case m.Test:
		text = "test: " + text
	case m.Kind == watch.Grown, m.Kind == watch.Reopened:
		text = m.Kind + ": " + text
	}
	return line(text, longTitle)
}

// body is what stands below the title, in berth's own words.
func body(m watch.Message) []string {
	i := m.Incident
	var w words
	w.all("Also: ", i.Also)
	w.all("- ", i.Evidence)
	if m.Kind != watch.Resolved {
		w.add("Fix: ", i.Fix)
	}
	w.add("Where: ", names(i))
	w.add("Since: ", since(m))
	w.add("Code: ", code(i))
	w.add("Look: ", m.Link)
	return w
}

// words are lines that say something.
type words []string

func (w *words) add(word, text string) {
	if text = line(text, longText); text != "" {
		*w = append(*w, word+text)
	}
}

func (w *words) all(word string, texts []string) {
	for _, text := range texts[:min(len(texts), mostLines)] {
		w.add(word, text)
	}
}

// names are the members of an incident, the first ones.
func names(i watch.Incident) string {
	var out []string
	for _, m := range i.Members[:min(len(i.Members), mostNames)] {
		out = append(out, strings.Replace(m.Name, "/", " ", 1))
	}
	text := strings.Join(out, ", ")
	if more := len(i.Members) + i.More - len(out); more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return text
}

// since is from when on it was, for how long when it is over, and how often.
func since(m watch.Message) string {
	i := m.Incident
	if i.Began.IsZero() {
		return ""
	}
	text := i.Began.UTC().Format("2006-01-02 15:04:05 UTC")
	if m.Kind == watch.Resolved {
		text += ", for " + i.Last.Sub(i.Began).Round(time.Second).String()
	}
	if i.Count > 1 {
		text += fmt.Sprintf(", %d times", i.Count)
	}
	return text
}

// code is the code, how much it matters, and where to read more.
func code(i watch.Incident) string {
	if i.Code == "" {
		return ""
	}
	return i.Code + ", " + i.Severity.String() + "; berth explain " + i.Code
}

// text is what an alert's template makes of a message, else berth's own words.
func text(m watch.Message, t phrase.Phrase) string {
	if t.Empty() {
		return plain.Cut(strings.Join(body(m), "\n"), longBody)
	}
	var out []string
	for l := range strings.SplitSeq(t.Fill(func(name string) string { return field(m, name) }), "\n") {
		out = append(out, strings.TrimRight(plain.Text(l), " "))
	}
	return plain.Cut(strings.TrimSpace(strings.Join(out, "\n")), longBody)
}

// field is what a field of a template stands for.
func field(m watch.Message, name string) string {
	i := m.Incident
	lists := map[string][]string{"evidence": i.Evidence, "also": i.Also}
	if all, is := lists[name]; is {
		var w words
		w.all("", all)
		return strings.Join(w, "\n")
	}
	return line(map[string]string{
		"title": m.Title, "kind": m.Kind, "severity": i.Severity.String(), "code": i.Code, "text": i.Text, "fix": i.Fix, "members": names(i),
		"since": since(m), "count": strconv.Itoa(i.Count), "link": m.Link, "cluster": m.Cluster, "environment": m.Environment,
		"region": m.Region, "account": m.Account, "id": m.ID,
	}[name], longText)
}
