package notify_test

import (
	"bufio"
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"berth/internal/secret"
	"berth/internal/watch"
)

// noon is the time by which messages are sent.
var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

type still struct{}

func (still) Now() time.Time { return noon }

func (still) Sleep(context.Context, time.Duration) error { return nil }

// trouble is a message about a service.
func trouble() watch.Message {
	return watch.Message{
		Version: 1, ID: "3f2a9c1d0b7e-1", Kind: watch.Opened, At: noon, Environment: "acc", Cluster: "shop", Region: "eu-west-1", Account: "123456789012",
		Title: "service web in acc/shop: image web:2 is not in its registry", Link: "https://eu-west-1.console.aws.amazon.com/ecs",
		Incident: watch.Incident{
			ID: "3f2a9c1d0b7e", Cause: watch.Cause{Family: watch.Image, Scope: "service/web"}, Code: "WHY101", Severity: watch.Error,
			Text: "image web:2 is not in its registry", Fix: "push it", Evidence: []string{"3 tasks ended so", "AWS says: manifest unknown"},
			Members: []watch.Member{{Name: "service/web", Bad: noon}}, Count: 3, Began: noon.Add(-time.Minute), Opened: noon, Last: noon, Changes: 1,
		},
	}
}

// hook is a web server that keeps what it gets.
type hook struct {
	*httptest.Server
	mu   sync.Mutex
	got  []*http.Request
	body []string
}

// newHook is a server that answers as it is told.
func newHook(t *testing.T, answer http.HandlerFunc) *hook {
	h := &hook{}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var b strings.Builder
		_, _ = bufio.NewReader(r.Body).WriteTo(&b)
		h.mu.Lock()
		h.got, h.body = append(h.got, r), append(h.body, b.String())
		h.mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(h.Close)
	return h
}

func (h *hook) address(path string) secret.Text { return secret.New(h.URL + path) }

// post is a mail server that keeps what it gets.
type post struct {
	net.Listener
	t       *testing.T
	mu      sync.Mutex
	answers map[string]string // to commands that begin so, instead of the usual ones
	said    []string
	mails   []string
}

func newPost(t *testing.T, answers map[string]string) *post {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &post{Listener: l, t: t, answers: answers}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			p.serve(c)
		}
	}()
	t.Cleanup(func() {
		_ = l.Close()
		<-done
	})
	return p
}

func (p *post) port() int { return p.Addr().(*net.TCPAddr).Port }

// serve talks to one client, as RFC 5321 says.
func (p *post) serve(c net.Conn) {
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(10 * time.Second))
	in := bufio.NewReader(c)
	say := func(text string) { _, _ = fmt.Fprintf(c, "%s\r\n", text) }
	say("220 mail.test")
	for {
		command, err := in.ReadString('\n')
		if err != nil {
			return
		}
		command = strings.TrimSpace(command)
		p.note(command)
		switch answer := p.answer(command); {
		case answer != "":
			say(answer)
		case strings.HasPrefix(command, "EHLO"):
			say("250-mail.test")
			say("250 AUTH PLAIN")
		case strings.HasPrefix(command, "AUTH"):
			say("235 welcome")
		case command == "DATA":
			say("354 go on")
			p.letter(in)
			say("250 taken")
		case command == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func (p *post) note(command string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.said = append(p.said, command)
}

func (p *post) answer(command string) string {
	for begins, answer := range p.answers { // unordered: no two fit
		if strings.HasPrefix(command, begins) {
			return answer
		}
	}
	return ""
}

func (p *post) letter(in *bufio.Reader) {
	var b strings.Builder
	for {
		l, err := in.ReadString('\n')
		if err != nil || l == ".\r\n" {
			break
		}
		b.WriteString(l)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.mails = append(p.mails, b.String())
}

// login is what a client says to log in.
func login(user, password string) string {
	return "AUTH PLAIN " + base64.StdEncoding.EncodeToString([]byte("\x00"+user+"\x00"+password))
}
