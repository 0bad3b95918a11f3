package config

import (
	"cmp"
	"net/netip"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"berth/internal/config/option"
	"berth/internal/config/tfvars"
)

// Alert is somebody who is told when something fails. AWS tells by Email, HTTPS or QueueARN; berth watch by Slack, Webhook,
// WebhookFrom, Mail or TopicARN. One of these is set.
type Alert struct {
	Name     string
	Email    string
	HTTPS    string // a web address; only its host may be shown
	QueueARN string

	Slack       Source // of the webhook's address
	Webhook     string // a web address; only its host may be shown
	WebhookFrom Source // of such an address
	SigningKey  Source
	Mail        *Mail
	TopicARN    string

	Severity string   // the least that berth watch tells: "info", "warning", "error"
	Services []string // patterns; none: all
	Codes    []string // patterns; none: all
	Template string   // empty: berth's own words
}

// Watched tells whether berth watch tells this receiver, and not AWS.
func (a Alert) Watched() bool {
	return a.Slack.Set() || a.Webhook != "" || a.WebhookFrom.Set() || a.Mail != nil || a.TopicARN != ""
}

// Source is where a secret comes from: the environment of the process, or a file.
type Source struct{ Env, File string }

// Set tells whether there is one.
func (s Source) Set() bool { return s != Source{} }

// String says where, for people.
func (s Source) String() string {
	if s.Env != "" {
		return "the environment variable " + s.Env
	}
	return "the file " + s.File
}

// Mail is a mail server and the letters that it is given.
type Mail struct {
	Host     string
	Port     int
	From     string
	To       []string
	Username string // empty: no login
	Password Source
}

// maxAlerts is what the one tag has room for in which berth remembers whom it has subscribed.
const maxAlerts = 40

var (
	alertName    = regexp.MustCompile(`^[a-z]([a-z0-9-]{0,30}[a-z0-9])?$`)
	emailAddress = regexp.MustCompile(`^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$`)
	queueARN     = regexp.MustCompile(`^arn:aws[a-z-]*:sqs:([a-z0-9-]+):[0-9]{12}:[A-Za-z0-9_-]{1,80}(\.fifo)?$`)
	// token is a part of a web address that looks as if it were drawn at random.
	token = regexp.MustCompile(`[A-Za-z0-9_-]{20,}`)
)

// alerts reads who is told, sorted by name.
func (s settings) alerts(c *Config) {
	entries := s.table("alerts")
	told := map[string]string{}
	for _, e := range entries {
		if !alertName.MatchString(e.Key) {
			s.Fail(e.At, Fault{
				Code: codeIllegalName, Summary: "an alert cannot be called " + tfvars.Quote(e.Key),
				Hint: "begin with a small letter and go on with small letters, digits and hyphens, at most 32, the last one no hyphen",
			})
		}
		inner, ok := s.nested(option.Alert, e)
		if !ok {
			continue
		}
		a := inner.alert(e, c.Region)
		to := cmp.Or(strings.ToLower(a.Email), a.HTTPS, a.QueueARN)
		if other, twice := told[to]; twice && to != "" {
			s.Fail(e.At, Fault{
				Code: codeToldTwice, Summary: "alerts." + other + " and alerts." + e.Key + " go to the same place",
				Detail: "SNS tells it once all the same.", Hint: "keep one of the two",
			})
		}
		told[to] = e.Key
		c.Alerts = append(c.Alerts, a)
	}
	if len(entries) > maxAlerts {
		s.Fail(s.values["alerts"].At, Fault{
			Code: codeTooMany, Summary: "alerts has " + strconv.Itoa(len(entries)) + " entries, and " + strconv.Itoa(maxAlerts) + " are possible",
			Hint: "tell a mailing list or a queue, and let it tell others",
		})
	}
	slices.SortFunc(c.Alerts, func(a, b Alert) int { return cmp.Compare(a.Name, b.Name) })
}

// alert reads one of them, which must have one receiver.
func (s settings) alert(e tfvars.Entry, region string) Alert {
	a := Alert{Name: e.Key}
	given := s.present(receivers()...)
	switch {
	case len(given) == 0 && !slices.ContainsFunc(e.Value.Entries, unknownToAlerts):
		s.Fail(e.At, Fault{Code: codeOneReceiver, Summary: s.path + " tells nobody", Hint: `say whom: ` + e.Key + ` = { email = "ops@example.com" }`})
	case len(given) > 1:
		s.Fail(e.At, Fault{
			Code: codeOneReceiver, Summary: s.path + " has " + strings.Join(given, " and "),
			Hint: "one receiver for each name: " + e.Key + " = { " + given[0] + " = … }, " + e.Key + "-2 = { " + given[1] + " = … }",
		})
	}
	a.Email, a.HTTPS, a.QueueARN = s.email("email"), s.webAddress("https"), s.queue(region)
	if len(given) == 1 {
		s.watched(&a, given[0], region)
	}
	return a
}

