package toml_test

import (
	"encoding/json"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/config/toml"
)

func parse(t testing.TB, text string) toml.Table {
	t.Helper()
	out, err := toml.Parse(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return out
}

func TestEveryWayToWriteAValueIsRead(t *testing.T) {
	got := parse(t, strings.Join([]string{
		"# a comment", "bare-key_1 = \"text\" # more", `"quoted key" = 'C:\path'`, "a.b.c = 1", "a.b.d = +1_000", "hex = 0xfF", "oct = 0o17", "bin = 0b1_0",
		"negative = -17", "float = 6.5e-3", "yes = true", "no = false", "list = [1, 2, # two", " 3,", "]", "mixed = [ 'a', [ ], { x = 1, y.z = 2 } ]",
		`escapes = "\b\t\n\f\r\"\\ \u00e9 \U0001F600"`, "long = \"\"\"\nfirst \\\n   second\nthird\"\"\"\"", "raw = '''", "a\\b'''''",
		"[table]", "x = 1", "[table.inner.most]", "y = 2", "[table.inner]", "z = 3", "[[array.of]]", "n = 1", "[array.of.sub]", "m = 1", "[[array.of]]", "n = 2", "\r", "",
	}, "\n"))
	want := toml.Table{
		"bare-key_1": "text", "quoted key": `C:\path`, "a": toml.Table{"b": toml.Table{"c": int64(1), "d": int64(1000)}}, "hex": int64(255), "oct": int64(15),
		"bin": int64(2), "negative": int64(-17), "float": 6.5e-3, "yes": true, "no": false, "list": []any{int64(1), int64(2), int64(3)},
		"mixed":   []any{"a", []any{}, toml.Table{"x": int64(1), "y": toml.Table{"z": int64(2)}}},
		"escapes": "\b\t\n\f\r\"\\ é 😀", "long": "first second\nthird\"", "raw": "a\\b''",
		"table": toml.Table{"x": int64(1), "inner": toml.Table{"most": toml.Table{"y": int64(2)}, "z": int64(3)}},
		"array": toml.Table{"of": []any{toml.Table{"n": int64(1), "sub": toml.Table{"m": int64(1)}}, toml.Table{"n": int64(2)}}},
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%#v\nwant %#v", got, want)
	}
}

func TestWhatIsNoTOMLIsRefusedAtItsPlace(t *testing.T) {
	for text, want := range map[string]string{
		"#!/bin/bash\necho ready\n": "line 2, column 6: an = is missing behind the key",
		"a = ":                      "line 1, column 5: a value is missing; text stands in quotes",
		"a = b":                     "line 1, column 5: b is no number and neither true nor false; text stands in quotes",
		"a = 1 b = 2":               "line 1, column 7: something stands where the line should end",
		"a = 1\na = 2":              "line 2, column 1: a is there already",
		"[a]\n[a]":                  "line 2, column 1: a is there already",
		"[a]\n[b]\n[a]\nx = 1":      "line 3, column 1: a is there already",
		"[settings.ecs]\n\n[settings]\necs.x = 1": "line 4, column 1: ecs.x would add to a table that stands elsewhere",
		"a.b = 1\n[a]":             "line 2, column 1: a is there already",
		"a = { b = 1 }\n[a.c]":     "line 2, column 1: a is no table that can be added to",
		"a = { b = 1 }\na.c = 1":   "line 2, column 1: a.c would add to a table that stands elsewhere",
		"a = [ { b = 1 } ]\n[[a]]": "line 2, column 1: a is there already",
		"[[a]]\n[a]":               "line 2, column 1: a is there already",
		"a = 1\n[a.b]":             "line 2, column 1: a is no table that can be added to",
		"[a":                       "line 1, column 3: the name of a table should end with ]",
		"[a]]":                     "line 1, column 4: something stands where the line should end",
		"[]":                       "line 1, column 2: a key is missing, or has characters that need quotes",
		"é = 1":                    "line 1, column 1: a key is missing, or has characters that need quotes",
		"é":                        "line 1, column 1: a key is missing, or has characters that need quotes",
		"a = \"é\" x":              "line 1, column 9: something stands where the line should end",
		"a = \"x":                  "line 1, column 5: a text in quotes does not end on its line, or holds a control character",
		"a = \"x\ny\"":             "line 1, column 5: a text in quotes does not end on its line, or holds a control character",
		"a = 'x\ny'":               "line 1, column 5: a text in quotes does not end on its line, or holds a control character",
		"a = \"\"\"x":              "line 1, column 5: a text in three quotes does not end",
		"a = '''x":                 "line 1, column 5: a text in three quotes does not end",
		"a = \"\\x\"":              "line 1, column 6: there is no such escape; a backslash is written \\\\",
		"a = \"\\uD800\"":          "line 1, column 6: the escape stands for no character",
		"a = \"\\u12":              "line 1, column 6: there is no such escape; a backslash is written \\\\",
		"a = [1 2]":                "line 1, column 8: a comma or ] is missing in a list",
		"a = [1,":                  "line 1, column 8: a list does not end",
		"a = { b = 1, }":           "line 1, column 14: a comma or } is missing in a table of one line, or too many are there",
		"a = { b = 1":              "line 1, column 12: a comma or } is missing in a table of one line, or too many are there",
		"a = { b = 1 c = 2 }":      "line 1, column 13: a comma or } is missing in a table of one line, or too many are there",
		"a = 012":                  "line 1, column 5: 012 is no number and neither true nor false; text stands in quotes",
		"a = 1__0":                 "line 1, column 5: 1__0 is no number and neither true nor false; text stands in quotes",
		"a = 9223372036854775808":  "line 1, column 5: the number 9223372036854775808 is too large",
		"a = 0xffffffffffffffff":   "line 1, column 5: the number 0xffffffffffffffff is too large",
		"a = 1e999":                "line 1, column 5: the number 1e999 is too large",
		"a = inf":                  "line 1, column 5: inf is no number and neither true nor false; text stands in quotes",
		"a = 2026-11-23":           "line 1, column 5: 2026-11-23 is no number and neither true nor false; text stands in quotes",
		"a = \"\x01\"":             "line 1, column 5: a text in quotes does not end on its line, or holds a control character",
		"# \x01":                   "line 1, column 3: a comment holds a control character",
		"a = '''\x01'''":           "line 1, column 8: a text holds a control character",
		"a = \"\"\"\x01\"\"\"":     "line 1, column 8: a text holds a control character",
		"a = \xff":                 "line 1, column 1: it is not UTF-8",
	} {
		if out, err := toml.Parse(text); err == nil || err.Error() != want {
			t.Errorf("%q: %v %v, want %s", text, out, err, want)
		}
	}
}

// tables draws what Table may hold.
func tables() *rapid.Generator[toml.Table] {
	key := rapid.OneOf(rapid.StringMatching(`[a-z-]{1,6}`), rapid.String())
	scalar := rapid.OneOf(rapid.Map(rapid.String(), wrap[string]), rapid.Map(rapid.Int64(), wrap[int64]), rapid.Map(rapid.Bool(), wrap[bool]),
		rapid.Map(rapid.Float64Range(-1e300, 1e300), wrap[float64]))
	inner := rapid.MapOfN(key, scalar, 0, 3)
	value := rapid.OneOf(scalar, rapid.Map(rapid.SliceOfN(scalar, 0, 3), wrap[[]any]),
		rapid.Map(inner, func(m map[string]any) any { return toml.Table(m) }),
		rapid.Map(inner, func(m map[string]any) any { return []any{toml.Table(m)} }),
		rapid.Map(inner, func(m map[string]any) any { return toml.Table{"deeper": toml.Table(m)} }))
	return rapid.Map(rapid.MapOfN(key, value, 0, 5), func(m map[string]any) toml.Table { return m })
}

func wrap[T any](v T) any { return v }

func TestSafetyWhatIsWrittenIsReadAsTheSame(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		want := tables().Draw(rt, "table")
		if got := parse(t, toml.Write(want)); !reflect.DeepEqual(got, want) {
			rt.Fatalf("%#v\nwant %#v\n%s", got, want, toml.Write(want))
		}
	})
}

