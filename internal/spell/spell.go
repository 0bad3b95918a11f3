// Package spell guesses what a misspelt name was meant to be.
//
// In go a word and the names that there are; out comes the nearest one, or none. It must never know what the names mean.
package spell

import "strings"

// Nearest is the candidate that the word was most likely meant to be, or "" when none is close.
func Nearest(word string, candidates []string) string {
	best, bestDistance := "", max(2, len(word)/3)+1
	if len(word) > 64 {
		return ""
	}
	for _, c := range candidates {
		if !alike(word, c) {
			continue
		}
		if d := distance(word, c); d < bestDistance && d < min(len(word), len(c)) {
			best, bestDistance = c, d
		}
	}
	const telling = 4 // letters that are enough to know a longer name by
	for _, c := range candidates {
		if best == "" && len(word) >= telling && strings.Contains(c, word) {
			best = c
		}
	}
	return best
}

// alike tells whether one word may be the other misspelt. A short one must begin alike: "zone" is one letter from "none",
// and means the opposite.
func alike(word, candidate string) bool {
	const short = 4
	return min(len(word), len(candidate)) > short || strings.HasPrefix(candidate, word[:min(1, len(word))])
}

// distance is Levenshtein's: how many letters must be added, dropped or changed.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j+1]+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// Meant is Nearest, but that a candidate with other capitals goes before all others.
func Meant(word string, candidates []string) string {
	for _, c := range candidates {
		if strings.EqualFold(c, word) {
			return c
		}
	}
	return Nearest(word, candidates)
}
