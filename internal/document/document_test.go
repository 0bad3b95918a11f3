package document

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestEveryPartKnowsWhereItStands(t *testing.T) {
	v, err := Parse("taskdef.json", []byte("{\n  \"family\": \"wéb\", \"cpu\" : 256,\n  \"list\": [true,\n    null]\n}\n"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   Position
		want string
	}{
		{v.At, "taskdef.json:1:1"},
		{v.Get("family").At, "taskdef.json:2:13"},
		{v.Members[1].At, "taskdef.json:2:20"},
		{v.Get("cpu").At, "taskdef.json:2:28"},
		{v.Get("list", "0").At, "taskdef.json:3:12"},
		{v.Get("list", "1").At, "taskdef.json:4:5"},
	} {
		if got := c.at.String(); got != c.want {
			t.Errorf("at %s, want %s", got, c.want)
		}
	}
	if n, ok := v.Get("cpu").Number(); n != 256 || !ok || v.Get("list", "7").There() || v.Get("family", "x").There() {
		t.Errorf("the values are not found again: %s", v.JSON())
	}
}

func TestWhatIsNoJSONIsToldWithItsPlace(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "f:1:1: the text ends before the JSON value does"},
		{"{\n\"a\": 1", "f:2:7: the text ends before the JSON value does"},
		{"{\"a\": 1,\n \"a\": 2}", `f:2:2: "a" stands here a second time; the first is in line 1`},
		{"{\"a\": 1}\n{}", "f:2:1: something stands behind the end of the JSON value"},
		{"{\n  // why\n}", "f:2:3: JSON has no comments"},
		{"{\"a\": 1,}", "f:1:9: a comma stands before the closing bracket"},
		{"{'a': 1}", "f:1:2: texts and names stand between double quotes"},
		{"# why", "f:1:1: JSON has no comments"},
		{"{\"a\": 1, \"b\": ${B}}", "f:1:15: a placeholder stands between double quotes"},
		{"{\"a\": [1, Infinity]}", "f:1:11: invalid character 'I'"},
		{"{\"a\": tru}", "f:1:7: invalid character '}'"},
		{"{\"a\" 1}", "f:1:6: invalid character '1'"},
		{"[1,, 2]", "f:1:4: invalid character ','"},
		{"[\"é\",\r\n \"x\ty\"]", "f:2:2: invalid character '\\t'"},
		{strings.Repeat("[", 5000), "f:1:102: the value is more than 100 levels deep"},
		{"\"é\xff\", 1", "f:1:3: the text is not UTF-8"},
	} {
		_, err := Parse("f", []byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("Parse(%.20q) = %v, want %s", c.text, err, c.want)
		}
	}
}

// A megabyte of small values on one line is read in the time of a blink; it took minutes when each place was counted from the start.
func TestLongLinesAreReadAtOnce(t *testing.T) {
	const n = 200_000
	list := "[" + strings.Repeat("1,", n) + "1]"
	var names strings.Builder
	for i := range n / 4 {
		fmt.Fprintf(&names, "%q:1,", strconv.Itoa(i))
	}
	for _, text := range []string{list, "{" + names.String() + "\"a\":1}"} {
		v, err := Parse("f", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		if v.Kind == List && v.Items[n].At.Column != len(text)-1 {
			t.Errorf("the last value stands at %s of %d", v.Items[n].At, len(text))
		}
	}
}

func TestByteOrderMarkIsNoPartOfTheText(t *testing.T) {
	if v, err := Parse("f", []byte("\ufeff{}")); err != nil || v.Kind != Object {
		t.Errorf("Parse = %v, %v", v, err)
	}
}

func TestSetMembersReplaceAppendAndGo(t *testing.T) {
	v := New("a", Of("x"), "b", Int(1), "none", Value{})
	w := v.With("b", Flag(true)).With("c", Items(Of("y"))).With("a", Value{})
	if got := w.JSON(); got != `{"b":true,"c":["y"]}` || v.JSON() != `{"a":"x","b":1}` {
		t.Errorf("With made %s of %s", got, v.JSON())
	}
}

func TestOrderOfMembersAndAbsenceDoNotCount(t *testing.T) {
	v := New("a", Of("x"), "b", Value{Kind: Null}, "n", Value{Kind: Number, Text: "1.0"})
	w := New("n", Int(1), "a", Of("x"))
	if !v.Equal(w) || !w.Equal(v) || v.Equal(w.With("c", Of(""))) || Items(v, w).Equal(Items(v)) {
		t.Error("Equal counts what does not count, or does not count what does")
	}
}

func values() *rapid.Generator[Value] {
	return rapid.Deferred(func() *rapid.Generator[Value] {
		return rapid.Custom(func(t *rapid.T) Value {
			switch rapid.IntRange(0, 5).Draw(t, "kind") {
			case 0:
				return Value{Kind: Null}
			case 1:
				return Flag(rapid.Bool().Draw(t, "flag"))
			case 2:
				return Int(rapid.Int().Draw(t, "number"))
			case 3:
				return Of(rapid.String().Draw(t, "text"))
			case 4:
				return Items(rapid.SliceOfN(values(), 0, 3).Draw(t, "items")...)
			}
			v := Value{Kind: Object}
			for i, name := range rapid.SliceOfNDistinct(rapid.String(), 0, 3, rapid.ID).Draw(t, "names") {
				v.Members = append(v.Members, Member{Name: name, Value: values().Draw(t, "member"+string(rune('0'+i)))})
			}
			return v
		})
	})
}

func TestSafetyWhatIsWrittenIsReadBackTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := values().Draw(t, "value")
		back, err := Parse("f", []byte(v.JSON()))
		if err != nil || !back.Equal(v) || back.JSON() != v.JSON() {
			t.Fatalf("%s came back as %s, %v", v.JSON(), back.JSON(), err)
		}
	})
}

func TestSafetyNoTextBreaksTheParser(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		src := rapid.SliceOf(rapid.Byte()).Draw(t, "text")
		if v, err := Parse("f", src); err == nil && v.Kind == Absent {
			t.Fatalf("%q is neither a value nor an error", src)
		}
	})
}
