package model_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestTheNamesOfSettingsStand holds the names and the texts of every kind's settings, and what it refers to: plans,
// their rules and what carries them out know settings by these names.
func TestTheNamesOfSettingsStand(t *testing.T) {
	var b strings.Builder
	for _, r := range everyKind() {
		full := filled(r)
		fmt.Fprintf(&b, "%T  %s\n", full, full.Key())
		for _, a := range full.Attrs() {
			fmt.Fprintf(&b, "    %s = %s\n", a.Name, a.Value)
		}
		for _, ref := range full.Refs() {
			fmt.Fprintf(&b, "    → %s\n", ref)
		}
	}
	path := filepath.Join("testdata", "settings.txt")
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if b.String() != string(want) {
		t.Errorf("settings differ from %s (write it anew with -update):\n%s", path, b.String())
	}
}
