package fleet

import (
	"fmt"
	"slices"
	"strings"
	"time"
)

// Head is the head of the table.
const Head = "| how | time | lower bound | time by bound | moves per task | tasks moved afterwards | lowest healthy | failed requests | extra instance hours | calls: ECS, Auto Scaling, others | most of a documented rate | measured in |\n" +
	"|---|---|---|---|---|---|---|---|---|---|---|---|\n"

// Row is a line of the table, up to what depends on the machine.
func (f Figures) Row() string {
	bound, over := "", ""
	if f.Bound > 0 {
		bound, over = clock(f.Bound), fmt.Sprintf("%.2f", f.Over())
	}
	busy := f.Busiest()
	ecs, groups := f.Calls["ecs"], f.Calls["autoscaling"]
	return fmt.Sprintf("| %s | %s | %s | %s | %.2f | %d | %.0f %% | %d of %d | %.1f | %d, %d, %d | %.0f %%: %s, %d in 10 s, %.1f a second |",
		f.Way, clock(f.Took), bound, over, f.Moves, f.After, f.Lowest, f.Failed, f.Served+f.Failed, f.Extra.Hours(),
		ecs, groups, f.Total()-ecs-groups, 100*busy.Part, busy.Limit.Name, busy.Ten, busy.Sustained)
}

// Cost is what the run cost the machine that ran it: the rest of the line.
func (f Figures) Cost() string {
	return fmt.Sprintf(" %s, %d MiB |\n", f.Wall.Round(100*time.Millisecond), f.Memory>>20)
}

func clock(d time.Duration) string {
	d = d.Round(time.Second)
	if d >= time.Hour {
		return fmt.Sprintf("%d:%02d:%02d", int(d.Hours()), int(d.Minutes())%60, int(d.Seconds())%60)
	}
	return fmt.Sprintf("%d:%02d", int(d.Minutes()), int(d.Seconds())%60)
}

// Put puts lines into a page, in the place of those that it has for so many instances by the same names, or behind the others. A page without a place for
// that size is an error.
func Put(page string, instances int, lines []string) (string, error) {
	begin, end := fmt.Sprintf("<!-- %d -->\n", instances), fmt.Sprintf("<!-- /%d -->", instances)
	head, rest, found := strings.Cut(page, begin)
	old, tail, closed := strings.Cut(rest, end)
	if !found || !closed {
		return "", fmt.Errorf("the page has no place for %d instances", instances)
	}
	rows := slices.Collect(strings.Lines(strings.TrimPrefix(old, Head)))
	for _, line := range lines {
		if n := slices.IndexFunc(rows, func(row string) bool { return named(row) == named(line) }); n >= 0 {
			rows[n] = line
		} else {
			rows = append(rows, line)
		}
	}
	return head + begin + Head + strings.Join(rows, "") + end + tail, nil
}

// named is the first cell of a line.
func named(row string) string {
	_, rest, _ := strings.Cut(row, "|")
	name, _, _ := strings.Cut(rest, "|")
	return strings.TrimSpace(name)
}
