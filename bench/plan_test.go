package bench

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"berth/internal/config"
	"berth/internal/sim/world"
)

// What a plan with nothing to do may cost.
const (
	planCalls = 90 // for the example file
	planDepth = 4
)

func TestAPlanWithNothingToDoIsOneShallowLook(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, s *site) {
		s.apply(t, example(t))
		got := s.plan(t, example(t))
		t.Logf("%d calls, %d deep, %s\n%s", got.Calls, got.Depth, got.Took, kinds(got.Kinds))
		if got.Calls > planCalls || got.Depth > planDepth {
			t.Errorf("%d calls, %d deep; at most %d and %d", got.Calls, got.Depth, planCalls, planDepth)
		}
		if got.Took != planDepth*Latency {
			t.Errorf("it takes %s, not the latency of %d calls", got.Took, planDepth)
		}
		if got.Writes+got.Lease > 0 {
			t.Errorf("it writes or asks for the lease: %v", got.Kinds)
		}
		for name := range got.Kinds {
			if name == "ecs.ListTaskDefinitionFamilies" { // by the beginning of their names: those of system containers
				continue
			}
			if strings.Contains(name, "ContainerInstance") || strings.Contains(name, "Task") {
				t.Errorf("it reads what there may be thousands of: %s", name)
			}
		}
	})
}

// zones are settings for a region with six zones.
func zones(n int) []string {
	var zones, public, private []string
	for i := range n {
		zones = append(zones, fmt.Sprintf("%q", "us-east-1"+string(rune('a'+i))))
		public = append(public, fmt.Sprintf(`"10.0.%d.0/24"`, i))
		private = append(private, fmt.Sprintf(`"10.0.%d.0/24"`, 50+i))
	}
	list := func(name string, values []string) string { return name + "=[" + strings.Join(values, ",") + "]" }
	return []string{
		"aws_region=us-east-1", `instance_type=["t3.small","t2.small"]`,
		list("availability_zones", zones), list("public_subnet_cidrs", public), list("private_subnet_cidrs", private),
	}
}

func TestAPlanForSixZonesMakesTheCallsOfOneForTwo(t *testing.T) {
	var two, six map[string]int
	inBubble(t, 1, func(t *testing.T, s *site) {
		s.apply(t, example(t, zones(2)...))
		two = s.plan(t, example(t, zones(2)...)).Kinds
	})
	inBubble(t, 1, func(t *testing.T, s *site) {
		s.sim.With(func(w *world.World) { w.Region("us-east-1").Quotas = map[string]int{"L-0263D0A3": 10} }) // Elastic IPs
		s.apply(t, example(t, zones(6)...))
		six = s.plan(t, example(t, zones(6)...)).Kinds
	})
	if !maps.Equal(two, six) {
		t.Errorf("two zones:\n%ssix zones:\n%s", kinds(two), kinds(six))
	}
}

// grown is the example file with n more of one kind.
func grown(t *testing.T, kind string, n int) *config.Config {
	var rows []string
	for i := range n {
		rows = append(rows, fmt.Sprintf(map[string]string{
			"group":                     "g%d = { max_size = 1 }",
			"Application Load Balancer": "a%d = {}",
			"classic load balancer":     `c%d = { type = "classic" }`,
		}[kind], i))
	}
	name := "load_balancers"
	if kind == "group" {
		name = "instance_groups"
	}
	return example(t, name+"={"+strings.Join(rows, ", ")+"}")
}

func TestAPlanGrowsByAConstant(t *testing.T) {
	for _, c := range []struct {
		kind string
		each int // calls for every one more
	}{
		{"group", 1},                     // the versions of its launch template
		{"Application Load Balancer", 3}, // its attributes, its listeners, its target group's attributes
		{"classic load balancer", 1},     // its attributes
	} {
		t.Run(c.kind, func(t *testing.T) {
			var calls []int
			for n := 1; n <= 3; n++ {
				inBubble(t, 1, func(t *testing.T, s *site) {
					s.apply(t, grown(t, c.kind, n))
					calls = append(calls, s.plan(t, grown(t, c.kind, n)).Calls)
				})
			}
			if calls[1]-calls[0] != c.each || calls[2]-calls[1] != c.each {
				t.Errorf("%v calls for one, two and three of them; each should add %d", calls, c.each)
			}
		})
	}
}

func TestARoleCostsThreeCallsAndOneForEachPolicyOfItsOwn(t *testing.T) {
	inBubble(t, 1, func(t *testing.T, s *site) {
		s.apply(t, example(t))
		got := s.plan(t, example(t)).Kinds
		ours, policies := 0, 0
		s.sim.With(func(w *world.World) {
			for r := range w.IAM.Roles.Rows() {
				if r.Service == "" {
					ours++
					policies += r.Inline.Len()
				}
			}
		})
		const (
			services = 4 // roles of AWS's own services, asked for whether they are there or not
			rare     = 2 // the deployer's and the flow log's, asked for so that one left from another file is found
		)
		want := map[string]int{
			"iam.GetRole": ours + services + rare, "iam.ListRolePolicies": ours, "iam.ListAttachedRolePolicies": ours, "iam.GetRolePolicy": policies,
		}
		for name, n := range want {
			if got[name] != n {
				t.Errorf("%s: %d calls, want %d", name, got[name], n)
			}
		}
	})
}

// kinds lists how often each call was made.
func kinds(counts map[string]int) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "%4d %s\n", counts[name], name)
	}
	return b.String()
}
