package scenario

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Sentence is something that was said: its form's text, and the words in the form's places.
type Sentence struct {
	Form  string
	Words map[string]string
}

// Has tells whether a place that may be left out was filled.
func (s Sentence) Has(place string) bool { return s.Words[place] != "" }

// Time is the word in the place TIME; 0 when there is none.
func (s Sentence) Time() time.Duration {
	d, _ := time.ParseDuration(s.Words["TIME"]) // Parse has checked it
	return d
}

// Count is the word in the place COUNT; 0 when there is none.
func (s Sentence) Count() int {
	n, _ := strconv.Atoi(s.Words["COUNT"]) // Parse has checked it
	return n
}

// Number is the word in the place NUMBER; 0 when there is none.
func (s Sentence) Number() float64 {
	n, _ := strconv.ParseFloat(s.Words["NUMBER"], 64) // Parse has checked it
	return n
}

// Parse understands one sentence. The error says what was expected where, and which form was closest.
func Parse(text string) (Sentence, error) {
	words, err := split(text)
	if err != nil {
		return Sentence{}, err
	}
	if len(words) == 0 {
		return Sentence{}, errors.New("nothing is said")
	}
	var closest attempt
	for n, f := range Forms() {
		a := try(f, words)
		if a.wants == "" {
			return Sentence{f.Text, a.filled}, nil
		}
		if n == 0 || a.read > closest.read {
			closest = a
		}
	}
	if closest.read == 0 {
		return Sentence{}, fmt.Errorf("%q begins no sentence; one begins with %s", words[0], strings.Join(openings(), ", "))
	}
	got := "the end"
	if closest.read < len(words) {
		got = strconv.Quote(words[closest.read])
	}
	return Sentence{}, fmt.Errorf("%s, not %s, was expected in: %s", closest.wants, got, closest.form)
}

// attempt is how far a form fits.
type attempt struct {
	form   string
	filled map[string]string
	read   int    // words that fit
	wants  string // what was expected next; empty: the form fits
}

// try fits words to a form. An optional part is there when its first word that is no place is: "[COUNT times]" is told by
// "times", "[for TIME]" by "for".
func try(f Form, words []string) attempt {
	a := attempt{form: f.Text, filled: map[string]string{}}
	for _, p := range f.parts() {
		if p.optional && !begins(p, words[a.read:]) {
			continue
		}
		for _, w := range p.words {
			if a.wants = fits(w, words[a.read:], a.filled); a.wants != "" {
				return a
			}
			a.read++
		}
	}
	if a.read < len(words) {
		a.wants = "the end"
	}
	return a
}

func begins(p part, words []string) bool {
	n := slices.IndexFunc(p.words, func(w string) bool { return !isPlace(w) })
	return n < len(words) && words[n] == p.words[n]
}

// fits tells what a form wants of the next word; empty: it has it.
func fits(want string, words []string, filled map[string]string) string {
	if !isPlace(want) {
		if len(words) == 0 || words[0] != want {
			return strconv.Quote(want)
		}
		return ""
	}
	if len(words) == 0 {
		return cmp.Or(check(want, ""), want)
	}
	filled[want] = words[0]
	return check(want, words[0])
}

// openings are the words that sentences begin with.
func openings() []string {
	var out []string
	for _, f := range Forms() {
		if w := strings.Fields(f.Text)[0]; !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// split cuts a text into words; what is in double quotes is one.
func split(text string) ([]string, error) {
	var words []string
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		if text[0] != '"' {
			word, rest := text, ""
			if i := strings.IndexAny(text, " \t"); i >= 0 {
				word, rest = text[:i], text[i:]
			}
			words, text = append(words, word), rest
			continue
		}
		quoted, err := strconv.QuotedPrefix(text)
		if err != nil {
			return nil, errors.New("a text in quotes does not end")
		}
		word, _ := strconv.Unquote(quoted) // QuotedPrefix has checked it
		words, text = append(words, word), text[len(quoted):]
	}
	return words, nil
}
