package main

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// jsonValue looks into a JSON document: json FILE PATH VALUE. A path is member names, indexes and "len" (how many),
// with dots between. VALUE is a regular expression for the whole value; or $NAME=, which keeps it in a variable.
func jsonValue(ts *testscript.TestScript, neg bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: json FILE PATH VALUE")
	}
	var doc any
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &doc))
	got, err := within(doc, args[1])
	ts.Check(err)
	if name, keep := strings.CutSuffix(args[2], "="); keep {
		ts.Setenv(name, got)
		return
	}
	if matched := regexp.MustCompile("^(?:" + args[2] + ")$").MatchString(got); matched == neg {
		ts.Fatalf("%s is %s", args[1], got)
	}
}

// within is the value at a path: texts as they are, everything else as JSON.
func within(doc any, path string) (string, error) {
	for step := range strings.SplitSeq(path, ".") {
		switch here := doc.(type) {
		case map[string]any:
			next, ok := here[step]
			if step == "len" {
				next, ok = float64(len(here)), true
			}
			if !ok {
				return "", fmt.Errorf("%s: no member %q", path, step)
			}
			doc = next
		case []any:
			i, err := strconv.Atoi(step)
			switch {
			case step == "len":
				doc = float64(len(here))
			case err != nil || i < 0 || i >= len(here):
				return "", fmt.Errorf("%s: no element %q of %d", path, step, len(here))
			default:
				doc = here[i]
			}
		default:
			return "", fmt.Errorf("%s: nothing below %v", path, doc)
		}
	}
	if text, ok := doc.(string); ok {
		return text, nil
	}
	b, err := json.Marshal(doc)
	return string(b), err
}
