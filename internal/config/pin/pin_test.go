package pin

import (
	"bytes"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	older, newer = "ami-0123456789abcdef0", "ami-0fedcba9876543210"
	names        = "aws_ecs_ami|ecs_aws_ami"
)

func TestASettingIsWrittenAndEverythingElseStays(t *testing.T) {
	group := []string{"instance_groups", "batch", names}
	for _, one := range []struct {
		name, text, want string
		path             []string
		line             int
	}{
		{"in place", "# the image\naws_ecs_ami   =   \"" + older + "\"   # pinned by ops\nmax_size=2", "# the image\naws_ecs_ami   =   \"" + newer + "\"   # pinned by ops\nmax_size=2", []string{names}, 2},
		{"the older spelling", "ecs_aws_ami = \"\"\n", "ecs_aws_ami = \"" + newer + "\"\n", []string{names}, 1},
		{"null", "aws_ecs_ami = null\n", "aws_ecs_ami = \"" + newer + "\"\n", []string{names}, 1},
		{
			"beside the family", "ami_family         = \"al2\" # why\n\nmax_size = 2\n",
			"ami_family         = \"al2\" # why\naws_ecs_ami        = \"" + newer + "\"\n\nmax_size = 2\n",
			[]string{names},
			2,
		},
		{"beside several lines", "instance_type = [\n  \"a\",\n  \"b\", # c\n]\nmax_size = 2\n", "instance_type = [\n  \"a\",\n  \"b\", # c\n]\naws_ecs_ami   = \"" + newer + "\"\nmax_size = 2\n", []string{names}, 5},
		{"at the end", "environment = \"acc\"", "environment = \"acc\"\naws_ecs_ami = \"" + newer + "\"\n", []string{names}, 2},
		{"Windows", "\xef\xbb\xbfmax_size = 2\r\narch = \"arm64\"\r\n", "\xef\xbb\xbfmax_size = 2\r\narch = \"arm64\"\r\naws_ecs_ami = \"" + newer + "\"\r\n", []string{names}, 3},
		{"behind the last line", "max_size = 2", "max_size = 2\naws_ecs_ami = \"" + newer + "\"", []string{names}, 2},
		{
			"of a group in one line", "instance_groups = { web = { max_size = 1, aws_ecs_ami = \"x\" }, batch = { max_size = 2, spot = true } } # both\n",
			"instance_groups = { web = { max_size = 1, aws_ecs_ami = \"x\" }, batch = { max_size = 2, spot = true, aws_ecs_ami = \"" + newer + "\" } } # both\n", group, 1,
		},
		{
			"of a group, in place", "instance_groups = {\n  batch = {\n    \"aws_ecs_ami\" : \"" + older + "\", // old\n    max_size = 2\n  }\n}\naws_ecs_ami = \"\"\n",
			"instance_groups = {\n  batch = {\n    \"aws_ecs_ami\" : \"" + newer + "\", // old\n    max_size = 2\n  }\n}\naws_ecs_ami = \"\"\n", group, 3,
		},
		{
			"of a group in lines", "instance_groups = {\n  \"batch\" = {\n    instance_type = \"c7g.large\"\n    max_size      = 2 # enough\n  }\n}\n",
			"instance_groups = {\n  \"batch\" = {\n    instance_type = \"c7g.large\"\n    max_size      = 2 # enough\n    aws_ecs_ami   = \"" + newer + "\"\n  }\n}\n", group, 5,
		},
		{
			"behind a heredoc", "instance_groups = {\n  batch = {\n    max_size = 2\n    custom_userdata = <<-END\n      echo }\n    END\n  }\n}\n",
			"instance_groups = {\n  batch = {\n    max_size = 2\n    custom_userdata = <<-END\n      echo }\n    END\n    aws_ecs_ami     = \"" + newer + "\"\n  }\n}\n", group, 7,
		},
		{
			"where the map ends in the last line", "instance_groups = { batch = { spot = true,\n  max_size = 2 } }\n",
			"instance_groups = { batch = { spot = true,\n  max_size = 2, aws_ecs_ami = \"" + newer + "\" } }\n", group, 2,
		},
		{"an empty group", "instance_groups = { batch = {} }\n", "instance_groups = { batch = { aws_ecs_ami = \"" + newer + "\" } }\n", group, 1},
		{"an empty group with a comment", "instance_groups = { batch = {\n # soon\n} }\n", "instance_groups = { batch = {\n  aws_ecs_ami = \"" + newer + "\"\n # soon\n} }\n", group, 2},
		{"in parentheses", "instance_groups = ({ batch = ({ max_size = 2 }) })\n", "instance_groups = ({ batch = ({ max_size = 2, aws_ecs_ami = \"" + newer + "\" }) })\n", group, 1},
	} {
		got, line, err := Set([]byte(one.text), newer, one.path...)
		if err != nil || string(got) != one.want || line != one.line {
			t.Errorf("%s: %v, line %d, want %d; got\n%s\nwant\n%s", one.name, err, line, one.line, got, one.want)
		}
	}
}

