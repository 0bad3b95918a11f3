package pinning

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"berth/internal/ami"
	"berth/internal/cli/problem"
	"berth/internal/config"
	"berth/internal/config/pin"
	show "berth/internal/render/ami"
)

// files are the files of settings with what shall stand in them.
type files struct {
	paths    []string
	from, to [][]byte
	top      string // where the top level's image stands
}

// write makes the edits, in memory.
func (f *files) write(c *config.Config, edits []ami.Edit) error {
	for _, path := range f.paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		f.from, f.to = append(f.from, text), append(f.to, text)
	}
	if at := c.Where("aws_ecs_ami"); at != (config.Range{}) {
		f.top = at.String()
	}
	for _, e := range edits {
		if err := f.edit(c, e); err != nil {
			return err
		}
	}
	return nil
}

func (f *files) edit(c *config.Config, e ami.Edit) error {
	setting := strings.Join(append(slices.Clone(e.Path[:len(e.Path)-1]), "aws_ecs_ami"), ".")
	if at := c.Where(setting); at != (config.Range{}) && !slices.Contains(f.paths, at.File) && (len(e.Path) == 1 || at != c.Where("aws_ecs_ami")) {
		return elsewhere(setting, at, e)
	}
	n := f.home(e.Path)
	if n < 0 {
		return elsewhere(setting, c.Where(strings.Join(e.Path[:len(e.Path)-1], ".")), e)
	}
	text, line, err := pin.Set(f.to[n], e.Value, e.Path...)
	if err != nil {
		return &problem.Problem{
			Code: "AMI002", Text: fmt.Sprintf("%s cannot be written into %s: %s", setting, f.paths[n], err), Exit: problem.Failed,
			Hints: []string{fmt.Sprintf("write it yourself: aws_ecs_ami = %q%s", e.Value, of(e))},
		}
	}
	f.to[n] = text
	if len(e.Path) == 1 {
		f.top = fmt.Sprintf("%s:%d", f.paths[n], line)
	}
	return nil
}

// home is the file that a setting belongs into: the last one that sets it, or that the map lies in which it belongs into; a setting of
// the top level goes into the first where none sets it. It is below 0 where there is no such file.
func (f *files) home(path []string) int {
	for n, text := range slices.Backward(f.to) {
		switch {
		case len(path) == 1 && pin.Has(text, path...):
			return n
		case len(path) > 1 && pin.Has(text, path[0]):
			return n
		}
	}
	if len(path) == 1 {
		return 0
	}
	return -1
}

// elsewhere is the error for a setting that no file decides.
func elsewhere(setting string, at config.Range, e ami.Edit) error {
	source := at.File
	if source == "" {
		source = "something other than a file"
	}
	return &problem.Problem{
		Code: "AMI001", Text: fmt.Sprintf("%s is set by %s, which is no file that could be changed", setting, source), Exit: problem.Misused,
		Hints: []string{fmt.Sprintf("change it there: %q%s", e.Value, of(e)), "or take it away, so that the file decides"},
	}
}

// of says where a setting belongs.
func of(e ami.Edit) string {
	if len(e.Path) == 1 {
		return ""
	}
	return ", inside " + e.Path[0] + "." + e.Path[1]
}

// changes are the files that differ.
func (f *files) changes() []show.Change {
	var out []show.Change
	for n, path := range f.paths {
		if !bytes.Equal(f.from[n], f.to[n]) {
			out = append(out, show.Change{Path: path, From: string(f.from[n]), To: string(f.to[n])})
		}
	}
	return out
}

// save writes the files that differ, each whole or not at all. One that somebody has changed meanwhile stays as it is.
func (f *files) save() error {
	for n, path := range f.paths {
		if bytes.Equal(f.from[n], f.to[n]) {
			continue
		}
		if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, f.from[n]) {
			return errors.Join(err, &problem.Problem{
				Code: "AMI002", Text: path + " has changed meanwhile, and stays as it is", Exit: problem.Failed, Hints: []string{"once more: berth ami update"},
			})
		}
		if err := replace(path, f.to[n]); err != nil {
			return &problem.Problem{
				Code: "AMI002", Text: fmt.Sprintf("%s cannot be written: %s", path, err), Exit: problem.Failed,
				Hints: []string{"look at its permissions: ls -l " + problem.Shell(path)},
			}
		}
	}
	return nil
}

// replace puts a text in the place of a file that keeps its permissions. Of a link it is what the link leads to.
func replace(path string, text []byte) error {
	path, err := filepath.EvalSymlinks(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no regular file")
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".ecs.tfvars-*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }() // gone already where it was renamed
	_, err = temporary.Write(text)
	if err = errors.Join(err, temporary.Chmod(info.Mode().Perm()), temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
