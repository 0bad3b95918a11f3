package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"berth/internal/model"
)

// Diff compares two resources of one key, setting by setting, in the order of the wanted one.
func Diff(have, want model.Resource) []Field {
	found := map[string]string{}
	for _, a := range have.Attrs() {
		found[a.Name] = a.Value
	}
	var out []Field
	for _, a := range want.Attrs() {
		from, ok := found[a.Name]
		delete(found, a.Name)
		if !ok || from != a.Value {
			out = append(out, field(want.Key().Kind, a.Name, from, a.Value))
		}
	}
	for _, a := range have.Attrs() {
		if from, extra := found[a.Name]; extra {
			out = append(out, field(want.Key().Kind, a.Name, from, ""))
		}
	}
	return out
}

func field(k model.Kind, name, from, to string) Field {
	r, _ := RuleOf(k, name)
	return Field{Name: name, From: from, To: to, Replaces: r.Replace, Why: r.Why}
}

// Fingerprint names what a plan was made from: the wanted settings, and the settings and ids that were found. It
// leaves out times, statuses, instances and present sizes, which change by themselves.
func Fingerprint(want model.Set, have model.Inventory) string {
	h := sha256.New()
	for r := range want.All() {
		fmt.Fprintf(h, "want %s %q\n", r.Key(), r.Attrs())
	}
	for r := range have.All() {
		fmt.Fprintf(h, "have %s %s %q\n", r.Key(), have.ID(r.Key()), r.Attrs())
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
