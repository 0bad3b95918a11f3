package scene

import (
	"testing"

	"berth/internal/roll"
)

func TestASurgeIsOfWhatIsMeant(t *testing.T) {
	type answer struct{ meant, surge, unavailable int }
	share := func(pct int) part { return order(func(o *roll.Order) { o.Surge = roll.Amount{N: pct, Percent: true} }) }
	strategy := func(s roll.Strategy) part { return order(func(o *roll.Order) { o.Strategy = s }) }
	ramp := order(func(o *roll.Order) { o.Ramp, o.Surge.N = true, 9 })
	within := order(func(o *roll.Order) { o.BeyondMax = false })
	extra := pool(func(p *roll.Pool) { p.Launched, p.Left = 3, 1 })
	two := olds(old("i-1", "a", roll.Waiting), old("i-2", "b", roll.Gone))
	for name, c := range map[string]struct {
		parts []part
		want  answer
	}{
		"as ordered":                       {nil, answer{3, 2, 0}},
		"beside what the roll has added":   {[]part{sized(5, 5), extra}, answer{3, 2, 0}},
		"somebody makes it smaller":        {[]part{sized(4, 5), extra}, answer{2, 2, 0}},
		"somebody makes it larger":         {[]part{sized(9, 9), extra}, answer{7, 2, 0}},
		"a share, rounded up":              {[]part{share(34)}, answer{3, 2, 0}},
		"a share of what is meant":         {[]part{share(50), sized(6, 6), extra}, answer{4, 2, 0}},
		"no share":                         {[]part{share(0)}, answer{3, 0, 1}},
		"of a group of one":                {[]part{share(0), sized(1, 1)}, answer{1, 0, 0}},
		"of a group of two":                {[]part{share(0), sized(2, 2)}, answer{2, 0, 1}},
		"of an empty group":                {[]part{sized(0, 3)}, answer{0, 2, 0}},
		"double":                           {[]part{strategy(roll.Double), two}, answer{3, 2, 0}},
		"double, nothing old":              {[]part{strategy(roll.Double)}, answer{3, 0, 1}},
		"terminate":                        {[]part{strategy(roll.Terminate)}, answer{3, 0, 1}},
		"the ramp begins with two":         {[]part{ramp}, answer{3, 2, 0}},
		"one is replaced":                  {[]part{ramp, pool(func(p *roll.Pool) { p.Replaced = 1 })}, answer{3, 2, 0}},
		"three are":                        {[]part{ramp, pool(func(p *roll.Pool) { p.Replaced = 3 })}, answer{3, 6, 0}},
		"the ramp ends":                    {[]part{ramp, pool(func(p *roll.Pool) { p.Replaced = 8 })}, answer{3, 9, 0}},
		"a ramp is no way of double":       {[]part{ramp, strategy(roll.Double), two, olds(old("i-3", "c", roll.Gone))}, answer{3, 3, 0}},
		"within the maximum, full":         {[]part{within}, answer{3, 0, 1}},
		"within the maximum, one is left":  {[]part{within, sized(3, 4)}, answer{3, 1, 0}},
		"within, with what was added":      {[]part{within, sized(5, 5), extra}, answer{3, 2, 0}},
		"a maximum below what is meant":    {[]part{within, sized(3, 2)}, answer{3, 0, 1}},
		"so many may lack":                 {[]part{order(func(o *roll.Order) { o.MaxUnavailable.N = 2 })}, answer{3, 2, 2}},
		"a share of them may":              {[]part{order(func(o *roll.Order) { o.MaxUnavailable = roll.Amount{N: 25, Percent: true} }), sized(5, 5)}, answer{5, 2, 2}},
		"a new one that AWS shows":         {[]part{news(fresh("i-9", "a", roll.Booting)), nodes(node("i-9", "a", alien)), sized(4, 4), pool(func(p *roll.Pool) { p.Launched = 1 })}, answer{3, 2, 0}},
		"one that it does not yet":         {[]part{news(fresh("i-9", "a", roll.Booting)), pool(func(p *roll.Pool) { p.Launched = 1 })}, answer{3, 2, 0}},
		"one that it shows no more":        {[]part{news(fresh("i-9", "a", roll.Working)), pool(func(p *roll.Pool) { p.Launched = 1 })}, answer{2, 2, 0}},
		"another group's that it does not": {[]part{news(roll.New{ID: "i-9", Group: other, State: roll.Booting})}, answer{3, 2, 0}},
	} { // unordered: each by itself
		x := stage(c.parts...)
		p := x.Pool(group)
		same(t, name, answer{x.Meant(p), x.Surge(p), x.Unavailable(p)}, c.want)
	}
}

