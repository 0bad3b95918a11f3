// Package rolling shows how the instances of a cluster are replaced: what would be done, how far it is, what came of it.
//
// In: snapshots, decisions, memories and forecasts of roll. Out: text for people, JSON for programs. It decides nothing, leaves no
// instance out without saying how many, and lets no text of others steer the terminal.
package rolling
