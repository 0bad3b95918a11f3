// Package rule says what the values of a service folder must not mean together.
//
// In: a folder, and for some rules a cluster as plain data. Out: faults, each with its place and the line to write. It changes
// nothing, and must never refuse what ECS on EC2 instances would take and serve well.
package rule

import (
	"regexp"
	"strings"

	"berth/internal/manifest/draft"
	"berth/internal/manifest/fault"
)

// Check adds what is wrong with a folder by itself.
func Check(r *fault.Report, f draft.Folder) {
	c := &checker{r, f}
	c.names()
	if f.Definition.There() {
		c.definition()
		c.service()
	}
}

// identifier is what ECS takes as the name of a service, a family or a container (ECS API reference, CreateService).
var identifier = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,255}$`)

// suggestion is a legal name that is close to an illegal one; empty when there is none.
func suggestion(name string) string {
	legal := strings.Map(func(r rune) rune {
		if r < 128 && identifier.MatchString(string(r)) {
			return r
		}
		return '-'
	}, name)
	return strings.Trim(legal[:min(len(legal), 255)], "-")
}
