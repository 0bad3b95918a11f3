package query

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/sim/world"
)

// drawn is an expression as a text and as a function that answers slowly and plainly.
type drawn struct {
	text  string
	holds func(*world.ContainerInstance) bool
}

var (
	words  = rapid.SampledFrom([]string{"a", "b", "prod", "t2.small", "t3.large", "x y"})
	groups = rapid.SampledFrom([]string{"service:a", "service:b", "family:web"})
)

func pick[T any](rt *rapid.T, from ...T) T { return rapid.SampledFrom(from).Draw(rt, "pick") }

// spelled writes a value with or without quotes.
func spelled(rt *rapid.T, v string) string {
	if strings.Contains(v, " ") || rapid.Bool().Draw(rt, "quoted") {
		return pick(rt, "'"+v+"'", `"`+v+`"`)
	}
	return v
}

// texts are the values of a subject that is compared as text, none for an attribute that is not there.
func texts(subject string, s *world.ContainerInstance) []string {
	switch subject {
	case "agentConnected":
		return []string{fmt.Sprint(s.AgentConnected)}
	case "ec2InstanceId":
		return []string{s.EC2ID}
	case "task:group":
		var out []string
		for _, g := range s.Groups {
			out = append(out, g.Name)
		}
		return out
	}
	for _, a := range s.Attributes {
		if "attribute:"+a.Name == subject {
			return []string{a.Value}
		}
	}
	return nil
}

func drawText(rt *rapid.T) drawn {
	subject := pick(rt, "agentConnected", "ec2InstanceId", "task:group", "attribute:stack", "attribute:ecs.instance-type")
	value := words
	if subject == "task:group" {
		value = groups
	}
	list := rapid.SliceOfN(value, 1, 3).Draw(rt, "list")
	negate := rapid.Bool().Draw(rt, "negate")
	kind := rapid.IntRange(0, 3).Draw(rt, "kind")
	var argument, operator string
	var is func(string) bool
	switch kind {
	case 0:
		argument, is = spelled(rt, list[0]), func(v string) bool { return v == list[0] }
		operator = pick(rt, "==", "equals")
		if negate {
			operator = pick(rt, "!=", "not_equals")
		}
	case 1:
		all := make([]string, len(list))
		for n, v := range list {
			all[n] = spelled(rt, v)
		}
		argument, is = "["+strings.Join(all, pick(rt, ",", " , "))+"]", func(v string) bool { return slices.Contains(list, v) }
		operator = "in"
		if negate {
			operator = pick(rt, "!in", "not_in")
		}
	case 2:
		pattern := pick(rt, "t[23].*", ".*", "service:.", "pro.", "[a-c]")
		argument, is = "'"+pattern+"'", func(v string) bool { return regexp.MustCompile("^(" + pattern + ")$").MatchString(v) }
		operator = pick(rt, "=~", "matches")
		if negate {
			operator = pick(rt, "!~", "not_matches")
		}
	default:
		if !strings.Contains(subject, ":") {
			return drawText(rt)
		}
		operator, is = "exists", func(string) bool { return true }
		if negate {
			operator = pick(rt, "!exists", "not_exists")
		}
	}
	return drawn{subject + " " + operator + " " + argument, func(s *world.ContainerInstance) bool {
		values := texts(subject, s)
		if kind != 3 && len(values) == 0 && strings.HasPrefix(subject, "attribute:") {
			return false
		}
		return slices.ContainsFunc(values, is) != negate
	}}
}

// drawOrder draws a comparison of a subject that has an order.
func drawOrder(rt *rapid.T) drawn {
	subject := pick(rt, "agentVersion", "registeredAt", "runningTasksCount")
	argument, order := "", func(*world.ContainerInstance) int { return 0 }
	switch n := rapid.IntRange(0, 3).Draw(rt, "n"); subject {
	case "agentVersion":
		argument, order = fmt.Sprintf("1.%d.0", 9+n), func(s *world.ContainerInstance) int {
			var minor int
			_, _ = fmt.Sscanf(s.AgentVersion, "1.%d.0", &minor)
			return minor - 9 - n
		}
	case "registeredAt":
		day := time.Date(2020, 1, 1+n, 0, 0, 0, 0, time.UTC)
		argument = day.Format(pick(rt, time.DateOnly, time.RFC3339, "2006-01-02T15:04:05", "2006-01-02T15:04:05-07:00"))
		order = func(s *world.ContainerInstance) int { return int(s.RegisteredAt.Sub(day) / time.Hour) }
	default:
		argument, order = fmt.Sprint(n), func(s *world.ContainerInstance) int { return s.RunningTasks - n }
	}
	o := pick(rt, [2]string{"==", "equals"}, [2]string{"!=", "not_equals"}, [2]string{">", "greater_than"}, [2]string{"<", "less_than"},
		[2]string{">=", "greater_than_equal"}, [2]string{"<=", "less_than_equal"})
	return drawn{subject + " " + pick(rt, o[:]...) + " " + argument, func(s *world.ContainerInstance) bool {
		n := order(s)
		return map[string]bool{"==": n == 0, "!=": n != 0, ">": n > 0, "<": n < 0, ">=": n >= 0, "<=": n <= 0}[o[0]]
	}}
}

