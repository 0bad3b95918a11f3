package deploy

import (
	"slices"
	"strings"
	"time"

	"berth/internal/deploy/differ"
	"berth/internal/document"
	"berth/internal/live"
)

// tagKey is the tag of what belongs to the cluster itself.
const tagKey = "berth:key"

// refuse stops what cannot be done, before anything is.
func refuse(s Snapshot) (Decision, bool) {
	no := func(code, why, fix string) (Decision, bool) {
		return Decision{Run: s.Run, Outcome: Refused, Code: code, Why: []string{why}, Fix: fix}, true
	}
	if others := clashes(s.Order.Needs, s.Standing); len(others) > 0 {
		return no("DEP209", strings.Join(others, "; "),
			"give the route in service.json another path, host or priority; without a priority it gets one that is free")
	}
	sv, there := s.service()
	if !there {
		if spec := s.Order.Spec; s.Order.Service != "" && !spec.Get("desiredCount").There() && spec.Get("schedulingStrategy").Text != "DAEMON" {
			return no("DEP164", "the service "+s.Order.Service+" is new, and its file does not say how many tasks it wants", `add to it: "desiredCount": 2`)
		}
		return Decision{}, false
	}
	if sv.Tags[tagKey] != "" {
		return no("DEP201", "the service "+sv.Name+" belongs to the cluster itself", `give the service another name ("serviceName")`)
	}
	for _, f := range differ.Service(s.spec(), sv.Spec) {
		if slices.Contains([]string{"schedulingStrategy", "launchType", "deploymentController"}, f.Member()) {
			return no("DEP202", f.Member()+" of a service that stands cannot be changed",
				"deploy it under another name, or delete the service first: aws ecs delete-service --force --cluster "+s.Order.Cluster+" --service "+sv.Name)
		}
	}
	return Decision{}, false
}

// leaving waits for a service of that name that is being deleted.
func leaving(s Snapshot) (Decision, bool) {
	if sv, there := s.service(); !there || sv.Status == "ACTIVE" {
		return Decision{}, false
	}
	return wait(s, "a service of that name is being deleted; its last tasks stop")
}

// needs makes what must stand beforehand, all that can be made now.
func needs(s Snapshot) (Decision, bool) {
	if actions := Provide(s.Order.Needs, s.Standing); len(actions) > 0 {
		return act(s, "what the service needs is missing", actions...)
	}
	return Decision{}, false
}

// spec is the wanted settings with the ARNs of what stands.
func (s Snapshot) spec() document.Value {
	out, _ := Resolve(s.Order.Spec, s.Standing)
	return out
}

// wanted is the ARN of the revision that shall run: the one that runs already where it is that, else the newest, else the one
// that this run has registered; empty: it must be registered.
func (s Snapshot) wanted() string {
	for _, r := range []Revision{s.Running, s.Latest} {
		if r.ARN != "" && len(differ.Definition(s.Order.Definition, r.Spec)) == 0 {
			return r.ARN
		}
	}
	return s.Run.Registered
}

// register registers the task definition, unless the family's newest revision is just that.
func register(s Snapshot) (Decision, bool) {
	if s.wanted() != "" {
		return Decision{}, false
	}
	return act(s, "the task definition is new", Action{Verb: Register, Name: s.Order.Definition.Get("family").Text, Spec: s.Order.Definition, Once: true})
}

// listing is how long AWS may take to list a deployment that has begun.
const listing = 2 * time.Minute

// begun finds the deployment that this run has begun. Where nobody knows whether AWS took the call, the rules that follow see to
// it after a moment.
func begun(s Snapshot) (Decision, bool) {
	if s.Run.Before == nil {
		return Decision{}, false
	}
	if d, found := s.begun(); found {
		return s.following(d.ARN)
	}
	waited := s.At.Sub(s.Run.Sent)
	switch sure := !s.Run.Started.IsZero(); {
	case !sure && waited < patience:
		return wait(s, "AWS gave no answer; perhaps it begins the deployment")
	case !sure:
		return Decision{}, false
	case waited > listing:
		return end(s, Failed, "AWS took the change and has begun no deployment")
	}
	return wait(s, "AWS begins the deployment")
}

// begun is the oldest of the deployments that are new and bring what is wanted: later ones are others'.
func (s Snapshot) begun() (live.Deployment, bool) {
	for _, d := range slices.Backward(s.Found.Deployments) {
		if s.Run.Before != nil && !slices.Contains(s.Run.Before, d.ARN) && d.Definition == s.wanted() {
			return d, true
		}
	}
	return live.Deployment{}, false
}

// following is follow from now on.
func (s Snapshot) following(arn string) (Decision, bool) {
	s.Run.Following = arn
	if sv, ok := s.service(); ok {
		d, _ := s.deployment(arn)
		for _, r := range sv.Revisions {
			if r.Definition == d.Definition && s.Run.Revision == "" {
				s.Run.Revision = r.ID
			}
		}
	}
	d := decide(s)
	if d.Run.Began.IsZero() {
		d.Run = s.Run
	}
	return d, true
}

// underWay follows a deployment that brings just what is wanted already.
func underWay(s Snapshot) (Decision, bool) {
	sv, there := s.service()
	d, known := s.newest()
	if !there || !known || d.Definition != s.wanted() {
		return Decision{}, false
	}
	anew := s.Order.Policy.Force && (s.Run.Before == nil || slices.Contains(s.Run.Before, d.ARN))
	if goesBack(d) || goes(d) && !anew && len(differ.Service(s.spec(), sv.Spec)) == 0 {
		return s.following(d.ARN)
	}
	return Decision{}, false
}

