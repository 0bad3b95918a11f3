// Package service writes what a deployment decides: it carries out one action at a time.
//
// In: a deploy.Action, whose specification is in the shape of AWS's own call. Out: an error, or nothing. It chooses nothing,
// waits for nothing and looks at nothing: whether a write is to be made again the next look tells.
package service
