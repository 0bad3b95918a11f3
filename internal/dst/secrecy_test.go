package dst

import (
	"bytes"
	"context"
	"crypto/md5"  //nolint:gosec // what may have been made of a secret is looked for, nothing is protected with it
	"crypto/sha1" //nolint:gosec // likewise
	"crypto/sha256"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"berth/internal/cli"
	"berth/internal/model"
	"berth/internal/secret"
	"berth/internal/sim"
)

// The passwords of the proof: each with something that every encoding changes.
const (
	envPassword  = `Env-7f3a"\/<&=+% ~ é`
	filePassword = `File-91cc'$(x)"\n;#@:?`
	newEnv       = `Env-second-0b55/<&=+%`
	newFile      = `File-second-4e4e'"\`
)

// guarded is the file of the proof.
const guarded = `
registries = {
  "docker.io" = { username = "acme", password_env = "HUB_TOKEN" }
  "ghcr.io"   = { username = "robot$ci", password_file = "token", store = "s3" }
}
`

// forms are all that a text might be made into on its way.
func forms(text string) []string {
	plain, _ := json.Marshal(text) // a text always becomes JSON
	twice, _ := json.Marshal(string(plain))
	raw := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(string(plain))
	out := []string{
		text, strings.Trim(string(plain), `"`), strings.Trim(raw, `"`), strings.Trim(string(twice), `\"`), url.QueryEscape(text), url.PathEscape(text),
		hex.EncodeToString([]byte(text)), strings.ToUpper(hex.EncodeToString([]byte(text))), fmt.Sprintf("%d", []byte(text)),
	}
	m, s1, s2, s5 := md5.Sum([]byte(text)), sha1.Sum([]byte(text)), sha256.Sum256([]byte(text)), sha512.Sum512([]byte(text)) //nolint:gosec // see above
	for _, b := range [][]byte{m[:], s1[:], s2[:], s5[:]} {
		out = append(out, hex.EncodeToString(b), base64.StdEncoding.EncodeToString(b), base64.RawURLEncoding.EncodeToString(b), hex.EncodeToString(b)[:12])
	}
	return append(out, inBase64(text)...)
}

// inBase64 are the parts of a text's base64 that do not depend on where in a longer text it stands.
func inBase64(text string) []string {
	var out []string
	for shift := range 3 {
		for _, e := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			whole := e.EncodeToString([]byte(strings.Repeat("x", shift) + text))
			out = append(out, whole[4:len(whole)-4])
		}
	}
	return out
}

// guard knows all forms of all passwords, and of what is made of them for AWS.
type guard struct{ forbidden []string }

func newGuard() guard {
	var g guard
	for _, p := range []string{envPassword, filePassword, newEnv, newFile} {
		text := secret.New(p)
		for _, whole := range []string{
			p, secret.Login{Username: "acme", Password: text}.JSON().Reveal(),
			secret.AgentConfig(map[string]secret.Login{"ghcr.io": {Username: "robot$ci", Password: text}}).Reveal(),
		} {
			g.forbidden = append(g.forbidden, forms(whole)...)
		}
		g.forbidden = append(g.forbidden, p[:12]) // as much as a cut text would show
	}
	return g
}

// found is the first forbidden form in a text; empty when there is none.
func (g guard) found(text string) string {
	i := slices.IndexFunc(g.forbidden, func(f string) bool { return strings.Contains(text, f) })
	if i < 0 {
		return ""
	}
	return g.forbidden[i]
}

func (g guard) clean(t *testing.T, where, text string) {
	t.Helper()
	if f := g.found(text); f != "" {
		at := strings.Index(text, f)
		t.Errorf("%s shows %q: …%s…", where, f, text[max(0, at-100):min(len(text), at+len(f)+20)])
	}
}

func TestTheGuardOfSecretsFindsThem(t *testing.T) {
	g := newGuard()
	sum := sha256.Sum256([]byte(envPassword))
	for _, text := range []string{
		"password is " + envPassword, "token=" + url.QueryEscape(newFile), base64.StdEncoding.EncodeToString([]byte("user:" + filePassword + "!")),
		fmt.Sprintf("%x", sum), fmt.Sprintf("%q", newEnv), fmt.Sprintf("%x", "a"+newEnv+"b"),
	} {
		if g.found(text) == "" {
			t.Errorf("%s passes", text)
		}
	}
	if f := g.found(guarded + small + secret.Mask); f != "" {
		t.Errorf("%q is no secret", f)
	}
}