// unknownToAlerts tells entries that were reported already.
func unknownToAlerts(e tfvars.Entry) bool {
	_, known := option.Find(option.Alert, e.Key)
	return !known
}

func (s settings) email(name string) string {
	text, ok := s.text(name)
	if ok && !isEmail(text) {
		s.Fail(s.values[name].At, Fault{
			Code: codeEmail, Summary: s.join(name) + " " + tfvars.Quote(text) + " is no address", Hint: "one address, such as " + name + ` = "ops@example.com"`,
		})
	}
	return text
}

func isEmail(text string) bool { return emailAddress.MatchString(text) && len(text) <= 254 }

// webAddress reads an address of which a fault shows nothing but the host: the rest may be what nobody should see.
func (s settings) webAddress(name string) string {
	text, ok := s.text(name)
	if !ok {
		return ""
	}
	var f Fault
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Scheme != "https" && !(name == "webhook" && near(u)) || u.Hostname() == "" || strings.ContainsAny(text, " <>\"\\") || u.Fragment != "":
		f.Code, f.Summary, f.Hint = codeWebAddress, s.join(name)+" is no address that begins with https://", "such as "+name+` = "https://hooks.example.com/ecs"`
	case u.User != nil || u.RawQuery != "":
		f.Code, f.Summary = codeWebSecret, s.join(name)+" has a password or a question mark in it"
		f.Detail, f.Hint = webSecret(name)
	case token.MatchString(u.Path):
		f.Code, f.Summary = codeWebSecret, s.join(name)+" has a part that looks like a secret"
		f.Detail, f.Hint = webSecret(name)
	default:
		return text
	}
	s.Fail(s.values[name].At, f)
	return text
}

// near tells plain HTTP that stays on the machine.
func near(u *url.URL) bool {
	address, err := netip.ParseAddr(u.Hostname())
	return u.Scheme == "http" && (u.Hostname() == "localhost" || err == nil && address.IsLoopback())
}

// webSecret says why an address with a secret in it does not belong into the file, and what to write instead.
func webSecret(name string) (detail, hint string) {
	if name == "webhook" {
		return "Secrets do not belong into this file.", `name the environment variable of berth watch that holds the address: webhook_env = "PAGER_WEBHOOK"`
	}
	return "Secrets do not belong into this file, and whoever may list the topic's subscriptions sees the whole address.",
		`let berth watch post to it: webhook_env = "PAGER_WEBHOOK"; or send to a server of yours that keeps the secret, or to a queue: sqs_arn = "arn:aws:sqs:REGION:ACCOUNT:NAME"`
}

func (s settings) queue(region string) string {
	text, ok := s.text("sqs_arn")
	if !ok {
		return ""
	}
	parts := queueARN.FindStringSubmatch(text)
	f := Fault{Code: codeQueueARN, Hint: `such as sqs_arn = "arn:aws:sqs:` + cmp.Or(region, "eu-west-1") + `:123456789012:ops"`}
	switch {
	case parts == nil:
		f.Summary = s.join("sqs_arn") + " " + tfvars.Quote(text) + " is no queue's ARN"
	case parts[2] != "":
		f.Summary, f.Detail = s.join("sqs_arn")+" is a FIFO queue", "A standard topic cannot send to it, and EventBridge's events have no order."
	case region != "" && parts[1] != region:
		f.Summary = s.join("sqs_arn") + " is in " + parts[1] + ", and the cluster in " + region
		f.Detail = "The topic of a cluster tells queues of its own region."
	default:
		return text
	}
	s.Fail(s.values["sqs_arn"].At, f)
	return text
}

// Receiver says by which way the alert goes and to where, as far as that may be shown: of a web address the host.
func (a Alert) Receiver() (by, to string) {
	switch {
	case a.Email != "":
		return "email", a.Email
	case a.HTTPS != "":
		return "https", hostOf(a.HTTPS)
	case a.QueueARN != "":
		return "sqs", a.QueueARN
	case a.Slack.Set():
		return "slack", ""
	case a.Webhook != "":
		return "webhook", hostOf(a.Webhook)
	case a.WebhookFrom.Set():
		return "webhook", ""
	case a.Mail != nil:
		return "smtp", strings.Join(a.Mail.To, ", ") + " by " + a.Mail.Host
	}
	return "topic", a.TopicARN
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Host
}
