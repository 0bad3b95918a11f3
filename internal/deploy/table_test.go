package deploy

import (
	"strings"
	"testing"

	"berth/internal/document"
)

func TestAnotherClustersRevisionIsNoDifference(t *testing.T) {
	owned := func(cluster string) document.Value {
		tag := func(key, value string) document.Value {
			return document.New("key", document.Of(key), "value", document.Of(value))
		}
		return revision(1).Spec.With("tags", document.Items(tag("Environment", "prod"), tag("Cluster", cluster)))
	}
	s := Snapshot{Order: order(1, 1), Latest: Revision{ARN: revision(1).ARN, Spec: owned("other")}}
	s.Order.Definition = owned("shop")
	if c := Compare(s); !c.NewFamily || len(c.Definition) > 0 || !strings.Contains(c.Why, "web:1, is that of cluster other (prod)") {
		t.Errorf("%+v", c)
	}
	s.Latest.Spec = owned("shop").With("cpu", document.Of("256"))
	if c := Compare(s); c.NewFamily || len(c.Definition) != 1 || c.Why != "" {
		t.Errorf("one of its own is compared: %+v", c)
	}
}
