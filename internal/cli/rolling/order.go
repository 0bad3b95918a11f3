package rolling

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/roll"
)

// flags are the flags of roll.
type flags struct {
	order    roll.Order
	detailed bool
	given    map[string]bool // by name
}

// help is where all flags stand.
const help = "berth roll --help"

// bind adds the flags, with the defaults of an order.
func (f *flags) bind(c *cobra.Command) {
	fl := c.Flags()
	f.order = roll.Defaults()
	o := &f.order
	fl.Var(word[roll.Strategy]{&o.Strategy, strategies()}, "strategy", "`STRATEGY`: drain (a few at a time), double (all new ones first, then every task moves once) or terminate (tasks end)")
	fl.StringSliceVar(&o.Groups, "group", nil, "only `GROUP` (may be repeated; default all)")
	fl.StringSliceVar(&o.Instances, "instance", nil, "only the instance `ID`, outdated or not (may be repeated)")
	fl.BoolVar(&o.All, "all", false, "every instance, outdated or not")
	fl.Var(&age{(*span)(&o.MaxAge)}, "max-age", "instances older than `AGE` are outdated too, such as 30d")
	fl.Var(word[roll.Sequence]{&o.Sequence, sequences()}, "order", "which go first: `ORDER` is oldest, emptiest (fewest tasks) or zone (one zone after the other)")
	fl.Var((*amount)(&o.Surge), "surge", "instances that a group may have beyond what is meant: `N or P%`; without it the roll begins with one and doubles up to 10%")
	fl.Var((*amount)(&o.MaxUnavailable), "max-unavailable", "instances that a group may lack meanwhile: `N or P%`")
	fl.IntVar(&o.Canary, "canary", o.Canary, "`N` instances of each architecture prove themselves first; 0: none")
	fl.Var((*span)(&o.Bake), "bake", "how long the canaries work before others follow (`TIME`)")
	fl.Var((*span)(&o.Hold), "hold", "how long everything must be well before a drained instance is terminated (`TIME`)")
	fl.Var((*span)(&o.DrainTimeout), "drain-timeout", "a drain that takes longer than `TIME` is undone")
	fl.Var((*span)(&o.JoinTimeout), "join-timeout", "how long a new instance may take to join and to run its daemons (`TIME`)")
	fl.Var(word[roll.Standalone]{&o.Standalone, policies()}, "standalone", "tasks that no service owns: `POLICY` is wait (for their end), stop, or skip (their instance stays)")
	fl.BoolVar(&o.Patch, "patch-services", false, "raise maximumPercent of services that could not move otherwise, and put it back")
	fl.BoolVar(&o.Fence, "fence", false, "keep tasks off instances that will go, by a placement constraint for the time of the roll")
	fl.StringSliceVar(&o.Force, "force", nil, "the instance `ID` goes although its drain does not end; its tasks are killed (may be repeated)")
	fl.Var((*span)(&o.MaxDuration), "max-duration", "begin nothing new after `TIME`")
	fl.StringVar(&o.Probe, "probe", "", "a task of `TASKDEF` must end with 0 on every canary")
	fl.BoolVar(&f.detailed, "detailed-exitcode", false, "end with 2 when an instance is outdated; only without --yes")
}

func strategies() []roll.Strategy { return []roll.Strategy{roll.Drain, roll.Double, roll.Terminate} }

func sequences() []roll.Sequence { return []roll.Sequence{roll.Oldest, roll.Emptiest, roll.ByZone} }

func policies() []roll.Standalone {
	return []roll.Standalone{roll.WaitForThem, roll.StopThem, roll.SkipThem}
}

// check refuses what contradicts itself, and finishes the order.
func (f *flags) check(c *cobra.Command, yes, outage bool) error {
	f.given = map[string]bool{}
	for name := range fields(f.order) { // unordered: a set
		if c.Flags().Changed(name) {
			f.given[name] = true
		}
	}
	o := &f.order
	o.Ramp = o.Ramp && !f.given["surge"]
	o.AllowOutage = outage
	for _, list := range []*[]string{&o.Groups, &o.Instances, &o.Force} {
		slices.Sort(*list)
		*list = slices.Compact(*list)
	}
	for _, rule := range []func() error{f.nothing, f.ranges, f.pairs, f.strategy} {
		if err := rule(); err != nil {
			return err
		}
	}
	if f.detailed && yes {
		return problem.Usage("--detailed-exitcode is for looking, and --yes for doing", "leave one of them out")
	}
	return nil
}

// nothing refuses flags that name nothing, as those of a script whose variable is empty: without the flag the roll is about all.
func (f *flags) nothing() error {
	o := f.order
	for _, one := range []struct {
		name, example string
		empty         bool
	}{
		{"group", "default", empty(o.Groups)}, {"instance", "i-0abc1234", empty(o.Instances)}, {"force", "i-0abc1234", empty(o.Force)}, {"probe", "smoke:3", o.Probe == ""},
	} {
		if f.given[one.name] && one.empty {
			return problem.Usage("--"+one.name+" names nothing", "leave it out, or name something: --"+one.name+" "+one.example)
		}
	}
	return nil
}

