package finding

import (
	"strings"

	"berth/internal/check"
	"berth/internal/render/ink"
)

// JSON is a finding for programs.
type JSON struct {
	Code     string `json:"code"`
	Severity string `json:"severity"`
	Text     string `json:"text"`
	Fix      string `json:"fix"`
	Where    string `json:"where,omitempty"`
}

// ForPrograms are findings for programs, in their order; never nil.
func ForPrograms(all []check.Finding) []JSON {
	out := make([]JSON, len(all))
	for i, f := range all {
		out[i] = JSON{f.Code, string(f.Severity), ink.Clean(f.Text), strings.Join(ink.CleanLines(f.Fix), "\n"), f.Where.String()}
	}
	return out
}
