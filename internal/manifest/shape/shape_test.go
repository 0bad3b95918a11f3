package shape

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/document"
)

func strict(document.Value) Leeway { return Strict }

// told is a problem on one line.
func told(p Problem) string {
	return fmt.Sprint(p.At.Line, ":", p.At.Column, " ", []string{"unknown", "type", "missing", "choice"}[p.Kind], " ", p.Path(), " ", p.Want)
}

func TestWhatDoesNotFitIsToldWithItsPlace(t *testing.T) {
	for text, want := range map[string][]string{
		`{"family": "web", "containerDefinitions": [{"name": "web", "cpu": 5, "essential": true}]}`: nil,
		`{"family": "web", "containerDefinitions": null}`:                                           {"1:1 missing containerDefinitions a list of objects"},
		`{"Family": "web", "containerDefinitions": []}`:                                             {"1:2 unknown Family ", "1:1 missing family a text"},
		`{"family": 7, "containerDefinitions": [{"cpu": "5"}, null]}`: {
			"1:12 type family a text", "1:48 type containerDefinitions[0].cpu a whole number", "1:54 type containerDefinitions[1] an object",
		},
		`{"family": "f", "containerDefinitions": [], "networkMode": "Bridge"}`: {"1:60 choice networkMode "},
		`{"family": "f", "containerDefinitions": [{"cpu": 1.5, "dockerLabels": {"a": 1}, "command": ["a", 2]}]}`: {
			"1:50 type containerDefinitions[0].cpu a whole number", "1:77 type containerDefinitions[0].dockerLabels.a a text",
			"1:98 type containerDefinitions[0].command[1] a text",
		},
		`{"family": "f", "containerDefinitions": {"name": "web"}}`: {"1:41 type containerDefinitions a list of objects"},
		`[]`: {"1:1 type  an object"},
		`{"family": "f", "containerDefinitions": [{"secrets": [{"name": "A"}], "cpu": 1e3}]}`: {
			"1:55 missing containerDefinitions[0].secrets[0].valueFrom a text", "1:78 type containerDefinitions[0].cpu a whole number",
		},
	} {
		v, err := document.Parse("f", []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		_, found := Check(TaskDefinition, v, strict)
		for _, p := range found {
			got = append(got, told(p))
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s\n got %s\nwant %s", text, strings.Join(got, "; "), strings.Join(want, "; "))
		}
	}
}

func TestVariablesStandForNumbersAndBooleans(t *testing.T) {
	v := document.New("serviceName", document.Of("web"), "desiredCount", document.Of("3"), "enableExecuteCommand", document.Of("true"))
	loose := func(document.Value) Leeway { return Loose }
	got, found := Check(Service, v, loose)
	if want := `{"serviceName":"web","desiredCount":3,"enableExecuteCommand":true}`; got.JSON() != want || len(found) > 0 {
		t.Errorf("got %s, %v", got.JSON(), found)
	}
	for _, text := range []string{"", "three", "1.5", "99999999999", "NaN"} {
		if _, found := Check(Service, v.With("desiredCount", document.Of(text)), loose); len(found) != 1 || found[0].Kind != Type {
			t.Errorf("%q became a number: %v", text, found)
		}
	}
}

func TestWhatIsNotKnownYetFitsEverywhere(t *testing.T) {
	v := document.New("serviceName", document.Of("web"), "networkConfiguration",
		document.New("awsvpcConfiguration", document.New("subnets", document.Of("later"))))
	if _, found := Check(Service, v, func(document.Value) Leeway { return Open }); len(found) > 0 {
		t.Error(found)
	}
}

func TestEveryWordOfTheTableLeadsSomewhere(t *testing.T) {
	all := lines()
	for name, rest := range all {
		for w := range strings.FieldsSeq(rest) {
			if name[0] == '=' {
				continue
			}
			_, word, ok := strings.Cut(strings.TrimSuffix(w, "*"), ":")
			word = strings.Trim(word, "[]{}")
			if _, known := all[word]; !ok || !known && !strings.Contains("s b i f d", word) {
				t.Errorf("%s of %s leads nowhere", w, name)
			}
		}
	}
	for _, root := range []string{TaskDefinition, Service} {
		if all[root] == "" {
			t.Errorf("%s is not in the table", root)
		}
	}
}

func TestSafetyNoDocumentBreaksTheCheck(t *testing.T) {
	names := names(strings.Fields(lines()[TaskDefinition] + " " + lines()["ContainerDefinition"] + " " + lines()["PortMapping"]))
	var value func(t *rapid.T, depth int) document.Value
	value = func(t *rapid.T, depth int) document.Value {
		switch k := rapid.IntRange(0, 5).Draw(t, "kind"); {
		case k == 0 || depth > 5:
			return document.Of(rapid.SampledFrom([]string{"", "3", "bridge", "true"}).Draw(t, "text"))
		case k == 1:
			return document.Int(rapid.Int().Draw(t, "n"))
		case k == 2:
			return document.Value{Kind: document.Null}
		case k == 3:
			return document.Items(value(t, depth+1), value(t, depth+1))
		}
		v := document.Value{Kind: document.Object}
		for range rapid.IntRange(0, 4).Draw(t, "members") {
			v = v.With(rapid.SampledFrom(names).Draw(t, "name"), value(t, depth+1))
		}
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		v := value(t, 0)
		got, found := Check(TaskDefinition, v, func(v document.Value) Leeway { return Leeway(len(v.Text) % 3) })
		again, foundAgain := Check(TaskDefinition, got, strict)
		if len(found) == 0 && len(foundAgain) == 0 && !again.Equal(got) {
			t.Fatal("what fits was changed")
		}
	})
}
