package placement

import (
	"strings"

	"berth/internal/live"
	"berth/internal/placement/query"
)

// rule is an expression of a constraint; one that cannot be read admits nothing.
type rule struct {
	text string
	*query.Expression
}

func newRule(text string) rule {
	e, err := query.Parse(text)
	if err != nil {
		return rule{text: text}
	}
	return rule{text, e}
}

func (r rule) admits(s *seat) bool {
	return r.Expression != nil && r.Matches(s.Instance, s.groups)
}

// counts tells whether the answer changes while tasks land.
func (r rule) counts() bool { return r.Expression != nil && r.Counts() }

// lasts tells whether waiting does not change the answer for an instance.
func (r rule) lasts() bool { return r.Expression == nil || !r.Moves() }

func newNeed(text string) need {
	name, value, valued := strings.Cut(text, "=")
	return need{name, value, valued}
}

func (n need) String() string {
	if n.valued {
		return n.name + "=" + n.value
	}
	return n.name
}

func (n need) metBy(i *live.Instance) bool {
	value, has := i.Attributes[n.name]
	return has && (!n.valued || value == n.value)
}

// missing are the attributes that an instance has not.
func (j *Judge) missing(i *live.Instance) []string {
	var out []string
	for _, n := range j.requires {
		if !n.metBy(i) {
			out = append(out, n.String())
		}
	}
	return out
}

// broken are the expressions that do not mean an instance.
func (j *Judge) broken(s *seat) []rule {
	var out []rule
	for _, r := range j.rules {
		if !r.admits(s) {
			out = append(out, r)
		}
	}
	return out
}
