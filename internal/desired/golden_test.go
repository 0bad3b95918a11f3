package desired_test

import (
	"flag"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTheOriginalFileMakesAWholeCluster(t *testing.T) {
	golden(t, "original.txt", text(build(t, original)))
}

func TestAFileWithEverythingMakesAllOfIt(t *testing.T) {
	golden(t, "everything.txt", text(build(t, everything)))
}
