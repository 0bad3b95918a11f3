package deploy

// After is what a run knows after AWS has carried out an action, which it had decided on for a snapshot.
func (r Run) After(a Action, s Snapshot, arn string, tasks []string) Run {
	r.Acted = true
	switch {
	case a.Verb == Register:
		r.Registered = arn
	case a.Verb == RunTask:
		r.Tasks = tasks
	case a.Begins:
		r = r.Unsure(s)
		r.Started = s.At
	}
	return r
}

// Unsure is what a run knows while it is open whether AWS has carried out an action that begins a deployment: which ones there
// were before.
func (r Run) Unsure(s Snapshot) Run {
	r.Before = []string{}
	for _, d := range s.Found.Deployments {
		r.Before = append(r.Before, d.ARN)
	}
	return r
}