func TestWithoutAPlaceNothingIsWritten(t *testing.T) {
	group := []string{"instance_groups", "batch", names}
	for text, want := range map[string]error{
		"max_size = 2\n": ErrPlace, "instance_groups = {}\n": ErrPlace, "instance_groups = 3\n": ErrPlace, "instance_groups = { batch = 3 }\n": ErrPlace,
		"instance_groups = [\n": ErrText, "": ErrPlace, "instance_groups = { batch = var.x }": ErrPlace,
	} {
		if out, _, err := Set([]byte(text), newer, group...); err != want || out != nil { //nolint:errorlint // the very value
			t.Errorf("%q: %v %q", text, err, out)
		}
		if Holds([]byte(text), group...) || Has([]byte(text), group...) {
			t.Errorf("%q holds it", text)
		}
	}
	if !Has([]byte("ecs_aws_ami = \"\""), names) || Has([]byte("# aws_ecs_ami = \"\""), names) {
		t.Error("a comment is no setting, and the older spelling is one")
	}
}

func TestSafetyWhatWasThereStaysAndTheSecondTimeNothingChanges(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lines := rapid.SliceOfN(rapid.SampledFrom([]string{
			"max_size = 2", "  # a comment", "", "ami_family   = \"al2\" // x", "instance_type = [\n \"a\", # one\n]", "tags = { a = \"b\" }",
			"custom_userdata = <<END\necho\nEND", "environment = \"${\"acc\"}\"", "arch=\"arm64\"",
		}), 0, 6).Draw(t, "lines")
		group := rapid.SampledFrom([]string{
			"", "instance_groups = { batch = { max_size = 2 } }", "instance_groups = {\n\tbatch = {\n\t\tmax_size = 2,\n\t\tspot = true, # cheap\n\t}\n}",
			"instance_groups = { batch = {\n max_size = 2\n // none yet\n\n} }", "instance_groups = { \"batch\" = { aws_ecs_ami = \"\", max_size = 2 }, }",
		}).Draw(t, "group")
		text := []byte(strings.Join(append(lines, group), rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(t, "ends")))
		path := []string{names}
		if rapid.Bool().Draw(t, "of the group") {
			path = []string{"instance_groups", "batch", names}
		}
		out, line, err := Set(text, newer, path...)
		if err != nil {
			return
		}
		if !strings.Contains(strings.Split(string(out), "\n")[line-1], newer) {
			t.Fatalf("line %d of\n%s", line, out)
		}
		again, _, err := Set(out, newer, path...)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("%v: a second time it is\n%s", err, again)
		}
		if Has(text, path...) {
			return
		}
		// taking the new one out again leaves the text as it was
		rest := text
		for _, b := range out {
			if len(rest) > 0 && rest[0] == b {
				rest = rest[1:]
			}
		}
		if len(rest) > 0 {
			t.Fatalf("of\n%s\nsome is missing in\n%s", text, out)
		}
	})
}
