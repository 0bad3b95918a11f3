package notify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"berth/internal/clock"
	"berth/internal/secret"
	"berth/internal/watch"
)

// Webhook posts messages as JSON to a web server, signed where there is a key (Standard Webhooks specification).
type Webhook struct {
	web
	name  string
	key   secret.Text
	clock clock.Clock
}

// NewWebhook is a webhook of an alert. The key is raw, or base64 behind "whsec_"; unset: posts are not signed. The clock tells when a
// post was sent.
func NewWebhook(alert string, address, key secret.Text, c clock.Clock) (*Webhook, error) {
	w, err := newWeb(address)
	if err != nil {
		return nil, err
	}
	if rest, encoded := strings.CutPrefix(key.Reveal(), "whsec_"); encoded {
		raw, err := base64.StdEncoding.DecodeString(rest)
		if err != nil || len(raw) == 0 {
			return nil, fmt.Errorf("the key for signing begins with whsec_ and goes on with what is no base64")
		}
		key = secret.New(string(raw))
	}
	return &Webhook{w, alert, key, c}, nil
}

// Name is the alert's.
func (w *Webhook) Name() string { return w.name }

// Send posts a message once.
func (w *Webhook) Send(ctx context.Context, m watch.Message) error {
	body, err := json.Marshal(m)
	if err != nil {
		return &Failure{Text: "the message is no JSON: " + err.Error(), Final: true}
	}
	now := strconv.FormatInt(w.clock.Now().Unix(), 10)
	header := http.Header{"Webhook-Id": {m.ID}, "Webhook-Timestamp": {now}}
	if w.key.IsSet() {
		header.Set("Webhook-Signature", "v1,"+sign(w.key, m.ID+"."+now+".", body))
	}
	return w.post(ctx, body, header)
}

// sign is the signature of a post.
func sign(key secret.Text, head string, body []byte) string {
	h := hmac.New(sha256.New, []byte(key.Reveal()))
	_, _ = h.Write([]byte(head)) // a hash takes everything
	_, _ = h.Write(body)
	return base64.StdEncoding.EncodeToString(h.Sum(nil))
}
