package deploy

import (
	"berth/internal/deploy/differ"
	"berth/internal/document"
	"berth/internal/model"
)

// Row is how a revision of a service stands.
type Row struct {
	Name    string `json:"revision"` // "web:7"
	New     bool   `json:"new,omitempty"`
	Wanted  int    `json:"wanted"`
	Running int    `json:"running"`
	Healthy int    `json:"healthy"`
	Pending int    `json:"pending"`
	Failed  int    `json:"failed"` // tasks that ended by themselves
}

// Table is the revisions that a service has tasks of, the newest first.
func Table(s Snapshot) []Row {
	var out []Row
	sv, _ := s.service()
	for _, r := range sv.Revisions {
		row := Row{Name: ID(r.Definition), New: r.ID == s.Run.Revision, Wanted: r.Desired, Running: r.Running, Pending: r.Pending}
		for _, t := range s.Found.Tasks {
			switch {
			case t.StartedBy != r.ID:
			case t.Desired == "STOPPED" && byItself(t):
				row.Failed++
			case t.Desired != "STOPPED" && s.unwell(t) == (lack{}):
				row.Healthy++
			}
		}
		out = append(out, row)
	}
	return out
}

// Target is the ARN of the task definition that a run brings, empty before it is known.
func Target(s Snapshot) string { return s.target() }

// Changes is what a run would do, as it looks before it begins.
type Changes struct {
	Needs      []Action
	Leaves     []Action // what sent requests to the service and will not any more
	Family     string
	NewFamily  bool
	Definition []differ.Field // against the revision that the service runs, else the family's newest
	NewService bool
	Once       bool // it is a task that runs once
	Service    []differ.Field
	Why        string // a deployment without any difference, and why
}

// Empty tells that nothing would be done.
func (c Changes) Empty() bool {
	return len(c.Needs)+len(c.Leaves)+len(c.Definition)+len(c.Service) == 0 && !c.NewFamily && !c.NewService && c.Why == ""
}

// Touches tells whether something that runs is changed: a service that is new, and a task that runs once, only come beside it.
func (c Changes) Touches() bool { return !c.Empty() && !c.NewService && !c.Once }

// Compare says what a run that goes forward would do.
func Compare(s Snapshot) Changes {
	sv, there := s.service()
	c := Changes{Needs: Provide(s.Order.Needs, s.Standing), Family: s.Order.Definition.Get("family").Text, NewService: !there && s.Order.Service != "", Once: s.Order.Service == ""}
	against := s.Running
	if against.ARN == "" {
		against = s.Latest
	}
	whose := s.others(against)
	if c.NewFamily = against.ARN == "" || whose != ""; !c.NewFamily {
		c.Definition = differ.Definition(s.Order.Definition, against.Spec)
	}
	if there {
		c.Leaves = Release(s.Order.Needs, s.Standing, groupsOf(s.spec()))
		c.Service = differ.Service(s.spec(), sv.Spec)
	}
	c.Why = s.anew(c)
	if whose != "" && c.Why == "" {
		c.Why = "The family's newest revision, " + ID(against.ARN) + ", is that of cluster " + whose + "; this one gets its own."
	}
	return c
}

// others is the cluster, by the tags that berth gives, for which a revision was registered that is not this one's.
func (s Snapshot) others(r Revision) string {
	if r.ARN == "" || r.ARN == s.Running.ARN {
		return ""
	}
	for _, key := range []string{model.TagCluster, model.TagEnvironment} {
		mine, have := tagOf(s.Order.Definition, key), tagOf(r.Spec, key)
		if mine != "" && have != "" && mine != have {
			return tagOf(r.Spec, model.TagCluster) + " (" + tagOf(r.Spec, model.TagEnvironment) + ")"
		}
	}
	return ""
}

// tagOf is the value of a document's tag; empty: it has none.
func tagOf(spec document.Value, key string) string {
	for _, t := range spec.Get("tags").Items {
		if t.Get("key").Text == key {
			return t.Get("value").Text
		}
	}
	return ""
}

// groupsOf are the target groups that settings name.
func groupsOf(spec document.Value) []string {
	var out []string
	for _, b := range spec.Get("loadBalancers").Items {
		out = append(out, b.Get("targetGroupArn").Text)
	}
	return out
}

// anew is why something is to be done where nothing differs.
func (s Snapshot) anew(c Changes) string {
	sv, there := s.service()
	switch {
	case s.Order.Service == "":
		return "The task is run."
	case !there || len(c.Definition) > 0 || s.wanted() == "":
		return ""
	}
	if d, known := s.newest(); known && (goes(d) || goesBack(d)) && d.Definition == s.wanted() {
		return "The deployment " + ID(d.ARN) + " is under way, and is followed."
	}
	if sv.Definition != s.wanted() {
		return "The service runs " + ID(sv.Definition) + " and gets " + ID(s.wanted()) + "."
	}
	if sv.Tags[TagRollback] != "" {
		return "What it was rolled back to is what shall run from now on."
	}
	if _, why := s.update(); why != "" && len(c.Service) == 0 {
		return "It is deployed anew: " + why + "."
	}
	return ""
}
