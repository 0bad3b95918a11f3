package plan_test

import (
	"fmt"
	"strings"

	"berth/internal/plan"
)

// text writes a plan for people: what is done, why, what it does to traffic, and what must be done before; then the
// rounds in which it could be done if every change took equally long.
func text(p plan.Plan) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%d changes, impact %s, about %s\n", len(p.Changes), p.Impact(), p.Duration())
	for _, c := range p.Changes {
		again, impact := "", ""
		if c.Replaces {
			again = ", anew"
		}
		if c.Impact != plan.None {
			impact = " [" + c.Impact.String() + "]"
		}
		fmt.Fprintf(&b, "\n%s %s%s%s: %s\n", c.Verb, c.Key, again, impact, c.Why)
		for _, f := range c.Fields {
			fmt.Fprintf(&b, "    %s: %s → %s%s\n", f.Name, short(f.From), short(f.To), map[bool]string{true: " (must be made anew)"}[f.Replaces])
		}
		for _, n := range c.Needs {
			fmt.Fprintf(&b, "    after %s %s\n", n.Verb, n.Key)
		}
	}
	state := plan.State{}
	for round := 1; ; round++ {
		ready := plan.Next(p, state)
		if len(ready) == 0 {
			return b.String()
		}
		fmt.Fprintf(&b, "\nround %d\n", round)
		for _, c := range ready {
			fmt.Fprintf(&b, "    %s %s\n", c.Verb, c.Key)
			state[c.Step] = plan.Done
		}
	}
}

func short(s string) string {
	if s == "" {
		return "nothing"
	}
	if len(s) > 100 {
		return fmt.Sprintf("%d characters", len(s))
	}
	return s
}
