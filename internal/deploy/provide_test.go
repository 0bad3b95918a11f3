package deploy

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/internal/document"
)

func doc(t testing.TB, text string) document.Value {
	t.Helper()
	v, err := document.Parse("", []byte(text))
	if err != nil {
		t.Fatal(text, err)
	}
	return v
}

const onPath = `[{"Field":"path-pattern","PathPatternConfig":{"Values":["/a"]}}]`

func webNeeds(t testing.TB) []Need {
	return []Need{
		{Kind: "log group", Name: "logs", Spec: doc(t, `{"logGroupName":"logs","retentionInDays":30}`)},
		{Kind: "target group", Name: "tg", Spec: doc(t, `{"Name":"tg","HealthCheckPath":"/","Attributes":[{"Key":"a","Value":"5"}],"Tags":[]}`)},
		{Kind: "listener rule", Name: "tg:80", Spec: doc(t, `{"ListenerArn":"l","Conditions":`+onPath+`,"Actions":[{"Type":"forward","TargetGroupArn":"berth:need:target group:tg"}]}`)},
	}
}

func verbs(actions []Action) string {
	var out []string
	for _, a := range actions {
		out = append(out, a.Verb+" "+a.Name+" "+a.Spec.JSON())
	}
	return strings.Join(out, "\n")
}

func webStands(t testing.TB) []Standing {
	return []Standing{
		{Kind: "log group", Name: "logs", ARN: "arn:logs", Spec: doc(t, `{"logGroupName":"logs","retentionInDays":7}`)},
		{Kind: "target group", Name: "tg", ARN: "arn:tg", Ours: true, Spec: doc(t, `{"Name":"tg","HealthCheckPath":"/","Attributes":[{"Key":"a","Value":"5"}]}`)},
		{Kind: "listener rule", Name: "tg:80", ARN: "arn:r", Ours: true, Spec: doc(t, `{"ListenerArn":"l","Priority":100,"Conditions":`+onPath+`,"Actions":[{"Type":"forward","TargetGroupArn":"arn:tg"}]}`)},
	}
}

func TestRuleWaitsForItsTargetGroup(t *testing.T) {
	needs := webNeeds(t)
	if got := verbs(Provide(needs, nil)); !strings.HasPrefix(got, "create log group logs") || !strings.Contains(got, "create target group tg") || strings.Contains(got, "rule") {
		t.Error(got)
	}
	got := verbs(Provide(needs, webStands(t)[:2]))
	want := `create listener rule tg:80 {"ListenerArn":"l","Conditions":` + onPath + `,"Actions":[{"Type":"forward","TargetGroupArn":"arn:tg"}],"Priority":100}`
	if got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
	if got := Provide(needs, webStands(t)); got != nil {
		t.Error("what stands is made again:", verbs(got))
	}
}

func TestChangesAreMadeInPlace(t *testing.T) {
	stands := webStands(t)
	stands[1].Spec = stands[1].Spec.With("HealthCheckPath", document.Of("/old")).With("Attributes", doc(t, `[{"Key":"a","Value":"9"}]`))
	stands[2].Spec = stands[2].Spec.With("Conditions", doc(t, `[]`))
	needs := webNeeds(t)
	needs[2].Spec = needs[2].Spec.With("Priority", document.Int(7))
	want := `modify target group tg {"HealthCheckPath":"/","Attributes":[{"Key":"a","Value":"5"}],"TargetGroupArn":"arn:tg"}` + "\n" +
		`modify listener rule tg:80 {"Conditions":` + onPath + `,"Priority":7,"RuleArn":"arn:r"}`
	if got := verbs(Provide(needs, stands)); got != want {
		t.Errorf("%s\nwant\n%s", got, want)
	}
}

func TestLogGroupThatGotNoRetentionGetsItLater(t *testing.T) {
	stands := webStands(t)
	stands[0].Spec = doc(t, `{"logGroupName":"logs"}`)
	if got := Provide(webNeeds(t), stands); got != nil {
		t.Error("a log group of others is changed:", verbs(got))
	}
	stands[0].Ours = true
	if got := verbs(Provide(webNeeds(t), stands)); got != `create log group logs {"logGroupName":"logs","retentionInDays":30}` {
		t.Error(got)
	}
}

