package essence

import "testing"

func TestZonesOfOneRegionAreListedShortly(t *testing.T) {
	for _, c := range []struct {
		names []string
		want  string
	}{
		{[]string{"eu-west-1a"}, "eu-west-1a"},
		{[]string{"eu-west-1a", "eu-west-1c"}, "eu-west-1a, c"},
		{[]string{"eu-west-1a", "eu-west-2a"}, "eu-west-1a, eu-west-2a"},
		{[]string{"us-west-2a", "us-west-2-lax-1a"}, "us-west-2a, us-west-2-lax-1a"},
		{[]string{"task", "role"}, "task, role"},
		{[]string{""}, ""},
	} {
		if got := Names(c.names); got != c.want {
			t.Errorf("Names(%q) = %q, want %q", c.names, got, c.want)
		}
	}
}
