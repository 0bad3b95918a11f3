package rolling

import (
	"fmt"
	"slices"
	"strings"

	"berth/internal/model"
	"berth/internal/render/ink"
	"berth/internal/roll"
)

// Why is why an instance is replaced, in a few words: "AMI ami-1 → ami-2, user data".
func Why(all []model.Reason) string { return ink.Clean(model.Because(all)) }

// outcome is how a roll ended, for people.
func outcome(o roll.Outcome) string {
	return map[roll.Outcome]string{
		roll.Running:     "under way",
		roll.Nothing:     "nothing to do: no instance is outdated",
		roll.Replaced:    "done",
		roll.Refused:     "refused; nothing was touched",
		roll.Failed:      "failed; what was begun was put back",
		roll.Incomplete:  "not all could be replaced",
		roll.Expired:     "the time was over before all were replaced",
		roll.Aborted:     "aborted; what was begun was put back",
		roll.Undone:      "undone",
		roll.Interrupted: "interrupted; what was begun was put back",
	}[o]
}

func toneOf(o roll.Outcome) ink.Tone {
	switch o {
	case roll.Nothing, roll.Replaced:
		return ink.Good
	case roll.Running, roll.Aborted, roll.Undone, roll.Interrupted, roll.Expired, roll.Incomplete:
		return ink.Warn
	case roll.Refused, roll.Failed:
	}
	return ink.Bad
}

// stage is what a roll is at, for people.
func stage(s roll.Stage) string {
	return map[roll.Stage]string{
		roll.Begin:   "about to begin",
		roll.Canary:  "canary: the first new instances prove themselves before any old one is touched",
		roll.Bake:    "bake: the canaries work, and their old instances stand by",
		roll.Onward:  "onward: the others follow",
		roll.Leaving: "leaving: sizes, protection and settings are put back as they are meant to be",
		roll.Over:    "over",
	}[s]
}

// short is the word of a stage; that of a roll which has not begun is empty in its memory.
func short(s roll.Stage) string {
	if s == roll.Begin {
		return "begin"
	}
	return string(s)
}

// tally counts what became of the old instances.
type tally struct {
	Total, Replaced, Waiting, Draining, Drained, Ending, Stuck, Skipped int
}

func count(m roll.Memory) tally {
	t := tally{Total: len(m.Olds)}
	for _, o := range m.Olds {
		switch o.State {
		case roll.Waiting:
			t.Waiting++
		case roll.Draining:
			t.Draining++
		case roll.Drained:
			t.Drained++
		case roll.Ending:
			t.Ending++
		case roll.Gone:
			t.Replaced++
		case roll.Stuck:
			t.Stuck++
		case roll.Skipped:
			t.Skipped++
		}
	}
	return t
}

// String is "3 of 10 replaced, 1 draining, 6 waiting".
func (t tally) String() string {
	words := []string{fmt.Sprintf("%d of %d replaced", t.Replaced, t.Total)}
	for _, n := range []struct {
		n    int
		what string
	}{{t.Draining, "draining"}, {t.Drained, "drained"}, {t.Ending, "terminating"}, {t.Waiting, "waiting"}, {t.Stuck, "stuck"}, {t.Skipped, "skipped"}} {
		if n.n > 0 {
			words = append(words, fmt.Sprintf("%d %s", n.n, n.what))
		}
	}
	return strings.Join(words, ", ")
}

// group is a group as its owner calls it: by its key in the file.
func group(m roll.Memory, name string) string {
	if i := slices.IndexFunc(m.Pools, func(p roll.Pool) bool { return p.Group == name }); i >= 0 {
		return m.Pools[i].Key
	}
	return name
}

// service is the service of a task's group; empty: it belongs to none.
func service(taskGroup string) string {
	name, of := strings.CutPrefix(taskGroup, "service:")
	if !of {
		return ""
	}
	return name
}

// some are the first names, and how many more there are.
func some(names []string, most int) string {
	text := strings.Join(names[:min(len(names), most)], ", ")
	if more := len(names) - most; more > 0 {
		text += fmt.Sprintf(" and %d more", more)
	}
	return ink.Clean(text)
}
