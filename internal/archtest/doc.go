// Package archtest holds the architecture as tests: who may import whom, and
// the bans that no linter knows. In goes a module's source tree; out come
// findings, one line each, in a fixed order. Its tests run every check on this
// module, where nothing may be found, and on planted trees under testdata,
// where everything planted must be.
//
// It reads source files and asks the go command for the export data of
// libraries. It must never be imported, know what a package means beyond its
// place in the tables, or be loosened to let a change pass: a row of a table
// changes together with docs/ARCHITECTURE.md.
package archtest
