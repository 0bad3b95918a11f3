package notify

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/smtp"
	"net/textproto"
	"strconv"
	"strings"

	"berth/internal/clock"
	"berth/internal/phrase"
	"berth/internal/plain"
	"berth/internal/secret"
	"berth/internal/watch"
)

// Mail hands messages to a mail server.
type Mail struct {
	Alert    string
	Host     string
	Port     int
	From     string // an address
	To       []string
	Username string // empty: no login
	Password secret.Text
	Template phrase.Phrase // empty: berth's own words
	Clock    clock.Clock
	Roots    *tls.Config // nil: whom the machine trusts
}

// smtps is the port on which TLS comes first (RFC 8314).
const smtps = 465

// Name is the alert's.
func (s *Mail) Name() string { return s.Alert }

// Local tells whether the server is this machine.
func (s *Mail) Local() bool { return loopback(s.Host) }

// Send hands a message over once.
func (s *Mail) Send(ctx context.Context, m watch.Message) error {
	ctx, cancel := context.WithTimeout(ctx, tryTime)
	defer cancel()
	c, err := s.dial(ctx)
	if err != nil {
		return s.failure("cannot be reached", err)
	}
	defer func() { _ = c.Close() }() // it was quit, or is of no use
	return s.talk(c, m)
}

func (s *Mail) dial(ctx context.Context) (*smtp.Client, error) {
	d := net.Dialer{Timeout: tryTime}
	conn, err := d.DialContext(ctx, "tcp", net.JoinHostPort(s.Host, strconv.Itoa(s.Port)))
	if err != nil {
		return nil, err
	}
	if end, bounded := ctx.Deadline(); bounded {
		err = conn.SetDeadline(end)
	}
	if s.Port == smtps {
		conn = tls.Client(conn, s.trust())
	}
	if err == nil {
		var c *smtp.Client
		if c, err = smtp.NewClient(conn, s.Host); err == nil {
			return c, nil
		}
	}
	return nil, errors.Join(err, conn.Close())
}

// trust is how the server must show who it is.
func (s *Mail) trust() *tls.Config {
	c := &tls.Config{MinVersion: tls.VersionTLS12}
	if s.Roots != nil {
		c = s.Roots.Clone()
	}
	c.ServerName = s.Host
	return c
}

// talk hands a letter over on an open connection.
func (s *Mail) talk(c *smtp.Client, m watch.Message) error {
	if err := s.greet(c); err != nil {
		return err
	}
	if err := c.Mail(s.From); err != nil {
		return s.failure("does not take mail from "+s.From, err)
	}
	var refused error
	taken := 0
	for _, to := range s.To {
		err := c.Rcpt(to)
		switch {
		case err == nil:
			taken++
		case !final(err):
			return s.failure("does not take mail to "+to+" now", err) // to nobody yet, so that nobody gets it twice
		default:
			refused = errors.Join(refused, s.failure("does not take mail to "+to, err))
		}
	}
	if taken == 0 {
		return refused
	}
	w, err := c.Data()
	if err == nil {
		_, err = w.Write(s.letter(m))
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return s.failure("does not take the mail", err)
	}
	_ = c.Quit() // it has the mail
	if refused != nil {
		return &Failure{Text: "sent, but not to everybody: " + refused.Error(), Final: true}
	}
	return nil
}

// greet begins the conversation: with TLS, unless it stays on this machine, and the login.
func (s *Mail) greet(c *smtp.Client) error {
	if err := c.Hello("localhost"); err != nil {
		return s.failure("does not greet", err)
	}
	_, secure := c.TLSConnectionState()
	offers, _ := c.Extension("STARTTLS")
	switch {
	case secure:
	case offers:
		if err := c.StartTLS(s.trust()); err != nil {
			return s.failure("cannot be trusted", err)
		}
	case !s.Local():
		return &Failure{Text: s.Host + " offers no STARTTLS, and mail is not sent in the clear"}
	}
	if s.Username == "" {
		return nil
	}
	if err := c.Auth(smtp.PlainAuth("", s.Username, s.Password.Reveal(), s.Host)); err != nil {
		return s.failure("does not let "+s.Username+" in", passingLogin{err})
	}
	return nil
}

// passingLogin is a login that failed: whoever mends the password gets the mail after all.
type passingLogin struct{ error }

// Unwrap is what the server said.
func (p passingLogin) Unwrap() error { return p.error }

// final tells answers that will be the same next time (RFC 5321, section 4.2.1).
func final(err error) bool {
	if _, login := err.(passingLogin); login { //nolint:errorlint // it is never wrapped
		return false
	}
	t, ok := errors.AsType[*textproto.Error](err)
	return ok && t.Code >= 500
}

func (s *Mail) failure(what string, err error) error {
	said := err.Error()
	if t, ok := errors.AsType[*textproto.Error](err); ok {
		said = fmt.Sprintf("%d %s", t.Code, t.Msg)
	}
	return &Failure{Text: fmt.Sprintf("%s %s: %s", s.Host, what, plain.Cut(s.hide(line(said, mostAnswer)), longTitle)), Final: final(err)}
}

// hide takes the login out of what a server says, as it is and as it was sent.
func (s *Mail) hide(text string) string {
	if !s.Password.IsSet() {
		return text
	}
	password := s.Password.Reveal()
	sent := base64.StdEncoding.EncodeToString([]byte("\x00" + s.Username + "\x00" + password))
	return hidden(text, password, sent, strings.TrimRight(sent, "="), base64.StdEncoding.EncodeToString([]byte(password)))
}
