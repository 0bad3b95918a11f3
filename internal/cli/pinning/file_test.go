package pinning

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/ami"
	"berth/internal/config"
)

const image = "ami-0123456789abcdef0"

// written are files in a folder of their own.
func written(t *testing.T, texts ...string) []string {
	t.Helper()
	dir := t.TempDir()
	var out []string
	for i, text := range texts {
		path := filepath.Join(dir, string(rune('a'+i))+".tfvars")
		if err := os.WriteFile(path, []byte(text), 0o640); err != nil {
			t.Fatal(err)
		}
		out = append(out, path)
	}
	return out
}

func read(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

const base = "environment = \"acc\"\naws_region = \"eu-west-1\"\navailability_zones = [\"eu-west-1a\", \"eu-west-1b\"]\n"

func configOf(t *testing.T, environ []string, vars []string, paths ...string) *config.Config {
	t.Helper()
	c, faults := config.Load(config.Sources{Files: paths, Environ: environ, Vars: vars})
	if c == nil {
		t.Fatal(faults.String())
	}
	return c
}

func TestTheRightFileIsWrittenAndKeepsItsPermissions(t *testing.T) {
	top, group := ami.Edit{Group: "default", Path: []string{ami.Names}, Value: image}, ami.Edit{Group: "batch", Path: []string{"instance_groups", "batch", ami.Names}, Value: image}
	const groups = "instance_groups = { batch = { max_size = 1 } }\n"
	for name, one := range map[string]struct {
		texts []string
		edit  ami.Edit
		file  int
	}{
		"none sets it: the first":      {[]string{base, "max_size = 4\n"}, top, 0},
		"the last that sets it":        {[]string{base + "aws_ecs_ami = \"\"\n", "ecs_aws_ami = \"\"\n", "max_size = 4\n"}, top, 1},
		"the last that has the groups": {[]string{base + groups, groups, "aws_ecs_ami = \"\"\n"}, group, 1},
	} {
		paths := written(t, one.texts...)
		f := files{paths: paths}
		if err := f.write(configOf(t, nil, nil, paths...), []ami.Edit{one.edit}); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if len(f.changes()) != 1 || f.changes()[0].Path != paths[one.file] {
			t.Fatalf("%s: %v", name, f.changes())
		}
		if err := f.save(); err != nil {
			t.Fatal(err)
		}
		for i, path := range paths {
			info, err := os.Stat(path)
			if err != nil || info.Mode().Perm() != 0o640 {
				t.Errorf("%s: %v %v", name, info.Mode(), err)
			}
			if got := read(t, path); strings.Contains(got, image) != (i == one.file) {
				t.Errorf("%s: file %d is\n%s", name, i, got)
			}
		}
		c := configOf(t, nil, nil, paths...)
		for _, g := range c.Groups {
			if g.Name == one.edit.Group && g.AMI != image {
				t.Errorf("%s: the group has %q", name, g.AMI)
			}
		}
	}
}

func TestWhatNoFileDecidesIsNotWritten(t *testing.T) {
	top, group := ami.Edit{Group: "default", Path: []string{ami.Names}, Value: image}, ami.Edit{Group: "batch", Path: []string{"instance_groups", "batch", ami.Names}, Value: image}
	for name, one := range map[string]struct {
		text          string
		environ, vars []string
		edit          ami.Edit
		want          string
	}{
		"a variable":              {base, []string{"TF_VAR_aws_ecs_ami=" + image}, nil, top, "aws_ecs_ami is set by environment variable"},
		"the command line":        {base + "aws_ecs_ami = \"\"\n", nil, []string{"aws_ecs_ami=" + image}, top, "aws_ecs_ami is set by --var"},
		"groups elsewhere":        {base, nil, []string{"instance_groups={ batch = { max_size = 1 } }"}, group, "instance_groups.batch.aws_ecs_ami is set by --var"},
		"a group's own elsewhere": {base, nil, []string{"instance_groups={ batch = { max_size = 1, aws_ecs_ami = \"" + image + "\" } }"}, group, "instance_groups.batch.aws_ecs_ami is set by --var"},
	} {
		paths := written(t, one.text)
		f := files{paths: paths}
		err := f.write(configOf(t, one.environ, one.vars, paths...), []ami.Edit{one.edit})
		if err == nil || !strings.Contains(err.Error(), one.want) {
			t.Errorf("%s: %v", name, err)
		}
		if read(t, paths[0]) != one.text {
			t.Errorf("%s: written", name)
		}
	}
}

func TestAFileThatSomebodyChangesMeanwhileStays(t *testing.T) {
	paths := written(t, base)
	f := files{paths: paths}
	if err := f.write(configOf(t, nil, nil, paths...), []ami.Edit{{Group: "default", Path: []string{ami.Names}, Value: image}}); err != nil {
		t.Fatal(err)
	}
	other := base + "# somebody was here\n"
	if err := os.WriteFile(paths[0], []byte(other), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.save(); err == nil || !strings.Contains(err.Error(), "has changed meanwhile") || read(t, paths[0]) != other {
		t.Errorf("%v: %s", err, read(t, paths[0]))
	}
}

func TestALinkStaysALinkAndNothingIsLeftBeside(t *testing.T) {
	paths := written(t, base)
	link := filepath.Join(t.TempDir(), "ecs.tfvars")
	if err := os.Symlink(paths[0], link); err != nil {
		t.Fatal(err)
	}
	if err := replace(link, []byte("x")); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(link)
	if err != nil || info.Mode()&os.ModeSymlink == 0 || read(t, paths[0]) != "x" {
		t.Errorf("%v %v", info, err)
	}
	for _, dir := range []string{filepath.Dir(link), filepath.Dir(paths[0])} {
		if all, err := os.ReadDir(dir); err != nil || len(all) != 1 {
			t.Errorf("%v %v", all, err)
		}
	}
	if err := replace(filepath.Dir(link), nil); err == nil {
		t.Error("a folder was replaced")
	}
}
