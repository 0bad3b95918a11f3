package desired

import (
	"maps"
	"slices"
)

// BottlerocketSettings are the agent's variables that are translated for Bottlerocket.
func BottlerocketSettings() []string { return slices.Sorted(maps.Keys(bottlerocketSettings())) }
