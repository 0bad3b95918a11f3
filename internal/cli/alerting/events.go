package alerting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"

	"berth/internal/cli/problem"
)

// largest is how large a file of events may be, in bytes.
const largest = 256 << 20

// captured is one event of a file, and where it stands.
type captured struct {
	line int
	body []byte
	bad  string // why it is none; empty: it may be one
}

// read reads a file, or standard input ("-").
func read(file string, stdin io.Reader) ([]byte, error) {
	from := stdin
	if file != "-" {
		f, err := os.Open(file)
		if err != nil {
			return nil, err
		}
		defer func() { _ = f.Close() }() // read only
		from = f
	}
	text, err := io.ReadAll(io.LimitReader(from, largest+1))
	if err == nil && len(text) > largest {
		err = &problem.Problem{
			Code: "WCH003", Text: fmt.Sprintf("%s has more than %d MiB", file, largest>>20), Exit: problem.Misused,
			Hints: []string{"split it: split -C 100m " + problem.Shell(file)},
		}
	}
	return text, err
}

// events takes a file apart: JSON values one after the other, be it one for each line or not. A value is an event, a list of what
// else is here, a message of SQS with its Body, the answer of receive-message with its Messages, or the text of a body. What is no JSON
// is named, and reading goes on with a line behind it.
func events(text []byte) []captured {
	var out []captured
	for at := 0; at < len(text); {
		rest := bytes.TrimLeft(text[at:], " \t\r\n,")
		if at = len(text) - len(rest); at == len(text) {
			break
		}
		line := 1 + bytes.Count(text[:at], []byte{'\n'})
		d := json.NewDecoder(bytes.NewReader(rest))
		var one json.RawMessage
		if err := d.Decode(&one); err != nil {
			out = append(out, captured{line: line, bad: "it is no JSON: " + strings.TrimPrefix(err.Error(), "json: ")})
			at += next(rest)
			continue
		}
		out = append(out, unwrapped(one, line, 0)...)
		at += int(d.InputOffset())
	}
	return out
}

// next is where the next line is that goes on with nothing: neither indented, nor the end of a list.
func next(text []byte) int {
	for at := 0; ; {
		end := bytes.IndexByte(text[at:], '\n')
		if end < 0 {
			return len(text)
		}
		if at += end + 1; at < len(text) && strings.IndexByte(" \t\r\n}],", text[at]) < 0 {
			return at
		}
	}
}

// deepest is how many wrappers are taken off.
const deepest = 5

// unwrapped are the events within a value.
func unwrapped(value json.RawMessage, line, depth int) []captured {
	if depth > deepest || len(value) == 0 {
		return []captured{{line: line, body: value}}
	}
	each := func(all []json.RawMessage) (out []captured) {
		from := 0
		for _, one := range all {
			at := max(bytes.Index(value[from:], one), 0) + from
			out = append(out, unwrapped(one, line+bytes.Count(value[:at], []byte{'\n'}), depth+1)...)
			from = at + len(one)
		}
		return out
	}
	switch value[0] {
	case '[':
		var all []json.RawMessage
		if json.Unmarshal(value, &all) == nil {
			return each(all)
		}
	case '"':
		var body string
		if json.Unmarshal(value, &body) == nil {
			return []captured{{line: line, body: []byte(body)}}
		}
	case '{':
		var wrapper struct {
			Messages []json.RawMessage
			Body     *string
		}
		err := json.Unmarshal(value, &wrapper)
		switch {
		case err == nil && wrapper.Body != nil:
			return []captured{{line: line, body: []byte(*wrapper.Body)}}
		case err == nil && wrapper.Messages != nil:
			return each(wrapper.Messages)
		}
	}
	return []captured{{line: line, body: value}}
}
