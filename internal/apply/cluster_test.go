package apply_test

import (
	"testing"
)

func TestAWholeClusterStandsAfterOneRun(t *testing.T) {
	a := newAccount(t, nil)
	if n := len(a.group("default").Instances); n != 2 {
		t.Errorf("%d instances", n)
	}
}
