package tfvars

import (
	"bytes"
	"cmp"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/hashicorp/hcl/v2"
)

// source is one text that settings come from: a file, an environment variable or a --var.
type source struct {
	name string
	rank int // sources are ranked in the order they are opened in
	text []byte
}

// Origin is the stretch of a source that a value was written in; the zero Origin belongs to defaults.
type Origin struct {
	src    *source
	rng    hcl.Range
	hidden bool // the line may hold a secret
}

// Hidden is the same place without its snippet: the line may hold a secret.
func (o Origin) Hidden() Origin {
	o.hidden = true
	return o
}

// IsDefault is true for a value that nobody wrote.
func (o Origin) IsDefault() bool { return o.src == nil }

// Place is the origin for people: zero for a default.
func (o Origin) Place() Range {
	if o.src == nil {
		return Range{}
	}
	return Range{File: o.src.name, Line: o.rng.Start.Line, Column: o.rng.Start.Column}
}

// After says whether an Origin comes later in the input than another; a default comes before all.
func (o Origin) After(other Origin) bool {
	if o.src == nil || other.src == nil {
		return o.src != nil
	}
	return cmp.Or(cmp.Compare(o.src.rank, other.src.rank), cmp.Compare(o.start(), other.start())) > 0
}

// start is the Origin's first byte, kept inside the text whatever the parser says.
func (o Origin) start() int { return min(max(o.rng.Start.Byte, 0), len(o.src.text)) }

// snippetBefore and snippetAfter bound how much of a very long line a snippet shows.
const (
	snippetBefore = 100
	snippetAfter  = 80
)

// Snippet is the line that holds the Origin, with a line of carets under it; it has no final newline. Of a source with a
// private key in it nothing is shown, of web addresses nothing but the host, and of what sounds like a secret nothing but its name.
func (o Origin) Snippet() string {
	if o.src == nil || o.rng.Start.Line == 0 || o.hidden || IsPrivateKey(string(o.src.text)) {
		return ""
	}
	from, to := o.lineBounds()
	start, text := o.start(), hideSecrets(hideWebPaths(o.src.text))
	end := min(max(o.rng.End.Byte, start), to)
	before := shorten(text[from:min(start, to)], snippetBefore)
	marked := head(text[min(start, to):end], snippetAfter)
	after := head(text[end:to], snippetAfter)
	number := strconv.Itoa(o.rng.Start.Line)
	carets := strings.Repeat("^", max(1, width(marked)))
	return "  " + number + " | " + before + marked + after + "\n" +
		"  " + strings.Repeat(" ", len(number)) + " | " + blank(before) + carets
}

// secret tells whether a setting whose name sounds like a secret is set to what stands there.
func (o Origin) secret() bool {
	from := o.start()
	end := min(max(o.rng.End.Byte, from), len(o.src.text))
	return !bytes.Equal(hideSecrets(o.src.text)[from:end], o.src.text[from:end])
}

func (o Origin) lineBounds() (from, to int) {
	start := o.start()
	from = bytes.LastIndexByte(o.src.text[:start], '\n') + 1
	to = len(o.src.text)
	if i := bytes.IndexByte(o.src.text[start:], '\n'); i >= 0 {
		to = start + i
	}
	return from, from + len(bytes.TrimSuffix(o.src.text[from:to], []byte("\r")))
}

// shorten keeps the last limit runes of a line's beginning.
func shorten(text []byte, limit int) string {
	runes := []rune(Printable(string(text)))
	if len(runes) <= limit {
		return string(runes)
	}
	return "…" + string(runes[len(runes)-limit:])
}

// head keeps the first limit runes of a line's rest.
func head(text []byte, limit int) string {
	runes := []rune(Printable(string(text)))
	if len(runes) <= limit {
		return string(runes)
	}
	return string(runes[:limit]) + "…"
}

// blank is white space as wide as the text: tabs stay tabs, so that carets stand where they should.
func blank(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return r
		case unicode.Is(unicode.Mn, r):
			return -1
		default:
			return ' '
		}
	}, text)
}

func width(text string) int { return utf8.RuneCountInString(blank(text)) }

// printableLines is Printable for a text of several lines.
func printableLines(text string) string {
	lines := strings.Split(text, "\n")
	for i := range lines {
		lines[i] = Printable(lines[i])
	}
	return strings.Join(lines, "\n")
}

// Printable takes what could steer a terminal out of text that we did not write.
func Printable(text string) string {
	return strings.Map(func(r rune) rune {
		if r == '\t' || unicode.IsPrint(r) || unicode.Is(unicode.Mn, r) {
			return r
		}
		return '\uFFFD'
	}, text)
}
