package agent

import (
	"slices"
	"testing"
)

func TestCapabilitiesHaveNoDuplicates(t *testing.T) {
	var names []string
	for _, a := range capabilities(Config{drivers: []string{"json-file"}, selinux: true, apparmor: true, blockMetadata: true}) {
		names = append(names, a.Name)
	}
	slices.Sort(names)
	if n := len(slices.Compact(slices.Clone(names))); n != len(names) {
		t.Errorf("%d of %d names differ", n, len(names))
	}
}
