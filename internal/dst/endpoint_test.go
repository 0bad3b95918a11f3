package dst

import (
	"os"
	"testing"
)

func TestAClosedNetworkGoesWithoutItsKeys(t *testing.T) {
	text, err := os.ReadFile("testdata/feature/closed.tfvars")
	if err != nil {
		t.Fatal(err)
	}
	r, c := standing(t, small, string(text))
	loseKeys(r)
	if err := r.Destroy(c); err != nil {
		t.Fatal(err)
	}
	r.Settle()
	empty, plain := standing(t, small)
	if err := empty.Destroy(plain); err != nil {
		t.Fatal(err)
	}
	empty.Settle()
	if got, want := r.Census(), empty.Census(); got != want {
		t.Errorf("something is left behind:\n%s\nwant:\n%s", got, want)
	}
}
