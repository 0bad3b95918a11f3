package query

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"berth/internal/live"
)

// subject is an instance with the groups of the tasks on it.
type subject struct {
	*live.Instance

	groups []string
}

type node interface {
	holds(s *subject) bool
	each(visit func(c *comparison))
}

type (
	either   []node
	both     []node
	opposite struct{ of node }
)

func (e either) holds(s *subject) bool {
	return slices.ContainsFunc(e, func(n node) bool { return n.holds(s) })
}

func (b both) holds(s *subject) bool {
	return !slices.ContainsFunc(b, func(n node) bool { return !n.holds(s) })
}

func (o opposite) holds(s *subject) bool { return !o.of.holds(s) }

func (e either) each(visit func(*comparison)) {
	for _, n := range e {
		n.each(visit)
	}
}
func (b both) each(visit func(*comparison))        { either(b).each(visit) }
func (o opposite) each(visit func(*comparison))    { o.of.each(visit) }
func (c *comparison) each(visit func(*comparison)) { visit(c) }

// kind is what is compared.
type kind int

const (
	attribute kind = iota
	agentConnected
	agentVersion
	instanceID
	registeredAt
	runningTasks
	taskGroup
)

// deed is what a comparison does.
type deed int

const (
	equals deed = iota
	more
	less
	among
	fits
	exists
)

// subjects are the kinds with their names and with what may be done with them.
//
//nolint:gochecknoglobals // a table
var subjects = []struct {
	kind  kind
	name  string
	takes []deed
	usual string
}{
	{attribute, "attribute", []deed{equals, more, less, among, fits, exists}, "all operators"},
	{agentConnected, "agentConnected", []deed{equals, among, fits}, "== true and == false"},
	{agentVersion, "agentVersion", []deed{equals, more, less}, "==, !=, >, >=, < and <="},
	{instanceID, "ec2InstanceId", []deed{equals, among, fits}, "==, !=, =~, !~, in and !in"},
	{registeredAt, "registeredAt", []deed{equals, more, less}, "==, !=, >, >=, < and <="},
	{runningTasks, "runningTasksCount", []deed{equals, more, less}, "==, !=, >, >=, < and <="},
	{taskGroup, "task:group", []deed{equals, among, fits, exists}, "==, !=, =~, !~, in, !in, exists and !exists"},
}

// asSubject finds the subject with a name; attributes are named otherwise.
func asSubject(name string) (kind, bool) {
	for _, s := range subjects[1:] {
		if s.name == name {
			return s.kind, true
		}
	}
	return 0, false
}

func (k kind) String() string       { return subjects[k].name }
func (k kind) takes(does deed) bool { return slices.Contains(subjects[k].takes, does) }
func (k kind) usual() string        { return subjects[k].usual }

// operators are how the deeds are written. None stands behind one that it begins with.
//
//nolint:gochecknoglobals // a table
var operators = []struct {
	text string
	does deed
	not  bool
}{
	{"==", equals, false},
	{"equals", equals, false},
	{"!=", equals, true},
	{"not_equals", equals, true},
	{">=", less, true},
	{"greater_than_equal", less, true},
	{">", more, false},
	{"greater_than", more, false},
	{"<=", more, true},
	{"less_than_equal", more, true},
	{"<", less, false},
	{"less_than", less, false},
	{"=~", fits, false},
	{"matches", fits, false},
	{"!~", fits, true},
	{"not_matches", fits, true},
	{"in", among, false},
	{"!in", among, true},
	{"not_in", among, true},
	{"exists", exists, false},
	{"!exists", exists, true},
	{"not_exists", exists, true},
}

// comparison is one of a subject with a value. With not it holds where it would not.
type comparison struct {
	of   kind
	name string // of an attribute
	does deed
	not  bool

	text    string
	list    []string
	number  int
	time    time.Time
	pattern *regexp.Regexp
}

func (c *comparison) holds(s *subject) bool {
	switch c.of {
	case agentConnected:
		return c.is(strconv.FormatBool(s.Connected)) != c.not
	case agentVersion:
		return c.orders(compareVersions(s.Agent, c.text)) != c.not
	case instanceID:
		return c.is(s.ID) != c.not
	case registeredAt:
		return c.orders(s.Registered.Truncate(time.Second).Compare(c.time)) != c.not
	case runningTasks:
		return c.orders(cmp.Compare(s.Running, c.number)) != c.not
	case taskGroup:
		return slices.ContainsFunc(s.groups, func(g string) bool { return c.does == exists || c.is(g) }) != c.not
	default:
		value, has := s.Attributes[c.name]
		if c.does == exists {
			return has != c.not
		}
		return has && c.is(value) != c.not
	}
}

// orders tells whether an order is the one that is asked for.
func (c *comparison) orders(order int) bool {
	return c.does == equals && order == 0 || c.does == more && order > 0 || c.does == less && order < 0
}

// is tells whether a text is what is asked for.
func (c *comparison) is(text string) bool {
	switch c.does {
	case among:
		return slices.Contains(c.list, text)
	case fits:
		return c.pattern.MatchString(text)
	default:
		return c.orders(strings.Compare(text, c.text))
	}
}
