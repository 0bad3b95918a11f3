// Package tfvars reads variable files as Terraform has them, and single settings from elsewhere. In go files and
// lines of text; out come assignments, whose values keep their places down to the last list element, and faults that
// show these places. It knows no name and no meaning, evaluates nothing, and opens no file but those it is told to:
// whatever the bytes, it must never panic, read more than a megabyte, or take long.
package tfvars

// The codes of the faults that are found here; package config explains them.
const (
	CodeNoFile     = "CFG001"
	CodeDirectory  = "CFG002"
	CodeUnreadable = "CFG003"
	CodeTooLarge   = "CFG004"
	CodeNotText    = "CFG005"
	CodeEmpty      = "CFG006"
	CodeSyntax     = "CFG007"
	CodeBlock      = "CFG008"
	CodeNotPlain   = "CFG009"
	CodeTooDeep    = "CFG010"
	CodeWrongType  = "CFG012"
	CodeTwice      = "CFG015"
	CodeVar        = "CFG016"
)

// Assignment is one "name = value" of a source.
type Assignment struct {
	Name  string
	At    Origin // the name
	Value Value
}
