package source_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/cli/problem"
	"berth/internal/cli/source"
	"berth/internal/config"
	"berth/internal/secret"
)

func at(host, env, file string) config.Registry {
	return config.Registry{Host: host, Username: "acme", PasswordEnv: env, PasswordFile: file, Store: config.SecretsManager}
}

// written is a file with a text.
func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestValuesComeFromWhereTheFileSaysWithoutLineEnds(t *testing.T) {
	environ := map[string]string{"A": "one\n", "B": "", "C": " two \n x "}
	c := &config.Config{Registries: []config.Registry{
		at("a", "A", ""), at("b", "B", ""), at("c", "C", ""), at("d", "", written(t, "three\r\n")), at("e", "", written(t, "\n")),
		at("f", "", filepath.Join(t.TempDir(), "none")),
		{Host: "g", SecretARN: "arn"},
	}}
	all, err := source.Read(c, func(name string) string { return environ[name] })
	if err != nil {
		t.Fatal(err)
	}
	for host, want := range map[string]string{"a": "one", "b": "", "c": " two \n x ", "d": "three", "e": "", "f": "", "g": ""} {
		if got := all[secret.Registry(host)]; got.Reveal() != want || got.IsSet() != (want != "") {
			t.Errorf("%s is %q, want %q", host, got.Reveal(), want)
		}
	}
	none, err := source.Read(&config.Config{}, nil)
	if none == nil || err != nil {
		t.Error("a file without registries was looked at all the same", err)
	}
}

func TestWhatOthersSayOfASecretIsMasked(t *testing.T) {
	var b strings.Builder
	const value = `a"b/c&d e`
	w := source.Masked(&b, secret.Sources{"x": secret.New(value), "longer": secret.New(value + "!"), "short": secret.New("a"), "unset": {}})
	text := "raw " + value + "! json a\\\"b/c&d e url a%22b%2Fc%26d+e and a rest\n"
	n, err := w.Write([]byte(text))
	if n != len(text) || err != nil || b.String() != "raw (secret) json (secret) url (secret) and a rest\n" {
		t.Errorf("%d %v %q", n, err, b.String())
	}
	if source.Behind(w) != &b || source.Behind(&b) != &b {
		t.Error("what is behind a stream")
	}
}

func TestWhatIsNoPasswordIsRefusedWithoutShowingIt(t *testing.T) {
	for name, r := range map[string]config.Registry{
		"a folder":  at("a", "", t.TempDir()),
		"too large": at("a", "", written(t, strings.Repeat("hunter2", 10_000))),
		"no text":   at("a", "", written(t, "hunter2\xff\xfe")),
	} {
		_, err := source.Read(&config.Config{Registries: []config.Registry{r}}, nil)
		var p *problem.Problem
		if !errors.As(err, &p) || p.Exit != problem.Misused || p.Code != "CFG056" || strings.Contains(p.Text, "hunter2") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
