package sim

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"

	"berth/internal/clock"
	"berth/internal/sim/sns"
	"berth/internal/sim/world"
)

// How often a served world's outbox is looked into, and how long a post may take (SNS waits 15 seconds).
const (
	postEvery    = 250 * time.Millisecond
	postPatience = 15 * time.Second
)

// postUntil posts what waits in the world's outbox, one after the other, and reports how it went.
func (s *Server) postUntil(open context.Context) {
	client := &http.Client{
		Timeout:       postPatience,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	for clock.System().Sleep(open, postEvery) == nil {
		for _, p := range s.Sim.due() {
			status := post(open, client, p)
			if open.Err() != nil {
				return // the end of the server says nothing about the other side
			}
			s.Sim.With(func(w *world.World) { sns.Posted(w, w.Region(p.Region), p.ID, status) })
		}
	}
}

// post posts one message and gives the status of the answer, 0 when there was none.
func post(ctx context.Context, client *http.Client, p world.Post) int {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL, strings.NewReader(p.Body))
	if err != nil {
		return 0
	}
	for name, value := range p.Header { // unordered: headers have no order
		r.Header.Set(name, value)
	}
	answer, err := client.Do(r)
	if err != nil {
		return 0
	}
	_ = answer.Body.Close() // what it says is of no interest
	return answer.StatusCode
}

// due are the posts whose time has come.
func (s *Sim) due() []world.Post {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tick()
	var out []world.Post
	for p := range s.world.Outbox.Posts.Rows() {
		if !p.At.After(s.world.Now()) {
			out = append(out, *p)
		}
	}
	return out
}

// reachableAt lets the world know where it can be called, for the links in its mails and posts; nil: nowhere any longer.
func (s *Sim) reachableAt(at net.Addr) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.world.Outbox.Address = ""
	if at == nil {
		return
	}
	host, port, err := net.SplitHostPort(at.String())
	if err != nil {
		return
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsUnspecified() {
		host = "localhost"
	}
	s.world.Outbox.Address = "http://" + net.JoinHostPort(host, port)
}
