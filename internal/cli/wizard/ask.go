package wizard

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"berth/internal/config"
)

// ErrEnded says that the answers ended before the questions did.
var ErrEnded = errors.New("the answers ended before the questions; nothing was written")

// talk is a conversation: questions go out, lines come in.
type talk struct {
	in  *bufio.Reader
	out io.Writer
}

// Ask asks whatever is not given, and asks again while an answer is wrong, with the reasons. It ends early with ctx, or
// with ErrEnded.
func Ask(ctx context.Context, in io.Reader, out io.Writer, given []Setting) ([]Setting, error) {
	t := talk{bufio.NewReader(in), out}
	set, k := begin(given)
	for _, q := range questions() {
		if _, ok := k[q.name]; ok {
			continue
		}
		raw, err := t.ask(ctx, q, k, set)
		if err != nil {
			return nil, err
		}
		if raw != "" {
			k[q.name] = raw
			set = append(set, Setting{q.name, raw})
		}
	}
	return set, nil
}

// ask asks one question until its answer is right.
func (t talk) ask(ctx context.Context, q question, k known, set []Setting) (string, error) {
	usual := q.usual(k)
	for {
		if usual == "" {
			fmt.Fprintf(t.out, "%s: ", q.text)
		} else {
			fmt.Fprintf(t.out, "%s [%s]: ", q.text, usual)
		}
		line, err := t.line(ctx)
		if err != nil {
			fmt.Fprintln(t.out)
			return "", err
		}
		if line == "" {
			line = usual
		}
		raw := q.raw(line)
		wrong := reasons(q, raw, set)
		if len(wrong) == 0 {
			return raw, nil
		}
		for _, f := range wrong {
			fmt.Fprintf(t.out, "  %s\n", f.Summary)
			for hint := range strings.Lines(f.Hint) {
				fmt.Fprintf(t.out, "  hint: %s\n", strings.TrimSuffix(hint, "\n"))
			}
		}
	}
}

// reasons are the errors that an answer brings: those of the file that it would make with the usual answers to all
// questions that follow. Where some name the setting itself, the others only follow from it.
func reasons(q question, raw string, set []Setting) config.Faults {
	if raw == "" {
		return nil
	}
	_, found := Usual(append(append([]Setting{}, set...), Setting{q.name, raw}))
	var out config.Faults
	for _, f := range found {
		if f.Severity == config.Error {
			out = append(out, f)
		}
	}
	own := slices.DeleteFunc(slices.Clone(out), func(f config.Fault) bool { return !strings.Contains(f.Summary, q.name) })
	if len(own) > 0 {
		return own
	}
	return out
}

// line reads one answer, unless ctx ends before.
func (t talk) line(ctx context.Context) (string, error) {
	type answer struct {
		text string
		err  error
	}
	read := make(chan answer, 1)
	go func() {
		text, err := t.in.ReadString('\n')
		read <- answer{text, err}
	}()
	select {
	case <-ctx.Done():
		return "", ctx.Err()
	case a := <-read:
		if a.err != nil && a.text == "" {
			return "", ErrEnded
		}
		return strings.TrimSpace(a.text), nil
	}
}
