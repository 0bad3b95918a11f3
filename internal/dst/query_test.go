package dst

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/internal/live"
	tool "berth/internal/placement/query"
	ecs "berth/internal/sim/ecs/query"
	"berth/internal/sim/world"
)

// phrase draws an expression, mostly a correct one.
func phrase(rt *rapid.T, depth int) string {
	one := func(from ...string) string { return rapid.SampledFrom(from).Draw(rt, "one") }
	blank := func() string { return one("", " ", " ", "\t ") }
	if depth > 0 && rapid.Bool().Draw(rt, "joined") {
		a, b := phrase(rt, depth-1), phrase(rt, depth-1)
		return one("("+a+")"+blank()+"and ("+b+")", a+" or "+b, a+"&&"+b, a+" || "+b, "not "+a, "!("+a+")", "("+a+")", a+" and "+b, a+" "+b)
	}
	value := func() string {
		return one("a", "prod", "'x y'", `"t2.small"`, "t3.large", "service:a", "true", "i-1", "1", "2", "1.9.0", "1.10", "1.10.0-x", "2020-01-02",
			"2020-01-02T01:00:00Z", "t[23].*", "'t[23]\\..*'", "[a-c]", "pro.", ".*", "'(a|p)rod'", "x&&y", "'it\\'s'", "a*+", "[a[b]]", "(?i)A", "\\Qa", "")
	}
	subject := one("attribute:stack", "attribute:ecs.instance-type", "attribute:other", "agentConnected", "agentVersion", "ec2InstanceId",
		"registeredAt", "runningTasksCount", "task:group", "attribute:", "colour", "attribute:a:b")
	operator := one("==", "!=", "=~", "!~", ">", ">=", "<", "<=", "equals", "not_equals", "matches", "not_matches", "greater_than",
		"greater_than_equal", "less_than", "less_than_equal", "=", "is")
	switch rapid.IntRange(0, 5).Draw(rt, "form") {
	case 0:
		return subject + blank() + one("in", "!in", "not_in") + blank() + "[" + value() + one(",", " , ") + value() + "]"
	case 1:
		return subject + " " + one("exists", "!exists", "not_exists")
	}
	return subject + one(" ", "") + operator + one(" ", "") + value()
}

// twoHosts draws an instance for both sides.
func twoHosts(rt *rapid.T) (*live.Instance, []string, *world.ContainerInstance) {
	word := rapid.SampledFrom([]string{"a", "b", "prod", "t2.small", "t3.large", "x y", ""})
	i := &live.Instance{
		ID: rapid.SampledFrom([]string{"i-1", "i-2", "a"}).Draw(rt, "id"), Connected: rapid.Bool().Draw(rt, "connected"),
		Running: rapid.IntRange(0, 3).Draw(rt, "running"), Attributes: map[string]string{},
		Agent:      rapid.SampledFrom([]string{"1.9.0", "1.10.0", "1.10", "1.10.0-x", "2.0.0+b"}).Draw(rt, "agent"),
		Registered: time.Date(2020, 1, rapid.IntRange(1, 3).Draw(rt, "day"), rapid.IntRange(0, 1).Draw(rt, "hour"), 0, 0, 5e8, time.UTC),
	}
	w := &world.ContainerInstance{EC2ID: i.ID, AgentConnected: i.Connected, RunningTasks: i.Running, AgentVersion: i.Agent, RegisteredAt: i.Registered}
	for _, name := range []string{"ecs.instance-type", "other", "stack"} {
		if rapid.Bool().Draw(rt, name) {
			i.Attributes[name] = word.Draw(rt, "value")
			w.Attributes = append(w.Attributes, world.ECSAttribute{Name: name, Value: i.Attributes[name], HasValue: i.Attributes[name] != "", Custom: name != "ecs.instance-type"})
		}
	}
	groups := rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"service:a", "service:b", "a"}), 0, 3, rapid.ID).Draw(rt, "groups")
	for _, g := range groups {
		w.Groups = append(w.Groups, world.TaskGroup{Name: g, Tasks: 1})
	}
	return i, groups, w
}

func TestTheToolReadsExpressionsAsTheSimulatedECSDoes(t *testing.T) {
	read := 0
	rapid.Check(t, func(rt *rapid.T) {
		for range 40 { // most are spoilt somewhere
			if readAlike(rt) {
				read++
			}
		}
	})
	if read < 100 {
		t.Fatalf("only %d expressions could be read", read)
	}
}

// readAlike has an expression read by both, and tells whether it was one.
func readAlike(rt *rapid.T) bool {
	text := phrase(rt, 3)
	if rapid.IntRange(0, 4).Draw(rt, "spoil") == 0 && text != "" { // spoilt, it may still be one
		at := rapid.IntRange(0, len(text)-1).Draw(rt, "at")
		text = text[:at] + rapid.SampledFrom([]string{"", "'", "(", ")", "[", "]", "\\", "!", " ", "&&"}).Draw(rt, "with") + text[at+1:]
	}
	mine, err := tool.Parse(text)
	theirs, err2 := ecs.Parse(text)
	if (err == nil) != (err2 == nil) {
		rt.Fatalf("%q: the tool says %v, the simulated ECS %v", text, err, err2)
	}
	if err != nil {
		return false
	}
	i, groups, w := twoHosts(rt)
	if a, b := mine.Matches(i, groups), theirs.Matches(w); a != b {
		rt.Fatalf("%q of %+v with %v: the tool says %v, the simulated ECS %v", text, i, groups, a, b)
	}
	if mine.Counts() != theirs.Dynamic() {
		rt.Fatalf("%q looks at tasks: %v, %v", text, mine.Counts(), theirs.Dynamic())
	}
	return true
}
