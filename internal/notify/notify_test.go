package notify_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"berth/internal/notify"
	"berth/internal/phrase"
	"berth/internal/secret"
	"berth/internal/watch"
)

func fine(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok")) }

func TestWebhookGetsTheMessageSigned(t *testing.T) {
	h := newHook(t, fine)
	key := []byte("a key of 24 bytes or so!")
	w, err := notify.NewWebhook("pager", h.address("/ecs"), secret.New("whsec_"+base64.StdEncoding.EncodeToString(key)), still{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.Send(t.Context(), trouble()); err != nil {
		t.Fatal(err)
	}
	r, body := h.got[0], h.body[0]
	var got watch.Message
	if err := json.Unmarshal([]byte(body), &got); err != nil || !reflect.DeepEqual(got, trouble()) {
		t.Errorf("%v: %s", err, body)
	}
	sum := hmac.New(sha256.New, key)
	fmt.Fprintf(sum, "%s.%d.%s", trouble().ID, noon.Unix(), body)
	want := "v1," + base64.StdEncoding.EncodeToString(sum.Sum(nil))
	if got := r.Header.Get("webhook-signature"); got != want || r.Header.Get("webhook-id") != trouble().ID || r.Method != http.MethodPost {
		t.Errorf("the signature is %q, not %q; %v", got, want, r.Header)
	}
}

func TestWebhookWithoutAKeyIsNotSigned(t *testing.T) {
	h := newHook(t, fine)
	w, err := notify.NewWebhook("pager", h.address("/"), secret.Text{}, still{})
	if err != nil || w.Send(t.Context(), trouble()) != nil {
		t.Fatal(err)
	}
	if _, signed := h.got[0].Header["Webhook-Signature"]; signed {
		t.Error("it is signed")
	}
}

func TestAddressesThatAreNoneAreRefusedWithoutShowingThem(t *testing.T) {
	for _, address := range []string{"", "hooks.example.com/s3cr3t", "http://hooks.example.com/s3cr3t", "ftp://x/s3cr3t", "https://", "https://[s3cr3t"} {
		_, err := notify.NewSlack("chat", secret.New(address), phrase.Phrase{})
		if err == nil || strings.Contains(err.Error(), "s3cr3t") {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := notify.NewWebhook("pager", secret.New("https://x"), secret.New("whsec_s3cr3t!"), still{}); err == nil || strings.Contains(err.Error(), "s3cr3t") {
		t.Errorf("a key: %v", err)
	}
}

// Whatever a server does: the message arrived, may arrive later, or never will; and the address stays a secret.
func TestServersThatMisbehaveAreToldApart(t *testing.T) {
	elsewhere := newHook(t, fine)
	for _, tc := range []struct {
		name   string
		answer http.HandlerFunc
		final  bool
		after  time.Duration
		want   string
	}{
		{"answers 500", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "oops", http.StatusInternalServerError) }, false, 0, "answers 500: oops"},
		{"asks for patience", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(http.StatusTooManyRequests)
		}, false, 30 * time.Second, "answers 429"},
		{"asks for nonsense", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", "-1")
			w.WriteHeader(http.StatusServiceUnavailable)
		}, false, 0, "answers 503"},
		{"does not want it", func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "invalid_payload", http.StatusBadRequest) }, true, 0, "answers 400: invalid_payload"},
		{"is gone", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusGone) }, true, 0, "answers 410"},
		{"leads elsewhere", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL, http.StatusTemporaryRedirect)
		}, false, 0, "leads to another address"},
		{"answers 10 MB", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			for range 160 {
				_, _ = w.Write([]byte(strings.Repeat("x", 64<<10)))
			}
		}, false, 0, "answers 500: xxx"},
		{"repeats the address", func(w http.ResponseWriter, r *http.Request) {
			http.Error(w, "no "+r.URL.Path+" here \x1b[31m", http.StatusNotFound)
		}, true, 0, "answers 404: no (secret) here"},
		{"hangs up", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, false, 0, "127.0.0.1: "},
	} {
		t.Run(tc.name, func(t *testing.T) {
			h := newHook(t, tc.answer)
			s, err := notify.NewSlack("chat", h.address("/services/T0/s3cr3t-t0ken"), phrase.Phrase{})
			if err != nil {
				t.Fatal(err)
			}
			f, ok := errors.AsType[*notify.Failure](s.Send(t.Context(), trouble()))
			if !ok || f.Final != tc.final || f.After != tc.after || !strings.Contains(f.Text, tc.want) || len(f.Text) > 400 || strings.Contains(f.Text, "s3cr3t") {
				t.Errorf("%+v", f)
			}
		})
	}
	if len(elsewhere.got) > 0 {
		t.Error("it followed to another host")
	}
}

