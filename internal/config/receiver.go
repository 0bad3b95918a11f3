package config

import (
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
	"berth/internal/phrase"
)

// receivers are the ways to tell somebody; an alert has one. The first ones are AWS's own.
func receivers() []string {
	return []string{"email", "https", "sqs_arn", "slack_env", "slack_file", "webhook", "webhook_env", "webhook_file", "smtp", "topic_arn"}
}

var (
	topicARN = regexp.MustCompile(`^arn:aws[a-z-]*:sns:([a-z0-9-]+):[0-9]{12}:[A-Za-z0-9_-]{1,256}(\.fifo)?$`)
	mailHost = regexp.MustCompile(`^([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$`)
	codeText = regexp.MustCompile(`^[A-Z*?]{1,6}[0-9*?]{0,3}$`)
	nameText = regexp.MustCompile(`^[A-Za-z0-9_*?-]{1,255}$`)
)

// companions are which settings stand beside which receivers.
func companions(receiver string) []string {
	told := []string{"severity", "services", "codes"}
	switch receiver {
	case "slack_env", "slack_file":
		return append(told, "template")
	case "webhook", "webhook_env", "webhook_file":
		return append(told, "signing_key_env", "signing_key_file")
	case "smtp":
		return append(told, "template", "from", "to", "username", "password_env", "password_file")
	case "topic_arn":
		return told
	}
	return nil
}

// watched reads what berth watch must know of its receivers, and refuses what another receiver would need.
func (s settings) watched(a *Alert, receiver, region string) {
	known := companions(receiver)
	for _, o := range option.In(option.Alert) {
		if v, ok := s.values[o.Name]; ok && o.Name != receiver && !slices.Contains(known, o.Name) {
			f := Fault{Code: codeForeignCompanion, Summary: v.Path + " is nothing for " + receiver, Hint: "leave " + o.Name + " out"}
			if known == nil {
				f.Detail = "AWS sends everything there by itself, without berth."
				f.Hint += "; berth watch chooses: slack_env, webhook, smtp, topic_arn"
			}
			s.Fail(v.At, f)
		}
	}
	if known == nil {
		return
	}
	s.finish()
	a.Slack, a.Webhook, a.WebhookFrom = s.source("slack"), s.webAddress("webhook"), s.source("webhook")
	a.SigningKey, a.TopicARN = s.source("signing_key"), s.topic(region)
	if receiver == "smtp" {
		a.Mail = s.mail()
	}
	a.Severity = s.choice("severity")
	a.Services = s.patterns("services", nameText, `names of services, with * and ?, such as "shop-*"`)
	a.Codes = s.patterns("codes", codeText, `codes, with * and ?, such as "WHY4*"`)
	a.Template = s.template()
}

// source reads where a secret comes from: NAME_env or NAME_file, of which one may be given.
func (s settings) source(name string) Source {
	var out Source
	env, file := name+"_env", name+"_file"
	out.Env, _ = s.text(env)
	out.File, _ = s.text(file)
	if v, ok := s.values[env]; ok && v.Shape == tfvars.Scalar && !variableName.MatchString(out.Env) {
		s.Hide(v.At) // it may be the secret itself
		s.Fail(v.At, Fault{
			Code: codeInFile, Summary: v.Path + " is not the name of a variable", Detail: "Secrets do not belong into this file: if this is one, give it a new value.",
			Hint: "name the environment variable that holds it: " + env + " = " + tfvars.Quote(strings.ToUpper(name)),
		})
	}
	if v, ok := s.values[file]; ok && v.Shape == tfvars.Scalar && (out.File == "" || strings.Contains(out.File, "://")) {
		s.Hide(v.At)
		s.Fail(v.At, Fault{Code: codeInFile, Summary: v.Path + " is not the path of a file", Hint: "the path of the file that holds the secret"})
	}
	if both := s.present(env, file); len(both) == 2 {
		s.Fail(s.values[file].At, Fault{Code: codeOneReceiver, Summary: s.path + " has both " + env + " and " + file, Hint: "keep one of the two"})
	}
	return out
}

