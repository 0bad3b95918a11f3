package sns

import (
	"fmt"
	"net/http"
	"time"

	"berth/internal/sim/world"
)

// How often a post is tried again, and after how long (SNS developer guide, "Creating an HTTP/S delivery policy").
const (
	mostRetries = 3
	retryAfter  = 20 * time.Second
)

// post puts a letter into the outbox.
func post(w *world.World, r *world.Region, s *world.Subscription, l letter) {
	header := map[string]string{
		"Content-Type": "text/plain; charset=UTF-8", "User-Agent": "Amazon Simple Notification Service Agent",
		"X-Amz-Sns-Message-Type": l.kind, "X-Amz-Sns-Message-Id": l.id, "X-Amz-Sns-Topic-Arn": s.Topic,
	}
	if l.kind == "Notification" {
		header["X-Amz-Sns-Subscription-Arn"] = s.ARN
		if s.Raw {
			header["X-Amz-Sns-Rawdelivery"] = "true"
		}
	}
	w.Post(&world.Post{ID: w.UUID(), Region: r.Name, Source: s.ID, URL: s.Endpoint, Header: header, Body: l.Body, At: w.Now()})
}

// Posted reports how a post from the outbox went: the HTTP status, or 0 when there was no answer. What a server refused with a
// 4xx other than 429 is lost; what failed otherwise is tried again.
func Posted(w *world.World, r *world.Region, id string, status int) {
	p, ok := w.Outbox.Posts.Get(id)
	if !ok {
		return
	}
	s, ok := r.SNS.Subscriptions.Get(p.Source)
	good := status >= 200 && status < 300
	final := status >= 400 && status < 500 && status != http.StatusTooManyRequests || p.Tries >= mostRetries
	if ok && !good && !final {
		p.Tries++
		p.At = w.Now().Add(retryAfter)
		return
	}
	w.Outbox.Posts.Delete(id)
	if !ok || p.Header["X-Amz-Sns-Message-Type"] != "Notification" {
		return
	}
	if good {
		count(r, s).Delivered++
		return
	}
	lost(w, r, s, p.Body, fmt.Sprintf("%s answered with the status %d", p.URL, status))
}
