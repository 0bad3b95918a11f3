package hear

import (
	"slices"
	"strings"
	"time"

	"berth/internal/diagnose"
	"berth/internal/diagnose/reason"
	"berth/internal/live"
	"berth/internal/watch"
)

// sight is a look at everything in a cluster, with what is wrong in it.
type sight struct {
	live.Capture

	facts       Facts
	lasting     []diagnose.Diagnosis // of what is so now
	all         []diagnose.Diagnosis // with what has ended
	definitions map[string]*live.Definition
	services    map[string]*live.Service
	newest      map[string]*live.Deployment // by service
	bad         map[string]time.Time        // members, and when something bad was last so
	wrong       map[key]bool                // what lasts
	out         []watch.Signal
}

// key is a cause at one member.
type key struct {
	cause  watch.Cause
	member string
}

// Capture tells what a whole look shows: what lasts, what ended since the look before, and who is well. Whoever is in the capture has
// a signal, so that what has none is gone. The tasks of it that ended say what their events say, under the same id.
func Capture(c live.Capture, f Facts) []watch.Signal {
	k := &sight{
		Capture: c, facts: f, definitions: map[string]*live.Definition{}, services: map[string]*live.Service{},
		newest: map[string]*live.Deployment{}, bad: map[string]time.Time{}, wrong: map[key]bool{},
	}
	k.name()
	for _, look := range []func(){k.ends, k.levels, k.turns, k.instances, k.drains, k.strangers, k.others, k.wellGroups, k.wellServices} {
		look()
	}
	for n := range k.out {
		k.out[n] = bounded(k.out[n])
	}
	return k.out
}

// name fills what is found by name, and diagnoses.
func (k *sight) name() {
	for n := range k.Definitions {
		k.definitions[k.Definitions[n].ARN] = &k.Definitions[n]
	}
	for n := range k.Services {
		k.services[k.Services[n].Name] = &k.Services[n]
	}
	for n := range k.Deployments {
		d := &k.Deployments[n]
		if old := k.newest[d.Service]; old == nil || d.Created.After(old.Created) {
			k.newest[d.Service] = d
		}
	}
	now := k.Capture
	now.Tasks = slices.DeleteFunc(slices.Clone(k.Tasks), func(t live.Task) bool { return t.Last == "STOPPED" || t.Desired == "STOPPED" })
	k.lasting, k.all = diagnose.Of(now), diagnose.Of(k.Capture)
}

// state adds what lasts. When it began nobody knows: it is so now.
func (k *sight) state(s watch.Signal) {
	s.Level, s.At = true, k.At
	k.wrong[key{s.Cause, s.Member}] = !s.Well
	k.add(s)
}

func (k *sight) add(s watch.Signal) {
	if !s.Well && s.At.After(k.bad[s.Member]) {
		k.bad[s.Member] = s.At
	}
	k.out = append(k.out, s)
}

// well says that a member is well, or only that it is there: a cause that is none heals nothing.
func (k *sight) well(kind, name string, well bool) {
	s := watch.Signal{Cause: watch.Cause{Scope: kind + "/" + name}, Member: kind + "/" + name, Well: true}
	if !well {
		s.Cause.Family = there
	}
	k.state(s)
}

// there is the family of no cause.
const there = "there"

// Times of what has ended.
const (
	overlap = 5 * time.Minute // how much of what the look before saw is told again: it may have come late
	memory  = time.Hour       // for how long ECS itself remembers tasks that stopped (ECS developer guide, "View stopped tasks")
	settled = 2 * time.Minute // for how long nothing may have gone wrong with what is called well
)

// news tells whether what ended is to be told.
func (k *sight) news(at time.Time) bool {
	return !at.Before(k.facts.Since.Add(-overlap)) && k.At.Sub(at) <= memory
}

// ends tells of the tasks that ended.
func (k *sight) ends() {
	for _, t := range k.Tasks {
		if t.Last != "STOPPED" && t.Desired != "STOPPED" || ended(&t).IsZero() || !k.news(ended(&t)) {
			continue
		}
		for _, s := range taskSignals(t, k.definitions[t.Definition]) {
			k.known(&s)
			k.add(s)
			if s.Cause.Family == watch.Host && k.At.Sub(s.At) > settled && !k.among(nameOf(s.Member)) {
				k.state(watch.Signal{Cause: s.Cause, Member: s.Member, Well: true}) // it is gone, and so is its trouble
			}
		}
	}
}

// known gives the end of a task the words of the whole look: those of its subject's diagnosis of the same kind of cause.
func (k *sight) known(s *watch.Signal) {
	n := slices.IndexFunc(k.all, func(d diagnose.Diagnosis) bool {
		return d.Subject == nameOf(s.Member) && familyOf(d.Code) == s.Cause.Family && s.Cause.Family != watch.Host
	})
	switch {
	case s.Well:
	case n < 0:
		modest(s)
	default:
		s.Code, s.Text, s.Fix, s.Evidence = k.all[n].Code, k.all[n].Text, k.all[n].Fix, k.all[n].Evidence
	}
}