func TestServerThatDoesNotAnswerIsNotWaitedForLong(t *testing.T) {
	h := newHook(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	s, err := notify.NewSlack("chat", h.address("/s3cr3t-t0ken"), phrase.Phrase{})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err = s.Send(ctx, trouble())
	if f, ok := errors.AsType[*notify.Failure](err); !ok || f.Final || strings.Contains(f.Text, "s3cr3t") {
		t.Errorf("%v", err)
	}
}

func TestServerThatIsDownIsNamedByItsHost(t *testing.T) {
	h := httptest.NewServer(http.NotFoundHandler())
	h.Close()
	s, err := notify.NewSlack("chat", secret.New(h.URL+"/s3cr3t-t0ken"), phrase.Phrase{})
	if err != nil {
		t.Fatal(err)
	}
	err = s.Send(t.Context(), trouble())
	if f, ok := errors.AsType[*notify.Failure](err); !ok || f.Final || !strings.Contains(f.Text, "refused") || strings.Contains(f.Text, "s3cr3t") {
		t.Errorf("%v", err)
	}
}

func TestSlackMentionsNobodyAndLinksNothing(t *testing.T) {
	h := newHook(t, fine)
	s, err := notify.NewSlack("chat", h.address("/"), phrase.Phrase{})
	if err != nil {
		t.Fatal(err)
	}
	m := trouble()
	m.Title += " <!channel> <https://evil.example.com|click> \x1b[31m@here"
	m.Incident.Evidence = []string{"<!here> *bold* " + strings.Repeat("é", 5000)}
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Text   string
		Blocks []struct {
			Type string
			Text struct{ Type, Text string }
		}
	}
	if err := json.Unmarshal([]byte(h.body[0]), &got); err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(got.Text, "<>\x1b") || !strings.HasPrefix(got.Text, "🔴 service web") {
		t.Errorf("the notice is %q", got.Text)
	}
	for _, b := range got.Blocks {
		if b.Text.Type != "plain_text" || b.Type == "header" && len(b.Text.Text) > 150 || len(b.Text.Text) > 3000 {
			t.Errorf("%+v", b)
		}
	}
}

func mail(p *post) *notify.Mail {
	return &notify.Mail{Alert: "mail", Host: "127.0.0.1", Port: p.port(), From: "berth@example.com", To: []string{"ops@example.com", "dev@example.com"}, Clock: still{}}
}