// user is a person with a folder and a shell.
type user struct {
	*testing.T
	guard
	dir    string
	to     []string // where AWS is: --sim=DIR, or --endpoint-url URL
	hub    string   // $HUB_TOKEN
	env    []string // other variables
	spoken int      // bytes that came out
}

func (u *user) path(name string) string { return filepath.Join(u.dir, name) }

func (u *user) write(name, text string) {
	u.Helper()
	if err := os.WriteFile(u.path(name), []byte(text), 0o600); err != nil {
		u.Fatal(err)
	}
}

// types runs berth, wants an exit code, and finds no secret in what it says.
func (u *user) types(want int, args ...string) string {
	u.Helper()
	var out, errs bytes.Buffer
	code := cli.Run(context.Background(), cli.Process{
		Args: slices.Concat(args, u.to), Stdin: strings.NewReader(""), Stdout: &out, Stderr: &errs,
		Environ: append([]string{
			"HUB_TOKEN=" + u.hub, "BERTH_CLOCK_SPEED=2000",
		}, u.env...),
		Terminal: func(io.Writer) (int, bool) { return 100, false }, Reader: func(io.Reader) bool { return false }, User: "dst", Host: "test",
	})
	what := "berth " + strings.Join(args, " ")
	if code != want {
		u.Errorf("%s: exit code %d, want %d\n%s%s", what, code, want, out.String(), errs.String())
	}
	u.clean(u.T, what, out.String()+"\n"+errs.String())
	u.spoken += out.Len() + errs.Len()
	return out.String() + errs.String()
}

func (u *user) file() []string { return []string{"-f", u.path("ecs.tfvars")} }

// lives does everything with a cluster that has secrets, good and bad.
func (u *user) lives() {
	run := func(want int, args ...string) string { u.Helper(); return u.types(want, append(args, u.file()...)...) }
	fault := func(sentence string) { u.Helper(); u.types(0, "sim", "fault", sentence) }
	for name, value := range map[string]string{"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_EC2_METADATA_DISABLED": "true"} {
		u.Setenv(name, value)
	}
	u.write("ecs.tfvars", small+guarded)
	u.Chdir(u.dir)

	run(3, "plan") // nothing is set
	u.hub = envPassword
	u.write("token", filePassword+"\n")
	run(0, "plan", "-v")
	run(0, "plan", "-v", "--output", "json")
	run(0, "plan", "--out", u.path("first.plan"))
	fault(`refuse secretsmanager.CreateSecret with AccessDeniedException saying "User is not authorized" 1 times`)
	run(4, "apply", "--yes", "-v")
	fault("lose answers of s3.PutObject 2 times")
	fault("throttle secretsmanager.CreateSecret 2 times")
	run(0, "apply", "--yes", "-v", "--output", "json")
	for _, verb := range [][]string{{"status"}, {"outputs"}, {"diagram"}, {"diagram", "--format", "svg"}, {"diagram", "--format", "mermaid"}, {"plan", "--detailed-exitcode"}} {
		run(0, append(verb, "-v")...)
	}
	run(0, "status", "--output", "json")
	run(0, "outputs", "--output", "json")

	u.hub = newEnv
	u.write("token", newFile)
	if text := run(0, "plan", "-v"); !strings.Contains(text, "changed") {
		u.Errorf("the plan shows no new passwords:\n%s", text)
	}
	run(0, "plan", "--output", "json")
	run(0, "plan", "--out", u.path("second.plan"))
	// an answer that repeats what was sent
	fault(`refuse secretsmanager.PutSecretValue with InvalidRequestException saying "cannot store Env-second-0b55/<&=+%" 1 times`)
	fault("break s3.PutObject 3 times")
	run(1, "apply", "-v", u.path("second.plan"))
	run(0, "apply", "--yes", "--output", "json")
	run(0, "plan", "--detailed-exitcode")
	u.hub = ""
	run(0, "plan", "-v")
	run(0, "validate")
	run(0, "destroy", "--yes", "-v")
	u.hub = envPassword
	run(0, "apply", "--yes", "--output", "json")
}

// files are all that lies in the folder but the file with the password.
func (u *user) files() {
	u.Helper()
	seen := 0
	err := filepath.WalkDir(u.dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || d.Name() == "token" {
			return err
		}
		seen++
		b, err := os.ReadFile(path)
		if json.Valid(b) {
			u.clean(u.T, path, withoutStores(u.T, b))
		} else {
			u.clean(u.T, path, string(b))
		}
		if info, statErr := d.Info(); statErr == nil && info.Mode().Perm()&0o077 != 0 {
			u.Errorf("%s can be read by others: %v", path, info.Mode())
		}
		return err
	})
	if err != nil || seen < 3 {
		u.Errorf("%d files: %v", seen, err)
	}
}