func TestAnotherReaderReadsWhatIsWrittenAsTheSame(t *testing.T) {
	const program = "import sys, json, tomllib\nfor one in json.load(sys.stdin):\n print(json.dumps(tomllib.loads(one)))"
	if err := exec.Command("python3", "-c", "import tomllib").Run(); err != nil {
		t.Skip("there is no other reader here")
	}
	var texts, want []string
	for seed := range 200 {
		table := tables().Example(seed)
		texts = append(texts, toml.Write(table))
		want = append(want, asJSON(t, table))
	}
	cmd := exec.Command("python3", "-c", program)
	cmd.Stdin = strings.NewReader(asJSON(t, texts))
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %.2000s", err, out)
	}
	for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		var got, wanted any
		if json.Unmarshal([]byte(line), &got) != nil || json.Unmarshal([]byte(want[i]), &wanted) != nil || !reflect.DeepEqual(got, wanted) {
			t.Errorf("%s\nis read as %s\nwant %s", texts[i], line, want[i])
		}
	}
}

func asJSON(t *testing.T, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestOfTwoTablesTheUpperOneHolds(t *testing.T) {
	base := parse(t, "a = 1\nb = 2\n[t]\nx = 1\ny = 1\n[s]\nk = 1")
	over := parse(t, "b = 3\ns = 7\n[t]\ny = 2\nz = 2")
	want := parse(t, "a = 1\nb = 3\ns = 7\n[t]\nx = 1\ny = 2\nz = 2")
	if got := over.Over(base); !reflect.DeepEqual(got, want) {
		t.Error(got)
	}
	if v, ok := base.Find("t", "y"); !ok || v != int64(1) {
		t.Error("the lower one was changed")
	}
	if _, ok := base.Find("a", "y"); ok {
		t.Error("a number has no keys")
	}
}

func FuzzParseNeverPanicsAndWhatItReadsCanBeWritten(f *testing.F) {
	for _, seed := range []string{"a = 1", "[a.b]\nc = \"x\"", "[[a]]\nb = [1, {c = 2}]", "a = \"\"\"\n\\\n x\"\"\"", "a.b = '''\n'''"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		read, err := toml.Parse(text)
		if err != nil {
			return
		}
		if again, err := toml.Parse(toml.Write(read)); err != nil || !reflect.DeepEqual(again, read) {
			t.Fatalf("%q: %v %v", text, again, err)
		}
	})
}
