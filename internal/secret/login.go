package secret

import (
	"bytes"
	"encoding/json"
	"strings"
)

// Login is who logs in to a registry, and with what.
type Login struct {
	Username string
	Password Text
}

// plainLogin is a Login as JSON.
type plainLogin struct {
	Username string `json:"username"`
	Password string `json:"password"`
}

// JSON is the login as the repositoryCredentials of a container want it (ECS developer guide, "Using non-AWS container
// images in Amazon ECS").
func (l Login) JSON() Text { return text(plainLogin{l.Username, l.Password.Reveal()}) }

// ParseLogin reads what JSON wrote; false when it is something else.
func ParseLogin(t Text) (Login, bool) {
	var p plainLogin
	err := json.Unmarshal([]byte(t.Reveal()), &p)
	return p.login(), err == nil && p.Password != ""
}

func (p plainLogin) login() Login { return Login{p.Username, New(p.Password)} }

// The variables of the ECS agent that hold logins (ECS developer guide, "Configuring Amazon ECS container instances for
// private Docker images").
const (
	authType = "ECS_ENGINE_AUTH_TYPE=docker\n"
	authData = "ECS_ENGINE_AUTH_DATA="
)

// hub is the name under which Docker knows Docker Hub's logins.
const hub = "https://index.docker.io/v1/"

// AgentConfig is the part of the ECS agent's configuration that holds logins, by registry host.
func AgentConfig(logins map[string]Login) Text {
	data := map[string]plainLogin{}
	for host, l := range logins { // unordered: fills a map
		if host == "docker.io" {
			host = hub
		}
		data[host] = plainLogin{l.Username, l.Password.Reveal()}
	}
	return New(authType + authData + text(data).Reveal() + "\n")
}

// ParseAgentConfig reads what AgentConfig wrote; false when it is something else.
func ParseAgentConfig(t Text) (map[string]Login, bool) {
	rest, isType := strings.CutPrefix(t.Reveal(), authType)
	rest, isData := strings.CutPrefix(rest, authData)
	var data map[string]plainLogin
	if !isType || !isData || json.Unmarshal([]byte(rest), &data) != nil {
		return nil, false
	}
	out := map[string]Login{}
	for host, p := range data { // unordered: fills a map
		if host == hub {
			host = "docker.io"
		}
		out[host] = p.login()
	}
	return out, true
}

// text is a value as JSON in one line. Go's habit of escaping < and & for browsers is of no use here.
func text(v any) Text {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		panic("secret: strings always marshal") // the error could hold the value
	}
	return New(strings.TrimSuffix(b.String(), "\n"))
}
