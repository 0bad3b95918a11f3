package spell

import (
	"strings"
	"testing"
)

func TestTheNearestWordIsSuggested(t *testing.T) {
	names := []string{"aws_region", "availability_zones", "max_size", "nat", "spot"}
	for word, want := range map[string]string{
		"aws_regin": "aws_region", "region": "aws_region", "max_sise": "max_size", "MAX_SIZE": "", "spott": "spot", "nta": "nat", "cat": "",
		"": "", "a": "", "zz": "", "on": "", strings.Repeat("x", 10000): "",
	} {
		if got := Nearest(word, names); got != want {
			t.Errorf("%.20s: suggested %q, want %q", word, got, want)
		}
	}
}

func TestDistanceCountsLetters(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"", "ab", 2}, {"kitten", "sitting", 3}, {"nat", "tan", 2}} {
		if got := distance(c.a, c.b); got != c.want {
			t.Errorf("%s to %s is %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
