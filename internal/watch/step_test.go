package watch_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"berth/internal/diagnose"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/model"
	"berth/internal/watch"
)

// night is when every story begins.
var night = time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC)

// story is a state to which things happen.
type story struct {
	*testing.T
	state watch.State
	now   time.Time
	last  []watch.Change
	n     int
}

func begin(t *testing.T) *story {
	return &story{T: t, state: watch.State{Cluster: "123456789012/eu-west-1/acc/shop"}, now: night}
}

// hear lets Step hear signals after some time.
func (s *story) hear(after time.Duration, signals ...watch.Signal) *story {
	s.now = s.now.Add(after)
	for n := range signals { // they were made before that time went by
		if !signals[n].At.IsZero() {
			signals[n].At = signals[n].At.Add(after)
		}
	}
	s.state, s.last = watch.Step(s.state, watch.Input{At: s.now, Signals: signals})
	return s
}

// look lets Step see all that a look found after some time.
func (s *story) look(after time.Duration, signals ...watch.Signal) *story {
	s.now = s.now.Add(after)
	s.state, s.last = watch.Step(s.state, watch.Input{At: s.now, Signals: signals, Complete: true})
	return s
}

// told fails unless the last step told just this, each change as "kind code scope".
func (s *story) told(want ...string) {
	s.Helper()
	var got []string
	for _, c := range s.last {
		got = append(got, c.Kind+" "+c.Incident.Code+" "+c.Incident.Cause.Scope)
	}
	if strings.Join(got, "\n") != strings.Join(want, "\n") {
		s.Fatalf("%s after the beginning it told %q, not %q", s.now.Sub(night), got, want)
	}
}

// bad is an event about a service, as old as it is given.
func (s *story) bad(code, service string, ago time.Duration) watch.Signal {
	s.n++
	of := live.Subject{Kind: "service", Name: service}
	return watch.Signal{
		ID: fmt.Sprint("event-", s.n), At: s.now.Add(-ago), Cause: watch.CauseOf(code, of, ""), Member: "service/" + service, Code: code,
		Severity: watch.Warning, Text: code + " at " + service,
	}
}

// job is an event about a task of no service.
func (s *story) job(code, family string) watch.Signal {
	g := s.bad(code, family, 0)
	g.Member = "family/" + family
	g.Cause = watch.CauseOf(code, live.Subject{Kind: "family", Name: family}, "")
	return g
}

// level is what a look found; it counts from when it is heard.
func (s *story) level(code, service string, hold time.Duration) watch.Signal {
	g := s.bad(code, service, 0)
	g.ID, g.At, g.Level, g.Hold = "", time.Time{}, true, hold
	return g
}

func well(service string) watch.Signal { return watch.Signal{Member: "service/" + service, Well: true} }

func TestManyFailuresOfOneCauseAreOneIncident(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", 0)).told("opened WHY101 service/web")
	for range 20 {
		s.hear(10*time.Second, s.bad(reason.NoImage, "web", 0))
		if len(s.last) > 0 && s.last[0].Kind != watch.Grown {
			t.Fatalf("%+v", s.last)
		}
	}
	if n := len(s.state.Incidents); n != 1 || s.state.Incidents[0].Count != 21 || s.state.Incidents[0].Changes != 2 {
		t.Fatalf("%d incidents, the first %+v", n, s.state.Incidents[0])
	}
}

func TestThreeFailuresOfOneCauseAreALoopAndAnError(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.ExitCode, "web", 0))
	s.hear(time.Minute, s.bad(reason.ExitCode, "web", 0)).told()
	s.hear(time.Minute, s.bad(reason.ExitCode, "web", 0)).told("grown WHY201 service/web")
	if got := s.last[0].Incident.Severity; got != watch.Error {
		t.Errorf("the loop is of severity %s", got)
	}
}

func TestIncidentIsOverWhenItsServiceIsWellAndQuiet(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", 0))
	s.look(time.Minute, well("web")).told()
	s.look(time.Minute, well("web"), well("api")).told()
	s.look(4*time.Minute, well("web")).told("resolved WHY101 service/web")
	s.look(time.Minute, well("web")).told()
}

func TestLoopWhoseTasksRunForAMomentIsNotOver(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.ExitCode, "web", 0))
	for range 30 {
		s.look(30*time.Second, well("web"))
		s.hear(30*time.Second, s.bad(reason.ExitCode, "web", 0))
		for _, c := range s.last {
			if c.Kind == watch.Resolved {
				t.Fatal("it was called over")
			}
		}
	}
}

func TestEventThatComesTwiceCountsOnce(t *testing.T) {
	s := begin(t)
	e := s.bad(reason.NoImage, "web", 0)
	s.hear(0, e, e)
	s.hear(time.Hour, e).told()
	if got := s.state.Incidents[0].Count; got != 1 {
		t.Errorf("it counts %d times", got)
	}
}

