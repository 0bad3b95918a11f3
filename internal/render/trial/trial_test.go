package trial

import (
	"encoding/json"
	"testing"

	"berth/internal/render/ink"
)

func TestATestIsSaidWayByWay(t *testing.T) {
	v := View{ID: "test-1", Cluster: "shop", Failed: "failed", Notes: []string{"3 × NO_PERMISSIONS"}, Ways: []Way{
		{Alert: "chat", By: "slack", Outcome: "arrived", Text: "the receiver has taken it"},
		{Alert: "hook", By: "webhook", To: "hooks.example.com", Outcome: "failed", Text: "answers 500: \x1b[31mno", Fix: "mend it"},
	}}
	want := `test test-1 of the alerts of shop

chat slack
  arrived: the receiver has taken it

hook webhook hooks.example.com
  failed: answers 500: no
  fix: mend it

note: 3 × NO_PERMISSIONS
`
	if got := v.Text(ink.Style{}); got != want {
		t.Errorf("%s", got)
	}
	if v.Passed() {
		t.Error("it passed")
	}
	v.Ways = v.Ways[:1]
	if !v.Passed() {
		t.Error("it did not pass")
	}
}

func TestProgramsGetListsAndNoEscapes(t *testing.T) {
	b, err := View{Cluster: "shop", Failed: "failed", Ways: []Way{{Outcome: "failed", Text: "\x1b[31mno"}}}.JSON()
	var got struct {
		Passed bool
		Ways   []Way
		Notes  []string
	}
	if err == nil {
		err = json.Unmarshal(b, &got)
	}
	if err != nil || got.Passed || got.Ways[0].Text != "no" || got.Notes == nil {
		t.Errorf("%s %v", b, err)
	}
}
