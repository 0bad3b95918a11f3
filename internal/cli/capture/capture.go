// Package capture keeps captures in files.
//
// In: a capture, or a file that holds one. Out: the file, or the capture, or a problem that says what the file is instead. It looks
// at nothing else, and puts a capture where nobody else reads it.
package capture

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"

	"berth/internal/cli/problem"
	"berth/internal/live"
)

// largest is how large a capture may be, in bytes: 20,000 tasks and 5,000 instances are 40 MB.
const largest = 256 << 20

// Load reads a capture. What is none is a *problem.Problem.
func Load(file string) (live.Capture, error) {
	var c live.Capture
	if i, err := os.Stat(file); err != nil {
		return c, err
	} else if i.Size() > largest {
		return c, none(file, "it is too large")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return c, err
	}
	if err := json.Unmarshal(text, &c); err != nil {
		return c, none(file, err.Error())
	}
	if c.Version != live.Version {
		return c, none(file, fmt.Sprintf("its version is %d, and this berth reads version %d", c.Version, live.Version))
	}
	return c, nil
}

func none(file, why string) error {
	return &problem.Problem{
		Code: "WHY002", Text: file + " is no capture: " + why, Exit: problem.Misused,
		Hints: []string{"make one: berth why SERVICE --save " + problem.Shell(file)},
	}
}

// Save writes a capture into a new file that nobody else reads; one that is there already is an error.
func Save(file string, c live.Capture) (err error) {
	text, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return &problem.Problem{
			Code: "FIL001", Text: file + " is there already, and a capture overwrites nothing", Exit: problem.Failed,
			Hints: []string{"give --save another name, or take it away first: rm " + problem.Shell(file)},
		}
	}
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	_, err = f.Write(append(text, '\n'))
	return err
}