func TestNewsOlderThanTheEndOfAnIncidentIsOldNews(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", 0))
	s.look(6*time.Minute, well("web")).told("resolved WHY101 service/web")
	s.hear(time.Minute, s.bad(reason.NoImage, "web", 5*time.Minute)).told()
	if s.state.Incidents[0].Flaps > 0 {
		t.Error("it counts as having come back")
	}
}

func TestCauseThatComesBackSoonIsTheSameIncident(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", 0))
	id := s.last[0].Incident.ID
	s.look(6*time.Minute, well("web")).told("resolved WHY101 service/web")
	s.hear(time.Minute, s.bad(reason.NoImage, "web", 0)).told("reopened WHY101 service/web")
	if got := s.last[0]; got.Incident.ID != id || got.ID != id+"-3" {
		t.Errorf("it is %s of incident %s, which was %s", got.ID, got.Incident.ID, id)
	}
	s.look(6*time.Minute, well("web")).told()
	s.look(5*time.Minute, well("web")).told("resolved WHY101 service/web") // it must be over for longer now
	s.hear(2*time.Hour, s.bad(reason.NoImage, "web", 0)).told("opened WHY101 service/web")
}

func TestStateMustLastBeforePeopleAreTold(t *testing.T) {
	s := begin(t)
	s.look(0, s.level(reason.AgentGone, "web", 3*time.Minute)).told()
	s.look(time.Minute, s.level(reason.AgentGone, "web", 3*time.Minute)).told()
	s.look(time.Minute, well("web")).told()
	s.look(time.Minute, s.level(reason.AgentGone, "web", 3*time.Minute)).told()
	s.look(2*time.Minute, s.level(reason.AgentGone, "web", 3*time.Minute)).told()
	s.hear(time.Minute).told("opened WHY601 cluster")
}

func TestSymptomJoinsTheIncidentOfItsCause(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", 0))
	s.hear(10*time.Minute, s.bad(reason.ByBreaker, "web", 0)).told("grown WHY101 service/web")
	if got := s.state.Incidents[0].Also; len(got) != 1 || got[0] != "WHY701 at web" {
		t.Errorf("it says also %q", got)
	}
	s.hear(0, s.bad(reason.ByBreaker, "api", 0)).told("opened WHY701 service/api")
}

func TestCauseThatShowsAfterItsSymptomTakesItsIncidentOver(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.ByBreaker, "web", 0))
	id := s.last[0].Incident.ID
	s.hear(10*time.Minute, s.bad(reason.NoImage, "web", 0)).told("grown WHY101 service/web")
	if s.last[0].Incident.ID != id || len(s.state.Incidents) != 1 {
		t.Errorf("%+v", s.state.Incidents)
	}
}

func TestOneCauseInManyServicesIsOneIncident(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.LackMemory, "web", 0)).told("opened WHY402 cluster")
	s.hear(time.Minute, s.bad(reason.LackMemory, "api", 0), s.bad(reason.LackMemory, "worker", 0)).told()
	s.hear(5 * time.Minute).told("grown WHY402 cluster")
	if got := len(s.last[0].Incident.Members); got != 3 {
		t.Errorf("it shows at %d services", got)
	}
	s.look(time.Minute, s.level(reason.LackMemory, "web", 0), well("api"), well("worker")).told()
	s.look(3*time.Minute, well("web"), well("api"), well("worker")).told("resolved WHY402 cluster")
}

func TestFailureOfAJobIsOverAfterAWhileOrAGoodEnd(t *testing.T) {
	s := begin(t)
	s.hear(0, s.job(reason.ExitCode, "backup")).told("opened WHY201 family/backup")
	s.look(29*time.Minute, well("backup")).told() // a service that is called alike
	s.hear(time.Minute).told("resolved WHY201 family/backup")
	s.hear(time.Hour, s.job(reason.ExitCode, "backup")).told("opened WHY201 family/backup")
	s.hear(time.Second, watch.Signal{ID: "good", Member: "family/backup", Well: true}).told("resolved WHY201 family/backup")
}

func TestWhatWasOverBeforeAnybodyHeardOfItIsToldOnce(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", 8*time.Hour)).told()
	s.look(time.Second, well("web")).told("resolved WHY101 service/web")
	s.hear(0, s.bad(reason.NoImage, "api", 8*time.Hour)).told()
	s.look(2*time.Minute, s.level(reason.NoImage, "api", 0)).told("opened WHY101 service/api")
}

func TestWhatIsGoneIsOver(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", 0))
	s.look(time.Minute, well("api"))
	s.look(5*time.Minute, well("api")).told("resolved WHY101 service/web")
}

func TestWhatNobodyHearsOfForADayIsOver(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", 0))
	s.hear(24*time.Hour - time.Second).told()
	s.hear(time.Second).told("resolved WHY101 service/web")
}

func TestClockThatIsAheadDoesNoHarm(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.NoImage, "web", -48*time.Hour)).told("opened WHY101 service/web")
	s.look(6*time.Minute, well("web")).told("resolved WHY101 service/web")
}

