package diagram

import (
	"fmt"
	"math"
	"strings"
)

// width is about how wide a text will be at most, in pixels. Readers have different fonts, so it is taken from
// Helvetica's figures with enough to spare for Verdana and its kin.
func (f font) width(text string) int {
	units := 0
	for _, r := range text {
		units += advance(r)
	}
	spare := 1.15
	if f.weight >= 600 {
		spare = 1.25
	}
	return int(math.Ceil(float64(units) * f.size * spare / 1000))
}

// cut shortens a text to a width; an ellipsis shows it.
func (f font) cut(text string, most int) string {
	if f.width(text) <= most {
		return text
	}
	runes := []rune(text)
	for len(runes) > 0 && f.width(string(runes)+"…") > most {
		runes = runes[:len(runes)-1]
	}
	if len(runes) == 0 {
		return ""
	}
	return string(runes) + "…"
}

// whole lists as many names as fit into a width, none of them cut, and how many more there are.
func (f font) whole(names []string, most int) string {
	text := strings.Join(names, ", ")
	for n := len(names) - 1; n > 0 && f.width(text) > most; n-- {
		text = fmt.Sprintf("%s and %d more", strings.Join(names[:n], ", "), len(names)-n)
	}
	return f.cut(text, most)
}

// advance is a character's width in thousandths of the font's size.
func advance(r rune) int {
	for _, class := range [...]struct {
		letters string
		width   int
	}{{"ijl", 222}, {" .,:/·Ift!|", 278}, {"r-()", 333}, {"mMw", 833}, {"W@→…", 1000}} {
		if strings.ContainsRune(class.letters, r) {
			return class.width
		}
	}
	switch {
	case r >= 'A' && r <= 'Z':
		return 690
	case r < 0x250:
		return 556
	}
	return 1000
}
