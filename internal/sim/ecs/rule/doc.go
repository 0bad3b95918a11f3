// Package rule reads the placement constraints and strategies of calls, and shows those that rows have.
//
// In go the SDK's types, out come the world's, checked, and back. It must never keep what placement could not use.
package rule
