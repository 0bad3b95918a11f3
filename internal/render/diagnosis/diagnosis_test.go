package diagnosis

import (
	"encoding/json"
	"strings"
	"testing"

	"berth/internal/diagnose"
	"berth/internal/live"
	"berth/internal/render/ink"
)

func TestNoTextOfAWSSteersTheTerminal(t *testing.T) {
	c := live.Capture{Subject: live.Subject{Kind: "service", Name: "we\x1b[2Jb"}, Missing: []string{"x\u202ey"}}
	found := []diagnose.Diagnosis{{Code: "WHY999", Text: "a\x1b[31mb", Subject: "s\x07", Evidence: []string{"AWS says: \x1b]0;title\x07words"}, Fix: "c\u202ed", Final: true}}
	text := Text(c, found, ink.Style{})
	data, err := JSON(c, found)
	if err != nil || !json.Valid(data) {
		t.Fatal(err)
	}
	for _, bad := range []string{"\x1b", "\x07", "\u202e", `\u001b`, `\u0007`} {
		if strings.Contains(text, bad) || strings.Contains(string(data), bad) {
			t.Errorf("%q is left in\n%s\n%s", bad, text, data)
		}
	}
	for _, want := range []string{"service web", "1. ab [WHY999]", "AWS says: words", "waiting does not help", "fix: cd", "berth explain WHY999"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
}

func TestWhatIsWellIsSaidToBe(t *testing.T) {
	c := live.Capture{Subject: live.Subject{Kind: "service", Name: "web"}, Cluster: "shop", Services: []live.Service{{Name: "web", Running: 2, Desired: 2}}}
	if text := Text(c, nil, ink.Style{}); !strings.Contains(text, "nothing is wrong") || !strings.Contains(text, "web runs 2 of 2 tasks") {
		t.Error(text)
	}
	data, _ := JSON(c, nil)
	if !strings.Contains(string(data), `"diagnoses": []`) || !strings.Contains(string(data), `"missing": []`) {
		t.Error(string(data))
	}
}
