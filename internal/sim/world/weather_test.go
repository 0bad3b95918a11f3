package world

import (
	"testing"
)

func TestFineWeatherCostsNothing(t *testing.T) {
	w := New(1)
	for range 100 {
		if f := w.Weather.Throw(w, "ec2", "CreateVpc"); f != Fine {
			t.Fatalf("fault %d in fine weather", f)
		}
	}
	if len(w.Counts) != 0 {
		t.Errorf("dice were thrown: %v", w.Counts)
	}
}

func TestFaultsComeAsOftenAsAsked(t *testing.T) {
	w := New(1)
	f := Weather{Throttle: 0.1, Break: 0.2, LoseRequest: 0.05, LoseAnswer: 0.15, Stale: 0.3}
	var got [StaleRead + 1]int
	const n = 10_000
	for range n {
		got[f.Throw(w, "ec2", "DescribeVpcs")]++
	}
	for fault, want := range []float64{0.2, 0.1, 0.2, 0.05, 0.15, 0.3} {
		if share := float64(got[fault]) / n; share < want-0.02 || share > want+0.02 {
			t.Errorf("fault %d came with %.3f, asked for %.2f", fault, share, want)
		}
	}
}

func TestFaultsDependOnTheOperationAndItsCountOnly(t *testing.T) {
	f := Weather{Throttle: 0.5}
	alone, mixed := New(5), New(5)
	for i := range 200 {
		if i%3 == 0 {
			f.Throw(mixed, "ec2", "DescribeSubnets")
		}
		if a, b := f.Throw(alone, "ec2", "CreateVpc"), f.Throw(mixed, "ec2", "CreateVpc"); a != b {
			t.Fatalf("call %d: fault %d alone, %d between others", i, a, b)
		}
	}
}

func TestOnlyReadsOfWhatIsEventuallyConsistentAreStale(t *testing.T) {
	for _, c := range []struct {
		service, operation string
		want               Fault
	}{
		{"ec2", "DescribeVpcs", StaleRead},
		{"iam", "GetRole", StaleRead},
		{"ecs", "ListTasks", StaleRead},
		{"ec2", "CreateVpc", Fine},
		{"s3", "GetObject", Fine},
		{"s3", "HeadBucket", Fine},
		{"sts", "GetCallerIdentity", Fine},
	} {
		if got := (Weather{Stale: 1}).Throw(New(1), c.service, c.operation); got != c.want {
			t.Errorf("%s %s: fault %d, want %d", c.service, c.operation, got, c.want)
		}
	}
}
