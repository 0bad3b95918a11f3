package dst

import (
	"bufio"
	"encoding/json"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"berth/internal/watch"
)

// ear is a web server and a mail server on this machine, which keep what they are sent and when that was in the world.
type ear struct {
	web  *httptest.Server
	post net.Listener
	now  func() time.Time

	mu    sync.Mutex
	posts []post
	mails []*mail.Message
	odd   []string // what was wrong with what came
}

// post is a message that came to the web server.
type post struct {
	watch.Message
	came time.Time
}

func newEar(t *testing.T, now func() time.Time) *ear {
	t.Helper()
	e := &ear{now: now}
	e.web = httptest.NewServer(http.HandlerFunc(e.hook))
	t.Cleanup(e.web.Close)
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	fine(t, err)
	e.post = l
	var all sync.WaitGroup
	all.Go(e.accept)
	t.Cleanup(func() {
		_ = l.Close() // ends accept
		all.Wait()
	})
	return e
}

// alerts is the part of a file that tells both.
func (e *ear) alerts() string {
	return fmt.Sprintf(`alerts = {
  hook = { webhook = "%s/berth", severity = "info" }
  mail = { smtp = %q, from = "berth@example.com", to = ["ops@example.com"], severity = "info" }
}
`, e.web.URL, e.post.Addr())
}

// hook takes a message.
func (e *ear) hook(w http.ResponseWriter, r *http.Request) {
	p := post{came: e.now()}
	err := json.NewDecoder(r.Body).Decode(&p.Message)
	e.mu.Lock()
	defer e.mu.Unlock()
	if err != nil || r.Method != http.MethodPost || r.Header.Get("Webhook-Id") != p.ID {
		e.odd = append(e.odd, fmt.Sprintf("%s with id %q: %v", r.Method, r.Header.Get("Webhook-Id"), err))
	}
	e.posts = append(e.posts, p)
	w.WriteHeader(http.StatusNoContent)
}

func (e *ear) accept() {
	for {
		c, err := e.post.Accept()
		if err != nil {
			return // it was closed
		}
		if err := e.converse(c); err != nil {
			e.mu.Lock()
			e.odd = append(e.odd, "a conversation by mail: "+err.Error())
			e.mu.Unlock()
		}
	}
}

// converse talks to one client as a mail server does (RFC 5321).
func (e *ear) converse(c net.Conn) error {
	defer func() { _ = c.Close() }() // everything was said
	in := bufio.NewReader(c)
	answers := map[string]string{"EHLO": "250 here", "DATA": "354 go on", "QUIT": "221 bye"}
	for say := "220 here"; ; {
		if _, err := fmt.Fprintf(c, "%s\r\n", say); err != nil {
			return err
		}
		if strings.HasPrefix(say, "221") {
			return nil
		}
		if strings.HasPrefix(say, "354") {
			if err := e.letter(in); err != nil {
				return err
			}
			say = "250 taken"
			continue
		}
		line, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		if say = answers[line[:4]]; say == "" {
			say = "250 fine"
		}
	}
}

// letter reads a mail.
func (e *ear) letter(in *bufio.Reader) error {
	var text strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return err
		}
		if line == ".\r\n" {
			break
		}
		text.WriteString(strings.TrimPrefix(line, "."))
	}
	m, err := mail.ReadMessage(strings.NewReader(text.String()))
	if err != nil {
		return err
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	e.mails = append(e.mails, m)
	return nil
}

// heard is what came to the web server. It fails unless the mail server was told the same.
func (e *ear) heard(t *testing.T) []post {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, text := range e.odd {
		t.Error(text)
	}
	if len(e.mails) != len(e.posts) {
		t.Errorf("%d messages to the web server, and %d mails", len(e.posts), len(e.mails))
		return e.posts
	}
	for n, p := range e.posts {
		m := e.mails[n]
		subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		if err != nil || !strings.Contains(subject, p.Title[:min(len(p.Title), 150)]) {
			t.Errorf("%v: the mail's subject is %q, and the message's title %q", err, subject, p.Title)
		}
		if id := m.Header.Get("Message-Id"); id != "<"+p.ID+"@example.com>" {
			t.Errorf("the mail's id is %s, and the message's %s", id, p.ID)
		}
	}
	return e.posts
}
