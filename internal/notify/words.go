package notify

import (
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"

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

// errLong ends a template that says more than a message may have.
var errLong = errors.New("it says too much")

// text is what a template makes of a message, else berth's own words. A template that fails loses nothing: then these are sent, with
// a word about it.
func text(m watch.Message, t *template.Template) string {
	own := strings.Join(body(m), "\n")
	if t == nil {
		return plain.Cut(own, longBody)
	}
	var b bounded
	if err := t.Execute(&b, m); err != nil && !errors.Is(err, errLong) {
		return plain.Cut(own, longBody-longTitle) + "\n(The template of this alert cannot be used: " + line(err.Error(), longTitle) + ")"
	}
	var out []string
	for l := range strings.SplitSeq(b.String(), "\n") {
		out = append(out, strings.TrimRight(plain.Text(l), " "))
	}
	return plain.Cut(strings.TrimSpace(strings.Join(out, "\n")), longBody)
}

// bounded takes no more than a message may have.
type bounded struct{ strings.Builder }

// Write takes a part.
func (b *bounded) Write(p []byte) (int, error) {
	room := max(0, 2*longBody-b.Len())
	n, _ := b.Builder.Write(p[:min(len(p), room)]) // a Builder takes everything
	if n < len(p) {
		return n, errLong
	}
	return n, nil
}
