package incident

import (
	"strings"
	"testing"
	"time"

	"berth/internal/render/ink"
	"berth/internal/watch"
)

var noon = time.Date(2026, 11, 2, 12, 0, 0, 0, time.UTC)

func trouble() watch.Incident {
	return watch.Incident{
		ID: "3f2a", Code: "WHY101", Severity: watch.Error, Text: "image web:2 is \x1b[31mnot there", Fix: "push it\x07", Evidence: []string{"AWS says: \x1b]0;x\x07no"},
		Members: []watch.Member{{Name: "service/web"}, {Name: "service/api"}}, More: 3, Count: 7, Began: noon.Add(-time.Hour), Opened: noon.Add(-time.Hour), Last: noon,
	}
}

func TestAChangeIsAFewLinesThatSteerNoTerminal(t *testing.T) {
	m := watch.Message{Kind: watch.Opened, At: noon, Title: "5 services in prod/shop: \u202eno", Incident: trouble()}
	want := `12:00:00 opened error WHY101 5 services in prod/shop: no
         at: service web, service api and 3 more
         - AWS says: no
         fix: push it
`
	if got := Text(m); got != want {
		t.Errorf("%q", got)
	}
	m.Kind = watch.Resolved
	if got := Text(m); got != "12:00:00 resolved error WHY101 5 services in prod/shop: no\n" {
		t.Errorf("%q", got)
	}
}

func TestAScreenHasTheOpenIncidentsAndWhoWatches(t *testing.T) {
	over, held := trouble(), trouble()
	over.Resolved, held.Opened = noon, time.Time{}
	open := trouble()
	part := func(beat time.Time, incidents ...*watch.Incident) string {
		p := ink.NewPage(ink.Style{Width: 200})
		Of(watch.Memory{Beat: beat, State: watch.State{Incidents: incidents}}, noon, " --sim").Part(p)
		return p.String()
	}
	if got := part(time.Time{}, &open); got != "" {
		t.Errorf("nobody ever watched, and it says %q", got)
	}
	for _, words := range []string{"error service web, service api and 3 more: image web:2 is not there [WHY101]", "for 1h, 7 times", "fix: push it", "last at work 1m ago"} {
		if got := part(noon.Add(-time.Minute), &over, &held, &open); strings.Count(got, words) != 1 {
			t.Errorf("it does not say %q once:\n%s", words, got)
		}
	}
	if got := part(noon.Add(-time.Hour), &over, &held); !strings.Contains(got, "none is open") || !strings.Contains(got, "last at work 1h ago, and knows nothing newer: berth watch --sim") {
		t.Errorf("%s", got)
	}
}

func TestProgramsGetTheOpenIncidentsClean(t *testing.T) {
	open := trouble()
	got := Of(watch.Memory{State: watch.State{Incidents: []*watch.Incident{&open}}}, noon, "").ForPrograms()
	if len(got) != 1 || got[0].Text != "image web:2 is not there" || got[0].Fix != "push it" || len(got[0].Members) != 2 || got[0].More != 3 {
		t.Errorf("%+v", got)
	}
	if none := Of(watch.Memory{}, noon, "").ForPrograms(); none == nil || len(none) != 0 {
		t.Errorf("%#v", none)
	}
}
