package program

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Registry is where images come from whose names say what they do.
const Registry = "berth.sim/"

// Program is what the program of an image does. The zero Program is a server that answers at once and for ever.
type Program struct {
	Boot      time.Duration // it listens that long after it started
	Ends      bool          // it ends by itself, After it started, with the code Exit
	After     time.Duration
	Exit      int
	OOM       bool          // it ends because it took too much memory
	Sick      bool          // it answers with errors, SickAfter it began to listen
	SickAfter time.Duration // 0: from the start
	Status    int           // the HTTP status of its answers; 0 means 200
	Silent    bool          // it takes connections and never answers
	Took      time.Duration // how long it works on a request; 0: as long as usual
	Slow      time.Duration // how long it takes to end when told to; 0: as long as usual
	Deaf      bool          // it does not end when told to
	Drops     bool          // when told to end it drops the requests it works on
	Pull      string        // what keeps its image from being pulled or started; empty: nothing
	PullTakes time.Duration // how much longer than usual the pull takes
}

// Key is one of the keys that say what an image does.
type Key struct{ Name, Value, Means string }

// Keys are all of them.
func Keys() []Key {
	return []Key{
		{"boot", "DURATION", "listens only that long after it started"},
		{"crash", "DURATION", "ends that long after it started, with the code 1 or that of exit"},
		{"once", "DURATION", "is a job: ends that long after it started, with the code 0 or that of exit"},
		{"exit", "0 to 255", "the code with which crash or once end"},
		{"oom", "DURATION, or nothing for at once", "is killed because it takes too much memory"},
		{"unhealthy", "DURATION, or nothing for from the start", "answers with 500 that long after it began to listen, and fails its health checks"},
		{"status", "100 to 599", "answers everything with this HTTP status"},
		{"silent", "", "takes connections and never answers"},
		{"took", "DURATION", "works that long on a request, instead of 50ms"},
		{"slowstop", "DURATION", "takes that long to end after SIGTERM"},
		{"ignore-sigterm", "", "does not end on SIGTERM, and is killed when its stop timeout is over"},
		{"drop", "", "drops the requests it works on at SIGTERM"},
		{"pull", "missing, unauthorized, ratelimited, unreachable, disk-full, wrong-arch or slow=DURATION", "cannot be pulled, cannot be started, or takes that much longer to pull"},
	}
}

var reference = regexp.MustCompile(`^berth\.sim/[a-z0-9]+([._/-][a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$`)

// Name is an image's name without what its program does.
func Name(image string) string {
	name, _, _ := strings.Cut(image, "?")
	return name
}

// Parse reads what the program of an image does. It tells of keys that are not there, of values that cannot be read, and
// of images under berth.sim/ whose names are none.
func Parse(image string) (Program, error) {
	var p Program
	name, query, asked := strings.Cut(image, "?")
	if !strings.HasPrefix(name, Registry) {
		if asked {
			return p, fmt.Errorf("the image %s is not under %s, so it cannot say what it does", name, Registry)
		}
		return p, nil
	}
	if !reference.MatchString(name) {
		return p, fmt.Errorf("%s is not the name of an image", name)
	}
	seen := map[string]bool{}
	for word := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(word, "=")
		if key == "" && !asked {
			break
		}
		if seen[key] {
			return p, fmt.Errorf("the image %s has the key %q twice", name, key)
		}
		seen[key] = true
		if err := p.set(key, value); err != nil {
			return p, fmt.Errorf("the image %s has the key %q: %w", name, key, err)
		}
	}
	return p, p.check(seen)
}

// check refuses keys that do not go together, and gives a crash its code.
func (p *Program) check(seen map[string]bool) error {
	ends := 0
	for _, key := range []string{"crash", "once", "oom"} {
		if seen[key] {
			ends++
		}
	}
	switch {
	case ends > 1:
		return fmt.Errorf("a program ends by one of crash, once and oom")
	case seen["exit"] && !seen["crash"] && !seen["once"]:
		return fmt.Errorf("exit is the code of crash or once")
	case seen["slowstop"] && seen["ignore-sigterm"]:
		return fmt.Errorf("a program that ignores SIGTERM does not end slowly")
	case seen["crash"] && !seen["exit"]:
		p.Exit = 1
	}
	return nil
}

// set reads one key.
func (p *Program) set(key, value string) (err error) {
	switch key {
	case "boot":
		p.Boot, err = span(value)
	case "crash", "once":
		p.Ends = true
		p.After, err = span(value)
	case "exit":
		p.Exit, err = number(value, 0, 255)
	case "oom":
		p.Ends, p.OOM, p.Exit = true, true, killed
		p.After, err = spanOr0(value)
	case "unhealthy":
		p.Sick = true
		p.SickAfter, err = spanOr0(value)
	case "status":
		p.Status, err = number(value, 100, 599)
	case "took":
		p.Took, err = span(value)
	case "slowstop":
		p.Slow, err = span(value)
	case "pull":
		err = p.setPull(value)
	default:
		err = p.flag(key, value)
	}
	return err
}

// killed is the exit code of a program that was killed.
const killed = 137

// flag reads a key without a value.
func (p *Program) flag(key, value string) error {
	to, ok := map[string]*bool{"silent": &p.Silent, "ignore-sigterm": &p.Deaf, "drop": &p.Drops}[key]
	switch {
	case !ok:
		return fmt.Errorf("there is no such key")
	case value != "":
		return fmt.Errorf("it takes no value")
	}
	*to = true
	return nil
}

func (p *Program) setPull(value string) (err error) {
	if text, ok := strings.CutPrefix(value, "slow="); ok {
		p.PullTakes, err = span(text)
		return err
	}
	if value != WrongArch && !Outage(value) {
		return fmt.Errorf("%q is not one of missing, unauthorized, ratelimited, unreachable, disk-full, wrong-arch, slow=DURATION", value)
	}
	p.Pull = value
	return nil
}

// longest is the longest time that an image may name.
const longest = 30 * 24 * time.Hour

func span(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil || d <= 0 || d > longest {
		return 0, fmt.Errorf("%q is not a time such as 90s or 2m, up to 720h", text)
	}
	return d, nil
}

func spanOr0(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	return span(text)
}

func number(text string, least, most int) (int, error) {
	n, err := strconv.Atoi(text)
	if err != nil || n < least || n > most {
		return 0, fmt.Errorf("%q is not a number from %d to %d", text, least, most)
	}
	return n, nil
}