// create creates the service.
func create(s Snapshot) (Decision, bool) {
	if _, there := s.service(); there {
		return Decision{}, false
	}
	spec := s.spec().With("cluster", document.Of(s.Order.Cluster)).With("serviceName", document.Of(s.Order.Service)).
		With("taskDefinition", document.Of(s.wanted()))
	return act(s, "there is no such service", Action{Verb: CreateService, Name: s.Order.Service, Spec: spec, Begins: true})
}

// change brings a service that stands to what is wanted, with the fields that differ and no others.
func change(s Snapshot) (Decision, bool) {
	sv, _ := s.service()
	spec, why := s.update()
	var actions []Action
	if tags := s.labels(); len(tags.Items) > 0 {
		actions = append(actions, Action{Verb: Label, Name: sv.Name, Spec: document.New("resourceArn", document.Of(sv.ARN), "tags", tags)})
	}
	if sv.Tags[TagRollback] != "" {
		actions = append(actions, unlabel(sv))
	}
	if why != "" {
		actions = append(actions, Action{
			Verb: UpdateService, Name: sv.Name, Spec: spec, Begins: begins(spec), Once: spec.Get("forceNewDeployment").True(),
		})
	}
	if len(actions) == 0 {
		return Decision{}, false
	}
	if why == "" {
		why = "its tags differ"
	}
	d, says := act(s, why, actions...)
	if old, known := s.newest(); known && goes(old) && begins(spec) {
		d.Why = append(d.Why, "this takes the place of the deployment "+ID(old.ARN)+", which is under way")
	}
	return d, says
}

// unlabel takes off the tag of a rollback, which something else follows.
func unlabel(sv live.Service) Action {
	return Action{Verb: Unlabel, Name: sv.Name, Spec: document.New("resourceArn", document.Of(sv.ARN), "tagKeys", document.Items(document.Of(TagRollback)))}
}

// update is the input of UpdateService with what differs, and why; nothing differs where there is no why.
func (s Snapshot) update() (document.Value, string) {
	sv, _ := s.service()
	want, why := s.spec(), ""
	spec := document.New("cluster", document.Of(s.Order.Cluster), "service", document.Of(sv.Name))
	for _, f := range differ.Service(want, sv.Spec) {
		if name := f.Member(); name != "tags" && !spec.Get(name).There() {
			spec, why = spec.With(name, given(want.Get(name), sv.Spec.Get(name))), "its settings differ"
		}
	}
	if sv.Definition != s.wanted() {
		spec, why = spec.With("taskDefinition", document.Of(s.wanted())), "it runs another revision"
	}
	last, known := s.newest()
	switch {
	case spec.Get("capacityProviderStrategy").There():
		spec = spec.With("forceNewDeployment", document.Flag(true)) // AWS wants it said (ECS API reference, UpdateService)
	case why == "" && s.Order.Policy.Force:
		spec, why = spec.With("forceNewDeployment", document.Flag(true)), "it shall be deployed anew"
	case why == "" && known && (last.Status == "STOPPED" || last.Status == "ROLLBACK_FAILED"):
		spec, why = spec.With("forceNewDeployment", document.Flag(true)), "its last deployment failed"
	}
	return spec, why
}

// given is the wanted value of a setting; where nothing is wanted any more, what says so to AWS.
func given(want, have document.Value) document.Value {
	switch {
	case want.There():
		return want
	case have.Kind == document.List:
		return document.Value{Kind: document.List}
	case have.Kind == document.Number:
		return document.Int(0)
	case have.Kind == document.Bool:
		return document.Flag(false)
	case have.Kind == document.Text:
		return document.Of("NONE")
	}
	return document.Value{Kind: document.Object}
}

// begins tells whether a change of a service begins a deployment (ECS API reference, UpdateService).
func begins(spec document.Value) bool {
	for _, m := range spec.Members {
		switch m.Name {
		case "taskDefinition", "loadBalancers", "networkConfiguration", "platformVersion", "serviceConnectConfiguration", "serviceRegistries",
			"volumeConfigurations", "vpcLatticeConfigurations", "forceNewDeployment":
			return true
		}
	}
	return false
}

// Replaces tells whether a run that goes forward puts new tasks in the place of those of a service that stands, or one that is
// under way does. Where it does not, those that run stay where they are.
func Replaces(s Snapshot) bool {
	if _, there := s.service(); !there {
		return false
	}
	if d, known := s.newest(); known && (goes(d) || goesBack(d)) {
		return true
	}
	spec, why := s.update()
	return why != "" && begins(spec)
}

// labels are the tags that the service shall have and has not.
func (s Snapshot) labels() document.Value {
	sv, _ := s.service()
	out := document.Value{Kind: document.List}
	for _, t := range s.Order.Spec.Get("tags").Items {
		if have, there := sv.Tags[t.Get("key").Text]; !there || have != t.Get("value").Text {
			out.Items = append(out.Items, t)
		}
	}
	return out
}

// settled is where nothing differs and nothing is under way.
func settled(s Snapshot) (Decision, bool) {
	if ok, why := s.serves(); !ok {
		if s.Order.Policy.NoWait {
			return end(s, Started, append([]string{"nothing differs any more"}, why...)...)
		}
		if loop, is := s.loops(); is {
			return loop, true
		}
		return wait(s, why...)
	}
	if release := s.release(); len(release) > 0 {
		return act(s, "what sent requests to the service before goes", release...)
	}
	if s.Run.Acted {
		return end(s, Succeeded, "every task serves")
	}
	return end(s, Unchanged, "it runs just that, and every task serves")
}

// ID is the short name of a deployment, a task or a service: the last part of its ARN.
func ID(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }
