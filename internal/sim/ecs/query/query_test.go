package query

import (
	"errors"
	"strings"
	"testing"
	"time"

	"berth/internal/sim/world"
)

// medium is an instance of the type t2.medium in us-east-1b with two tasks.
func medium() *world.ContainerInstance {
	text := func(name, value string) world.ECSAttribute {
		return world.ECSAttribute{Name: name, Value: value, HasValue: true, Custom: !strings.HasPrefix(name, "ecs.")}
	}
	return &world.ContainerInstance{
		EC2ID: "i-abcd1234", AgentConnected: true, AgentVersion: "1.14.4", RunningTasks: 2, Groups: []world.TaskGroup{{Name: "service:production", Tasks: 1}, {Name: "family:web", Tasks: 1}},
		RegisteredAt: time.Date(2018, 2, 12, 22, 28, 28, 5e8, time.UTC),
		Attributes: []world.ECSAttribute{
			{Name: "com.amazonaws.ecs.capability.privileged-container"},
			text("ecs.instance-type", "t2.medium"),
			text("ecs.availability-zone", "us-east-1b"), text("stack", "prod"), text("note", "it's [so], isn't it"), text("size", "9"),
		},
	}
}

func TestEveryExampleOfTheGuideReads(t *testing.T) {
	// ECS developer guide, "Create expressions to define container instances" and "Define which container instances"
	for text, want := range map[string]bool{
		`attribute:ecs.instance-type == t2.small`:                                               false,
		`attribute:ecs.availability-zone in [us-east-1a, us-east-1b]`:                           true,
		`attribute:ecs.instance-type =~ g2.* and attribute:ecs.availability-zone != us-east-1d`: false,
		`task:group == service:production`:                                                      true,
		`not(task:group == database)`:                                                           true,
		`runningTasksCount == 1`:                                                                false,
		`agentVersion < 1.14.5`:                                                                 true,
		`registeredAt < 2018-02-13`:                                                             true,
		`ec2InstanceId in ['i-abcd1234', 'i-wxyx7890']`:                                         true,
		`attribute:ecs.instance-type == g2.2xlarge`:                                             false,
		`attribute:stack == prod`:                                                               true,
		`attribute:stack != prod`:                                                               false,
		`attribute:ecs.instance-type in [t2.small, t2.medium]`:                                  true,
		`attribute:ecs.instance-type =~ t2.* and attribute:ecs.availability-zone == us-east-1a`: false,
		`task:group == databases`:                                                               false,
		`task:group == service:daemon-service`:                                                  false,
		`attribute:ecs.os-type == linux`:                                                        false,
	} {
		check(t, text, want)
	}
}

func check(t *testing.T, text string, want bool) {
	t.Helper()
	e, err := Parse(text)
	if err != nil {
		t.Errorf("%s: %s", text, err)
	} else if got := e.Matches(medium()); got != want {
		t.Errorf("%s: got %v", text, got)
	}
}

func TestOperatorsOfEverySubject(t *testing.T) {
	for text, want := range map[string]bool{
		`agentConnected == true`: true, `agentConnected equals false`: false, `agentConnected != false`: true, `agentConnected not_equals true`: false,
		`agentConnected in [true, maybe]`: true, `agentConnected !in [true]`: false, `agentConnected =~ t.*e`: true, `agentConnected !~ tru`: true,

		`agentVersion == 1.14.4`: true, `agentVersion == 1.14.4.0`: true, `agentVersion != 1.14.40`: true, `agentVersion > 1.9.9`: true,
		`agentVersion >= 1.14.4`: true, `agentVersion <= 1.14.3`: false, `agentVersion greater_than 1.014.03`: true, `agentVersion less_than 1.14.4`: false,
		`agentVersion greater_than_equal 1.14.5`: false, `agentVersion less_than_equal 2`: true, `agentVersion > 1.14.4-rc1`: true, `agentVersion >= 1.14.4+5`: true,

		`ec2InstanceId == i-abcd1234`: true, `ec2InstanceId =~ i-abcd`: false, `ec2InstanceId matches i-abcd.*`: true, `ec2InstanceId not_in [a,b]`: true,
		`ec2InstanceId not_matches i-.*`: false,

		`registeredAt == 2018-02-12T22:28:28Z`: true, `registeredAt != '2018-02-12T22:28:28+00:00'`: false, `registeredAt <= 2018-02-12T22:28:28`: true,
		`registeredAt > 2018-02-12`: true, `registeredAt >= 2018-02-12T23:28:28+01:00`: true, `registeredAt > 2018-02-12T23:28:28-01:00`: false,

		`runningTasksCount != 1`: true, `runningTasksCount > 1`: true, `runningTasksCount >= 3`: false, `runningTasksCount <= 2`: true, `runningTasksCount < 10`: true,

		`task:group =~ service:.*`: true, `task:group !~ .*:web`: false, `task:group in [x, "family:web"]`: true, `task:group !in [x, y]`: true,
		`task:group != database`: true, `task:group != service:production`: false, `task:group exists`: true, `task:group == old`: false,

		`attribute:stack exists`: true, `attribute:stacks exists`: false, `attribute:stack !exists`: false, `attribute:stacks not_exists`: true,
		`attribute:com.amazonaws.ecs.capability.privileged-container exists`:       true,
		`attribute:com.amazonaws.ecs.capability.privileged-container == ''`:        true,
		`attribute:com.amazonaws.ecs.capability.privileged-container not_equals x`: true,
		`attribute:stack > pro`: true, `attribute:stack <= prod`: true, `attribute:size > 10`: true, `attribute:stack !in [dev, test]`: true,
		`attribute:note == 'it\'s [so], isn\'t it'`: true, `attribute:note == "it's [so], isn't it"`: true, `attribute:note =~ "it\Ws .*"`: true,
	} {
		check(t, text, want)
	}
}

