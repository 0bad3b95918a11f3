package sim_test

import (
	"io"
	"mime"
	"net/mail"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/sim"
	"berth/internal/sim/world"
)

// mails are the names of a folder's files with mails.
func mails(t *testing.T, dir string) []string {
	t.Helper()
	found := []string{}
	for _, f := range must[[]string](t)(filepath.Glob(filepath.Join(dir, "mail", "*"))) {
		found = append(found, filepath.Base(f))
	}
	return found
}

// in runs f on the simulation of a folder, as a command would.
func in(t *testing.T, dir string, f func(*sim.Sim)) {
	t.Helper()
	s, store, err := sim.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	f(s)
	if err := store.Close(s); err != nil {
		t.Fatal(err)
	}
}

func send(s *sim.Sim, m world.Mail) { s.With(func(w *world.World) { w.Send(m) }) }

func TestEveryMailBecomesOneFile(t *testing.T) {
	dir := t.TempDir()
	in(t, dir, func(s *sim.Sim) {
		send(s, world.Mail{To: "ops@example.com", Subject: "Zone down", Body: "eu-west-1a\n"})
	})
	first := filepath.Join(dir, "mail", "0001-ops@example.com-Zone-down.eml")
	info := must[os.FileInfo](t)(os.Stat(first))
	if info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if err := os.Remove(first); err != nil { // read, and thrown away
		t.Fatal(err)
	}
	in(t, dir, func(s *sim.Sim) {
		send(s, world.Mail{To: "ops@example.com", Subject: "Zone up"})
		if err := s.Sleep(ctx(), 1); err != nil {
			t.Fatal(err)
		}
		send(s, world.Mail{To: "ops@example.com", Subject: "Zone up"})
	})
	in(t, dir, func(s *sim.Sim) { s.With(func(*world.World) {}) })
	want := []string{"0002-ops@example.com-Zone-up.eml", "0003-ops@example.com-Zone-up.eml"}
	if got := mails(t, dir); !slices.Equal(got, want) {
		t.Errorf("mails %v, want %v", got, want)
	}
}

func TestServedWorldWritesItsMailsTooAndALoadedOneNoOld(t *testing.T) {
	dir := t.TempDir()
	s, store, err := sim.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	x := serve(t, &sim.Server{Sim: s})
	send(s, world.Mail{To: "a@b.c", Subject: "one"})
	if err := x.stop(); err != nil {
		t.Fatal(err)
	}
	state := must[[]byte](t)(s.Save())
	if err := store.Close(s); err != nil {
		t.Fatal(err)
	}
	if got := mails(t, dir); len(got) != 1 {
		t.Errorf("mails %v", got)
	}
	other := t.TempDir()
	in(t, other, func(s *sim.Sim) {
		if err := s.Load(state); err != nil {
			t.Fatal(err)
		}
		send(s, world.Mail{To: "a@b.c", Subject: "two"})
	})
	if got := mails(t, other); !slices.Equal(got, []string{"0002-a@b.c-two.eml"}) {
		t.Errorf("mails %v", got)
	}
}

func TestResetRemovesMailsAndNothingElse(t *testing.T) {
	dir := t.TempDir()
	in(t, dir, func(s *sim.Sim) { send(s, world.Mail{To: "../x", Subject: "../../etc/passwd"}) })
	note := filepath.Join(dir, "mail", "note.txt")
	if err := os.WriteFile(note, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, want := range [][]string{{"note.txt"}, {}} {
		if err := sim.Reset(dir); err != nil {
			t.Fatal(err)
		}
		if got := mails(t, dir); !slices.Equal(got, want) {
			t.Errorf("left are %v, want %v", got, want)
		}
		_ = os.Remove(note)
	}
	if _, err := os.Stat(filepath.Join(dir, "mail")); err == nil {
		t.Error("the empty folder is still there")
	}
}

func TestMailThatCannotBeWrittenIsWrittenLater(t *testing.T) {
	dir := t.TempDir()
	s, store, err := sim.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "mail"), nil, 0o600); err != nil { // no folder can be there
		t.Fatal(err)
	}
	send(s, world.Mail{To: "a@b.c", Subject: "one"})
	if err := s.Sleep(ctx(), 1); err == nil {
		t.Error("nobody says that the mail was not written")
	}
	if err := os.Remove(filepath.Join(dir, "mail")); err != nil {
		t.Fatal(err)
	}
	if err := store.Close(s); err != nil {
		t.Fatal(err)
	}
	if got := mails(t, dir); len(got) != 1 {
		t.Errorf("mails %v", got)
	}
}

func TestAnyMailIsAFileOfItsFolderThatMailProgramsRead(t *testing.T) {
	texts := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"../../etc/passwd", "..", "a\r\nBcc: x@y.z", "ä ö ü", "/", "", strings.Repeat("x", 2000)}))
	name := regexp.MustCompile(`^\d{4}-[A-Za-z0-9@._+-]*-[A-Za-z0-9@._+-]*\.eml$`)
	rapid.Check(t, func(rt *rapid.T) {
		m := world.Mail{Number: 7, To: "ops@example.com", Subject: texts.Draw(rt, "subject"), Body: texts.Draw(rt, "body"), At: world.Epoch()}
		to := texts.Draw(rt, "to")
		file := sim.MailName(world.Mail{Number: 7, To: to, Subject: m.Subject})
		if !name.MatchString(file) || strings.Contains(file, "..") || len(file) > 140 {
			rt.Fatalf("the file is called %q", file)
		}
		got, err := mail.ReadMessage(strings.NewReader(sim.Letter(m)))
		if err != nil {
			rt.Fatal(err)
		}
		subject, err := new(mime.WordDecoder).DecodeHeader(got.Header.Get("Subject"))
		if want := strings.Join(strings.Fields(m.Subject), " "); err != nil || subject != strings.ToValidUTF8(want, "\uFFFD") && want == strings.ToValidUTF8(want, "") {
			rt.Fatalf("subject %q, %v, want %q", subject, err, want)
		}
		if at, err := got.Header.Date(); err != nil || !at.Equal(m.At) || got.Header.Get("Bcc") != "" || got.Header.Get("To") != m.To {
			rt.Fatalf("headers %v, %v", got.Header, err)
		}
		if _, err := io.ReadAll(got.Body); err != nil {
			rt.Fatal(err)
		}
	})
}
