package source

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/secret"
)

// Alert is what berth watch must know in secret to tell one receiver; what the file does not ask for is unset.
type Alert struct {
	Address  secret.Text // of Slack's webhook, or of the web server
	Key      secret.Text // for signatures
	Password secret.Text // of the mail server
}

// Alerts reads the secrets of the alerts that berth watch tells, by the alerts' names, and all of them together, to be masked. One
// that is not there is an error: a watcher that cannot tell people must not look as if it could.
func Alerts(c *config.Config, getenv func(string) string) (map[string]Alert, secret.Sources, error) {
	out, all := map[string]Alert{}, secret.Sources{}
	for _, a := range c.Alerts {
		var one Alert
		for _, want := range []struct {
			from config.Source
			into *secret.Text
			what string
		}{
			{a.Slack, &one.Address, "slack"},
			{a.WebhookFrom, &one.Address, "webhook"},
			{a.SigningKey, &one.Key, "signing_key"},
			{password(a), &one.Password, "password"},
		} {
			if !want.from.Set() {
				continue
			}
			value, err := read(want.from, getenv)
			if err != nil {
				return nil, nil, silent(a.Name, want.what, want.from, err)
			}
			*want.into = value
			all["alert/"+a.Name+"/"+want.what] = value
		}
		if a.Webhook != "" {
			one.Address = secret.New(a.Webhook)
		}
		out[a.Name] = one
	}
	return out, all, nil
}

func password(a config.Alert) config.Source {
	if a.Mail == nil {
		return config.Source{}
	}
	return a.Mail.Password
}

// read reads one value, which must be there.
func read(from config.Source, getenv func(string) string) (secret.Text, error) {
	value := ""
	if from.Env != "" {
		value = getenv(from.Env)
	} else {
		var err error
		if value, err = file(from.File); err != nil {
			return secret.Text{}, err
		}
	}
	value = strings.TrimSpace(value)
	switch {
	case value == "":
		return secret.Text{}, errors.New("it is not set, or empty")
	case len(value) > most:
		return secret.Text{}, fmt.Errorf("it has more than %d bytes", most)
	case !utf8.ValidString(value):
		return secret.Text{}, errors.New("it is no text in UTF-8")
	}
	return secret.New(value), nil
}

func silent(alert, what string, from config.Source, err error) error {
	return &problem.Problem{
		Code: "WCH002", Text: fmt.Sprintf("%s does not hold what alerts.%s needs: %v", from, alert, err), Exit: problem.Misused,
		Hints: []string{"look at " + what + "_env and " + what + "_file of alerts." + alert},
	}
}