func TestPriorityIsTheLowestFreeOneOfItsListener(t *testing.T) {
	stands := webStands(t)[:2]
	for _, text := range []string{
		`{"ListenerArn":"l","Priority":100}`, `{"ListenerArn":"l","Priority":102}`, `{"ListenerArn":"other","Priority":101}`, `{"ListenerArn":"l","Priority":3}`,
	} {
		stands = append(stands, Standing{Kind: "listener rule", Spec: doc(t, text)})
	}
	got := Provide(webNeeds(t), stands)
	if p, _ := got[0].Spec.Get("Priority").Number(); p != 101 {
		t.Error(verbs(got))
	}
	stands = append(stands, Standing{Kind: "listener rule", Name: "old:80", Ours: true, Spec: doc(t, `{"ListenerArn":"l","Priority":104,"Conditions":`+onPath+`}`)})
	if p, _ := Provide(webNeeds(t), stands)[0].Spec.Get("Priority").Number(); p != 105 {
		t.Error("it comes before the rule that it follows:", p)
	}
}

func TestTwoNewRulesOfOneListenerGetTwoPriorities(t *testing.T) {
	needs := webNeeds(t)
	second := needs[2]
	second.Name, second.Spec = "tg2:80", second.Spec.With("Conditions", doc(t, `[{"Field":"host-header","HostHeaderConfig":{"Values":["a.b"]}}]`))
	got := Provide(append(needs, second), webStands(t)[:2])
	if len(got) != 2 || got[0].Spec.Get("Priority").Equal(got[1].Spec.Get("Priority")) {
		t.Error(verbs(got))
	}
}

func TestClashesNameWhoHasTheRequests(t *testing.T) {
	rule := func(text, service string) Standing {
		return Standing{Kind: "listener rule", ARN: "arn:x", Service: service, Spec: doc(t, text)}
	}
	needs := webNeeds(t)
	needs[2].Spec = needs[2].Spec.With("Priority", document.Int(7))
	stands := append(webStands(t), rule(`{"ListenerArn":"l","Priority":5,"Conditions":`+onPath+`}`, "api"), rule(`{"ListenerArn":"l","Priority":7,"Conditions":[]}`, ""),
		rule(`{"ListenerArn":"other","Priority":7,"Conditions":`+onPath+`}`, ""))
	want := "path /a goes to service api already\npriority 7 is that of somebody's rule arn:x"
	if got := strings.Join(clashes(needs, stands), "\n"); got != want {
		t.Error(got)
	}
	for name, stands := range map[string][]Standing{"new": stands, "as it stands": webStands(t)} {
		s := Snapshot{At: noon, Order: order(1, 1), Run: Run{Began: noon}, Standing: stands}
		s.Order.Needs = needs
		d := Decide(s)
		if refused := d.Outcome == Refused; refused != (name == "new") || refused && (d.Code != "DEP209" || len(d.Actions) > 0 || d.Fix == "") {
			t.Errorf("%s: %+v", name, d)
		}
	}
}

func TestWhatLeftTheFolderGoesRuleByRuleAndThenTheGroup(t *testing.T) {
	stands := webStands(t)
	needs := webNeeds(t)[:1]
	if got := Release(needs, stands, []string{"arn:tg"}); got != nil {
		t.Error("a target group in use is let go:", verbs(got))
	}
	if got := verbs(Release(needs, stands, nil)); got != `delete listener rule tg:80 {"RuleArn":"arn:r"}` {
		t.Error(got)
	}
	if got := verbs(Release(needs, stands[:2], nil)); got != `delete target group tg {"TargetGroupArn":"arn:tg"}` {
		t.Error(got)
	}
	stands[1].Ours, stands[2].Ours = false, false
	if got := Release(needs, stands, nil); got != nil {
		t.Error("what is not the service's is taken:", verbs(got))
	}
	if got := Release(webNeeds(t), webStands(t), nil); got != nil {
		t.Error("what is wanted is taken:", verbs(got))
	}
}

func TestReferencesAreKnownByWhatStands(t *testing.T) {
	v := doc(t, `{"a":"`+Reference("target group", "tg")+`","b":["x"]}`)
	if _, ready := Resolve(v, nil); ready {
		t.Error("what does not stand has an ARN")
	}
	if got, ready := Resolve(v, webStands(t)); !ready || got.JSON() != `{"a":"arn:tg","b":["x"]}` {
		t.Error(got.JSON())
	}
}

// TestLivenessNeedsStandAfterTwoRounds carries the actions out on plain data.
func TestLivenessNeedsStandAfterTwoRounds(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		needs := webNeeds(t)
		stands := rapid.SliceOfNDistinct(rapid.SampledFrom(webStands(t)), 0, 3, func(s Standing) string { return s.Name }).Draw(r, "standing")
		for range 2 {
			for _, a := range Provide(needs, stands) {
				kind := strings.TrimPrefix(strings.TrimPrefix(a.Verb, "create "), "modify ")
				stands = append(stands, Standing{Kind: kind, Name: a.Name, ARN: "arn:" + a.Name, Ours: true, Spec: a.Spec})
			}
		}
		if got := Provide(needs, stands); got != nil {
			r.Fatalf("still to do: %s", verbs(got))
		}
	})
}
