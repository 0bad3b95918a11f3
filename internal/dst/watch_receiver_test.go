package dst

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"berth/internal/sim"
	"berth/internal/sim/world"
	"berth/internal/watch"
)

// What is secret about the ways to tell people. Servers say it all back.
const (
	hookSecret = "T0PSECRET-hook-4711/and-more"
	slackToken = "B012/xoxSLACKsecret99"
	signingKey = "signing-key-Zq81-keep"
	mailLogin  = "Mail-pass-word-5150"
)

// receivers are web servers and a mail server that behave badly until they are told to be good.
type receivers struct {
	good  atomic.Bool
	thief atomic.Int32 // posts to the host that a redirect named

	mu   sync.Mutex
	got  map[string]map[string]bool // ids of the messages that were taken, by receiver
	said []string                   // what mail clients said
}

func (r *receivers) take(name, id string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.got[name] == nil {
		r.got[name] = map[string]bool{}
	}
	r.got[name][id] = true
}

// server is a web server that takes messages when it is good and else does as bad does.
func (r *receivers) server(t *testing.T, name string, bad http.HandlerFunc) string {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, q *http.Request) {
		var m watch.Message
		if err := json.NewDecoder(q.Body).Decode(&m); err != nil && name != "slack" {
			t.Errorf("%s got no message: %v", name, err)
		}
		if r.good.Load() && name != "gone" {
			r.take(name, m.ID)
			return
		}
		bad(w, q)
	}))
	t.Cleanup(s.Close)
	return s.URL
}

// repeat answers with a status and all that was asked.
func repeat(status int) http.HandlerFunc {
	return func(w http.ResponseWriter, q *http.Request) {
		w.WriteHeader(status)
		_, _ = fmt.Fprintf(w, "no: %s %s %v %s%s \x1b[31m", q.Method, q.URL, q.Header, "http://"+q.Host, q.URL.Path)
	}
}

// post is a mail server that lets nobody in, and says why, until it is good.
func (r *receivers) post(t *testing.T) string {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // it is closed with the test
	fine(t, err)
	var all sync.WaitGroup
	all.Go(func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			r.converse(c)
		}
	})
	t.Cleanup(func() { _ = l.Close(); all.Wait() })
	return l.Addr().String()
}

func (r *receivers) converse(c net.Conn) {
	defer func() { _ = c.Close() }()
	_ = c.SetDeadline(time.Now().Add(5 * time.Second))
	_, _ = fmt.Fprint(c, "220 mail\r\n")
	letter := false
	for in := bufio.NewScanner(c); in.Scan(); {
		r.mu.Lock()
		r.said = append(r.said, in.Text())
		r.mu.Unlock()
		switch verb, rest, _ := strings.Cut(in.Text(), " "); {
		case strings.HasPrefix(in.Text(), "Message-ID: <"):
			id, _, _ := strings.Cut(in.Text()[len("Message-ID: <"):], "@")
			r.take("mail", id)
		case letter && in.Text() != ".":
		case letter:
			letter = false
			_, _ = fmt.Fprint(c, "250 taken\r\n")
		case r.good.Load() && verb == "DATA":
			letter = true
			_, _ = fmt.Fprint(c, "354 go on\r\n")
		case r.good.Load() && verb == "AUTH":
			_, _ = fmt.Fprint(c, "235 welcome\r\n")
		case r.good.Load() && verb != "EHLO":
			_, _ = fmt.Fprint(c, "250 ok\r\n")
		case verb == "EHLO":
			_, _ = fmt.Fprint(c, "250-mail\r\n250 AUTH PLAIN\r\n")
		case verb == "AUTH":
			login, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(rest, "PLAIN "))
			_, _ = fmt.Fprintf(c, "535 you said %s, which is %q\r\n", rest, login)
		default:
			_, _ = fmt.Fprint(c, "550 go away\r\n")
		}
	}
}

