// Package setting says what one setting of a resource is, for people.
//
// In: the text of a setting, as model.Attr holds it. Out: the same in one line, as the parts of a list, or as the lines of a
// document, with nothing in it that a screen would obey. It must never be given the value of a secret.
package setting

import (
	"bytes"
	"encoding/json"
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
)

// most is how long a value may be to be shown whole.
const most = 60

// Value is a short setting as people read it.
func Value(text string) string {
	if text == "" {
		return "(none)"
	}
	return ink.Clean(bare(text))
}

// bare leaves the ids of what others own as AWS writes them.
func bare(text string) string {
	parts := strings.Split(text, ", ")
	for i := range parts {
		parts[i] = strings.TrimPrefix(parts[i], string(model.KindForeign)+".")
	}
	return strings.Join(parts, ", ")
}

// IsDocument tells a text that is better compared line by line: a script, a policy.
func IsDocument(text string) bool { return strings.Contains(text, "\n") || isJSON(text) }

func isJSON(text string) bool {
	return (strings.HasPrefix(text, "{") || strings.HasPrefix(text, "[")) && json.Valid([]byte(text))
}

// IsList tells a long list, of which only the difference matters.
func IsList(from, to string) bool {
	return strings.Contains(from+to, ", ") && len(from)+len(to) > most
}

// Items are the parts of a list.
func Items(text string) []string {
	if text == "" {
		return nil
	}
	return strings.Split(ink.Clean(bare(text)), ", ")
}

// Lines are the lines of a document; JSON gets its usual layout.
func Lines(text string) []string {
	if text == "" {
		return nil
	}
	var b bytes.Buffer
	if isJSON(text) && json.Indent(&b, []byte(text), "", "  ") == nil {
		text = b.String()
	}
	return ink.CleanLines(text)
}
