package scenario

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// samples are words that fit each place.
func samples() map[string]string {
	return map[string]string{
		"TIME": "10m", "COUNT": "3", "NUMBER": "2.5", "CALL": "ec2.RunInstances", "ZONE": "eu-west-1a", "TYPE": "m7i.large", "INSTANCE": "i-0a",
		"AMI": "ami-0a", "ARN": "arn:aws:secretsmanager:eu-west-1:123456789012:secret:db-a1b2c3", "CODE": "AccessDenied", "NAME": "web", "TEXT": "not allowed", "IMAGE": "docker.io/acme", "HOW": "missing", "WORD": "storm",
	}
}

// say is a form with words in all of its places; what may be left out is there if all says so.
func say(f Form, all bool) (text string, filled map[string]string) {
	filled = map[string]string{}
	var words []string
	for _, p := range f.parts() {
		if p.optional && !all {
			continue
		}
		for _, w := range p.words {
			if sample, ok := samples()[w]; ok {
				filled[w] = sample
				if strings.Contains(sample, " ") {
					sample = fmt.Sprintf("%q", sample)
				}
				w = sample
			}
			words = append(words, w)
		}
	}
	return strings.Join(words, " "), filled
}

func TestEveryFormCanBeSaid(t *testing.T) {
	for _, f := range Forms() {
		for _, all := range []bool{false, true} {
			text, filled := say(f, all)
			s, err := Parse(text)
			if err != nil || s.Form != f.Text || !maps.Equal(s.Words, filled) {
				t.Errorf("%s: %q %v, %v, want %q %v", text, s.Form, s.Words, err, f.Text, filled)
			}
		}
		if f.Meaning == "" {
			t.Errorf("nobody knows what %q means", f.Text)
		}
	}
}

func TestWhatIsNotUnderstoodSaysWhatWasExpected(t *testing.T) {
	for text, want := range map[string]string{
		"":                                   "nothing is said",
		"explode":                            `"explode" begins no sentence; one begins with throttle, break, `,
		"no capacity in eu-west":             `an Availability Zone such as eu-west-1a, not "eu-west", was expected in: no capacity in ZONE [for TIME]`,
		"throttle ec2":                       `a call such as ec2.RunInstances, ecs.Describe* or ec2.*, not "ec2", was expected in: throttle CALL`,
		"throttle ec2.* for ever":            `a time such as 90s, 10m or 2h, not "ever", was expected`,
		"throttle ec2.* for 10m 3":           `the end, not "3", was expected`,
		"throttle":                           `a call such as ec2.RunInstances, ecs.Describe* or ec2.*, not the end, was expected`,
		"lose everything":                    `"requests", not "everything", was expected`,
		"weather fine":                       `one of calm, rough, storm, not "fine", was expected in: weather WORD`,
		"pulls of nginx fail as HOW":         `one of missing, unauthorized, ratelimited, unreachable, disk-full, not "HOW", was expected`,
		"terminate instance acc/0":           `an instance such as i-0123456789abcdef0, or acc/1 for the first of the cluster acc, not "acc/0", was expected`,
		"image ami never boots":              `an image such as ami-0123456789abcdef0, or acc/1 for that`,
		"zone eu-west-1a":                    `"down", not the end, was expected in: zone ZONE down [for TIME]`,
		`refuse ec2.* with X saying "no`:     "a text in quotes does not end",
		"quota L-1 is many":                  `a number, not "many", was expected in: quota CODE is NUMBER`,
		"assert service web never below two": `a whole number, not "two", was expected`,
	} {
		if _, err := Parse(text); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestFileTellsAllItsFaultsWithTheirLines(t *testing.T) {
	_, err := File("bad.txt", "# fine\nthrottle ec2.*\nat soon heal calls\n\nexplode # or not\n")
	want := `bad.txt:3: "soon" is no time; one is 90s, 10m or 2h
bad.txt:5: "explode" begins no sentence`
	if err == nil || !strings.HasPrefix(err.Error(), want) {
		t.Errorf("%v, want %s", err, want)
	}
	if _, err := File("huge.txt", strings.Repeat("#", Largest+1)); err == nil {
		t.Error("a huge file is read")
	}
}

func TestFileReadsTimesTextsAndComments(t *testing.T) {
	steps, err := File("good.txt", `# what a scenario looks like
at 90s   refuse iam.* with AccessDenied saying "no # here" status 403   # a comment
	heal calls
`)
	if err != nil || len(steps) != 2 {
		t.Fatalf("%v, %v", steps, err)
	}
	first := steps[0]
	if first.At != 90*time.Second || first.Words["TEXT"] != "no # here" || first.Number() != 403 || first.Has("TIME") {
		t.Errorf("%+v", first)
	}
	if steps[1].At != 0 || steps[1].Text != "heal calls" {
		t.Errorf("%+v", steps[1])
	}
}

func TestNoTwoFormsFitOneSentence(t *testing.T) {
	for _, f := range Forms() {
		text, _ := say(f, true)
		words, _ := split(text)
		fitting := slices.DeleteFunc(Forms(), func(g Form) bool { return try(g, words).wants != "" })
		if len(fitting) != 1 {
			t.Errorf("%q fits %v", text, fitting)
		}
	}
}

func TestNoTextIsTooMuch(t *testing.T) {
	vocabulary := []string{"at", "5m", `"`, "#", "\n", "for", "3", "times"}
	for _, f := range Forms() {
		text, _ := say(f, true)
		vocabulary = append(vocabulary, strings.Fields(text)...)
	}
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom(vocabulary)).Draw(t, "words"), " ")
		steps, err := File("any", text)
		if err != nil {
			return
		}
		for _, s := range steps {
			if again, err := Parse(s.Text); err != nil || again.Form != s.Form {
				t.Fatalf("%q was understood once: %v", s.Text, err)
			}
		}
	})
}
