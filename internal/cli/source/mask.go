package source

import (
	"cmp"
	"encoding/json"
	"io"
	"net/url"
	"slices"
	"strings"

	"berth/internal/secret"
)

// shortest is how long a value must be to be looked for: a shorter one would be found everywhere, and is none.
const shortest = 6

// masked is a stream in which no secret shows.
type masked struct {
	io.Writer

	hide *strings.Replacer
}

// Masked is a stream that replaces every value of the sources: berth writes none, but what AWS says may repeat what it was
// sent.
func Masked(w io.Writer, all secret.Sources) io.Writer {
	var forms []string
	for _, t := range all { // unordered: sorted below
		if value := t.Reveal(); len(value) >= shortest {
			quoted, _ := json.Marshal(value) // a text always becomes JSON
			inner := string(quoted[1 : len(quoted)-1])
			plain := strings.NewReplacer(`\u003c`, "<", `\u003e`, ">", `\u0026`, "&").Replace(inner)
			forms = append(forms, value, inner, plain, url.QueryEscape(value), url.PathEscape(value))
		}
	}
	slices.SortFunc(forms, func(a, b string) int { return cmp.Or(len(b)-len(a), strings.Compare(a, b)) })
	var pairs []string
	for _, f := range slices.Compact(forms) {
		pairs = append(pairs, f, secret.Mask)
	}
	return masked{w, strings.NewReplacer(pairs...)}
}

// Write writes the text with Mask in the place of every secret.
func (m masked) Write(p []byte) (int, error) {
	if _, err := io.WriteString(m.Writer, m.hide.Replace(string(p))); err != nil {
		return 0, err
	}
	return len(p), nil
}

// Behind is the stream behind one that masks.
func Behind(w io.Writer) io.Writer {
	if m, is := w.(masked); is {
		return m.Writer
	}
	return w
}