func TestRoomIsWhatOthersMakeUpFor(t *testing.T) {
	full := nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c"))
	added := pool(func(p *roll.Pool) { p.Launched = 1 })
	for name, c := range map[string]struct {
		want  int
		parts []part
	}{
		"all are needed":                        {0, []part{full}},
		"one may lack":                          {1, []part{full, order(func(o *roll.Order) { o.MaxUnavailable.N = 1 })}},
		"no other way":                          {1, []part{full, order(func(o *roll.Order) { o.Surge.N = 0 })}},
		"a new one works":                       {1, []part{full, nodes(node("i-9", "a")), news(fresh("i-9", "a", roll.Working)), sized(4, 4), added}},
		"a new one has still to prove itself":   {0, []part{full, nodes(node("i-9", "a")), news(fresh("i-9", "a", roll.Proving)), sized(4, 4), added}},
		"it took the work of one":               {0, []part{full, nodes(node("i-9", "a")), news(fresh("i-9", "a", roll.Working)), sized(4, 4), added, olds(old("i-1", "a", roll.Draining))}},
		"one boots that is not the roll's":      {-1, []part{nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c", alien, state("Pending")))}},
		"somebody else drains one":              {0, []part{nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c", status(roll.NodeDraining)))}},
		"an agent does not answer":              {0, []part{nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c", deaf))}},
		"one has gone":                          {-1, []part{nodes(node("i-1", "a"), node("i-2", "b"))}},
		"the group is about to take one away":   {0, []part{full, sized(2, 3)}},
		"of two too many one goes already":      {0, []part{full, nodes(node("i-4", "a", state("Terminating"))), sized(2, 3)}},
		"others of the cluster do not help":     {0, []part{full, nodes(node("i-4", "a", in(other)), node("i-5", "a", in(""), state("")))}},
		"a foreign drain in another group":      {0, []part{full, nodes(node("i-4", "a", in(other), status(roll.NodeDraining)))}},
		"an empty group has none":               {0, []part{sized(0, 3)}},
		"an old one that is skipped works":      {0, []part{full, olds(old("i-1", "a", roll.Skipped))}},
		"a drained one is not made up for":      {-1, []part{nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c", drainedBy("run-1"))), olds(old("i-3", "c", roll.Drained))}},
		"nor one that is terminated, and deaf":  {-1, []part{nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c", deaf)), olds(old("i-3", "c", roll.Ending))}},
		"nor a new one that has become deaf":    {0, []part{full, nodes(node("i-9", "a", deaf)), news(fresh("i-9", "a", roll.Working)), sized(4, 4), added}},
		"one that waits with a mark left on it": {-1, []part{nodes(node("i-1", "a"), node("i-2", "b"), node("i-3", "c", drainedBy("run-1"))), olds(old("i-3", "c", roll.Waiting))}},
	} { // unordered: each by itself
		x := stage(c.parts...)
		same(t, name, x.Room(x.Pool(group)), c.want)
	}
	x := stage(nodes(node("i-1", "a", deaf), node("i-2", "b", status(roll.NodeDraining)), node("i-3", "c"), node("i-4", "c", in(other), deaf)))
	same(t, "short of", x.Short(x.Pool(group)), 2)
}

func TestShrunkIsAGroupOfWhichOthersHaveTaken(t *testing.T) {
	base := func(n int) part { return pool(func(p *roll.Pool) { p.Base = n }) }
	ends := old("i-1", "a", roll.Ending)
	ends.Minus = true
	for name, c := range map[string]struct {
		want  bool
		parts []part
	}{
		"as it was":                          {false, []part{base(3)}},
		"smaller":                            {true, []part{base(4)}},
		"larger":                             {false, []part{base(2)}},
		"smaller by what the roll has taken": {false, []part{base(4), olds(ends)}},
		"of the surge nothing counts":        {false, []part{base(3), sized(5, 5), pool(func(p *roll.Pool) { p.Launched = 2 })}},
		"smaller, with a surge":              {true, []part{base(4), sized(5, 5), pool(func(p *roll.Pool) { p.Launched = 2 })}},
		"deleted":                            {false, []part{base(4), func(s *roll.Snapshot) { s.Groups = nil }}},
	} { // unordered: each by itself
		x := stage(c.parts...)
		same(t, name, x.Shrunk(x.Pool(group)), c.want)
	}
}
