package agent

import (
	"encoding/json"
	"os/exec"
	"reflect"
	"strings"
	"testing"
)

func TestSettingsAreReadByPath(t *testing.T) {
	s, err := readSettings(strings.Join([]string{
		"# comment", "a = 'x' # more", `b."c.d".e = "\u00e9\n"`, "[settings.ecs] # here", `cluster="shop"`, "n = 0x10", "flag = true", "f = 1.5e3", "day = 2026-11-23",
		"list = [ 'a', # one", ` "b",`, " [1, 2] ]", "of = [ { x = 1 }, { x = 2 } ]", "in = { line = 1, deep.er = 'y' }", "[settings.ecs.instance-attributes]", `"cost/center" = "a b"`,
		"[[mirrors]]", "x = 1", "[[mirrors]]", "x = 2", "[long]", `t = """`, "one", `"two" \""""`, "l = '''", `a\b'''`, "",
	}, "\n"))
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]any{
		"a": "x", `b."c.d".e`: "é\n", "settings.ecs.cluster": "shop", "settings.ecs.n": 16, "settings.ecs.flag": true, "settings.ecs.f": "1.5e3", "settings.ecs.day": "2026-11-23",
		"settings.ecs.list": []any{"a", "b", []any{1, 2}}, "settings.ecs.in.line": 1, "settings.ecs.in.deep.er": "y",
		"settings.ecs.instance-attributes.cost/center": "a b", "long.t": "one\n\"two\" \"", "long.l": `a\b`,
	} {
		if !reflect.DeepEqual(s.values[name], want) {
			t.Errorf("%s is %#v, want %#v", name, s.values[name], want)
		}
	}
}

func TestWhatTOMLForbidsIsRefused(t *testing.T) {
	texts := []string{
		"a", "a =", "a = b", "a = 1 b", "a = 1\na = 2", "[a]\n[a]", "[a.b]\nx=1\n[a]\nb.y=2", "a = 1\n[a.b]", "a.b = 1\na = 2", "a = {b = 1}\na.c = 2", "a = [1 2]",
		"a = [1", "a = {b = 1", "a = {b = 1 c = 2}", `a = "x`, "a = 'x", `a = """x`, "a = '''x", "[a", "[[a]", "= 1", "a = 012", `a = "\x"`, "[]", "a. = 1", "a = \"x\ny\"",
	}
	for _, text := range texts {
		if s, err := readSettings(text); err == nil {
			t.Errorf("%q is %v", text, s.values)
		}
	}
	const program = "import sys, json, tomllib\nfor t in json.load(sys.stdin):\n  try:\n    tomllib.loads(t)\n    print(repr(t))\n  except tomllib.TOMLDecodeError:\n    pass"
	b, err := json.Marshal(texts)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("python3", "-c", program)
	cmd.Stdin = strings.NewReader(string(b))
	if out, err := cmd.CombinedOutput(); err == nil && len(out) > 0 { // another reader, where there is one, agrees
		t.Errorf("TOML after all: %s", out)
	}
}

func TestOneSettingThatBottlerocketDoesNotTakeAndItTakesNone(t *testing.T) {
	for line, takes := range map[string]bool{ // unordered: each is read alone
		`task-cleanup-wait = "1h30m"`: true, `task-cleanup-wait = "1.5h"`: true, `image-cleanup-age = "10ms3\u00b5s1ns"`: true, `reserved-memory = 65535`: true,
		`task-cleanup-wait = "30m1h"`: false, `task-cleanup-wait = "-1h"`: false, `image-cleanup-wait = ""`: false, `image-cleanup-wait = "0"`: false,
		`container-stop-timeout = 30`: false, `reserved-memory = 65536`: false, `reserved-memory = -1`: false, `clusters = "x"`: false, `loglevel = true`: false,
	} {
		err := new(Config).readTOML("[settings.ecs]\n" + line + "\n")
		if (err == nil) != takes {
			t.Errorf("%s: %v", line, err)
		}
	}
}
