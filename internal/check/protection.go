package check

import (
	"slices"
	"strings"
)

// unprotected is for information: that an environment is production is guessed from its name.
func unprotected(in Input) []Finding {
	if in.Config.Protect || !looksLikeProduction(in.Config.Environment) {
		return nil
	}
	return []Finding{in.at(Finding{
		Severity: Info,
		Text:     "environment " + in.Config.Environment + " is production by its name, and berth destroy --yes would take it down",
		Fix:      "protect = true",
	}, "protect", "environment")}
}

// looksLikeProduction goes by whole words, so that "preprod" and "nonprod" are none, nor is "non-prod".
func looksLikeProduction(environment string) bool {
	words := strings.Split(strings.ToLower(environment), "-")
	for _, not := range []string{"non", "not", "pre", "no"} {
		if slices.Contains(words, not) {
			return false
		}
	}
	return slices.ContainsFunc(words, func(w string) bool { return slices.Contains([]string{"prod", "production", "live", "prd"}, w) })
}
