package tfvars

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"strings"
)

// maxFileSize is far above any configuration: a larger file is a mistake and is refused from its size.
const maxFileSize = 1 << 20

var (
	errDirectory = errors.New("a folder")
	errTooLarge  = errors.New("too large")
)

// File reads a variable file's settings, in file order. The origin is the file's end, where a missing one is reported.
func (r *Report) File(path string) ([]Assignment, Origin) {
	src := r.open(path, "")
	text, err := readFile(path)
	if err != nil {
		r.unreadable(src, err)
		return nil, Origin{src: src}
	}
	src.text = text
	settings := r.parseFile(src)
	end := Origin{src: src}
	end.rng.Start.Byte = len(src.text)
	return settings, end
}

// open takes up a new text, ranked behind all before.
func (r *Report) open(name, text string) *source {
	r.sources++
	return &source{name: name, rank: r.sources, text: []byte(text)}
}

func (r *Report) unreadable(src *source, err error) {
	r.Incomplete = true
	name := Printable(src.name)
	f := Fault{Code: CodeUnreadable, Summary: "the file cannot be read: " + oneLine(cause(err)), Hint: "check its permissions: ls -l " + name}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f = Fault{Code: CodeNoFile, Summary: "the file does not exist", Hint: "name the right one: berth validate -f FILE"}
	case errors.Is(err, errDirectory):
		f = Fault{
			Code: CodeDirectory, Summary: "this is a folder, not a file",
			Hint: "name the file in it: berth validate -f " + strings.TrimRight(name, "/") + "/ecs.tfvars",
		}
	case errors.Is(err, errTooLarge):
		f = Fault{
			Code: CodeTooLarge, Summary: "the file is larger than 1 MB",
			Hint: "this cannot be a configuration; name another file: berth validate -f FILE",
		}
	}
	r.Fail(Origin{src: src}, f)
}

// readFile looks at the size first; a pipe has none, so it is read no further than the limit.
func readFile(path string) ([]byte, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, err
	case info.IsDir():
		return nil, errDirectory
	case info.Size() > maxFileSize:
		return nil, errTooLarge
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(io.LimitReader(file, maxFileSize+1))
	if err := errors.Join(err, file.Close()); err != nil {
		return nil, err
	}
	if len(text) > maxFileSize {
		return nil, errTooLarge
	}
	return text, nil
}

// cause is what the operating system said, without the path that the fault shows anyway.
func cause(err error) string {
	if pathError, ok := errors.AsType[*fs.PathError](err); ok {
		return pathError.Err.Error()
	}
	return err.Error()
}
