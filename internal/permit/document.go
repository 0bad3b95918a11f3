package permit

import (
	"encoding/json"
	"slices"
	"strings"
)

// Document is a policy document.
type Document struct {
	Version   string
	Statement []Statement
}

// Statement is one statement of a policy document.
type Statement struct {
	Sid       string
	Effect    string
	Action    words
	Resource  words
	Condition condition `json:",omitempty"`
}

// words are texts; one alone is written without a list, as IAM takes it.
type words []string

// MarshalJSON writes one text or a list.
func (w words) MarshalJSON() ([]byte, error) {
	if len(w) == 1 {
		return json.Marshal(w[0])
	}
	return json.Marshal([]string(w))
}

// version is that of IAM's language for policies.
const version = "2012-10-17"

// The limits of IAM on the characters of a policy without its white space (IAM user guide, "IAM and AWS STS quotas").
const (
	MostManaged = 6144  // of a managed policy
	MostInline  = 10240 // of all inline policies of a role together
)

// Policy is the least that a verb needs on a cluster; false for a verb that asks AWS nothing.
func Policy(verb string, c Cluster) (Document, bool) {
	p, ok := verbs()[verb]
	if !ok {
		return Document{}, false
	}
	actions := map[place][]string{}
	for _, r := range catalogue() {
		if r.phase&p == 0 {
			continue
		}
		for _, g := range r.grants {
			actions[g.in] = append(actions[g.in], g.action)
		}
	}
	d := Document{Version: version}
	for at := range parameters + 1 {
		if len(actions[at]) > 0 && len(c.spec(at).resources) > 0 {
			d.Statement = append(d.Statement, c.statement(at, actions[at]...))
		}
	}
	return d, true
}

// statement is a place with its actions.
func (c Cluster) statement(at place, actions ...string) Statement {
	slices.Sort(actions)
	s := c.spec(at)
	return Statement{Sid: s.sid, Effect: "Allow", Action: slices.Compact(actions), Resource: s.resources, Condition: s.condition}
}

// JSON is the document as people read it.
func (d Document) JSON() string { return text(d) }

// JSON is the statement alone.
func (s Statement) JSON() string {
	b, _ := json.Marshal(s) // texts always marshal
	return string(b)
}

func text(v any) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(v); err != nil {
		panic(err) // texts always marshal
	}
	return b.String()
}

// Size is how many characters the document has for IAM, which does not count white space.
func (d Document) Size() int {
	return len(strings.Join(strings.Fields(d.JSON()), ""))
}

// Parts are documents that together allow the same, each small enough for a managed policy.
func (d Document) Parts() []Document {
	var out []Document
	part := Document{Version: d.Version}
	var pieces []Statement
	for _, s := range d.Statement {
		pieces = append(pieces, s.pieces()...)
	}
	for _, s := range pieces {
		grown := Document{part.Version, append(slices.Clip(part.Statement), s)}
		if len(part.Statement) > 0 && grown.Size() > MostManaged {
			out = append(out, part)
			grown = Document{d.Version, []Statement{s}}
		}
		part = grown
	}
	return append(out, part)
}

// pieces are statements that together allow the same, each small enough for a managed policy of its own. Only what a file names
// can be too much for one.
func (s Statement) pieces() []Statement {
	if n := len(s.Resource); n > 1 && (Document{version, []Statement{s}}).Size() > MostManaged {
		a, b := s, s
		a.Sid, a.Resource = s.Sid+"A", s.Resource[:n/2]
		b.Sid, b.Resource = s.Sid+"B", s.Resource[n/2:]
		return append(a.pieces(), b.pieces()...)
	}
	return []Statement{s}
}

// Missing are the statements that would allow an action on a resource as AWS names it in its refusal (empty where it names none),
// with that action alone. Of several the first is the likeliest: AWS does not say which tags it looked for. None when the tool never
// needs that.
func Missing(c Cluster, action, resource string) []Statement {
	var found []place
	nearest := 0
	for _, r := range catalogue() {
		for _, g := range r.grants {
			if !strings.EqualFold(g.action, action) || len(c.spec(g.in).resources) == 0 {
				continue
			}
			action = g.action
			near := c.near(g.in, resource)
			if near > nearest {
				found, nearest = nil, near
			}
			if near == nearest {
				found = append(found, g.in)
			}
		}
	}
	slices.Sort(found)
	var out []Statement
	for _, at := range slices.Compact(found) {
		out = append(out, c.statement(at, action))
	}
	return out
}

// near is how well a place fits a resource: one that the resource can be in, of what stands or does not stand yet as the resource.
func (c Cluster) near(at place, resource string) int {
	s, points := c.spec(at), 0
	if resource == "" {
		return 0
	}
	if s.made == strings.HasSuffix(resource, "/*") {
		points++
	}
	if slices.ContainsFunc(s.resources, func(p string) bool { return matches(p, resource) }) {
		points += 2
	}
	return points
}

// matches tells whether a text fits a pattern with stars and question marks.
func matches(pattern, text string) bool {
	before, after, star := strings.Cut(pattern, "*")
	if len(text) < len(before) {
		return false
	}
	for i := range before {
		if before[i] != '?' && before[i] != text[i] {
			return false
		}
	}
	text = text[len(before):]
	if !star {
		return text == ""
	}
	for i := range len(text) + 1 {
		if matches(after, text[i:]) {
			return true
		}
	}
	return false
}
