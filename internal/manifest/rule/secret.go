package rule

import (
	"fmt"
	"regexp"
	"strings"

	"berth/internal/document"
	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
)

// secretName is what variables are called that hold secrets. It minds whole words, so that TOKENIZER and MONKEY are none.
var secretName = regexp.MustCompile(`(?i)PASSWORD|PASSWD|PASSPHRASE|_PWD$|(^|[_.-])(SECRETS?|TOKENS?|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)($|[_.-])`)

// secretValue is an address with a password in it, or a private key.
var secretValue = regexp.MustCompile(`://[^/@\s:]*:[^/@\s]+@|PRIVATE KEY-----`)

// pointer is what stands behind such a word when the variable only says where the secret is.
var pointer = regexp.MustCompile(`(?i)[_.-](FILE|PATH|DIR|ARN|NAME|ID|URL|URI|ENDPOINT|TTL|TIMEOUT|EXPIRY|LENGTH|REGION|ENABLED)$`)

// secrets checks the environment and the secrets of a container.
func (c *checker) secrets(one container) {
	seen := map[string]int{}
	for _, list := range []string{"environment", "secrets"} {
		for _, item := range one.Get(list).Items {
			name := item.Get("name")
			if name.Kind != document.Text || c.f.Open(name) {
				continue
			}
			if line, ok := seen[name.Text]; ok {
				c.Fail(name.At, fault.Fault{
					Code: fault.CodeTwice, Summary: one.said + " has the variable " + c.f.Quote(name) + " a second time",
					Detail: fmt.Sprintf("The first stands in line %d. Secrets and environment share their names.", line), Hint: "keep one",
				})
				continue
			}
			seen[name.Text] = name.At.Line
			if list == "environment" {
				c.plain(one, item)
			}
		}
	}
}

// plain warns of a secret in plain text; it never shows it.
func (c *checker) plain(one container, item document.Value) {
	name, value := draft.Text(item, "name"), item.Get("value")
	named := secretName.MatchString(name) && !pointer.MatchString(name) && value.There() && value.Text != ""
	if !named && !secretValue.MatchString(value.Text) || c.f.Open(value) {
		return
	}
	c.Warn(item.Get("name").At, fault.Fault{
		Code: fault.CodePlain, Summary: one.said + " has " + c.f.Quote(item.Get("name")) + " in plain text",
		Detail: "Everybody who may describe the task definition can read it.",
		Hint:   `move it: "secrets": [{ "name": ` + c.f.Quote(item.Get("name")) + `, "valueFrom": "arn:aws:secretsmanager:…" }]`,
	})
}

// groupName is what CloudWatch Logs takes as the name of a group (CloudWatch Logs API reference, CreateLogGroup).
var groupName = regexp.MustCompile(`^[A-Za-z0-9._/#-]{1,512}$`)

// logs checks where the container's output goes.
func (c *checker) logs(one container) {
	l := one.Get("logConfiguration")
	options := l.Get("options")
	if draft.Text(l, "logDriver") != "awslogs" || c.f.Open(options) {
		return
	}
	if group := options.Get("awslogs-group"); group.There() && group.Text != "" {
		if group.Kind == document.Text && !c.f.Open(group) && !groupName.MatchString(group.Text) {
			c.Fail(group.At, fault.Fault{
				Code: fault.CodeLog, Summary: "no log group can be called " + c.f.Quote(group), Detail: "Up to 512 letters, digits and . _ / # -",
				Hint: `such as "awslogs-group": "${berth.log_prefix}/web"`,
			})
		}
		return
	}
	name := "web"
	if family := c.f.Definition.Get("family"); family.Kind == document.Text && !c.f.Open(family) {
		name = strings.ToLower(c.legal(family))
	}
	c.Fail(orAt(options, l), fault.Fault{
		Code: fault.CodeLog, Summary: one.said + " logs to CloudWatch, and does not say to which group",
		Hint: `add "options": { "awslogs-group": "${berth.log_prefix}/` + name + `" }`,
	})
}
