package rolling

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"berth/internal/cli/problem"
	"berth/internal/roll"
)

// parsed are the flags of a command line.
func parsed(line string, yes bool) (flags, error) {
	var f flags
	c := &cobra.Command{Use: "roll"}
	f.bind(c)
	if err := c.ParseFlags(strings.Fields(line)); err != nil {
		return f, err
	}
	return f, f.check(c, yes, false)
}

func TestFlagsBecomeAnOrder(t *testing.T) {
	none, err := parsed("", false)
	if want := roll.Defaults(); err != nil || fmt.Sprint(none.order) != fmt.Sprint(want) {
		t.Errorf("%v: %+v, want %+v", err, none.order, want)
	}
	f, err := parsed("--surge 3 --max-unavailable 25% --group b --group a,b --max-age 30d --order zone --standalone stop --canary 2 --bake 5m --patch-services --fence --force i-1 --max-duration 2h --probe smoke:3", true)
	if err != nil {
		t.Fatal(err)
	}
	o := f.order
	for _, check := range []bool{
		o.Surge == roll.Amount{N: 3}, !o.Ramp, o.MaxUnavailable == roll.Amount{N: 25, Percent: true}, fmt.Sprint(o.Groups) == "[a b]", o.MaxAge == 30*24*time.Hour,
		o.Sequence == roll.ByZone, o.Standalone == roll.StopThem, o.Canary == 2, o.Bake == 5*time.Minute, o.Patch, o.Fence, o.MaxDuration == 2*time.Hour, o.Probe == "smoke:3",
	} {
		if !check {
			t.Errorf("%+v", o)
		}
	}
}

func TestCommandLinesThatCannotBeMeantAreRefused(t *testing.T) {
	for line, says := range map[string]string{ // unordered: each alone
		"--strategy drian":                       "did you mean drain",
		"--order newest":                         "oldest, emptiest, zone",
		"--standalone kill":                      "wait, stop, skip",
		"--surge many":                           "a share of the group, such as 10%",
		"--surge 101%":                           "at most 100%",
		"--surge -1":                             "a number of instances",
		"--surge 0":                              "no instance could ever go",
		"--surge 0 --max-unavailable 0%":         "no instance could ever go",
		"--max-unavailable 100%":                 "leaves no instance",
		"--max-age 0d":                           "greater than 0",
		"--max-age soon":                         "such as 30d",
		"--canary -1":                            "from 0 to 100",
		"--bake -1m":                             "it is a time, such as",
		"--hold -1s":                             "it is a time, such as",
		"--drain-timeout 0s":                     "--drain-timeout is a time",
		"--bake 5":                               "a time has a unit: 5s, 5m, 5h or 5d",
		"--hold soon":                            "it is a time, such as",
		"--max-age 0":                            "greater than 0",
		"--instance=":                            "--instance names nothing",
		"--group=":                               "--group names nothing",
		"--force=":                               "--force names nothing",
		"--probe=":                               "--probe names nothing",
		"--group a,":                             "--group names nothing",
		"--join-timeout 10ms":                    "--join-timeout is a time",
		"--max-duration 0s":                      "--max-duration is a time",
		"--instance web-1":                       "EC2 id",
		"--force web-1":                          "EC2 id",
		"--all --instance i-1":                   "exclude each other",
		"--max-age 3d --all":                     "--all names every instance",
		"--max-age 3d --instance i-1":            "--instance names the instances",
		"--canary 0 --bake 5m":                   "--canary 0 has none",
		"--canary 0 --probe smoke":               "--canary 0 has none",
		"--strategy double --surge 2":            "means nothing to --strategy double",
		"--strategy terminate --fence":           "means nothing to --strategy terminate",
		"--strategy terminate --standalone stop": "means nothing to --strategy terminate",
	} {
		_, err := parsed(line, false)
		if err == nil || !strings.Contains(err.Error()+hints(err), says) {
			t.Errorf("%s: %v", line, err)
		}
	}
	if _, err := parsed("--detailed-exitcode", true); err == nil {
		t.Error("--detailed-exitcode goes with --yes")
	}
}

func hints(err error) string {
	if p, ok := errors.AsType[*problem.Problem](err); ok {
		return strings.Join(p.Hints, "\n")
	}
	return ""
}

// The numbers stand in the help of roll and in the guide: scripts rely on them.
func TestEveryOutcomeHasItsExitCode(t *testing.T) {
	for outcome, want := range map[roll.Outcome]int{ // unordered: each is looked up alone
		roll.Nothing: 0, roll.Replaced: 0, roll.Failed: 1, roll.Incomplete: 1, roll.Aborted: 1, roll.Undone: 1, roll.Refused: 5, roll.Expired: 8, roll.Interrupted: 130,
	} {
		if got := int(Exit(outcome)); got != want {
			t.Errorf("%s: exit %d, want %d", outcome, got, want)
		}
	}
}

func TestOnlyWhatWasGivenContradictsTheOrderOfAnUnfinishedRoll(t *testing.T) {
	under := roll.Defaults()
	under.Strategy, under.Groups = roll.Double, []string{"batch"}
	for line, want := range map[string]string{ // unordered: each alone
		"": "", "--strategy double": "", "--group batch": "", "--strategy drain": "--strategy is double there, not drain", "--group web": "--group is batch there, not web",
		"--fence": "--fence is false there, not true",
	} {
		f, err := parsed(line, true)
		if err != nil {
			t.Fatal(err)
		}
		err = f.other(under)
		if (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", line, err)
		}
	}
}

func TestEveryFieldOfAnOrderThatAFlagSetsIsCompared(t *testing.T) {
	var f flags
	c := &cobra.Command{Use: "roll"}
	f.bind(c)
	known := fields(f.order)
	seen := 0
	for line := range strings.Lines(c.Flags().FlagUsages()) {
		name, is := strings.CutPrefix(strings.TrimSpace(line), "--")
		name, _, _ = strings.Cut(name, " ")
		if _, compared := known[name]; is && !compared && name != "detailed-exitcode" {
			t.Errorf("--%s is not compared with the order of an unfinished roll", name)
		}
		seen++
	}
	if seen < len(known) {
		t.Errorf("only %d flags are seen", seen)
	}
}

func TestAQuestionAnsweredWithNoEndsADryRunWell(t *testing.T) {
	no := &problem.Problem{Code: "USE003"}
	said := ""
	say := func(text string, _ ...any) { said += text }
	if dryRun(no, false, say) != nil || said != "nothing was changed\n" || dryRun(no, true, say) == nil || dryRun(context.Canceled, false, say) == nil {
		t.Error("only a no to the question after a dry run is no error")
	}
}