// among tells whether an instance is still one of the cluster.
func (k *sight) among(id string) bool {
	return slices.ContainsFunc(k.Instances, func(i live.Instance) bool { return i.ID == id || lastOf(i.ARN) == id })
}

// levels tells of what is wrong with services and groups now, and lasts.
func (k *sight) levels() {
	for _, d := range k.lasting {
		of := live.Subject{Kind: aFamily, Name: d.Subject}
		if k.services[d.Subject] != nil {
			of.Kind = aService
		}
		switch familyOf(d.Code) {
		case watch.Launch:
			k.state(told(d, live.Subject{Kind: aGroup, Name: d.Subject}, ""))
		case watch.Room:
			k.roomless(d, of)
		case watch.Access:
			k.state(told(d, of, ""))
		case watch.Health:
			s := told(d, of, "")
			s.Hold = unhealthy
			k.state(s)
		}
	}
}

// unhealthy is for how long a target may be unhealthy until that is told: ECS replaces its task meanwhile.
const unhealthy = 2 * time.Minute

// roomless tells what finds no instance. Where no group grows by itself no waiting helps; where one shall and cannot, that is the
// cause.
func (k *sight) roomless(d diagnose.Diagnosis, of live.Subject) {
	s := told(d, of, "")
	more := d.Code == reason.LackRoom || d.Code == reason.LackCPU || d.Code == reason.LackMemory
	failing := slices.IndexFunc(k.Groups, func(g live.Group) bool { return g.Instances < g.Desired && len(g.Failures) > 0 })
	if sv := k.services[of.Name]; of.Kind == aService && sv != nil && sv.Running >= sv.Desired && k.drained(of.Name) {
		k.state(watch.Signal{Cause: s.Cause, Member: s.Member, Well: true}) // it lacks nothing: an instance cannot drain, which is told of that
		return
	}
	switch {
	case more && !k.grows(of):
		s.Hold, s.Severity = full, watch.Error
	case more && failing >= 0:
		k.state(watch.Signal{Cause: s.Cause, Member: s.Member, Well: true})
		s.Cause = watch.CauseOf(reason.NoLaunch, live.Subject{Kind: aGroup, Name: k.Groups[failing].Name}, "")
	}
	k.state(s)
}

// grows tells whether more instances come when tasks of a service, or of a family, find none: ECS asks for them only where tasks use
// capacity providers.
func (k *sight) grows(of live.Subject) bool {
	if sv := k.services[of.Name]; of.Kind == aService && sv != nil && sv.Spec.Get("launchType").There() {
		return slices.ContainsFunc(k.Groups, func(g live.Group) bool { return g.Instances < g.Desired })
	}
	return slices.ContainsFunc(k.Groups, func(g live.Group) bool { return g.Managed && g.Desired < g.Max || g.Instances < g.Desired })
}

// turns tells of deployments that failed, and of loops. What somebody did on purpose is nobody's trouble.
func (k *sight) turns() {
	for _, d := range k.all {
		sv := k.services[d.Subject]
		if familyOf(d.Code) != watch.Rollout || sv == nil {
			continue
		}
		s := told(d, live.Subject{Kind: aService, Name: sv.Name}, "")
		switch d.Code {
		case reason.Superseded, reason.Stopped, reason.ByHand:
		case reason.Looping, reason.Held:
			k.state(s)
		case reason.Stuck:
			if !k.drained(sv.Name) && (deploying(sv) || k.stuckLately(sv)) {
				k.state(s)
			}
		default:
			k.turned(s, sv)
		}
	}
}

// drained tells whether tasks of a service are on an instance that drains: what keeps them there is told of that.
func (k *sight) drained(service string) bool {
	return slices.ContainsFunc(k.Instances, func(i live.Instance) bool {
		return i.Status == "DRAINING" && slices.ContainsFunc(k.Tasks, func(t live.Task) bool {
			return t.Instance == i.ARN && t.Last == "RUNNING" && t.Group == "service:"+service
		})
	})
}

// stuckLately tells whether ECS has said of late that it can move nothing: where nothing is deployed that is soon over.
func (k *sight) stuckLately(sv *live.Service) bool {
	return slices.ContainsFunc(sv.Events, func(e live.Event) bool {
		return k.At.Sub(e.At) <= starting && strings.Contains(e.Text, "unable to stop or start")
	})
}

// turned tells of a deployment that failed: as something that lasts while ECS is at it, or the service stays as it is, and else as
// something that was.
func (k *sight) turned(s watch.Signal, sv *live.Service) {
	d := k.newest[sv.Name]
	if d == nil {
		return
	}
	end := d.Finished
	if end.IsZero() {
		end = d.Stopped
	}
	switch {
	case end.IsZero(), d.Status != "ROLLBACK_SUCCESSFUL" && !whole(sv):
		k.state(s)
	case k.news(end):
		s.ID, s.At = d.ARN, end
		k.add(s)
	}
}

