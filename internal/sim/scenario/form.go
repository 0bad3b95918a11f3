package scenario

import "strings"

// Form is one thing that can be said. In its text small words stand for themselves, capitals for places, and what is in
// brackets may be left out.
type Form struct{ Text, Meaning string }

// Forms are all sentences, by what they are about.
func Forms() []Form {
	return []Form{
		{"throttle CALL [for TIME] [COUNT times]", "AWS refuses the call as one too many"},
		{"break CALL [for TIME] [COUNT times]", "AWS breaks down before the effect: 500 InternalError"},
		{"lose requests of CALL [for TIME] [COUNT times]", "the connection is cut before the effect"},
		{"lose answers of CALL [for TIME] [COUNT times]", "the connection is cut after the effect"},
		{"refuse CALL with CODE [saying TEXT] [status NUMBER] [for TIME] [COUNT times]", "AWS refuses the call with this error"},
		{"stale reads of CALL [for TIME] [COUNT times]", "a read sees what was before the last writes"},
		{"heal calls", "no call goes wrong any more"},
		{"quota CODE is NUMBER", "a service quota has this value"},
		{"no capacity in ZONE [for TIME]", "nothing can be launched in a zone"},
		{"no capacity for TYPE in ZONE [for TIME]", "an instance type cannot be launched in a zone"},
		{"no capacity for TYPE [for TIME]", "an instance type cannot be launched anywhere"},
		{"offer COUNT requests per second to NAME", "from now on so many requests come to each listener rule of a service or a load balancer"},
		{"assert service NAME never below COUNT running", "from now on the service always has this many running tasks"},
		{"assert cluster NAME never below COUNT instances", "from now on the cluster always has this many connected, active instances"},
		{"assert service NAME runs COUNT", "the service has this many running tasks at this moment"},
		{"assert no request fails [of NAME]", "from now on no request fails, of a service or a load balancer, or of all"},
		{"assert fewer than COUNT requests fail [of NAME]", "from now on fewer requests fail, counted together, of a service or a load balancer, or of all"},
	}
}

// part is a piece of a form: words that follow each other, all or none if optional.
type part struct {
	words    []string
	optional bool
}

// parts cuts a form's text at its brackets.
func (f Form) parts() []part {
	var out []part
	for rest := f.Text; rest != ""; {
		before, after, found := strings.Cut(rest, "[")
		if words := strings.Fields(before); len(words) > 0 {
			out = append(out, part{words: words})
		}
		if !found {
			break
		}
		inside, tail, _ := strings.Cut(after, "]")
		out = append(out, part{words: strings.Fields(inside), optional: true})
		rest = tail
	}
	return out
}

// isPlace tells whether a word of a form stands for something.
func isPlace(word string) bool { return word == strings.ToUpper(word) }