func draw(rt *rapid.T, depth int) drawn {
	kind := rapid.IntRange(0, 7).Draw(rt, "node")
	if depth == 0 || kind < 3 {
		if kind%2 == 0 {
			return drawOrder(rt)
		}
		return drawText(rt)
	}
	a := draw(rt, depth-1)
	if kind == 7 {
		return drawn{pick(rt, "not(", "!(", "! (") + a.text + ")", func(s *world.ContainerInstance) bool { return !a.holds(s) }}
	}
	b := draw(rt, depth-1)
	if kind < 5 {
		return drawn{"(" + a.text + ")" + pick(rt, " and ", "&&") + "(" + b.text + ")", func(s *world.ContainerInstance) bool { return a.holds(s) && b.holds(s) }}
	}
	return drawn{"(" + a.text + pick(rt, " or ", " || ") + b.text + ")", func(s *world.ContainerInstance) bool { return a.holds(s) || b.holds(s) }}
}

// drawSubject draws an instance about which the expressions have something to say.
func drawSubject(rt *rapid.T) *world.ContainerInstance {
	s := &world.ContainerInstance{
		EC2ID: words.Draw(rt, "id"), AgentConnected: rapid.Bool().Draw(rt, "connected"), RunningTasks: rapid.IntRange(0, 3).Draw(rt, "running"),
		AgentVersion: fmt.Sprintf("1.%d.0", rapid.IntRange(8, 12).Draw(rt, "minor")),
		RegisteredAt: time.Date(2020, 1, rapid.IntRange(1, 4).Draw(rt, "day"), rapid.IntRange(0, 1).Draw(rt, "hour"), 0, 0, 0, time.UTC),
	}
	for _, name := range []string{"ecs.instance-type", "other", "stack"} {
		if rapid.Bool().Draw(rt, name) {
			s.Attributes = append(s.Attributes, world.ECSAttribute{Name: name, Value: words.Draw(rt, "value"), HasValue: true, Custom: name != "ecs.instance-type"})
		}
	}
	for range rapid.IntRange(0, 3).Draw(rt, "tasks") {
		s.Groups = append(s.Groups, world.TaskGroup{Name: groups.Draw(rt, "group"), Tasks: 1})
	}
	return s
}

func TestExpressionsMeanWhatTheyMeanSlowly(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		d, s := draw(rt, 4), drawSubject(rt)
		if len(d.text) > MaxLength {
			return
		}
		e, err := Parse(d.text)
		if err != nil {
			rt.Fatalf("%s: %s", d.text, err)
		}
		if got := e.Matches(s); got != d.holds(s) {
			rt.Fatalf("%s: got %v", d.text, got)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{
		"attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d", "not(task:group == database)",
		"ec2InstanceId in ['i-abcd1234', \"i-wxyx7890\"]", "registeredAt < 2018-02-13||!(agentVersion >= 1.14.5-a+b)", "attribute:a =~ '[^]\\w(?i:x)]'",
	} {
		f.Add(text)
	}
	s := medium()
	f.Fuzz(func(t *testing.T, text string) {
		e, err := Parse(text)
		if err != nil {
			if e, ok := err.(*SyntaxError); !ok || e.Position < 0 || e.Position > len(text) { //nolint:errorlint // it must not be wrapped
				t.Errorf("%q: %#v", text, err)
			}
			return
		}
		opposite, err := Parse("not(" + text + ")")
		if err == nil && opposite.Matches(s) == e.Matches(s) {
			t.Errorf("%q and its opposite are the same", text)
		}
	})
}
