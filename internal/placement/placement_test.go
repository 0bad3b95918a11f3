package placement

import (
	"testing"

	"berth/internal/document"
	"berth/internal/live"
)

func TestDaemonsOfACaptureAreKeptRoomFor(t *testing.T) {
	spec, err := document.Parse("agent", []byte(`{"family":"agent","containerDefinitions":[{"name":"agent","memory":100}]}`))
	if err != nil {
		t.Fatal(err)
	}
	settings := document.New("schedulingStrategy", document.Of("DAEMON"))
	c := live.Capture{Definitions: []live.Definition{{ARN: "agent:1", Spec: spec}}, Services: []live.Service{
		{Name: "agent", Status: "ACTIVE", Daemon: true, Definition: "agent:1", Spec: settings},
		{Name: "leaves", Status: "DRAINING", Daemon: true, Definition: "agent:1", Spec: settings},
		{Name: "unread", Status: "ACTIVE", Daemon: true, Definition: "unread:1", Spec: settings},
		{Name: "web", Status: "ACTIVE", Definition: "agent:1"},
	}}
	got := SiteOf(c).Daemons
	if len(got) != 1 || got[0].Group != "service:agent" || got[0].Room.Memory != 100 || !got[0].Daemon {
		t.Errorf("%+v", got)
	}
}