func TestAnAttributeThatIsNotThereIsNeitherEqualNorUnequal(t *testing.T) {
	// ECS developer guide, "Filtering by attribute": != lists "the instances with the custom attribute … unless …"
	for _, o := range []string{"== x", "!= x", "> x", "<= x", "in [x]", "!in [x]", "=~ .*", "!~ x"} {
		check(t, "attribute:none "+o, false)
	}
}

func TestConnectivesBindAsUsual(t *testing.T) {
	const yes, no = "agentConnected == true", "agentConnected == false"
	for text, want := range map[string]bool{
		yes + " or " + no + " and " + no: true, "(" + yes + " or " + no + ") and " + no: false,
		yes + "||" + no + "&&" + no: true, "not " + no + " and " + no: false, "not(" + no + " and " + no + ")": true,
		"!" + yes: false, "! !" + yes: true, "not not not " + yes: false, "(((" + yes + ")))": true, "!(" + no + ")&&" + yes: true,
		"agentConnected==true&&attribute:stack==prod": true, "\tagentConnected\n==\r true ": true,
		"(attribute:stack exists)or(attribute:stacks exists)": true, "attribute:stack in['a','prod']": true,
	} {
		check(t, text, want)
	}
}

func TestBadExpressionsAreRefusedWhereTheyAreBad(t *testing.T) {
	for text, want := range map[string]string{
		"": "expected a subject, found end of expression at position 1", "  ": "position 3", "agentConnected": "expected an operator, found end of expression at position 15",
		"agentConnected ==": "expected a value, found end of expression at position 18", "agentConnected == true true": `unexpected 't' at position 24`,
		"colour == red": `unknown subject "colour" at position 1`, "attribute: == x": "invalid attribute name", "attribute == x": "unknown subject",
		"attribute:a:b == x": "invalid attribute name", "agentConnected > true": `">" is not valid for the subject agentConnected at position 16`,
		"agentVersion in [1]": "not valid", "agentVersion == latest": `invalid value "latest" at position 17`, "registeredAt > yesterday": "invalid value",
		"registeredAt > 2018-02-30": "invalid value", "registeredAt > 2018-06-18T22:28:28.5Z": "", "runningTasksCount == many": "invalid value",
		"runningTasksCount exists": "not valid", "attribute:a in x": `expected an argument list, found 'x' at position 16`, "attribute:a in []": "expected a value",
		"attribute:a in [x": `expected "," or "]", found end of expression`, "attribute:a in [x y]": `expected "," or "]", found 'y' at position 19`,
		"attribute:a == 'x": "a quote is not closed at position 16", "(agentConnected == true": `expected ")"`, "agentConnected == true)": "unexpected ')'",
		"attribute:a =~ a(": "", "attribute:a =~ 'a('": "invalid pattern", "attribute:a =~ '(?=a)'": "invalid pattern", `attribute:a =~ '(a)\1'`: "invalid pattern",
		"attribute:a =~ 'a*+'": "invalid pattern", "attribute:a =~ '[a-z&&[^b]]'": "invalid pattern", "attribute:a =~ 'a)|(b'": "invalid pattern",
		"attribute:a =~ '(?P<x>a)'": "invalid pattern", "attribute:a =~ '(?U)a'": "invalid pattern", `attribute:a =~ '\Qa\E'`: "invalid pattern",
		"attribute:a AND": "expected an operator", "attribute:a = b": "expected an operator", "== x": "expected a subject, found '='",
		strings.Repeat("(", 60) + "agentConnected == true": "nested deeper than 50 at position 51", strings.Repeat("!", 60): "nested deeper",
		strings.Repeat(" ", MaxLength+1): "longer than 2000",
	} {
		_, err := Parse(text)
		if err == nil {
			if want != "" {
				t.Errorf("%q is taken", text)
			}
			continue
		}
		if e, ok := errors.AsType[*SyntaxError](err); !ok || !strings.Contains(err.Error(), want) || e.Position < 0 || e.Position > len(text) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestPatternsMustMatchTheWholeValue(t *testing.T) {
	for pattern, want := range map[string]bool{
		"prod": true, "pro": false, "rod": false, "a|prod": true, "a|pro": false, "'^prod$'": true, "'(p|q)ro(?<end>d)'": true, "'(?i)PROD'": true,
		"'[^]a-c]rod'": true, `'\w{4}'`: true, "''": false, "pro[d]": true, "[^a]rod": true, "pro[^]d]": false, "pro[a-c]": false,
	} {
		if e, err := Parse("attribute:stack =~ " + pattern); err == nil && e.Matches(medium()) != want {
			t.Errorf("%s: not %v", pattern, want)
		} else if err != nil && want {
			t.Error(err)
		}
	}
}

func TestExpressionsOverTasksAreDynamic(t *testing.T) {
	for text, want := range map[string]bool{
		"attribute:a exists": false, "agentConnected == true or not(runningTasksCount < 5)": true, "(task:group == a) and ec2InstanceId == b": true,
	} {
		if e, err := Parse(text); err != nil || e.Dynamic() != want {
			t.Errorf("%s: %v, %v", text, e, err)
		}
	}
}

func TestMatchesAllocatesNothing(t *testing.T) {
	e, err := Parse("attribute:ecs.instance-type =~ t2.* and not(task:group in [a, b]) and registeredAt > 2000-01-01 and agentVersion < 9.0.0-x")
	if err != nil {
		t.Fatal(err)
	}
	s := medium()
	if n := testing.AllocsPerRun(100, func() { e.Matches(s) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}
