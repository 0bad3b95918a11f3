package ink

import (
	"strings"

	"berth/internal/plain"
)

// Clean is plain.Text: every text that berth did not write itself passes through it.
func Clean(text string) string { return plain.Text(text) }

// CleanLines is Clean for a text of several lines, which it keeps apart, with tabs as four spaces.
func CleanLines(text string) []string {
	lines := strings.Split(strings.TrimSuffix(strings.ReplaceAll(text, "\r\n", "\n"), "\n"), "\n")
	for i, line := range lines {
		lines[i] = Clean(strings.ReplaceAll(line, "\t", "    "))
	}
	return lines
}
