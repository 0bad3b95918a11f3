package pin

import (
	"bytes"
	"strings"

	"github.com/hashicorp/hcl/v2/hclsyntax"
)

// gap is where a new setting goes, and the text that goes there: a line of its own below the setting that it is put behind, or in
// that setting's line where the map's end stands there too.
func (at place) gap(body []byte, name, value string) (from int, put string) {
	end := lineEnd(body)
	switch {
	case at.last == nil && at.open < 0: // at the end of the file
		if len(body) > 0 && body[len(body)-1] != '\n' {
			return len(body), end + name + " = " + value + end
		}
		return len(body), name + " = " + value + end
	case at.last == nil: // an empty map, which may have comments in it
		if bytes.IndexByte(body[at.open:at.shut], '\n') >= 0 {
			return at.open, end + "  " + name + " = " + value
		}
		return at.open, " " + name + " = " + value + " "
	}
	next := at.below(body)
	if at.open >= 0 && next > at.shut {
		return at.last.End.Byte, ", " + name + " = " + value
	}
	line := at.indent(body) + at.aligned(body, name) + value + end
	if next > 0 && body[next-1] != '\n' {
		return next, end + strings.TrimSuffix(line, end)
	}
	return next, line
}

// below is the byte where the line begins below that in which the last setting ends. A heredoc ends with its own line.
func (at place) below(body []byte) int {
	end := at.last.End.Byte
	if end > 0 && end <= len(body) && body[end-1] == '\n' {
		return end
	}
	if i := bytes.IndexByte(body[end:], '\n'); i >= 0 {
		return end + i + 1
	}
	return len(body)
}

// indent is what the last setting's line begins with.
func (at place) indent(body []byte) string {
	start := bytes.LastIndexByte(body[:at.key.Start.Byte], '\n') + 1
	lead := body[start:at.key.Start.Byte]
	return string(lead[:len(lead)-len(bytes.TrimLeft(lead, " \t"))])
}

// aligned is the name with its equals sign, below that of the last setting where it stands in one line with its value.
func (at place) aligned(body []byte, name string) string {
	between := body[at.key.End.Byte:at.last.Start.Byte]
	tokens, _ := hclsyntax.LexExpression(between, "", at.key.End)
	width := len(name) + 1
	for _, t := range tokens {
		if t.Type == hclsyntax.TokenEqual && bytes.IndexByte(between, '\n') < 0 {
			width = max(width, t.Range.Start.Byte-at.key.Start.Byte)
			break
		}
	}
	return name + strings.Repeat(" ", width-len(name)) + "= "
}

// lineEnd is how the text ends its lines.
func lineEnd(body []byte) string {
	if i := bytes.IndexByte(body, '\n'); i > 0 && body[i-1] == '\r' {
		return "\r\n"
	}
	return "\n"
}
