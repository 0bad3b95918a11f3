// Package problem turns any error into what people get of it: one line, hints with the exact next command, a code that
// explain knows, and the exit code.
//
// In: an error from anywhere, and where the run stands. Out: a Problem. It prints nothing and forgets nothing: what it
// does not know keeps its own text.
package problem

import (
	"fmt"
	"io"
	"strings"

	"berth/internal/permit"
	"berth/internal/render/ink"
)

// Exit is the exit code of the program, the same for every verb.
type Exit int

// The exit codes. Changes needs --detailed-exitcode.
const (
	Done    Exit = 0
	Failed  Exit = 1
	Changes Exit = 2
	Misused Exit = 3 // the command line or the file
	Denied  Exit = 4 // credentials or a permission
	Refused Exit = 5 // it would interrupt service, or is protected
	// How deployments end.
	RolledBack    Exit = 6 // failed, and rolled back
	NotRolledBack Exit = 7 // failed, and not
	TimedOut      Exit = 8 // not done in time; it still runs
	Interrupted   Exit = 130
)

// Problem is an error as people get it.
type Problem struct {
	Code  string
	Text  string   // one line
	Hints []string // the exact next commands, where there are any
	Exit  Exit
	Whole string // ready to print instead of all the above: several faults of the file, each with its place
}

// Error is the line.
func (p *Problem) Error() string { return p.Text }

// Write prints the problem. Text that others wrote cannot break the line or steer the terminal.
func (p *Problem) Write(w io.Writer) {
	if p.Whole != "" {
		fmt.Fprint(w, p.Whole)
		return
	}
	line := "error: " + ink.Clean(p.Text)
	if p.Code != "" {
		line += " [" + p.Code + "]"
	}
	fmt.Fprintln(w, line)
	for _, h := range p.Hints {
		fmt.Fprintln(w, "hint: "+ink.Clean(h))
	}
}

// Usage is a command line that cannot be understood.
func Usage(text string, hints ...string) *Problem {
	return &Problem{Code: "USE001", Text: text, Hints: hints, Exit: Misused}
}

// Quiet ends the program with a code and without a word: everything has been said.
type Quiet Exit

// Error is empty.
func (q Quiet) Error() string { return "" }

// Place is where the run stands: what hints must repeat.
type Place struct {
	Flags    string // the flags that name the cluster and the AWS, each with a space before it
	Command  string // the whole command line
	Region   string
	Endpoint string // of --endpoint-url
	Verb     string
	Cluster  permit.Cluster // the file's, for statements that grant something; zero before the file is read
}

// shell quotes a word for a shell, if it needs that.
func shell(word string) string {
	const harmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=+./:,@%"
	if word != "" && strings.Trim(word, harmless) == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

// Shell is a command line that a shell reads as these words.
func Shell(words ...string) string {
	quoted := make([]string, len(words))
	for i, w := range words {
		quoted[i] = shell(w)
	}
	return strings.Join(quoted, " ")
}
