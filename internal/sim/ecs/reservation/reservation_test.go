package reservation

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func repeat(n int, s Size) []Size { return slices.Repeat([]Size{s}, n) }

// AWS containers blog, "Deep dive on Amazon ECS cluster auto scaling", and ECS developer guide, "Managed scaling behavior".
func TestTheMetricIsWhatTheGroupNeedsOfWhatItHas(t *testing.T) {
	usual := Settings{Target: 100, MinStep: 1, MaxStep: 10_000}
	small, large := Size{CPU: 1024, Memory: 2048}, Size{CPU: 4096, Memory: 8192}
	half := Size{CPU: 512, Memory: 512}
	for _, test := range []struct {
		name   string
		in     Input
		needed int
		value  float64
	}{
		{"nothing there and nothing wanted", Input{Settings: usual}, 0, 100},
		{"nothing there and a task waits", Input{Settings: usual, Waiting: repeat(1, half), Offers: []Size{small}}, 1, 200},
		{"nothing there and many wait", Input{Settings: usual, Waiting: repeat(50, half), Offers: []Size{small}}, 25, 200},
		{"all in use", Input{Settings: usual, Instances: 4}, 4, 100},
		{"half in use", Input{Settings: usual, Instances: 4, Empty: 2}, 2, 50},
		{"none in use", Input{Settings: usual, Instances: 4, Empty: 4}, 0, 0},
		{"tasks wait beside full instances", Input{Settings: usual, Instances: 4, Waiting: repeat(4, half), Offers: []Size{small}}, 6, 150},
		{"two to an instance, rounded up", Input{Settings: usual, Instances: 2, Waiting: repeat(3, half), Offers: []Size{small}}, 4, 200},
		{"groups do not add up", Input{
			Settings: usual, Instances: 2, Waiting: append(repeat(4, half), repeat(3, small)...), Offers: []Size{small},
		}, 5, 250},
		{"memory decides too", Input{Settings: usual, Instances: 1, Waiting: repeat(2, Size{CPU: 1, Memory: 1500}), Offers: []Size{small}}, 3, 300},
		{"a port of the host is had once", Input{
			Settings: usual, Instances: 1, Waiting: repeat(3, Size{CPU: 1, Memory: 1, Alone: true}), Offers: []Size{large},
		}, 4, 400},
		{"at least the minimum step", Input{
			Settings: Settings{Target: 100, MinStep: 5, MaxStep: 10}, Instances: 10, Waiting: repeat(1, half), Offers: []Size{small},
		}, 15, 150},
		{"at most the maximum step", Input{
			Settings: Settings{Target: 100, MinStep: 1, MaxStep: 3}, Instances: 10, Waiting: repeat(100, half), Offers: []Size{small},
		}, 13, 130},
		{"the largest type counts", Input{Settings: usual, Instances: 1, Waiting: repeat(8, half), Offers: []Size{small, large}}, 2, 200},
		{"too large for the smallest type", Input{
			Settings: Settings{Target: 80, MinStep: 1, MaxStep: 3}, Instances: 2, Waiting: repeat(1, Size{CPU: 2048}), Offers: []Size{small, large},
		}, 2, 80},
		{"one group fits, the other does not", Input{
			Settings: usual, Instances: 2, Waiting: []Size{{CPU: 2048}, half}, Offers: []Size{small, large},
		}, 3, 150},
		{"a group that can launch nothing", Input{Settings: usual, Waiting: repeat(1, half)}, 0, 100},
	} {
		if got := Compute(test.in); got.Needed != test.needed || got.Value != test.value {
			t.Errorf("%s: %+v, want %d and %v", test.name, got, test.needed, test.value)
		}
	}
}

// Whoever adds what is said to be needed, again and again, comes to have room for every task that fits at all, and never adds
// more at a time than the steps allow.
func TestLivenessEveryTaskThatFitsFindsRoom(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		offer := Size{CPU: rapid.IntRange(512, 4096).Draw(rt, "cpu"), Memory: rapid.IntRange(512, 8192).Draw(rt, "memory")}
		step := rapid.IntRange(1, 4).Draw(rt, "min step")
		in := Input{
			Settings:  Settings{Target: rapid.IntRange(1, 100).Draw(rt, "target"), MinStep: step, MaxStep: step + rapid.IntRange(0, 10).Draw(rt, "max step")},
			Offers:    []Size{offer},
			Instances: rapid.IntRange(0, 5).Draw(rt, "instances"),
			Waiting: rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Size {
				return Size{
					CPU: rapid.IntRange(0, 1024).Draw(t, "cpu"), Memory: rapid.IntRange(4, 1024).Draw(t, "memory"), Alone: rapid.Bool().Draw(t, "alone"),
				}
			}), 0, 40).Draw(rt, "waiting"),
		}
		for range len(in.Waiting) + 1 {
			fitting := slices.DeleteFunc(slices.Clone(in.Waiting), func(s Size) bool { return holds(offer, s) == 0 })
			out := Compute(in)
			if len(fitting) == 0 {
				if len(in.Waiting) > 0 && out.Value != float64(in.Target) {
					rt.Fatalf("nothing that waits fits, and the metric is %v", out.Value)
				}
				return
			}
			more := out.Needed - in.Instances
			if out.Value <= 100 || more < in.MinStep || more > in.MaxStep {
				rt.Fatalf("%d tasks wait, and %d more instances are needed: %v", len(fitting), more, out.Value)
			}
			in.Instances += more
			in.Waiting = place(in.Waiting, offer, more)
		}
		rt.Fatalf("%d tasks still wait", len(in.Waiting))
	})
}

// place puts tasks onto new instances, the first that fits, and gives those that are left.
func place(tasks []Size, offer Size, instances int) []Size {
	free := repeat(instances, offer)
	taken := make([]bool, instances)
	return slices.DeleteFunc(slices.Clone(tasks), func(s Size) bool {
		for n := range free {
			if free[n].CPU >= s.CPU && free[n].Memory >= s.Memory && !(s.Alone && taken[n]) {
				free[n].CPU, free[n].Memory, taken[n] = free[n].CPU-s.CPU, free[n].Memory-s.Memory, taken[n] || s.Alone
				return true
			}
		}
		return false
	})
}
