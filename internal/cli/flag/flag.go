// Package flag holds the types of the flags that pflag has not, and the translation of Terraform's flags into ours.
//
// In: words of a command line. Out: values, or errors for the person who wrote them. It knows no verb.
package flag

import (
	"fmt"
	"strconv"
	"time"
)

// Folder is where the embedded AWS keeps its state; empty without --sim.
type Folder string

// BesideFile is the value of a bare --sim: a folder beside the first variable file.
const BesideFile = ".berth/sim beside the file"

// String is the flag's text.
func (f *Folder) String() string { return string(*f) }

// Set takes a folder's name.
func (f *Folder) Set(text string) error {
	if text == "" {
		return fmt.Errorf("a folder has a name")
	}
	*f = Folder(text)
	return nil
}

// Type is what help calls the value.
func (f *Folder) Type() string { return "folder" }

// Pace is a duration that may be given in bare seconds.
type Pace time.Duration

// String is the duration.
func (p *Pace) String() string { return time.Duration(*p).String() }

// Set takes "4s" as well as "4".
func (p *Pace) Set(text string) error {
	if _, err := strconv.ParseFloat(text, 64); err == nil {
		text += "s"
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 {
		return fmt.Errorf("a time is written 4s or 1m; 0 is none")
	}
	*p = Pace(d)
	return nil
}

// Type is what help calls the value.
func (p *Pace) Type() string { return "duration" }
