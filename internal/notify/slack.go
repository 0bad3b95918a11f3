package notify

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"

	"berth/internal/phrase"
	"berth/internal/plain"
	"berth/internal/secret"
	"berth/internal/watch"
)

// Slack writes messages into a channel by an incoming webhook (Slack API, "Sending messages using incoming webhooks").
type Slack struct {
	web
	name     string
	template phrase.Phrase // empty: berth's own words
}

// NewSlack is the incoming webhook of an alert.
func NewSlack(alert string, address secret.Text, t phrase.Phrase) (*Slack, error) {
	w, err := newWeb(address)
	return &Slack{w, alert, t}, err
}

// Name is the alert's.
func (s *Slack) Name() string { return s.name }

// The bounds of blocks (Slack API, "Reference: Layout blocks").
const (
	longHeader  = 150
	longSection = 3000
)

// block is a part of a message.
type block struct {
	Type string    `json:"type"`
	Text blockText `json:"text"`
}

type blockText struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	Emoji *bool  `json:"emoji,omitempty"`
}

// post is what a channel is sent: text is for notices, blocks for the channel.
type slackPost struct {
	Text      string  `json:"text"`
	Blocks    []block `json:"blocks"`
	LinkNames bool    `json:"link_names"`
}

// Send posts a message once.
func (s *Slack) Send(ctx context.Context, m watch.Message) error {
	body, err := json.Marshal(s.draft(m))
	if err != nil {
		return &Failure{Text: "the message is no JSON: " + err.Error(), Final: true}
	}
	return s.post(ctx, body, http.Header{})
}

// draft is a message for a channel. What strangers wrote is plain text there, which Slack does not read as markup: it mentions
// nobody and links nothing.
func (s *Slack) draft(m watch.Message) slackPost {
	head := mark(m) + title(m)
	post := slackPost{Text: escaped(head), Blocks: []block{{"header", blockText{Type: "plain_text", Text: plain.Cut(head, longHeader)}}}}
	said := text(m, s.template)
	if len(head) > longHeader {
		said = title(m) + "\n" + said
	}
	if said != "" {
		post.Blocks = append(post.Blocks, block{"section", blockText{Type: "plain_text", Text: plain.Cut(said, longSection), Emoji: new(false)}})
	}
	return post
}

// mark is what the eye finds first.
func mark(m watch.Message) string {
	switch {
	case m.Test:
		return "🔧 "
	case m.Kind == watch.Resolved:
		return "✅ "
	case m.Incident.Severity == watch.Error:
		return "🔴 "
	case m.Incident.Severity == watch.Warning:
		return "🟠 "
	}
	return "🔵 "
}

// escaped is a text without Slack's markup (Slack API, "Formatting text for app surfaces").
func escaped(text string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(text)
}
