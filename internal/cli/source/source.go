// Package source reads the secrets of a cluster from where its file says they are.
//
// In: a Config and the surroundings of the process. Out: values in memory, for one run. It writes nothing, and no error of
// it says more than where it looked.
package source

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"unicode/utf8"

	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/secret"
)

// most is how large a password can be: with its username it must fit into a secret of 64 KB.
const most = 32 << 10

// Read looks at every source. Line ends behind a value do not count, and what is empty or not there is unset.
func Read(c *config.Config, getenv func(string) string) (secret.Sources, error) {
	out := secret.Sources{}
	for _, r := range c.Registries {
		value := ""
		switch {
		case r.PasswordEnv != "":
			value = getenv(r.PasswordEnv)
		case r.PasswordFile != "":
			var err error
			if value, err = file(r.PasswordFile); err != nil {
				return nil, refused(r, err)
			}
		}
		value = strings.TrimRight(value, "\r\n")
		if len(value) > most {
			return nil, refused(r, fmt.Errorf("it has more than %d bytes", most))
		}
		if !utf8.ValidString(value) {
			return nil, refused(r, errors.New("it is no text in UTF-8"))
		}
		out[secret.Registry(r.Host)] = secret.New(value)
	}
	return out, nil
}

// Logins are the logins of registries whose passwords were found, by host.
func Logins(c *config.Config, found secret.Sources) map[string]secret.Login {
	out := map[string]secret.Login{}
	for _, r := range c.Registries {
		if password := found[secret.Registry(r.Host)]; password.IsSet() {
			out[r.Host] = secret.Login{Username: r.Username, Password: password}
		}
	}
	return out
}

// file reads a little more than a password can have; no file is an unset one.
func file(path string) (string, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(io.LimitReader(f, most+3))
	return string(b), errors.Join(err, f.Close())
}

func refused(r config.Registry, err error) error {
	return &problem.Problem{
		Code: "CFG056", Text: fmt.Sprintf("%s does not hold the password of the registry %s: %v", r.Source(), r.Host, err), Exit: problem.Misused,
		Hints: []string{"look at password_env and password_file of registries." + r.Host},
	}
}
