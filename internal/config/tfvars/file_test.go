package tfvars

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func everything(string, string) bool { return true }

func TestFilesThatCannotBeReadSaySo(t *testing.T) {
	write(t, map[string]string{
		"binary.tfvars": "\x7fELF\x00\x01", "utf16.tfvars": "\xff\xfen\x00a\x00", "latin1.tfvars": "# one\ncluster = \"caf\xe9\"\n", "plain": "",
	})
	if err := os.Mkdir("folder", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ file, want string }{
		{"nowhere.tfvars", `error: nowhere.tfvars: the file does not exist [CFG001]
hint: name the right one: berth validate -f FILE
`},
		{"folder/", `error: folder/: this is a folder, not a file [CFG002]
hint: name the file in it: berth validate -f folder/ecs.tfvars
`},
		{"plain/ecs.tfvars", `error: plain/ecs.tfvars: the file cannot be read: not a directory [CFG003]
hint: check its permissions: ls -l plain/ecs.tfvars
`},
		{"binary.tfvars", `error: binary.tfvars: this is binary, no text: it has a zero byte at offset 4 [CFG005]
hint: save it as UTF-8 text, or name another file: berth validate -f FILE
`},
		{"utf16.tfvars", `error: utf16.tfvars: this is binary, no text: it has a zero byte at offset 3 [CFG005]
hint: save it as UTF-8 text, or name another file: berth validate -f FILE
`},
		{"latin1.tfvars", `error: latin1.tfvars: this is not UTF-8: line 2 has a byte that is no character [CFG005]
hint: save it as UTF-8 text, or name another file: berth validate -f FILE
`},
		{"\x1b[31m", "error: \ufffd[31m: the file does not exist [CFG001]\nhint: name the right one: berth validate -f FILE\n"},
	} {
		t.Run(c.file, func(t *testing.T) { check(t, faultsIn(c.file), c.want) })
	}
}

// The file is sparse and larger than this machine's memory: reading it would not end well.
func TestAHugeFileIsRefusedFromItsSize(t *testing.T) {
	write(t, map[string]string{"ecs.tfvars": "", "limit.tfvars": "a = 1\n#" + strings.Repeat("x", 1<<20-7)})
	if err := os.Truncate("ecs.tfvars", 1<<40); err != nil {
		t.Skip("no sparse files here:", err)
	}
	check(t, faultsIn("ecs.tfvars"), `error: ecs.tfvars: the file is larger than 1 MB [CFG004]
hint: this cannot be a configuration; name another file: berth validate -f FILE
`)
	check(t, faultsIn("/dev/zero"), `error: /dev/zero: the file is larger than 1 MB [CFG004]
hint: this cannot be a configuration; name another file: berth validate -f FILE
`)
	check(t, faultsIn("limit.tfvars"), "")
}

func TestAQuarterOfAMillionBracketsDoNotExhaustTheParser(t *testing.T) {
	for _, text := range []string{"[", "{a=", "(", "-", "!", "a?", `"${`, "%{if a}", "a[*].", "1+", "<<E\n${", "b {\n"} {
		t.Run(text, func(t *testing.T) {
			write(t, map[string]string{
				"ecs.tfvars":    "tags = " + strings.Repeat(text, (1<<18)/len(text)),
				"quoted.tfvars": `tags = "` + strings.Repeat(text, (1<<18)/len(text)) + `"`,
			})
			if got := faultsIn("ecs.tfvars"); got == "" || len(got) > 1<<16 {
				t.Errorf("a few faults, not %d bytes of them", len(got))
			}
			faultsIn("quoted.tfvars")
			var r Report
			if _, ok := r.Inline("--var", "tags="+strings.Repeat(text, 1<<18/len(text)), "", everything); !ok || len(r.Faults()) == 0 {
				t.Error("the line is a setting, and a faulty one")
			}
		})
	}
}

func FuzzFilesAndLinesNeverPanic(f *testing.F) {
	text, err := os.ReadFile("testdata/syntax.txtar")
	if err != nil {
		f.Fatal(err)
	}
	for part := range strings.SplitSeq(string(text), "\n-- ") {
		_, body, _ := strings.Cut(part, "--\n")
		f.Add([]byte(body))
	}
	file := filepath.Join(f.TempDir(), "ecs.tfvars")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		var r Report
		all, end := r.File(file)
		if a, ok := r.Inline("--var", string(text), "", everything); ok {
			all = append(all, a)
		}
		for _, a := range all {
			a.Value.Named(a.Name).Walk(func(v Value) {
				_, isText := v.Text()
				if v.Shape == Broken && len(r.found) == 0 || v.Shape != Scalar && isText || v.At.After(end) && v.At.src == end.src || v.Describe() == "" {
					t.Fatal(v.Path, v.Describe())
				}
				v.At.Snippet()
			})
		}
		if strings.ContainsAny(r.Faults().String(), "\x00\x1b\r") {
			t.Fatal("control characters")
		}
	})
}