func TestMailIsALetterThatProgramsAndPeopleRead(t *testing.T) {
	p := newPost(t, nil)
	s := mail(p)
	s.Username, s.Password = "berth", secret.New("hunter2")
	m := trouble()
	m.ID, m.Kind, m.Incident.Changes = m.Incident.ID+"-2", watch.Grown, 2
	m.Title = "ünï\r\nBcc: all@example.com"
	if err := s.Send(t.Context(), m); err != nil {
		t.Fatal(err)
	}
	want := `From: berth@example.com
To: ops@example.com,
 dev@example.com
Subject: =?utf-8?q?grown:_=C3=BCn=C3=AF_Bcc:_all@example.com?=
Date: Mon, 02 Nov 2026 12:00:00 +0000
Message-ID: <3f2a9c1d0b7e-2@example.com>
In-Reply-To: <3f2a9c1d0b7e-1@example.com>
References: <3f2a9c1d0b7e-1@example.com>
Auto-Submitted: auto-generated
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: quoted-printable

grown: =C3=BCn=C3=AF Bcc: all@example.com

- 3 tasks ended so
- AWS says: manifest unknown
Fix: push it
Where: service web
Since: 2026-11-02 11:59:00 UTC, 3 times
Code: WHY101, error; berth explain WHY101
Look: https://eu-west-1.console.aws.amazon.com/ecs
`
	if got := strings.ReplaceAll(p.mails[0], "\r\n", "\n"); got != want {
		t.Errorf("%s", got)
	}
	if got := strings.Join(p.said, "\n"); !strings.Contains(got, login("berth", "hunter2")) || strings.Count(got, "RCPT TO") != 2 {
		t.Errorf("%s", got)
	}
}

func TestMailServersThatMisbehaveAreToldApart(t *testing.T) {
	for _, tc := range []struct {
		name    string
		answers map[string]string
		final   bool
		want    string
		mails   int
	}{
		{"a full mailbox for now", map[string]string{"RCPT TO:<dev": "452 later"}, false, "452 later", 0},
		{"one unknown receiver", map[string]string{"RCPT TO:<dev": "550 who?"}, true, "sent, but not to everybody: 127.0.0.1 does not take mail to dev@example.com: 550 who?", 1},
		{"no receiver at all", map[string]string{"RCPT": "550 who?"}, true, "550 who?", 0},
		{"a refused sender", map[string]string{"MAIL": "553 not you"}, true, "does not take mail from berth@example.com: 553 not you", 0},
		{"busy", map[string]string{"MAIL": "421 busy"}, false, "421 busy", 0},
		{"a letter refused", map[string]string{"DATA": "554 spam"}, true, "554 spam", 0},
		{"a wrong password", map[string]string{"AUTH": "535 no"}, false, "does not let berth in", 0},
		{"nonsense", map[string]string{"EHLO": "\x1b[31mhello", "HELO": "\x1b[31mhello"}, false, "does not greet", 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			p := newPost(t, tc.answers)
			s := mail(p)
			s.Username, s.Password = "berth", secret.New("hunter2")
			f, ok := errors.AsType[*notify.Failure](s.Send(t.Context(), trouble()))
			if !ok || f.Final != tc.final || !strings.Contains(f.Text, tc.want) || strings.Contains(f.Text, "hunter2") || strings.Contains(f.Text, "\x1b") {
				t.Errorf("%+v", f)
			}
			if len(p.mails) != tc.mails {
				t.Errorf("%d mails", len(p.mails))
			}
		})
	}
}

func TestServersThatRepeatSecretsShowNone(t *testing.T) {
	p := newPost(t, map[string]string{"AUTH": "535 you said " + strings.TrimPrefix(login("berth", "hunter22"), "AUTH PLAIN ") + ", which is hunter22"})
	s := mail(p)
	s.Username, s.Password = "berth", secret.New("hunter22")
	if err := s.Send(t.Context(), trouble()); err == nil || err.Error() != "127.0.0.1 does not let berth in: 535 you said (secret), which is (secret)" {
		t.Errorf("%v", err)
	}
	h := newHook(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = fmt.Fprint(w, "token sesame 0pen and part two words, "+strings.Repeat("x", 140)+"/T0PSECRET/path")
	})
	hook, err := notify.NewWebhook("ops", h.address("/T0PSECRET/part%20two?key=sesame"), secret.Text{}, still{})
	if err != nil {
		t.Fatal(err)
	}
	err = hook.Send(t.Context(), trouble())
	if err == nil || !strings.Contains(err.Error(), "token (secret) 0pen and (secret) words") || strings.Contains(err.Error(), "T0P") {
		t.Errorf("%v", err)
	}
}

