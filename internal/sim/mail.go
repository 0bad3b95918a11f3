package sim

import (
	"errors"
	"fmt"
	"io/fs"
	"mime"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"berth/internal/sim/world"
)

// unsent are the mails that did not go to the state's place yet, and the number of the last one; the lock is held.
func (s *Sim) unsent() (mails []world.Mail, last int) {
	for _, m := range s.world.Mailbox.Mails {
		if m.Number > s.sent {
			mails = append(mails, m)
		}
	}
	return mails, s.world.Mailbox.Sent
}

// writeMail writes mails into a folder, each into a file of its own. One that is there already is replaced.
func writeMail(dir string, mails []world.Mail) error {
	if len(mails) == 0 {
		return nil
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for _, m := range mails {
		if err := replace(filepath.Join(dir, mailName(m)), []byte(letter(m))); err != nil {
			return err
		}
	}
	return nil
}

// mailFile is what the names of files with mails look like.
const mailFile = `^[0-9]{4,}-[A-Za-z0-9@._+-]*-[A-Za-z0-9@._+-]*\.eml(\.tmp)?$`

// clearMail removes the mails in a folder, and the folder unless somebody else put something into it.
func clearMail(dir string) error {
	files, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	ours := regexp.MustCompile(mailFile)
	for _, f := range files {
		if ours.MatchString(f.Name()) {
			err = errors.Join(err, os.Remove(filepath.Join(dir, f.Name())))
		}
	}
	_ = os.Remove(dir) // it stays if it is not empty
	return err
}

// mailName is the name of a mail's file. What a sender chose is in it without anything that a path could be made of.
func mailName(m world.Mail) string {
	return fmt.Sprintf("%04d-%s-%s.eml", m.Number, plain(m.To), plain(m.Subject))
}

// plain is a text as a part of a file's name: at most 60 bytes, nothing but letters, digits and @ . _ + -.
func plain(text string) string {
	text = regexp.MustCompile(`[^A-Za-z0-9@_+.]+`).ReplaceAllString(text, "-")
	text = regexp.MustCompile(`\.\.+`).ReplaceAllString(text, ".")
	return strings.Trim(text[:min(len(text), 60)], "-.")
}

// longestLine is how many bytes a line of a mail may have (RFC 5322, section 2.1.1).
const longestLine = 998

// letter is a mail as it goes over the wire (RFC 5322).
func letter(m world.Mail) string {
	body := strings.ReplaceAll(strings.ReplaceAll(m.Body, "\r\n", "\n"), "\n", "\r\n")
	encoding := "8bit"
	for line := range strings.Lines(body) {
		if len(line) > longestLine {
			encoding = "quoted-printable"
		}
	}
	if encoding != "8bit" {
		var b strings.Builder
		w := quotedprintable.NewWriter(&b)
		_, _ = w.Write([]byte(body)) // a strings.Builder takes everything
		_ = w.Close()
		body = b.String()
	}
	var b strings.Builder
	for _, h := range [][2]string{
		{"From", "AWS Notifications <no-reply@sns.amazonaws.com>"},
		{"To", mime.QEncoding.Encode("utf-8", oneLine(m.To))},
		{"Subject", mime.QEncoding.Encode("utf-8", oneLine(m.Subject))},
		{"Date", m.At.Format(time.RFC1123Z)},
		{"Message-ID", fmt.Sprintf("<%d@berth.sim>", m.Number)},
		{"MIME-Version", "1.0"},
		{"Content-Type", "text/plain; charset=utf-8"},
		{"Content-Transfer-Encoding", encoding},
	} {
		fmt.Fprintf(&b, "%s: %s\r\n", h[0], h[1])
	}
	return b.String() + "\r\n" + strings.TrimRight(body, "\r\n") + "\r\n"
}

// oneLine is a text without line breaks, with which it would add headers.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