func TestMoreCausesThanAreToldApartAreCounted(t *testing.T) {
	s := begin(t)
	for n := range 5010 {
		s.hear(time.Millisecond, s.bad(reason.NoImage, fmt.Sprint("s", n), 0))
	}
	open, crowd := 0, 0
	for _, i := range s.state.Incidents {
		open++
		if i.Code == watch.CodeCrowd {
			crowd = i.Count
		}
	}
	if open != 5001 || crowd != 10 {
		t.Errorf("%d incidents, %d counted beyond", open, crowd)
	}
}

func TestCloserLookSharpensWhatIsTold(t *testing.T) {
	s := begin(t)
	s.hear(0, s.bad(reason.ExitCode, "web", 0))
	found := []diagnose.Diagnosis{
		{Code: reason.Failed, Text: "the deployment failed"},
		{Code: reason.OomContainer, Text: "app takes more than 128 MiB", Fix: "give it 256", Evidence: []string{"exit code 137"}},
	}
	state, changes := watch.Sharpen(s.state, s.last, "service/web", found)
	i := changes[0].Incident
	if i.Code != reason.OomContainer || i.Fix != "give it 256" || len(i.Also) != 1 || i.Also[0] != "the deployment failed" {
		t.Errorf("%+v", i)
	}
	if kept := state.Incidents[0]; kept.Code != i.Code || kept.ID != i.ID {
		t.Errorf("the state says %+v", kept)
	}
	if _, changes = watch.Sharpen(state, changes, "service/api", found[:1]); changes[0].Incident.Code != reason.OomContainer {
		t.Error("a look at another service changed it")
	}
}

func TestReceiversGetWhatTheyWant(t *testing.T) {
	s := begin(t)
	c := s.hear(0, s.bad(reason.LackMemory, "shop-web", 0)).last[0]
	for _, tc := range []struct {
		r    watch.Receiver
		want bool
	}{
		{watch.Receiver{}, true},
		{watch.Receiver{Least: watch.Warning}, true},
		{watch.Receiver{Least: watch.Error}, false},
		{watch.Receiver{Members: []string{"api", "shop-*"}}, true},
		{watch.Receiver{Members: []string{"api"}}, false},
		{watch.Receiver{Codes: []string{"WHY4*"}}, true},
		{watch.Receiver{Codes: []string{"WHY1*"}}, false},
		{watch.Receiver{Members: []string{"["}}, false},
	} {
		if got := tc.r.Wants(c); got != tc.want {
			t.Errorf("%+v wants it: %v", tc.r, got)
		}
	}
}

func TestMessageSaysWhereInOneLine(t *testing.T) {
	s := begin(t)
	of := model.Scope{Account: "123456789012", Region: "eu-west-1", Partition: "aws", Environment: "acc", Cluster: "shop"}
	m := watch.MessageOf(s.hear(0, s.bad(reason.NoImage, "web", 0)).last[0], of)
	if m.Title != "service web in acc/shop: WHY101 at web" || m.ID != m.Incident.ID+"-1" ||
		m.Link != "https://eu-west-1.console.aws.amazon.com/ecs/v2/clusters/shop/services/web/health?region=eu-west-1" {
		t.Errorf("%+v", m)
	}
	c := s.look(6*time.Minute, well("web")).last[0]
	if m := watch.MessageOf(c, of); m.Title != "resolved: service web in acc/shop: WHY101 at web" {
		t.Errorf("%+v", m)
	}
	two := s.hear(0, s.bad(reason.LackMemory, "web", 0), s.bad(reason.LackMemory, "api", 0)).last[0]
	if m := watch.MessageOf(two, of); m.Title != "2 services in acc/shop: WHY402 at web" {
		t.Errorf("%+v", m)
	}
}

func TestMessageHoldsNothingThatCouldDoHarm(t *testing.T) {
	g := begin(t).bad(reason.NoImage, "web\x1b]0;owned\x07", 0)
	g.Text = "\x1b[31mred\x1b[0m \u202eevil " + strings.Repeat("x", 1<<20)
	g.Fix, g.Evidence = "a\nb", []string{strings.Repeat("y", 1<<20), "\x00"}
	s := begin(t)
	m := watch.MessageOf(s.hear(0, g).last[0], model.Scope{Region: "eu-west-1", Environment: "acc", Cluster: "shop"})
	if len(m.Title) > 200 || !strings.HasPrefix(m.Title, "service web in acc/shop: red evil xxx") {
		t.Errorf("the title is %q", m.Title)
	}
	i := m.Incident
	if len(i.Text) > 2000 || i.Fix != "a b" || len(i.Evidence[0]) > 2000 || i.Evidence[1] != "" || i.Members[0].Name != "service/web" {
		t.Errorf("%q %q %.20q %q", i.Fix, i.Members, i.Evidence[0], i.Evidence[1])
	}
}
