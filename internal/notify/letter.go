package notify

import (
	"bytes"
	"fmt"
	"mime"
	"mime/quotedprintable"
	"strings"

	"berth/internal/watch"
)

// letter is a message as a mail (RFC 5322). Mails of one incident refer to each other, so that they are shown as one conversation.
func (s *Mail) letter(m watch.Message) []byte {
	var b bytes.Buffer
	header := func(name, value string) { fmt.Fprintf(&b, "%s: %s\r\n", name, value) }
	header("From", s.From)
	header("To", strings.Join(s.To, ",\r\n "))
	header("Subject", mime.QEncoding.Encode("utf-8", title(m)))
	header("Date", s.Clock.Now().UTC().Format("Mon, 02 Jan 2006 15:04:05 -0700"))
	header("Message-ID", s.id(m.ID))
	if m.Incident.ID != "" && m.Incident.Changes > 1 {
		first := s.id(m.Incident.ID + "-1")
		header("In-Reply-To", first)
		header("References", first)
	}
	header("Auto-Submitted", "auto-generated")
	header("MIME-Version", "1.0")
	header("Content-Type", "text/plain; charset=utf-8")
	header("Content-Transfer-Encoding", "quoted-printable")
	b.WriteString("\r\n")
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(title(m) + "\n\n" + text(m, s.Template) + "\n")) // a Buffer takes everything
	_ = w.Close()
	return b.Bytes()
}

// id is the id of a mail: the message's, at the sender's domain.
func (s *Mail) id(of string) string {
	return "<" + line(of, longTitle) + "@" + s.From[strings.LastIndexByte(s.From, '@')+1:] + ">"
}