// ill are receivers in a file. Each does harm of its own.
func (r *receivers) ill(t *testing.T) (file string, env []string) {
	thief := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { r.thief.Add(1) }))
	t.Cleanup(thief.Close)
	large := strings.Repeat("x"+hookSecret, 10<<20/29)
	at := map[string]string{
		"broken": r.server(t, "broken", repeat(500)),
		"large": r.server(t, "large", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusServiceUnavailable)
			_, _ = fmt.Fprint(w, large)
		}),
		"moved": r.server(t, "moved", func(w http.ResponseWriter, q *http.Request) {
			http.Redirect(w, q, thief.URL+q.URL.Path, http.StatusTemporaryRedirect)
		}),
		"cut":  r.server(t, "cut", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }),
		"busy": r.server(t, "busy", func(w http.ResponseWriter, q *http.Request) { w.Header().Set("Retry-After", "60"); repeat(429)(w, q) }),
		"gone": r.server(t, "gone", repeat(410)),
	}
	file = "alerts = {\n  mail = { smtp = \"" + r.post(t) + "\", from = \"berth@example.com\", to = [\"ops@example.com\"], username = \"berth\", password_env = \"MAIL_PASSWORD\" }\n"
	for name, url := range at { // unordered: into a file
		variable := "HOOK_" + strings.ToUpper(name)
		file += fmt.Sprintf("  %s = { webhook_env = %q, signing_key_env = \"SIGNING_KEY\" }\n", name, variable)
		env = append(env, variable+"="+url+"/"+hookSecret+"?key="+slackToken)
	}
	file += "  slack = { slack_env = \"SLACK\" }\n}\n"
	env = append(env, "SLACK="+r.server(t, "slack", repeat(500))+"/services/"+slackToken, "SIGNING_KEY="+signingKey, "MAIL_PASSWORD="+mailLogin)
	return file, env
}

// TestNoReceiverLosesAMessageOrShowsASecret: receivers that are down in every way, which say back what they were told, and events that
// strangers have forged. Whoever is well again gets every message; what is refused for good lies in the file of dead letters; and
// nowhere, neither on the screen nor in a file nor in the simulated AWS, is there anything of an address, a key or a password.
func TestNoReceiverLosesAMessageOrShowsASecret(t *testing.T) {
	r := &receivers{got: map[string]map[string]bool{}}
	alerts, env := r.ill(t)
	dir := t.TempDir()
	u := &user{T: t, dir: dir, to: []string{"--sim=" + filepath.Join(dir, "world")}, env: env}
	for _, text := range []string{hookSecret, slackToken, signingKey, mailLogin, "T0PSECRET", "xoxSLACK"} {
		u.forbidden = append(u.forbidden, forms(text)...)
	}
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true"} {
		u.Setenv(name, value)
	}
	u.write("ecs.tfvars", small+alerts)
	u.Chdir(dir)
	u.types(0, append([]string{"apply", "--yes"}, u.file()...)...)
	u.inject()
	out := u.types(0, append([]string{"watch", "--for", "4m", "-v"}, u.file()...)...)
	if strings.ContainsAny(out, "\x1b\u202e\x00\r") {
		t.Errorf("the screen is steered: %q", out)
	}
	r.good.Store(true)
	out += u.types(0, append([]string{"watch", "--for", "12m", "--output", "json"}, u.file()...)...)
	u.files()
	letters, err := os.ReadFile(filepath.Join(dir, "dead-letters.jsonl"))
	fine(t, err)
	dead := map[string]map[string]bool{}
	for line := range strings.Lines(string(letters)) {
		var l struct {
			Alert   string
			Message watch.Message
		}
		fine(t, json.Unmarshal([]byte(line), &l))
		if dead[l.Alert] == nil {
			dead[l.Alert] = map[string]bool{}
		}
		dead[l.Alert][l.Message.ID] = true
	}
	all := dead["gone"]
	if len(all) < 2 {
		t.Errorf("only %d messages were told:\n%s", len(all), out)
	}
	for id := range all { // unordered: all of them
		for _, name := range []string{"broken", "large", "moved", "cut", "busy", "mail"} {
			if !r.got[name][id] {
				t.Errorf("%s never got %s", name, id)
			}
		}
	}
	if len(r.got["slack"]) == 0 || r.thief.Load() > 0 || len(r.said) == 0 {
		t.Errorf("slack got %v, the thief %d, the mail server %d lines", r.got["slack"], r.thief.Load(), len(r.said))
	}
}

// inject puts forged events into the cluster's queue.
func (u *user) inject() {
	u.Helper()
	s, store, err := sim.Open(filepath.Join(u.dir, "world"))
	fine(u.T, err)
	s.With(func(w *world.World) {
		q, found := w.Region("eu-west-1").SQS.Queues.Get("acc_acc_events")
		if !found {
			u.Fatal("there is no queue")
		}
		for n, body := range forgeries(w.Now(), 1) {
			q.Messages = append(q.Messages, world.QueueMessage{ID: fmt.Sprint("forged-", n), Body: body, Sent: w.Now(), VisibleAt: w.Now(), Sender: "AIDAEVIL"})
		}
	})
	fine(u.T, store.Close(s))
}
