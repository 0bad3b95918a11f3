package bench

import (
	"testing"
	"time"

	"berth/internal/sim/world"
)

func TestCallsAreCountedByWhatTheyAreFor(t *testing.T) {
	got := Count([]world.Entry{
		{What: "call", Name: "ec2.DescribeVpcs"},
		{What: "call", Name: "ec2.DescribeVpcs"},
		{What: "draw", Name: "ec2.nat-create"},
		{What: "call", Name: "ec2.CreateVpc"},
		{What: "call", Name: "s3.PutObject", Detail: `{"Bucket":"b","Key":"lease/infra"}`},
		{What: "call", Name: "s3.PutObject", Detail: `{"Bucket":"b","Key":"ecs.config"}`},
		{What: "call", Name: "s3.DeleteObjects", Detail: `{"Bucket":"b","Delete":{"Objects":[{"Key":"lease/infra"}]}}`},
		{What: "call", Name: "s3.GetObject", Detail: `{"Bucket":"b","Key":"lease/infra"}`},
	})
	if got.Calls != 7 || got.Reads != 2 || got.Writes != 3 || got.Lease != 2 || got.Kinds["ec2.DescribeVpcs"] != 2 {
		t.Errorf("%+v", got)
	}
}

func TestDepthIsTheLongestRowOfCalls(t *testing.T) {
	at := func(ms ...int) []world.Entry {
		var entries []world.Entry
		for _, n := range ms {
			entries = append(entries, world.Entry{What: "call", At: world.Epoch().Add(time.Duration(n) * time.Millisecond)})
		}
		return entries
	}
	for _, c := range []struct {
		name    string
		answers []world.Entry
		want    int
	}{
		{"nothing", nil, 0},
		{"one", at(100), 1},
		{"together", at(100, 100, 130, 199), 1},
		{"two rounds", at(100, 101, 201, 205), 2},
		{"one of the second round waited for the first answer only", at(100, 140, 200), 2},
		{"out of order", at(300, 100, 200), 3},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := Depth(c.answers, 100*time.Millisecond); got != c.want {
				t.Errorf("%d, want %d", got, c.want)
			}
		})
	}
}