func (s settings) topic(region string) string {
	text, ok := s.text("topic_arn")
	if !ok {
		return ""
	}
	parts := topicARN.FindStringSubmatch(text)
	f := Fault{Code: codeARN, Hint: `such as topic_arn = "arn:aws:sns:` + region + `:123456789012:ops"`}
	switch {
	case parts == nil:
		f.Summary = s.join("topic_arn") + " " + tfvars.Quote(text) + " is no topic's ARN"
	case parts[2] != "":
		f.Summary, f.Detail = s.join("topic_arn")+" is a FIFO topic", "Its subscribers can be queues only: name a queue with sqs_arn, or a standard topic."
	case region != "" && parts[1] != region:
		f.Summary = s.join("topic_arn") + " is in " + parts[1] + ", and the cluster in " + region
	default:
		return text
	}
	s.Fail(s.values["topic_arn"].At, f)
	return text
}

// mail reads a mail server with its letters.
func (s settings) mail() *Mail {
	server, ok := s.text("smtp")
	if !ok {
		return nil
	}
	m := &Mail{From: s.email("from"), Password: s.source("password")}
	host, port, _ := strings.Cut(server, ":")
	m.Host = host
	if m.Port, _ = strconv.Atoi(port); !mailHost.MatchString(host) || m.Port < 1 || m.Port > 65535 {
		s.Fail(s.values["smtp"].At, Fault{
			Code: codeMailServer, Summary: s.join("smtp") + " " + tfvars.Quote(server) + " is no mail server", Hint: `its name and its port: smtp = "smtp.example.com:587"`,
		})
	}
	to, _ := s.list("to")
	for _, t := range to {
		if !isEmail(t.text) {
			s.Fail(t.At, Fault{Code: codeEmail, Summary: t.Path + " " + tfvars.Quote(t.text) + " is no address", Hint: `such as to = ["ops@example.com"]`})
		}
		m.To = append(m.To, t.text)
	}
	if _, given := s.values["to"]; !given || len(to) == 0 && s.values["to"].Shape == tfvars.List {
		s.Fail(s.at, Fault{Code: codeMissing, Summary: s.join("to") + " is missing", Hint: `say whom the mail goes to: to = ["ops@example.com"]`})
	}
	if _, given := s.values["from"]; !given {
		s.Fail(s.at, Fault{Code: codeMissing, Summary: s.join("from") + " is missing", Hint: `say whom the mail is from: from = "berth@example.com"`})
	}
	m.Username, _ = s.text("username")
	if _, named := s.values["username"]; named != m.Password.Set() {
		s.Fail(s.at, Fault{
			Code: codeLogin, Summary: s.path + " has half of a login", Hint: `username and password_env (or password_file) stand together: username = "berth", password_env = "SMTP_PASSWORD"`,
		})
	}
	return m
}

// patterns reads a list of names with * and ?.
func (s settings) patterns(name string, form *regexp.Regexp, hint string) []string {
	all, _ := s.list(name)
	var out []string
	for _, p := range all {
		if _, err := path.Match(p.text, ""); err != nil || !form.MatchString(p.text) {
			s.Fail(p.At, Fault{Code: codeIllegalText, Summary: p.Path + " cannot be " + tfvars.Quote(p.text), Hint: hint})
		}
		out = append(out, p.text)
	}
	return out
}

// template reads a text with fields.
func (s settings) template() string {
	text, ok := s.text("template")
	if !ok {
		return ""
	}
	if _, err := phrase.Parse(text); err != nil {
		s.Fail(s.values["template"].At, Fault{
			Code: codeTemplate, Summary: s.join("template") + " is no template: " + err.Error(),
			Hint: "the fields are " + strings.Join(phrase.Fields(), ", ") + `; such as template = "{{title}}: {{fix}}"`,
		})
	}
	return text
}