func TestMailIsNotSentInTheClearAcrossTheNetwork(t *testing.T) {
	s := mail(newPost(t, nil))
	s.Host = "localhost." // the same machine, but not by its name
	err := s.Send(t.Context(), trouble())
	if f, ok := errors.AsType[*notify.Failure](err); !ok || f.Final || !strings.Contains(f.Text, "offers no STARTTLS") && !strings.Contains(f.Text, "cannot be reached") {
		t.Errorf("%v", err)
	}
}

func TestTemplateSaysWhatItsOwnerWants(t *testing.T) {
	for text, want := range map[string]string{
		"{{title}} ({{code}})": "service web in acc/shop: image web:2 is not in its registry (WHY101)",
		"{{evidence}}\n{{also}}{{fix}}\x1b[31m\n  {{members}}, {{since}}": "3 tasks ended so\nAWS says: manifest unknown\npush it\n  service web, 2026-11-02 11:59:00 UTC, 3 times",
		"": "- 3 tasks ended so\n- AWS says: manifest unknown\nFix: push it\nWhere: service web\nSince: 2026-11-02 11:59:00 UTC, 3 times\n" +
			"Code: WHY101, error; berth explain WHY101\nLook: https://eu-west-1.console.aws.amazon.com/ecs",
	} {
		p, err := phrase.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := slackText(t, p, trouble()); got != want {
			t.Errorf("%q says %q", text, got)
		}
	}
}

// slackText is what stands below the title in a channel.
func slackText(t *testing.T, p phrase.Phrase, m watch.Message) string {
	t.Helper()
	h := newHook(t, fine)
	s, err := notify.NewSlack("chat", h.address("/"), p)
	if err != nil || s.Send(t.Context(), m) != nil {
		t.Fatal(err)
	}
	var got struct {
		Blocks []struct{ Text struct{ Text string } }
	}
	if err := json.Unmarshal([]byte(h.body[0]), &got); err != nil || len(got.Blocks) != 2 {
		t.Fatalf("%v: %s", err, h.body[0])
	}
	return got.Blocks[1].Text.Text
}

func TestEveryFieldOfATemplateStandsForSomething(t *testing.T) {
	m := trouble()
	m.Incident.Also = []string{"the deployment failed"}
	for _, name := range phrase.Fields() {
		p, err := phrase.Parse("{{" + name + "}}")
		if err != nil || slackText(t, p, m) == "" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// slow is a sink that waits for another one.
type slow struct {
	name  string
	waits <-chan struct{}
	done  chan<- struct{}
}

func (s slow) Name() string { return s.name }

func (s slow) Send(ctx context.Context, _ watch.Message) error {
	if s.waits != nil {
		select {
		case <-s.waits:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if s.done != nil {
		s.done <- struct{}{}
	}
	return nil
}

func TestSlowSinkHoldsUpNobody(t *testing.T) {
	ready := make(chan struct{}, 1)
	first, second := slow{name: "slow", waits: ready}, slow{name: "quick", done: ready}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for n, err := range notify.Deliver(ctx, []notify.Job{{Sink: first}, {Sink: second}}) {
		if err != nil {
			t.Errorf("job %d: %v", n, err)
		}
	}
}

func TestRehearsedMessagesStayOnPaper(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "sent")
	h := newHook(t, fine)
	s, err := notify.NewSlack("chat", h.address("/"), phrase.Phrase{})
	if err != nil || notify.OnPaper(s, folder).Send(t.Context(), trouble()) != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(folder, "chat-3f2a9c1d0b7e-1.json"))
	if err != nil || !strings.Contains(string(text), `"WHY101"`) || len(h.got) > 0 {
		t.Errorf("%v: %s; %d posts", err, text, len(h.got))
	}
}