func empty(list []string) bool { return len(list) == 0 || slices.Contains(list, "") }

// ranges refuses what no roll can do.
func (f *flags) ranges() error {
	o := f.order
	for _, d := range []struct {
		name  string
		value time.Duration
		least time.Duration
	}{
		{"bake", o.Bake, 0}, {"hold", o.Hold, 0}, {"max-duration", o.MaxDuration, 0}, {"drain-timeout", o.DrainTimeout, time.Second}, {"join-timeout", o.JoinTimeout, time.Second},
	} {
		if d.value < d.least || d.value == 0 && d.name == "max-duration" && f.given[d.name] {
			return problem.Usage("--"+d.name+" is a time such as 10m, not "+d.value.String(), help)
		}
	}
	switch {
	case o.Canary < 0 || o.Canary > 100:
		return problem.Usage(fmt.Sprintf("--canary is a number from 0 to 100, not %d", o.Canary), help)
	case o.Surge.N == 0 && o.MaxUnavailable.N == 0:
		return problem.Usage("with --surge 0 and --max-unavailable 0 no instance could ever go", "let one be missing: --max-unavailable 1", "or leave --surge out")
	case o.MaxUnavailable == roll.Amount{N: 100, Percent: true}:
		return problem.Usage("--max-unavailable 100% leaves no instance", "what ends everything at once: --strategy terminate")
	}
	for _, id := range slices.Concat(o.Instances, o.Force) {
		if !strings.HasPrefix(id, "i-") {
			return problem.Usage("an instance is named by its EC2 id, such as i-0abc1234, not "+problem.Shell(id), "which there are: berth status")
		}
	}
	return nil
}

// pairs refuses flags that exclude each other.
func (f *flags) pairs() error {
	o := f.order
	for _, p := range []struct {
		both bool
		text string
		hint string
	}{
		{o.All && len(o.Instances) > 0, "--all and --instance exclude each other: the one names every instance, the other a few", "leave one of them out"},
		{o.MaxAge > 0 && len(o.Instances) > 0, "--max-age says nothing where --instance names the instances", "leave one of them out"},
		{o.MaxAge > 0 && o.All, "--max-age says nothing where --all names every instance", "leave one of them out"},
		{o.Canary == 0 && f.given["bake"], "--bake is how long the canaries work, and --canary 0 has none", "leave one of them out"},
		{o.Canary == 0 && o.Probe != "", "--probe is for the canaries, and --canary 0 has none", "leave one of them out"},
	} {
		if p.both {
			return problem.Usage(p.text, p.hint)
		}
	}
	return nil
}

// strategy refuses flags that mean nothing to the strategy: whoever gives them expects something else.
func (f *flags) strategy() error {
	idle := map[roll.Strategy][]string{
		roll.Double:    {"surge", "max-unavailable"},
		roll.Terminate: {"surge", "canary", "bake", "drain-timeout", "standalone", "patch-services", "fence", "force", "probe"},
	}[f.order.Strategy]
	for _, name := range idle {
		if !f.given[name] {
			continue
		}
		why := "which has as many new instances as old ones"
		if f.order.Strategy == roll.Terminate {
			why = "which drains nothing"
		}
		return problem.Usage("--"+name+" means nothing to --strategy "+string(f.order.Strategy)+", "+why, "leave it out, or: --strategy drain")
	}
	return nil
}

// fields are what an order says, by the flag that says it.
func fields(o roll.Order) map[string]string {
	list := func(all []string) string { return strings.Join(all, ",") }
	return map[string]string{
		"strategy": string(o.Strategy), "group": list(o.Groups), "instance": list(o.Instances), "all": fmt.Sprint(o.All), "max-age": o.MaxAge.String(),
		"order": string(o.Sequence), "surge": o.Surge.String(), "max-unavailable": o.MaxUnavailable.String(), "canary": fmt.Sprint(o.Canary),
		"bake": o.Bake.String(), "hold": o.Hold.String(), "drain-timeout": o.DrainTimeout.String(), "join-timeout": o.JoinTimeout.String(),
		"standalone": string(o.Standalone), "patch-services": fmt.Sprint(o.Patch), "fence": fmt.Sprint(o.Fence), "force": list(o.Force),
		"max-duration": o.MaxDuration.String(), "probe": o.Probe,
	}
}

// other is a flag that was given and says something else than the order of a roll that is under way.
func (f *flags) other(under roll.Order) error {
	mine, its := fields(f.order), fields(under)
	var names []string
	for name := range f.given { // unordered: the names are sorted
		if _, of := its[name]; of && mine[name] != its[name] {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return nil
	}
	slices.Sort(names)
	name := names[0]
	return &problem.Problem{
		Code: "ROL005", Exit: problem.Misused,
		Text: fmt.Sprintf("the roll that is not finished was ordered otherwise: --%s is %s there, not %s", name, cmp.Or(its[name], "not given"), cmp.Or(mine[name], "empty")),
	}
}
