package secret_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"log"
	"log/slog"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/secret"
)

const value = "hunter2"

// holder has a secret where methods of it are not asked, and where they are.
type holder struct {
	Open   secret.Text
	hidden secret.Text
	List   []secret.Text
	Map    map[string]secret.Text
	Ptr    *secret.Text
	Any    any
	Login  secret.Login
	in     secret.Sources
}

func full() holder {
	s := secret.New(value)
	return holder{s, s, []secret.Text{s}, map[string]secret.Text{"a": s}, &s, s, secret.Login{Username: "acme", Password: s}, secret.Sources{"registry/x": s}}
}

func TestNoWayOfPrintingShowsAValue(t *testing.T) {
	h := full()
	for verb := range strings.FieldsSeq("%v %+v %#v %s %q %x %X %d %t %c %U %e %p %o %b %10s %.3s %T %w") {
		for _, what := range []any{h, &h, h.Open, &h.Open, h.hidden, h.Login, &h.Login, h.in, []any{h}, fmt.Errorf("wrapped %v", h.Open)} {
			shows(t, verb, fmt.Sprintf(verb, what))
		}
	}
	var b bytes.Buffer
	log.New(&b, "", 0).Print(h, h.Open)
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "h", h, "s", h.Open, "l", h.Login, "a", []any{h.Open})
	slog.New(slog.NewJSONHandler(&b, nil)).Info("x", "h", h, "s", h.Open, "l", h.Login)
	shows(t, "logs", b.String())
	if !strings.Contains(b.String(), secret.Mask) {
		t.Errorf("nothing was printed: %s", b.String())
	}
}

func TestNoWayOfMarshallingShowsAValue(t *testing.T) {
	h := full()
	for _, what := range []any{h, &h, h.Open, h.Login, h.in} {
		b, err := json.Marshal(what)
		if err != nil || !bytes.Contains(b, []byte(secret.Mask)) {
			t.Errorf("%s %v", b, err)
		}
		shows(t, "JSON", string(b))
	}
	for _, what := range []any{h.Open, h.Login} {
		b, err := xml.Marshal(what)
		shows(t, "XML", string(b)+fmt.Sprint(err))
		var g bytes.Buffer
		err = gob.NewEncoder(&g).Encode(what)
		shows(t, "gob", g.String()+fmt.Sprint(err))
	}
}

func shows(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{value, fmt.Sprintf("%x", value), fmt.Sprintf("%X", value), "104 117 110", "aHVudGVyMg", "hun"} {
		if strings.Contains(text, form) {
			t.Errorf("%s shows %s", how, text)
		}
	}
}

func TestUnsetIsEmptyAndEqualsOnlyItself(t *testing.T) {
	var unset secret.Text
	if unset.IsSet() || secret.New("").IsSet() || !secret.New("x").IsSet() || unset.Reveal() != "" {
		t.Error("what is set")
	}
	if !unset.Equal(secret.New("")) || unset.Equal(secret.New("x")) || secret.New("x").Equal(secret.New("y")) || !secret.New("x").Equal(secret.New("x")) {
		t.Error("what is equal")
	}
}

func TestALoginIsWhatECSReads(t *testing.T) {
	l := secret.Login{Username: `robot$"ci`, Password: secret.New("a<b>&\\\"\u2028\n'")}
	var read struct{ Username, Password string }
	if err := json.Unmarshal([]byte(l.JSON().Reveal()), &read); err != nil || read.Username != l.Username || read.Password != l.Password.Reveal() {
		t.Errorf("%+v %v", read, err)
	}
	if got, want := (secret.Login{Username: "acme", Password: secret.New("x&y")}).JSON().Reveal(), `{"username":"acme","password":"x&y"}`; got != want {
		t.Error(got)
	}
	for _, text := range []string{"", "hello", "[]", "null", `{"username":"a"}`, `{"username":1,"password":"x"}`} {
		if l, ok := secret.ParseLogin(secret.New(text)); ok {
			t.Errorf("%q is a login of %s", text, l.Username)
		}
	}
}

func TestTheAgentsConfigurationIsWhatTheAgentReads(t *testing.T) {
	got := secret.AgentConfig(map[string]secret.Login{
		"ghcr.io": {Username: "acme", Password: secret.New("b")}, "docker.io": {Username: "acme", Password: secret.New("a")},
	}).Reveal()
	want := "ECS_ENGINE_AUTH_TYPE=docker\n" +
		`ECS_ENGINE_AUTH_DATA={"ghcr.io":{"username":"acme","password":"b"},"https://index.docker.io/v1/":{"username":"acme","password":"a"}}` + "\n"
	if got != want {
		t.Errorf("%s", got)
	}
	for _, text := range []string{"", "hello", "ECS_ENGINE_AUTH_TYPE=docker\n", "ECS_ENGINE_AUTH_TYPE=docker\nECS_ENGINE_AUTH_DATA=hello", strings.ToLower(want)} {
		if _, ok := secret.ParseAgentConfig(secret.New(text)); ok {
			t.Errorf("%q is a configuration", text)
		}
	}
}

func TestWhatIsWrittenIsReadBackInTwoLines(t *testing.T) {
	text := rapid.StringN(1, 20, 200)
	rapid.Check(t, func(t *rapid.T) {
		logins := map[string]secret.Login{}
		for _, host := range rapid.SliceOfN(rapid.SampledFrom([]string{"docker.io", "ghcr.io", "a.b:5000"}), 0, 3).Draw(t, "hosts") {
			logins[host] = secret.Login{Username: text.Draw(t, "user"), Password: secret.New(text.Draw(t, "password"))}
		}
		config := secret.AgentConfig(logins)
		back, ok := secret.ParseAgentConfig(config)
		if !ok || len(back) != len(logins) || strings.Count(config.Reveal(), "\n") != 2 {
			t.Fatal("it cannot be read back")
		}
		for host, l := range logins {
			one, ok := secret.ParseLogin(l.JSON())
			for _, got := range []secret.Login{back[host], one} {
				if !ok || got.Username != l.Username || !got.Password.Equal(l.Password) {
					t.Fatalf("%s differs", host)
				}
			}
		}
	})
}