// withoutStores is a JSON document without what is stored as a secret: the values in Secrets Manager, and the one object.
func withoutStores(t *testing.T, doc []byte) string {
	t.Helper()
	var all any
	if err := json.Unmarshal(doc, &all); err != nil {
		t.Fatal(err)
	}
	strip(all)
	b, err := json.Marshal(all)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func strip(v any) {
	switch x := v.(type) {
	case map[string]any:
		row, _ := x["Row"].(map[string]any)
		if x["Key"] == model.AgentConfigPath || row["ARN"] != nil && strings.Contains(fmt.Sprint(row["ARN"]), ":secretsmanager:") {
			delete(row, "Versions")
		}
		delete(x, "Troubles")     // one of them repeats what it was sent
		for _, inner := range x { // unordered: all of them
			strip(inner)
		}
	case []any:
		for _, inner := range x {
			strip(inner)
		}
	}
}

func TestSecretsShowNowhereInTheEmbeddedAWS(t *testing.T) {
	dir := t.TempDir()
	u := &user{T: t, guard: newGuard(), dir: dir, to: []string{"--sim=" + filepath.Join(dir, "world")}}
	u.lives()
	u.files()
	if u.spoken < 10_000 {
		t.Errorf("only %d bytes were looked at", u.spoken)
	}
}

// wiretap keeps what goes over the wire.
type wiretap struct {
	mu    sync.Mutex
	heard []exchange
}

type exchange struct{ request, answer, operation string }

func (w *wiretap) RoundTrip(r *http.Request) (*http.Response, error) {
	var body []byte
	if r.Body != nil {
		body, _ = io.ReadAll(r.Body) // what is cut off is not heard
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	e := exchange{request: fmt.Sprint(r.Method, r.URL, r.Header) + string(body), operation: r.Header.Get("X-Amz-Target")}
	if e.operation == "" && strings.HasSuffix(r.URL.Path, model.AgentConfigPath) {
		e.operation = r.Method + " object"
	}
	answer, err := http.DefaultTransport.RoundTrip(r)
	if err == nil {
		text, _ := io.ReadAll(answer.Body)
		answer.Body = io.NopCloser(bytes.NewReader(text))
		e.answer = fmt.Sprint(answer.Status, answer.Header) + etag.ReplaceAllString(string(text), "")
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.heard = append(w.heard, e)
	return answer, err
}

// etag is how S3 lists objects: by a digest of what is in them.
var etag = regexp.MustCompile(`<ETag>[^<]*</ETag>`)

// carries tells the calls that store a secret or read one.
func (e exchange) carries() bool {
	return slices.Contains([]string{
		"secretsmanager.CreateSecret", "secretsmanager.PutSecretValue", "secretsmanager.GetSecretValue", "PUT object", "GET object",
	}, e.operation)
}

func TestSecretsGoOverTheWireOnlyToBeStoredAndCompared(t *testing.T) {
	dir := t.TempDir()
	world, store, err := sim.Open(filepath.Join(dir, "world"))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	server := &sim.Server{Sim: world, Speed: 2000}
	l, err := server.Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ctx, l) }()
	target, err := url.Parse("http://" + l.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	tap := &wiretap{}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport, proxy.ErrorLog = tap, log.New(io.Discard, "", 0)
	front := httptest.NewServer(proxy)

	u := &user{T: t, guard: newGuard(), dir: dir, to: []string{"--endpoint-url", front.URL}}
	u.lives()
	trace := u.get(target.String() + "/_sim/trace?last=100000")
	front.Close()
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if err := store.Close(world); err != nil {
		t.Error(err)
	}
	u.clean(t, "the trace", trace)
	u.files()
	carried := map[string]bool{}
	for _, e := range tap.heard {
		switch both := e.request + "\n" + e.answer; {
		case strings.Contains(e.request, "/_sim/fault"):
		case !e.carries():
			u.clean(t, "a call of "+e.operation, both)
		case u.found(both) != "":
			carried[e.operation] = true
		}
	}
	if len(carried) != 5 || len(tap.heard) < 300 || !strings.Contains(trace, "secretsmanager.PutSecretValue") {
		t.Errorf("%d calls were heard, %v carried secrets, and the trace has %d bytes", len(tap.heard), carried, len(trace))
	}
}

func (u *user) get(address string) string {
	u.Helper()
	answer, err := http.Get(address) //nolint:gosec,noctx // a server of this test
	if err != nil {
		u.Fatal(err)
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		u.Fatal(err)
	}
	return string(b)
}
