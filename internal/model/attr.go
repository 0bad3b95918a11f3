package model

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// attrs collects the settings of a resource in order.
type attrs []Attr

func (a *attrs) text(name, value string) { *a = append(*a, Attr{name, value}) }

func (a *attrs) flag(name string, value bool) { a.text(name, strconv.FormatBool(value)) }

func (a *attrs) number(name string, value int) { a.text(name, strconv.Itoa(value)) }

func (a *attrs) key(name string, value Key) { a.text(name, value.String()) }

func (a *attrs) list(name string, values []string) { a.text(name, strings.Join(values, ", ")) }

// keys is a set: its order on AWS means nothing.
func (a *attrs) keys(name string, values []Key) {
	texts := make([]string, len(values))
	for i, k := range values {
		texts[i] = k.String()
	}
	slices.Sort(texts)
	a.list(name, texts)
}

func (a *attrs) tags(tags Tags) {
	for _, t := range tags {
		a.text("tags."+t.Key, t.Value)
	}
}

func (a *attrs) settings(s Settings) {
	for _, one := range s {
		a.text(one.Name, one.Value)
	}
}

// CanonicalJSON writes a JSON text with sorted names and no spaces, so that equal documents are equal texts.
// A text that is no JSON comes back as it is.
func CanonicalJSON(text string) string {
	var v any
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		return text
	}
	b, err := json.Marshal(v)
	if err != nil {
		return text
	}
	return string(b)
}