// others tells of what is no part of what runs: receivers that have not agreed, and images at their end.
func (k *sight) others() {
	for _, name := range k.facts.Unconfirmed {
		k.state(told(diagnose.Diagnosis{
			Code: unconfirmed, Text: "alert " + name + " waits for its confirmation: until then failures are told to nobody there",
			Fix: "open the mail \"AWS Notification - Subscription Confirmation\" (also in the spam) and follow its link; where there is none: berth apply asks again",
		}, live.Subject{Kind: anAlert, Name: name}, ""))
	}
	for _, name := range k.facts.Absent {
		k.state(told(diagnose.Diagnosis{
			Code: unconfirmed, Text: "AWS does not know alert " + name + ", or has forgotten it: failures are told to nobody there", Fix: "berth apply subscribes it, and AWS asks for a confirmation again",
		}, live.Subject{Kind: anAlert, Name: name}, ""))
	}
	for _, i := range k.facts.EndOfLife {
		k.state(i.signal(k.At))
	}
}

// zoneDark is the diagnosis of a zone in which no instance answers.
func (k *sight) zoneDark(zone string) (diagnose.Diagnosis, bool) {
	n := slices.IndexFunc(k.lasting, func(d diagnose.Diagnosis) bool { return d.Code == reason.ZoneDark && d.Subject == zone })
	if n < 0 {
		return diagnose.Diagnosis{}, false
	}
	return k.lasting[n], true
}

// instances tells of every instance.
func (k *sight) instances() {
	for _, i := range k.Instances {
		found := instanceSignals(i)
		for _, s := range found {
			if d, dark := k.zoneDark(i.Zone); dark && s.Code == reason.AgentGone {
				s = told(d, live.Subject{Kind: aInstance, Name: i.ID}, i.Zone)
			}
			if s.Cause.Family != watch.Drain || i.Status != "DRAINING" { // drains tells of it
				k.state(s)
			}
		}
		if len(found) == 0 {
			k.well(aInstance, i.ID, false)
		}
	}
}

// strangers tells of groups whose instances are not all in the cluster, where they are not known by their ids.
func (k *sight) strangers() {
	joined, known := map[string]int{}, map[string]bool{}
	for _, i := range k.Instances {
		joined[i.Group]++
		known[i.Group] = known[i.Group] || i.ARN == ""
	}
	for _, g := range k.Groups {
		if n := joined[g.Name]; n < g.Instances && !known[g.Name] {
			k.state(missing(g, n))
		}
	}
}

// wellGroups tells of every group what is not wrong with it.
func (k *sight) wellGroups() {
	for _, g := range k.Groups {
		k.well(aGroup, g.Name, false)
		for _, cause := range []watch.Cause{
			{Family: watch.Launch, Scope: aGroup + "/" + g.Name},
			{Family: watch.Age, Scope: aGroup + "/" + g.Name},
			{Family: watch.Host, Scope: within("zone", "")},
		} {
			if !k.wrong[key{cause, aGroup + "/" + g.Name}] && (cause.Family != watch.Launch || g.Instances >= g.Desired) {
				k.state(watch.Signal{Cause: cause, Member: aGroup + "/" + g.Name, Well: true})
			}
		}
	}
}

// wellServices tells which services have too few tasks, and which ones are well.
func (k *sight) wellServices() {
	for n := range k.Services {
		sv := &k.Services[n]
		if k.throttled(sv) || short(sv) {
			k.state(k.shortage(sv))
		}
		bad, any := k.bad[aService+"/"+sv.Name]
		k.well(aService, sv.Name, sv.Status != "ACTIVE" || whole(sv) && (!any || k.At.Sub(bad) > settled))
	}
}

// throttled tells whether ECS holds a service back.
func (k *sight) throttled(sv *live.Service) bool {
	return slices.ContainsFunc(k.lasting, func(d diagnose.Diagnosis) bool { return d.Code == reason.Throttled && d.Subject == sv.Name })
}

// shortage is a service that has too few tasks, in the words of its diagnosis where there is one.
func (k *sight) shortage(sv *live.Service) watch.Signal {
	of := live.Subject{Kind: aService, Name: sv.Name}
	for _, d := range k.lasting {
		if d.Subject == sv.Name && familyOf(d.Code) == watch.Short {
			return k.urgent(told(d, of, ""), sv)
		}
	}
	d := diagnose.Diagnosis{Code: reason.Unknown, Text: sv.Name + " does not run what it should", Fix: "see what is wrong: berth why " + sv.Name, Evidence: counts(sv)}
	for _, e := range sv.Events[:min(len(sv.Events), 3)] {
		d.Evidence = append(d.Evidence, "at "+e.At.UTC().Format("15:04:05 UTC")+" ECS said: "+strings.TrimSpace(e.Text))
	}
	return k.urgent(told(d, of, ""), sv)
}
