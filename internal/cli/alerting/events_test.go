package alerting

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// said are the lines at which events stand, and those that are none.
func said(text string) (lines []string) {
	for _, e := range events([]byte(text)) {
		word := fmt.Sprint(e.line, " ", string(e.body))
		if e.bad != "" {
			word = fmt.Sprint(e.line, " bad")
		}
		lines = append(lines, word)
	}
	return lines
}

func TestAFileOfEventsIsTakenApart(t *testing.T) {
	quoted := func(text string) string {
		b, _ := json.Marshal(text)
		return string(b)
	}
	for name, one := range map[string]struct {
		text string
		want []string
	}{
		"nothing":                {" \n\n", nil},
		"lines":                  {"{\"a\":1}\n\n{\"a\":2}", []string{`1 {"a":1}`, `3 {"a":2}`}},
		"a list":                 {"[{\"a\":1},\n{\"a\":1},\n\n{\"a\":2}]", []string{`1 {"a":1}`, `2 {"a":1}`, `4 {"a":2}`}},
		"one over several lines": {"{\n\"a\":\n1}", []string{"1 {\n\"a\":\n1}"}},
		"bodies":                 {quoted(`{"a":1}`) + "\n" + quoted("no event"), []string{`1 {"a":1}`, "2 no event"}},
		"a message":              {`{"MessageId":"1","Body":` + quoted(`{"a":1}`) + `}`, []string{`1 {"a":1}`}},
		"messages":               {"{\"Messages\":[\n{\"Body\":" + quoted(`{"a":1}`) + "},\n{\"Body\":\"x\"}]}", []string{`2 {"a":1}`, "3 x"}},
		"a broken line":          {"{\"a\":1}\n{\"a\":\n{\"a\":2}", []string{`1 {"a":1}`, "2 bad", `3 {"a":2}`}},
		"half an event":          {"{\n \"a\": 1,\n \"b\"\n}\n{\"a\":2}", []string{"1 bad", `5 {"a":2}`}},
		"an end in the midst":    {"{\"a\":1}\n{\"a\"", []string{`1 {"a":1}`, "2 bad"}},
		"what is no JSON":        {"hello\nworld", []string{"1 bad", "2 bad"}},
		"lists within lists":     {strings.Repeat("[", 40) + strings.Repeat("]", 40), []string{"1 " + strings.Repeat("[", 34) + strings.Repeat("]", 34)}},
		"a number":               {"7", []string{"1 7"}},
	} {
		if got := said(one.text); !slices.Equal(got, one.want) {
			t.Errorf("%s: %q, want %q", name, got, one.want)
		}
	}
}

func FuzzTakingAFileApartEnds(f *testing.F) {
	f.Add([]byte("{\"a\":1}\n[\"x\"]\n{"))
	f.Fuzz(func(t *testing.T, text []byte) {
		most := 1 + bytes.Count(text, []byte{'\n'})
		for _, e := range events(text) {
			if e.line < 1 || e.line > most {
				t.Errorf("an event at line %d of %d", e.line, most)
			}
		}
	})
}
