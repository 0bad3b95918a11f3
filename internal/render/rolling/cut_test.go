package rolling

import (
	"fmt"
	"testing"
)

func TestAListIsCutBeyondTheMostOfIt(t *testing.T) {
	for name, want := range map[string]string{"of 1": "[0] 0", "of 2": "[0 1] 0", "of 3": "[0 1] 1", "of 9": "[0 1] 7"} { // unordered: each by itself
		var n int
		_, _ = fmt.Sscanf(name, "of %d", &n)
		all := []int{0, 1, 2, 3, 4, 5, 6, 7, 8}[:n]
		shown, more := cut(all, 2, false)
		if got := fmt.Sprint(shown, more); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
		if shown, more = cut(all, 2, true); len(shown) != n || more != 0 {
			t.Errorf("%s with -v: %v, and %d more", name, shown, more)
		}
	}
}
