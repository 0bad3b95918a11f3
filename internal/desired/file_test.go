package desired_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"berth/internal/config"
	"berth/internal/desired"
	"berth/internal/model"
)

// original is the file that must keep working exactly as it stands; everything names all that a file can say.
const (
	original   = "../../ecs.tfvars"
	everything = "testdata/everything.tfvars"
)

// load reads a file, or settings of the form name=value over the original file.
func load(t testing.TB, file string, vars ...string) *config.Config {
	t.Helper()
	c, faults := config.Load(config.Sources{Files: []string{file}, Vars: vars})
	if c == nil {
		t.Fatal(faults)
	}
	return c
}

// factsOf are what AWS might say to a file: an image for every group, nothing that stands.
func factsOf(c *config.Config) model.Facts {
	f := model.Facts{
		Scope: model.Scope{
			Account: "123456789012", Region: c.Region, Partition: "aws", Environment: c.Environment, Cluster: c.Cluster,
		},
		Images: map[string]model.Image{},
	}
	for i, z := range c.Zones {
		f.Zones = append(f.Zones, model.Zone{Name: z.Name, ID: fmt.Sprintf("euw1-az%d", i+1)})
	}
	for i, g := range c.Groups {
		image := model.Image{
			ID: fmt.Sprintf("ami-%017d", i+1), Origin: g.AMIFamily + "/" + g.Arch, Device: "/dev/xvda", MinGiB: 30, Arch: g.Arch,
		}
		if g.Accelerator != "" {
			image.Origin = g.AMIFamily + "-" + g.Accelerator + "/" + g.Arch
		}
		if g.AMIFamily == config.Bottlerocket {
			image.Device, image.MinGiB, image.System, image.SystemGiB = "/dev/xvdb", 20, "/dev/xvda", 2
		}
		if g.AMI != "" {
			image.ID, image.Origin = g.AMI, "given"
		}
		f.Images[g.Name] = image
	}
	return f
}

func build(t testing.TB, file string, vars ...string) model.Set {
	t.Helper()
	c := load(t, file, vars...)
	return desired.Build(c, factsOf(c))
}

func get[R model.Resource](t testing.TB, set model.Set, k model.Key) R {
	t.Helper()
	r, ok := model.Find[R](&set, k)
	if !ok {
		t.Fatalf("there is no %s", k)
	}
	return r
}

// text writes a set for people: every resource with its settings and what it refers to.
func text(set model.Set) string {
	var b strings.Builder
	for r := range set.All() {
		fmt.Fprintf(&b, "%s\n", r.Key())
		for _, a := range r.Attrs() {
			if strings.Contains(a.Value, "\n") {
				a.Value = "\n" + strings.TrimRight("        "+strings.ReplaceAll(a.Value, "\n", "\n        "), " \n")
			}
			fmt.Fprintln(&b, strings.TrimRight("    "+a.Name+" = "+a.Value, " "))
		}
		var refs []string
		for _, ref := range r.Refs() {
			refs = append(refs, ref.String())
		}
		if len(refs) > 0 {
			fmt.Fprintln(&b, "    needs", strings.Join(refs, " "))
		}
	}
	return b.String()
}

// golden compares a text with a file of testdata, or writes it with -update.
func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil { //nolint:gosec // a file of the repository
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got == string(want) {
		return
	}
	was, is := strings.Split(string(want), "\n"), strings.Split(got, "\n")
	for i := range min(len(was), len(is)) {
		if was[i] != is[i] {
			t.Fatalf("%s:%d (write it anew with -update)\n%s\nis now\n%s", path, i+1, was[i], is[i])
		}
	}
	t.Fatalf("%s has %d lines, and it is now %d", path, len(was), len(is))
}
